//! What the invented people say, in the four languages of the office.

/// A language of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    Persian,
    Arabic,
    English,
    French,
}

impl Tongue {
    /// The language of the nth account: each in turn.
    pub fn of(number: u64) -> Tongue {
        match number % 4 {
            0 => Tongue::Persian,
            1 => Tongue::Arabic,
            2 => Tongue::English,
            _ => Tongue::French,
        }
    }

    /// Its code in the vocabulary `language`.
    pub fn code(self) -> &'static str {
        match self {
            Tongue::Persian => "fa",
            Tongue::Arabic => "ar",
            Tongue::English => "en",
            Tongue::French => "fr",
        }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Tongue::Persian => &PERSIAN,
            Tongue::Arabic => &ARABIC,
            Tongue::English => &ENGLISH,
            Tongue::French => &FRENCH,
        }
    }
}

/// What is said in one language. `{place}` stands for the name of a place.
pub struct Words {
    /// The word that every title carries.
    pub invented: &'static str,
    /// The sentence that every entity carries.
    pub note: &'static str,
    pub account: [&'static str; 4],
    pub narrative: [&'static str; 4],
    pub transcript: &'static str,
    pub told: [&'static str; 4],
    pub event: [&'static str; 4],
    pub detention: &'static str,
    pub occupation: [&'static str; 4],
}

const PERSIAN: Words = Words {
    invented: "ساختگی",
    note: "ساختگی: برای نمایش این برنامه نوشته شده است؛ هیچ کس و هیچ جایی منظور نیست.",
    account: [
        "روایت بازداشت در {place}",
        "روایت تجمع {place}",
        "روایت مادری از {place}",
        "روایت هم‌بند زندانی {place}",
    ],
    narrative: [
        "شامگاه در {place} مرا از در خانه بردند. چشم‌هایم بسته بود و صدای سه نفر را می‌شنیدم. دو شب نگذاشتند بخوابم.",
        "جمعیت آرام در {place} ایستاده بود. بی‌هشدار تیر شلیک شد. دو نفر را دیدم که افتادند.",
        "هر هفته به {place} رفتم و هر بار گفتند چنین کسی اینجا نیست. پیراهنش را در بقچه‌ای پس دادند.",
        "در {place} پانزده نفر در یک اتاق بودیم. شب‌ها یکی را می‌بردند و صبح با دست‌های ورم‌کرده برمی‌گرداندند.",
    ],
    transcript: "پیاده‌شدهٔ روایت، بی‌نام",
    told: [
        "کسی شبانه برده شد و دو شب بیدار نگه داشته شد.",
        "به جمعیتی آرام بی‌هشدار شلیک شد؛ دو نفر افتادند.",
        "به خانواده‌ای هر بار گفتند چنین کسی نزد ما نیست.",
        "پانزده نفر در یک اتاق؛ کسانی با دست‌های ورم‌کرده بازگشتند.",
    ],
    event: [
        "بازداشت‌های {place}",
        "تجمع {place}",
        "شلیک در {place}",
        "یورش به خوابگاه {place}",
    ],
    detention: "بی‌تماس با خانواده",
    occupation: ["نانوا", "آموزگار", "پرستار", "دانشجو"],
};

const ARABIC: Words = Words {
    invented: "مختلق",
    note: "مختلق: كُتب لعرض هذا البرنامج؛ لا يُقصد به أحد ولا مكان.",
    account: [
        "رواية اعتقال في {place}",
        "رواية عن تجمع {place}",
        "رواية أم من {place}",
        "رواية سجين في {place}",
    ],
    narrative: [
        "أخذوني مساءً من باب البيت في {place}. كانت عيناي معصوبتين وسمعت أصوات ثلاثة. لم يتركوني أنام ليلتين.",
        "وقف الناس بهدوء في {place}. أُطلق الرصاص بلا إنذار. رأيت اثنين يسقطان.",
        "ذهبت كل أسبوع إلى {place} وقالوا كل مرة لا أحد بهذا الاسم هنا. ثم أعادوا قميصه في صرة.",
        "كنا خمسة عشر في غرفة واحدة في {place}. كانوا يأخذون واحدا في الليل ويعيدونه صباحا ويداه متورمتان.",
    ],
    transcript: "تفريغ الرواية بلا أسماء",
    told: [
        "أُخذ أحدهم ليلا ومُنع من النوم ليلتين.",
        "أُطلق الرصاص على جمع هادئ بلا إنذار؛ سقط اثنان.",
        "قيل لعائلة كل مرة إنه ليس عندنا.",
        "خمسة عشر في غرفة؛ عاد بعضهم بأيد متورمة.",
    ],
    event: [
        "اعتقالات {place}",
        "تجمع {place}",
        "إطلاق النار في {place}",
        "مداهمة السكن في {place}",
    ],
    detention: "بلا اتصال بالعائلة",
    occupation: ["خباز", "معلمة", "ممرض", "طالبة"],
};

const ENGLISH: Words = Words {
    invented: "invented",
    note: "Invented: written to demonstrate this program; nobody and no place is meant.",
    account: [
        "Account of an arrest in {place}",
        "Account of the gathering at {place}",
        "A mother's account from {place}",
        "Account of a cellmate in {place}",
    ],
    narrative: [
        "In the evening they took me from my door in {place}. I was blindfolded and heard three voices. For two nights they did not let me sleep.",
        "People stood quietly at {place}. Shots came without a warning. I saw two people fall.",
        "Every week I went to {place}, and every time they said that nobody of that name was there. Then they returned his shirt in a bundle.",
        "We were fifteen in one room in {place}. At night they took one of us, and in the morning he came back with swollen hands.",
    ],
    transcript: "Transcript without names",
    told: [
        "Somebody was taken at night and kept awake for two nights.",
        "A quiet gathering was shot at without warning; two people fell.",
        "A family was told each time that nobody of that name was held.",
        "Fifteen in one room; some came back with swollen hands.",
    ],
    event: [
        "Arrests in {place}",
        "Gathering at {place}",
        "Shooting at {place}",
        "Raid on the dormitory in {place}",
    ],
    detention: "no contact with the family",
    occupation: ["baker", "teacher", "nurse", "student"],
};

const FRENCH: Words = Words {
    invented: "inventé",
    note: "Inventé : écrit pour montrer ce programme ; personne et aucun lieu n'est visé.",
    account: [
        "Récit d'une arrestation à {place}",
        "Récit du rassemblement de {place}",
        "Récit d'une mère de {place}",
        "Récit d'un codétenu à {place}",
    ],
    narrative: [
        "Le soir, ils m'ont emmené de ma porte à {place}. J'avais les yeux bandés et j'entendais trois voix. Pendant deux nuits ils ne m'ont pas laissé dormir.",
        "Les gens se tenaient calmes à {place}. On a tiré sans sommation. J'ai vu deux personnes tomber.",
        "Chaque semaine je suis allée à {place} et chaque fois on m'a dit qu'il n'y avait personne de ce nom. Puis on m'a rendu sa chemise dans un ballot.",
        "Nous étions quinze dans une pièce à {place}. La nuit, ils en prenaient un ; le matin il revenait les mains enflées.",
    ],
    transcript: "Transcription sans noms",
    told: [
        "Quelqu'un a été emmené la nuit et tenu éveillé deux nuits.",
        "On a tiré sans sommation sur un rassemblement calme ; deux personnes sont tombées.",
        "À une famille on a dit chaque fois que personne de ce nom n'était là.",
        "Quinze dans une pièce ; certains revenaient les mains enflées.",
    ],
    event: [
        "Arrestations à {place}",
        "Rassemblement de {place}",
        "Tirs à {place}",
        "Descente au foyer de {place}",
    ],
    detention: "sans contact avec la famille",
    occupation: ["boulanger", "institutrice", "infirmier", "étudiante"],
};
