//! The report's words in Persian.

use super::words::{Language, Words, put};
use crate::estimate::analysis::Refusal;
use crate::estimate::warning::Warning;

pub(super) static WORDS: Words = Words {
    tag: "fa",
    direction: "rtl",
    title: "چند نفر: برآورد از هم‌پوشانی فهرست‌ها",
    draft: "پیش‌نویس. هیچ آمارشناسی این برآورد را تأیید نکرده است. نباید وارد پرونده یا انتشار شود.",
    draft_short: "پیش‌نویس",
    approved: "تأییدشده به نام {}",
    answer: "پاسخ",
    finding: "فهرست‌ها از {} نفرِ متفاوت نام می‌برند. بهترین مدل شمار همهٔ افراد را {} نفر برآورد می‌کند و با اطمینان ۹۵ درصد میان {}.",
    no_finding: "فهرست‌ها از {} نفرِ متفاوت نام می‌برند. برآوردی از شمار کل داده نمی‌شود: {}.",
    averaged_finding: "میانگین همهٔ {} مدلی که داده‌ها اجازه می‌دهند، به وزنِ برازش هر یک، {} نفر است، میان {}. هر جا این دو بازه بسیار متفاوت باشند، بازهٔ درست‌تر همین است.",
    strata_finding: "برآورد جداگانهٔ هر لایه و جمع آن‌ها: {} نفر، میان {}.",
    what_it_means: "این عدد چیست و چه نیست",
    meaning: [
        "برآوردی است از افرادی مانند کسانی که در فهرست‌ها هستند: با همان تعریف، همان مکان و همان زمان. جز افراد فهرست‌ها از کسی نام نمی‌برد.",
        "بر هم‌پوشانی فهرست‌ها استوار است. اگر کمتر کسی در چند فهرست باشد، بسیاری باید در هیچ فهرستی نباشند.",
        "فرض می‌کند که میان فهرست‌ها کسی به جمعیت افزوده یا از آن کم نشده، یک نفر در هر فهرست درست شناخته شده، و کسی به خطا در فهرستی نیامده است. خطای تطبیق، عدد را تغییر می‌دهد.",
        "فرض می‌کند که همهٔ فهرست‌ها با هم یک‌جا به هم وابسته نیستند. هیچ داده‌ای نمی‌تواند این را بیازماید. کسانی که هیچ فهرستی هرگز به آنان نمی‌رسید در این عدد نیستند.",
        "بازه می‌گوید که اگر مدل درست باشد، تصادف تا کجا برآورد را جابه‌جا می‌کند. مدل نادرست را نمی‌پوشاند؛ فاصلهٔ مدل‌ها از هم بخشی از آن را نشان می‌دهد.",
    ],
    doubts: "آنچه جای تردید است",
    no_doubts: "هیچ‌یک از وارسی‌های این برنامه دلیلی برای تردید نیافت. این گواه نبودِ آن نیست.",
    overlap: "هم‌پوشانی فهرست‌ها",
    overlap_explained: "هر ستون یک ترکیب از فهرست‌هاست؛ نقطه‌ها می‌گویند کدام‌ها و میله می‌گوید چند نفر درست در همان‌ها هستند. میله‌های کناری کل هر فهرست‌اند.",
    overlap_description: "{} فهرست از {} نفر نام می‌برند؛ {} نفر تنها در یک فهرست‌اند. بزرگ‌ترین ترکیب {} با {} نفر است. جدول زیر همین را می‌گوید.",
    combination: "درست در این فهرست‌ها",
    people: "نفر",
    estimates: "برآورد با هر روش",
    estimates_explained: "هر خط یک بازهٔ ۹۵ درصد است و نشانهٔ روی آن خودِ برآورد. خط‌چین شمار افراد مشاهده‌شده است. روش برگزیده پُررنگ است.",
    estimates_description: "{} بازه، از {}؛ {} نفر مشاهده شده‌اند. جدول زیر همین را می‌گوید.",
    scope: "دامنه",
    whole: "همه",
    total: "جمع لایه‌ها",
    method: "روش",
    observed: "مشاهده‌شده",
    estimate: "برآورد",
    interval: "بازهٔ ۹۵ درصد",
    best_by: "بهترین مدل به معیار {}",
    averaged_by: "میانگین همهٔ مدل‌ها به معیار {}",
    profile: "بهترین مدل، درست‌نمایی نیم‌رخ",
    latent: "رده‌های پنهان (میانهٔ پسین)",
    two_lists: "دو فهرست (چَپمَن)",
    chao: "کران پایین چائو برای فهرست‌های نابرابر",
    at_least: "دست‌کم {}",
    none: "ندارد",
    no_limit: "بی کران بالا",
    models: "بهترین مدل‌ها",
    models_explained: "{} مدل آزموده شد و {} مدل برازش یافت. معیارِ کمتر بهتر است؛ تفاوتِ کمتر از ۲ چیزی را تعیین نمی‌کند.",
    model: "مدل",
    parameters: "پارامترها",
    deviance: "انحراف (درجهٔ آزادی)",
    weight: "وزن",
    convergence: "آیا نمونه‌گیر رده‌های پنهان آرام گرفته است",
    convergence_explained: "R-hat برابر {} (باید حداکثر ۱٫۰۱ باشد)، نمونهٔ مؤثر {} (باید دست‌کم ۴۰۰ باشد)، از {} نمونهٔ {} زنجیر پس از کنار گذاشتن {} گام نخست، یکی از هر {} گام، حداکثر {} رده. زنجیرهایی که از هم دور می‌شوند یا روندی دارند آرام نگرفته‌اند.",
    trace_description: "رد {} زنجیر در گذر زمان؛ برآوردها میان {} هستند.",
    iterations: "نمونه‌ها به ترتیب",
    made_how: "عددها چگونه به دست آمدند",
    methods: [
        "مدل‌های لگاریتمی‌خطی: شمار هر ترکیب از فهرست‌ها پواسون است و لگاریتم میانگین آن، جمع یک جمله برای هر دسته از فهرست‌ها که مدل به هم می‌پیوندد. هر مدل سلسله‌مراتبی با بیشینهٔ درست‌نمایی برازش می‌شود؛ دیده‌نشدگان exp(β₀) هستند. بازه n + exp(β₀ ± 1.96 se) است.",
        "بهترین مدل کمترین BIC = −2 ℓ + p ln n را دارد (یا AIC = −2 ℓ + 2 p). در میانگین، وزن هر مدل exp(−Δ/2) است.",
        "مدل‌هایی که دادهٔ تنک تعیینشان نمی‌کند کنار گذاشته می‌شوند: با برنامهٔ خطی فاینبرگ و رینالدو و با رتبهٔ ماتریس طرح (چان، سیلورمن و وینسنت).",
        "رده‌های پنهان: آمیختهٔ بیزی با پیشین فرایند دیریکله (مانریکه-وایه ۲۰۱۶)، با گام‌های گیبس از بذری که در زیر آمده است.",
    ],
    provenance: "عددها از کجا آمده‌اند",
    table: "جدول",
    digest: "SHA-256 جدول",
    program: "برنامه",
    seed: "بذر",
    command: "برای همان عددها",
    approval: "تأیید",
    approval_asked: "به دست آمارشناسی پُر شود که این برآورد را بررسی کرده و پاسخگوی آن است. تا آن زمان این پیش‌نویس است.",
    approval_given: "این برآورد را آمارشناسی که در اینجا نامش آمده تأیید کرده و پاسخگوی آن است.",
    name: "نام",
    qualification: "صلاحیت",
    date: "تاریخ",
    signature: "امضا",
};

