//! Arabic.

use record::verdict::{DoesNotHold, Malformed};

use super::{Numerals, Words};

pub const WORDS: Words = Words {
    is_right_to_left: true,
    numerals: Numerals {
        zero: '٠',
        separator: '٬',
    },
    holds: "سليم.",
    published: "بحسب الناشر: العنوان «{title}»، اليوم {day}. نُشر بالقيد رقم {publication}، بمفتاح قبله المكتب بالقيد رقم {admission}. تُعدّ القيود من الصفر.",
    unaltered: "{file}: لم يتغيّر منذ القيد رقم {index} من السجلّ {office} وعدد قيوده {size}.",
    the_file: "هذا الملف",
    the_public_entry: "هذا القيد العلني",
    digest: "    {bytes} بايت، بصمة SHA-256: {sha256}",
    signed: "السجلّ في حاله ذات القيود {size} والجذر {root} موقَّع من المكتب نفسه: {office}.",
    countersigned: "ووقّع عليه أيضاً مكتب خارجي وارد في سياستك: {name} ({key})، ويذكر الوقت {time}.",
    countersigning_means: "معنى توقيع المكتب الخارجي: عُرضت عليّ هذه الحال من السجلّ، وهي تتمّة لكل حال منه عُرضت عليّ من قبل. ولا يقول شيئاً عمّا قُيّد. \
                           فإن صحّ الوقت الذي يذكره {name} فإن كل ما سبق كان في السجلّ في موعد لا يتجاوز {time}.",
    nobody: "لم يوقّع عليه أي مكتب خارجي. المكتب وحده يضمن سجلّه، وكان في وسعه أن يكتبه كله من جديد في أي وقت.",
    not_shown_title: "لا يبيّن هذا:",
    not_shown: [
        "من صنع المواد، أو من جاء بها إلى المكتب؛",
        "متى صُنعت قبل قيدها؛",
        "هل هي صحيحة أو كاملة أو حُصل عليها بطريق قانوني؛",
        "أنه لا يوجد غيرها: ملفات أخرى أو نسخ أخرى أو مواد تُركت؛",
        "أن المفاتيح في سياستك لمن تظنّ أنها لهم، أو أن المكاتب الخارجية مستقلّة عن هذا المكتب: ذلك رهن بالطريق الذي وصلتك به السياسة.",
    ],
    does_not_hold: "غير سليم.",
    does_not_hold_advice: "لا تعتمد عليه. لا يبيّن هذا من غيّره، ولا هل كان ذلك عن قصد. اطلب نسخة أخرى، وتأكّد من أن سياستك هي الصحيحة.",
    malformed: "تعذّرت قراءته: بنيته غير صحيحة.",
    malformed_advice: "أصابه تلف، أو صنعه شيء آخر: لا يمكن قول شيء عمّا يدّعيه. اطلب نسخة أخرى.",
    policy_advice: "صحّح ملف السياسة أو احصل عليه من جديد؛ لم يُفحص شيء.",
    unreadable: "تعذّرت قراءة الملف.",
    does_not_hold_reason,
    malformed_reason,
};

fn malformed_reason(reason: Malformed) -> &'static str {
    match reason {
        Malformed::Policy => "تعذّرت قراءة السياسة.",
        Malformed::Archive => "لم يُركّب الأرشيف كما تقضي المواصفة.",
        Malformed::Limit => "جزء منه أكبر مما تسمح به المواصفة.",
        Malformed::Envelope => "غلاف البيان غير صحيح.",
        Malformed::Manifest => "البيان غير صحيح.",
        Malformed::Files => "ملف ناقص أو زائد أو في غير موضعه.",
        Malformed::Checkpoint => "حال السجلّ الموقَّعة غير صحيحة الكتابة.",
        Malformed::Proof => "أحد الإثباتات غير صحيح الكتابة، أو هو لحال أخرى من السجلّ.",
        Malformed::Entry => "أحد القيود العلنية غير صحيح الكتابة.",
    }
}

fn does_not_hold_reason(reason: DoesNotHold) -> &'static str {
    match reason {
        DoesNotHold::OfficeUnknown => "سياستك لا تعرف سجلّاً لهذا المكتب.",
        DoesNotHold::CheckpointOffice => "حال السجلّ الموقَّعة لمكتب آخر.",
        DoesNotHold::LogSignature => "حال السجلّ غير موقَّعة من المكتب.",
        DoesNotHold::Cosignature => "توقيع أحد المكاتب الخارجية باطل.",
        DoesNotHold::Quorum => "عدد المكاتب الخارجية الموقِّعة أقل مما تطلبه سياستك.",
        DoesNotHold::AdmissionProof => "قبول مفتاح الناشر ليس في السجلّ.",
        DoesNotHold::AdmissionOffice => "قبول مفتاح الناشر من مكتب آخر.",
        DoesNotHold::AdmissionKey => "القبول يسمّي مفتاحاً غير مفتاح الناشر.",
        DoesNotHold::AdmissionSignature => "قبول مفتاح الناشر غير موقَّع من المكتب.",
        DoesNotHold::ManifestSignature => "البيان غير موقَّع بمفتاح الناشر.",
        DoesNotHold::PublicationProof => "النشر ليس في السجلّ.",
        DoesNotHold::PublicationOffice => "النشر من مكتب آخر.",
        DoesNotHold::PublicationSignature => "النشر غير موقَّع بمفتاح الناشر.",
        DoesNotHold::PublicationContents => "النشر عن ملفات أخرى.",
        DoesNotHold::PublicationCount => "النشر عن عدد آخر من الملفات.",
        DoesNotHold::PublicationTitle => "للنشر عنوان آخر.",
        DoesNotHold::FileSize => "حجم أحد الملفات غير ما يقوله البيان.",
        DoesNotHold::FileDigest => "غُيّر أحد الملفات: ليس هو الذي يسمّيه البيان.",
        DoesNotHold::ExhibitProof => "أحد الملفات ليس في السجلّ بالرقم المذكور له.",
        DoesNotHold::EntryOffice => "القيد لمكتب غير صاحب السجلّ.",
        DoesNotHold::Inclusion => "ما يتعلق به الإثبات ليس في السجلّ بذلك الرقم.",
        DoesNotHold::Content => "الملف ليس هو الذي يتعلق به الإثبات.",
    }
}
