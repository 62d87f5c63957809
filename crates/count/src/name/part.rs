//! The parts of a name: titles fall away, particles that only join fall away, endings such as -zadeh join the part before them,
//! and compound given names that were written together come apart.

use super::PARTS_MAX;
use super::sound::{is_written_vowel, sounds};

/// One part of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The folded word, with its ending.
    pub text: String,
    /// Its sounds ([`super::sound`]), at most [`SOUNDS_MAX`].
    pub sounds: Vec<u8>,
    /// How many of the sounds come before the ending; all of them where there is none.
    pub stem_sounds: usize,
    /// Which ending it has: Alipour and Alizadeh are two families, Alipour and Alipoor one.
    pub ending: Option<u8>,
    /// How many sounds at the beginning are the article al-.
    pub article_sounds: usize,
    /// A bit for each class of consonants in it.
    pub bones: u32,
}

/// Sounds of one part that are compared.
pub const SOUNDS_MAX: usize = 24;

/// Titles and honorifics, which one list keeps and the next leaves out. They say too little about who it is.
const TITLES: [&str; 78] = [
    "سید",
    "سیده",
    "سادات",
    "حاج",
    "حاجی",
    "حاجیه",
    "شهید",
    "شهیده",
    "مرحوم",
    "مرحومه",
    "دکتر",
    "مهندس",
    "آقا",
    "اقا",
    "آقای",
    "اقای",
    "خانم",
    "بانو",
    "شیخ",
    "ملا",
    "کربلایی",
    "مشهدی",
    "استاد",
    "السید",
    "الشهید",
    "الشیخ",
    "الحاج",
    "دکتور",
    "جناب",
    "آیت",
    "ایت",
    "حجت",
    "الاسلام",
    "سرهنگ",
    "سرگرد",
    "ستوان",
    "سرباز",
    "مامۆستا",
    "مام",
    "کاک",
    "seyed",
    "seyyed",
    "sayed",
    "sayyed",
    "sayyid",
    "said",
    "seyid",
    "seyedeh",
    "seyyedeh",
    "sayyida",
    "haj",
    "hajj",
    "haji",
    "hajji",
    "hadj",
    "hadji",
    "hajieh",
    "shahid",
    "dr",
    "eng",
    "prof",
    "mr",
    "mrs",
    "ms",
    "miss",
    "sheikh",
    "shaikh",
    "cheikh",
    "scheich",
    "mulla",
    "mullah",
    "molla",
    "ayatollah",
    "agha",
    "сейид",
    "сеид",
    "хаджи",
    "доктор",
];

/// Words that only join two names.
const PARTICLES: [&str; 36] = [
    "بن",
    "ابن",
    "بنت",
    "بنی",
    "ال",
    "آل",
    "فرزند",
    "ولد",
    "معروف",
    "به",
    "و",
    "bin",
    "ibn",
    "ben",
    "bint",
    "binti",
    "al",
    "el",
    "ul",
    "ol",
    "ur",
    "ar",
    "as",
    "az",
    "an",
    "ad",
    "e",
    "ye",
    "i",
    "de",
    "von",
    "van",
    "der",
    "бин",
    "ибн",
    "аль",
];

/// Endings of family names, by sort: all spellings of one have the same number.
const ENDINGS: [(&str, u8); 62] = [
    ("پور", 1),
    ("pour", 1),
    ("poor", 1),
    ("pur", 1),
    ("пур", 1),
    ("زاده", 2),
    ("زادگان", 2),
    ("zadeh", 2),
    ("zade", 2),
    ("zada", 2),
    ("заде", 2),
    ("зода", 2),
    ("نژاد", 3),
    ("nejad", 3),
    ("nezhad", 3),
    ("nedjad", 3),
    ("nejhad", 3),
    ("nijad", 3),
    ("нежад", 3),
    ("نیا", 4),
    ("nia", 4),
    ("niya", 4),
    ("nya", 4),
    ("ния", 4),
    ("فر", 5),
    ("far", 5),
    ("فرد", 6),
    ("fard", 6),
    ("یان", 7),
    ("ian", 7),
    ("yan", 7),
    ("iyan", 7),
    ("ян", 7),
    ("منش", 8),
    ("manesh", 8),
    ("دوست", 9),
    ("doust", 9),
    ("doost", 9),
    ("dust", 9),
    ("خواه", 10),
    ("khah", 10),
    ("وند", 11),
    ("vand", 11),
    ("لو", 12),
    ("lou", 12),
    ("lu", 12),
    ("loo", 12),
    ("آبادی", 13),
    ("ابادی", 13),
    ("abadi", 13),
    ("پناه", 14),
    ("panah", 14),
    ("تبار", 15),
    ("tabar", 15),
    ("اوغلی", 16),
    ("oghli", 16),
    ("oglu", 16),
    ("оглы", 16),
    ("ов", 17),
    ("ова", 17),
    ("ov", 17),
    ("ova", 17),
];