fn number(value: f64) -> String {
    Language::Persian.number(value)
}

fn whole(value: impl TryInto<u32>) -> String {
    number(f64::from(value.try_into().unwrap_or(u32::MAX)))
}

/// Names of lists in a sentence.
fn names(names: &[String]) -> String {
    names
        .iter()
        .map(|name| isolated(name))
        .collect::<Vec<_>>()
        .join("؛ ")
}

/// Foreign text in a sentence from right to left, by Unicode's own signs: the page escapes what is around it.
fn isolated(text: &str) -> String {
    format!("«{text}»")
}

/// A doubt.
pub(super) fn doubt(warning: &Warning) -> String {
    let decimal = |value: f64, places| Language::Persian.decimal(value, places);
    let (text, values): (&str, Vec<String>) = match warning {
        Warning::TwoLists => (
            "تنها دو فهرست: هیچ چیز در داده نشان نمی‌دهد که بودن در یکی بودن در دیگری را محتمل‌تر می‌کند یا نه؛ اگر بکند، شمار واقعی بیشتر است",
            vec![],
        ),
        Warning::RowsMissing(cells) => (
            "برای این‌ها سطری نیست و صفر گرفته شد: {}",
            vec![names(cells)],
        ),
        Warning::NoOverlap(one, other) => (
            "هیچ‌کس هم در {} و هم در {} نیست",
            vec![isolated(one), isolated(other)],
        ),
        Warning::Isolated(list) => (
            "{} با هیچ فهرست دیگری کسی را مشترک ندارد و دربارهٔ دیده‌نشدگان چیزی نمی‌گوید",
            vec![isolated(list)],
        ),
        Warning::Contained(inner, outer) => (
            "همهٔ افراد {} در {} هم هستند: منبع مستقلی نیست، و مدل‌هایی که وابستگی این دو را دارند برازش نمی‌یابند",
            vec![isolated(inner), isolated(outer)],
        ),
        Warning::Sparse { empty, cells } => (
            "جدول تنک است: {} ترکیب از {} ترکیب فهرست‌ها کسی ندارد",
            vec![whole(*empty), whole(*cells)],
        ),
        Warning::LittleOverlap {
            overlapping,
            observed,
        } => (
            "هم‌پوشانی اندک است: تنها {} نفر از {} نفر در بیش از یک فهرست‌اند و برآورد بر همین چند نفر استوار است",
            vec![number(*overlapping as f64), number(*observed as f64)],
        ),
        Warning::Undetermined {
            no_maximum,
            not_identified,
            tried,
        } => (
            "از {} مدل، {} مدل کنار گذاشته شد، چون داده تعیینشان نمی‌کند ({} بی بیشینهٔ متناهی، {} شناسایی‌ناپذیر)",
            vec![
                whole(*tried),
                whole(no_maximum + not_identified),
                whole(*no_maximum),
                whole(*not_identified),
            ],
        ),
        Warning::RivalsDisagree {
            models,
            smallest,
            largest,
            criterion,
        } => (
            "{} مدل به معیار {} به یک اندازه خوب‌اند (تا فاصلهٔ ۲) و برآوردشان از {} تا {} است: بازهٔ یک مدل بیش از اندازه تنگ است؛ میانگین را ببینید",
            vec![
                whole(*models),
                (*criterion).to_owned(),
                number(*smallest),
                number(*largest),
            ],
        ),
        Warning::CriteriaDisagree { bic, aic } => (
            "دو معیار هم‌نظر نیستند: بهترین مدل به معیار BIC {} و به معیار AIC {} می‌دهد",
            vec![number(*bic), number(*aic)],
        ),
        Warning::NothingLeftToCheck => (
            "مدل برگزیده جدول را عیناً بازمی‌سازد و چیزی برای سنجش آن نمی‌ماند",
            vec![],
        ),
        Warning::BadFit {
            deviance,
            degrees,
            p_value,
        } => (
            "مدل برگزیده بد برازش یافته است: انحراف {} با {} درجهٔ آزادی (احتمال {})",
            vec![decimal(*deviance, 1), whole(*degrees), decimal(*p_value, 5)],
        ),
        Warning::InfiniteParameters(terms) => (
            "مدل برگزیده هم‌پوشانی‌های خالی را با پارامتر منفی بی‌نهایت توضیح می‌دهد: {}",
            vec![names(terms)],
        ),
        Warning::Wide { factor } => (
            "بازه پهن است: سر بالای آن {} برابرِ سر پایین دیده‌نشده دارد",
            vec![number(*factor)],
        ),
        Warning::MostlyUnseen { factor } => (
            "برآورد {} برابرِ مشاهده است؛ پس بیش از داده بر مدل استوار است",
            vec![number(*factor)],
        ),
        Warning::MethodsDisagree { low, high } => (
            "مدل رده‌های پنهان هم‌نظر نیست: بازهٔ ۹۵ درصد آن {} تا {} است",
            vec![number(*low), number(*high)],
        ),
        Warning::NotConverged { r_hat, effective } => (
            "زنجیرهای رده‌های پنهان آرام نگرفته‌اند (R-hat برابر {}، نمونهٔ مؤثر {}): پیش از به کار بردن آن عدد گام‌های بیشتری بردارید",
            vec![decimal(*r_hat, 3), number(*effective)],
        ),
        Warning::BelowChao(bound) => (
            "برآورد کمتر از کران پایین چائو برای فهرست‌های نابرابر است: {}",
            vec![number(*bound)],
        ),
        Warning::EmptyInStratum(lists) => (
            "کنار گذاشته شد، چون در این لایه از کسی نام نمی‌برند: {}",
            vec![names(lists)],
        ),
        Warning::SameLists(one, other) => (
            "{} و {} درست همان افراد را دارند: یکی رونوشت دیگری است",
            vec![isolated(one), isolated(other)],
        ),
        Warning::StrataWithheld(strata) => (
            "جمع لایه‌ها داده نمی‌شود، چون این‌ها برآوردپذیر نیستند: {}",
            vec![names(strata)],
        ),
        Warning::FewPeople(observed) => (
            "تنها {} نفر مشاهده شده‌اند: بازه که برای شمارهای بزرگ درست است، بیش از اندازه تنگ است",
            vec![number(*observed as f64)],
        ),
    };
    put(text, &values)
}

/// A refusal.
pub(super) fn refusal(refusal: &Refusal) -> String {
    let (text, values): (&str, Vec<String>) = match refusal {
        Refusal::NoOverlap => (
            "هیچ‌کس در بیش از یک فهرست نیست؛ پس هر شماری ممکن است",
            vec![],
        ),
        Refusal::NothingDetermined(tried) => (
            "داده هیچ‌یک از {} مدل را تعیین نمی‌کند: هم‌پوشانی‌ها بسیار کم‌اند",
            vec![whole(*tried)],
        ),
        Refusal::ModelUnfit(why) => (
            "مدلی که خواسته شد برازش نمی‌یابد ({})",
            vec![why.to_string()],
        ),
        Refusal::TooWide { low, high } => (
            "داده هر شماری از {} تا {} را می‌پذیرد: پهن‌تر از آن که عددی داده شود",
            vec![number(*low), number(*high)],
        ),
        Refusal::Table(error) => ("{}", vec![error.to_string()]),
    };
    put(text, &values)
}
