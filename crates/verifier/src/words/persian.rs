//! Persian.

use record::verdict::{DoesNotHold, Malformed};

use super::{Numerals, Words};

pub const WORDS: Words = Words {
    is_right_to_left: true,
    numerals: Numerals {
        zero: '۰',
        separator: '٬',
    },
    holds: "برقرار است.",
    published: "به گفتهٔ ناشر: عنوان «{title}»، روز {day}. با ثبت شمارهٔ {publication} منتشر شده است، با کلیدی که دبیرخانه با ثبت شمارهٔ {admission} \
                آن را پذیرفته است. شمارش ثبت‌ها از صفر است.",
    unaltered: "{file}: از ثبت شمارهٔ {index} دفتر ثبت {office} با {size} ثبت، دست‌نخورده مانده است.",
    the_file: "این فایل",
    the_public_entry: "این ثبت عمومی",
    digest: "    {bytes} بایت، چکیدهٔ SHA-256: {sha256}",
    signed: "دفتر ثبت در وضعی که {size} ثبت داشت، با ریشهٔ {root}، به امضای خود دبیرخانه است: {office}.",
    countersigned: "یک دبیرخانهٔ بیرونی که در سیاست‌نامهٔ شماست هم پای آن امضا کرده است: {name} ({key})، که زمان آن را {time} می‌نویسد.",
    countersigning_means: "معنای امضای دبیرخانهٔ بیرونی این است: این وضع دفتر ثبت را به من نشان دادند، و این وضع ادامهٔ همهٔ وضع‌هایی است که پیش‌تر از آن به من \
                           نشان داده بودند. دربارهٔ آنچه ثبت شده چیزی نمی‌گوید. اگر زمانی که {name} نوشته درست باشد، همهٔ آنچه در بالا آمد حداکثر تا {time} در \
                           دفتر ثبت بوده است.",
    nobody: "هیچ دبیرخانهٔ بیرونی پای آن امضا نکرده است. تنها پشتوانهٔ دفتر ثبت سخن خود دبیرخانه است، و می‌توانسته هر زمان همهٔ آن را از نو بنویسد.",
    not_shown_title: "این‌ها را نشان نمی‌دهد:",
    not_shown: [
        "مواد را چه کسی ساخته، یا چه کسی به دبیرخانه آورده است؛",
        "پیش از ثبت، کی ساخته شده است؛",
        "راست یا کامل است، یا از راه قانونی به دست آمده است؛",
        "که چیز دیگری نیست: فایل‌های دیگر، نسخه‌های دیگر، موادی که کنار گذاشته شده؛",
        "که کلیدهای سیاست‌نامهٔ شما از آنِ همان کسانی است که گمان می‌کنید، یا دبیرخانه‌های بیرونی از این دبیرخانه مستقل‌اند: این به راهی بسته است که سیاست‌نامه از آن به شما رسیده.",
    ],
    does_not_hold: "برقرار نیست.",
    does_not_hold_advice: "به آن تکیه نکنید. این نشان نمی‌دهد چه کسی آن را دگرگون کرده، یا عمدی بوده است. نسخه‌ای دیگر بخواهید، و مطمئن شوید که سیاست‌نامهٔ شما \
                           همان است که باید باشد.",
    malformed: "خوانده نمی‌شود: قالب آن درست نیست.",
    malformed_advice: "آسیب دیده، یا چیز دیگری آن را ساخته است: دربارهٔ آنچه ادعا می‌کند چیزی نمی‌توان گفت. نسخه‌ای دیگر بخواهید.",
    policy_advice: "فایل سیاست‌نامه را درست کنید یا دوباره بگیرید؛ چیزی آزموده نشد.",
    unreadable: "خواندن فایل ممکن نشد.",
    does_not_hold_reason,
    malformed_reason,
};

fn malformed_reason(reason: Malformed) -> &'static str {
    match reason {
        Malformed::Policy => "سیاست‌نامه خوانده نمی‌شود.",
        Malformed::Archive => "بایگانی آن‌گونه که مشخصات می‌گوید ساخته نشده است.",
        Malformed::Limit => "بخشی از آن بزرگ‌تر از اندازه‌ای است که مشخصات روا می‌دارد.",
        Malformed::Envelope => "پوشش سیاهه درست نیست.",
        Malformed::Manifest => "سیاهه درست نیست.",
        Malformed::Files => "فایلی کم است، زیادی است، یا در جای خود نیست.",
        Malformed::Checkpoint => "وضع امضاشدهٔ دفتر ثبت درست نوشته نشده است.",
        Malformed::Proof => "یکی از گواهی‌ها درست نوشته نشده، یا از وضع دیگری از دفتر ثبت است.",
        Malformed::Entry => "یکی از ثبت‌های عمومی درست نوشته نشده است.",
    }
}

fn does_not_hold_reason(reason: DoesNotHold) -> &'static str {
    match reason {
        DoesNotHold::OfficeUnknown => "سیاست‌نامهٔ شما دفتر ثبتی از این دبیرخانه نمی‌شناسد.",
        DoesNotHold::CheckpointOffice => "وضع امضاشدهٔ دفتر ثبت از دبیرخانه‌ای دیگر است.",
        DoesNotHold::LogSignature => "وضع دفتر ثبت به امضای دبیرخانه نیست.",
        DoesNotHold::Cosignature => "امضای یک دبیرخانهٔ بیرونی نادرست است.",
        DoesNotHold::Quorum => {
            "شمار دبیرخانه‌های بیرونی که امضا کرده‌اند کمتر از آن است که سیاست‌نامهٔ شما می‌خواهد."
        }
        DoesNotHold::AdmissionProof => "پذیرش کلید ناشر در دفتر ثبت نیست.",
        DoesNotHold::AdmissionOffice => "پذیرش کلید ناشر از دبیرخانه‌ای دیگر است.",
        DoesNotHold::AdmissionKey => "پذیرش، کلیدی جز کلید ناشر را نام می‌برد.",
        DoesNotHold::AdmissionSignature => "پذیرش کلید ناشر به امضای دبیرخانه نیست.",
        DoesNotHold::ManifestSignature => "سیاهه با کلید ناشر امضا نشده است.",
        DoesNotHold::PublicationProof => "انتشار در دفتر ثبت نیست.",
        DoesNotHold::PublicationOffice => "انتشار از دبیرخانه‌ای دیگر است.",
        DoesNotHold::PublicationSignature => "انتشار با کلید ناشر امضا نشده است.",
        DoesNotHold::PublicationContents => "انتشار دربارهٔ فایل‌های دیگری است.",
        DoesNotHold::PublicationCount => "انتشار دربارهٔ شمار دیگری از فایل‌هاست.",
        DoesNotHold::PublicationTitle => "انتشار عنوان دیگری دارد.",
        DoesNotHold::FileSize => "اندازهٔ فایلی جز آن است که سیاهه می‌گوید.",
        DoesNotHold::FileDigest => "فایلی دگرگون شده است: همانی نیست که سیاهه نام می‌برد.",
        DoesNotHold::ExhibitProof => "فایلی با شماره‌ای که برایش گفته شده در دفتر ثبت نیست.",
        DoesNotHold::EntryOffice => "ثبت از دبیرخانه‌ای جز صاحب دفتر ثبت است.",
        DoesNotHold::Inclusion => "آنچه گواهی درباره‌اش است با آن شماره در دفتر ثبت نیست.",
        DoesNotHold::Content => "فایل همانی نیست که گواهی درباره‌اش است.",
    }
}