/// First halves of compound given names that are often written together with the second.
const FIRST_HALVES: [&str; 18] = [
    "محمد",
    "غلام",
    "امیر",
    "سید",
    "mohammad",
    "mohammed",
    "mohamad",
    "mohamed",
    "muhammad",
    "muhammed",
    "gholam",
    "ghulam",
    "amir",
    "seyed",
    "seyyed",
    "мохаммад",
    "мухаммад",
    "амир",
];

/// Spellings that leave out a long vowel which is always heard.
const DEFECTIVE: [(&str, &str); 15] = [
    ("رحمن", "رحمان"),
    ("داود", "داوود"),
    ("کاوس", "کاووس"),
    ("طاوس", "طاووس"),
    ("اسمعیل", "اسماعیل"),
    ("ابرهیم", "ابراهیم"),
    ("اسحق", "اسحاق"),
    ("هرون", "هارون"),
    ("لقمن", "لقمان"),
    ("سلیمن", "سلیمان"),
    ("عثمن", "عثمان"),
    ("عبدالرحمن", "عبدالرحمان"),
    ("طه", "طاها"),
    ("حیوة", "حیات"),
    ("زکریاء", "زکریا"),
];

/// The fewest letters of a stem before an ending: "پور" alone, or the given name "فرفر", has none.
const STEM_LETTERS_MIN: usize = 3;
/// The fewest letters behind a first half; less is an ending (Amiri), not a second name.
const SECOND_HALF_LETTERS_MIN: usize = 3;

/// The parts of a folded text.
pub fn parts(folded: &str) -> Vec<Part> {
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mut spelled: Vec<String> = Vec::new();
    for word in telling(&words) {
        let word = DEFECTIVE
            .iter()
            .find(|(short, _)| *short == word)
            .map_or(word, |(_, long)| long);
        match spelled.last_mut() {
            Some(stem) if ending_number(word).is_some_and(joins) => stem.push_str(word),
            _ => spelled.extend(halves(word)),
        }
    }
    spelled.truncate(PARTS_MAX);
    spelled.into_iter().map(Part::read).collect()
}

/// The words that tell who it is; all of them, where only titles would be left.
fn telling<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let without: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !PARTICLES.contains(word))
        .collect();
    let kept: Vec<&str> = without
        .iter()
        .copied()
        .filter(|word| !TITLES.contains(word))
        .collect();
    // "Haji", "Seyyed" and "Agha" are names too: a title falls away only where a name remains.
    match (kept.is_empty(), without.is_empty()) {
        (false, _) => kept,
        (true, false) => without,
        (true, true) => words.to_vec(),
    }
}

fn ending_number(word: &str) -> Option<u8> {
    ENDINGS
        .iter()
        .find(|(ending, _)| *ending == word)
        .map(|(_, number)| *number)
}

/// Endings that stand apart as a word of their own; "far" and "lou" do so too seldom to be joined.
fn joins(ending: u8) -> bool {
    !matches!(ending, 12 | 17)
}

fn halves(word: &str) -> Vec<String> {
    let split = FIRST_HALVES.iter().find_map(|first| {
        let second = word.strip_prefix(first)?;
        let is_name =
            second.chars().count() >= SECOND_HALF_LETTERS_MIN && ending_number(second).is_none();
        is_name.then(|| vec![(*first).to_owned(), second.to_owned()])
    });
    split.unwrap_or_else(|| vec![word.to_owned()])
}

impl Part {
    /// Reads one folded word.
    pub fn read(text: String) -> Part {
        let (stem, ending) = stem(&text);
        let (mut heard, stem_sounds) = match ending {
            None => (sounds(&text), None),
            Some(_) => {
                let stem_heard = sounds(stem);
                let count = stem_heard.len();
                (
                    [stem_heard, sounds(&text[stem.len()..])].concat(),
                    Some(count),
                )
            }
        };
        heard.truncate(SOUNDS_MAX);
        let stem_sounds = stem_sounds.unwrap_or(heard.len()).min(heard.len());
        let article_sounds = article(&heard);
        let bones = heard
            .iter()
            .filter_map(|sound| bone(*sound))
            .fold(0, |bones, one| bones | (1 << (one & 31)));
        Part {
            bones,
            stem_sounds,
            ending: ending.filter(|_| stem_sounds > 0),
            article_sounds,
            sounds: heard,
            text,
        }
    }

    /// The sounds before the ending.
    pub fn stem(&self) -> &[u8] {
        &self.sounds[..self.stem_sounds]
    }

    /// Whether two parts share too few consonants to be one name: a quick word before a slow comparison.
    pub fn is_far(&self, other: &Part) -> bool {
        let most = self.bones.count_ones().max(other.bones.count_ones());
        (self.bones & other.bones).count_ones() * 2 < most
    }

    /// Its consonants, in classes that stay the same through most misspellings: for finding, not for judging.
    pub fn skeleton(&self) -> Vec<u8> {
        let mut bones: Vec<u8> = self.sounds[self.article_sounds..]
            .iter()
            .filter_map(|one| bone(*one))
            .collect();
        bones.dedup();
        if bones.is_empty() {
            // Only vowels: Ava, آوا.
            bones.push(b'0');
        }
        bones.push(b' ');
        bones
    }
}

/// The class of a consonant; `None` for what may be a vowel or silent.
fn bone(sound: u8) -> Option<u8> {
    match sound {
        b'b' | b'p' => Some(b'b'),
        b'j' | b'Z' => Some(b'j'),
        b'C' | b'S' => Some(b'S'),
        b'h' | b'X' | b'x' => Some(b'h'),
        b'Q' | b'k' | b'g' => Some(b'k'),
        b't' | b's' | b'd' | b'z' | b'r' | b'f' | b'l' | b'm' | b'n' => Some(sound),
        _ => None,
    }
}

fn stem(text: &str) -> (&str, Option<u8>) {
    let longest = ENDINGS
        .iter()
        .filter_map(|(ending, number)| Some((text.strip_suffix(ending)?, *number)))
        .filter(|(stem, _)| stem.chars().count() >= STEM_LETTERS_MIN)
        .min_by_key(|(stem, _)| stem.len());
    longest.map_or((text, None), |(stem, number)| (stem, Some(number)))
}

/// The article of a word: الحسینی, Alhusseini. Elham and Ali keep theirs, because it is only left out where it helps.
fn article(heard: &[u8]) -> usize {
    let is_article = heard.len() >= 6
        && matches!(heard[0], b'B' | b'a' | b'e' | b'o' | b'u')
        && heard[1] == b'l'
        && !is_written_vowel(heard[2]);
    if is_article { 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::fold::fold;

    fn texts(name: &str) -> Vec<String> {
        parts(&fold(name))
            .into_iter()
            .map(|part| part.text)
            .collect()
    }

    #[test]
    fn titles_and_particles_fall_away() {
        assert_eq!(texts("حاج سید محمد علوی"), ["محمد", "علوی"]);
        assert_eq!(texts("Dr. Seyyed Ali Karimi"), ["ali", "karimi"]);
        assert_eq!(texts("محمد بن علی"), ["محمد", "علی"]);
        assert_eq!(texts("حاجی"), ["حاجی"]);
        assert_eq!(texts("Seyed"), ["seyed"]);
    }

    #[test]
    fn endings_join_and_compounds_come_apart() {
        for name in ["محمد علی‌پور", "محمد علی پور", "محمد علیپور", "محمدعلي پور"]
        {
            let joined = texts(name);
            assert_eq!(joined.concat(), "محمدعلیپور", "{name}");
        }
        assert_eq!(texts("محمدرضا"), ["محمد", "رضا"]);
        assert_eq!(
            texts("Amirhossein Karimpour"),
            ["amir", "hossein", "karimpour"]
        );
        assert_eq!(texts("امیری"), ["امیری"]);
        assert_eq!(texts("محمدیان"), ["محمدیان"]);
    }

    #[test]
    fn an_ending_is_known_in_each_script() {
        let ending = |name: &str| parts(&fold(name)).last().and_then(|part| part.ending);
        assert_eq!(ending("علی‌زاده"), Some(2));
        assert_eq!(ending("Alizadeh"), Some(2));
        assert_eq!(ending("ализаде"), Some(2));
        assert_eq!(ending("Karimi"), None);
    }
}
