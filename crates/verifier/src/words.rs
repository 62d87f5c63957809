//! What the program says, in four languages. English is the one that the others are held to.

mod arabic;
mod english;
mod french;
mod persian;

use record::verdict::{DoesNotHold, Malformed};

/// A language of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `en`
    English,
    /// `fa`
    Persian,
    /// `ar`
    Arabic,
    /// `fr`
    French,
}

impl Language {
    /// All of them.
    pub const ALL: [(&str, Language); 4] = [
        ("en", Language::English),
        ("fa", Language::Persian),
        ("ar", Language::Arabic),
        ("fr", Language::French),
    ];

    /// The language of a tag such as `fa`.
    pub fn of_tag(tag: &str) -> Option<Language> {
        let found = Language::ALL.iter().find(|(one, _)| *one == tag);
        found.map(|(_, language)| *language)
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Language::English => &english::WORDS,
            Language::Persian => &persian::WORDS,
            Language::Arabic => &arabic::WORDS,
            Language::French => &french::WORDS,
        }
    }
}

/// The sentences of one language. What stands in braces is replaced by a value of that name.
pub struct Words {
    /// Whether lines run from right to left.
    pub is_right_to_left: bool,
    /// How it writes numbers.
    pub numerals: Numerals,
    /// It holds.
    pub holds: &'static str,
    /// `{title}`, `{day}`, `{publication}`, `{admission}`
    pub published: &'static str,
    /// `{file}`, `{index}`, `{office}`, `{size}`
    pub unaltered: &'static str,
    /// `{file}` of the proof of a file.
    pub the_file: &'static str,
    /// `{file}` of the proof of a public entry.
    pub the_public_entry: &'static str,
    /// `{bytes}`, `{sha256}`
    pub digest: &'static str,
    /// `{office}`, `{size}`, `{root}`
    pub signed: &'static str,
    /// `{name}`, `{key}`, `{time}`
    pub countersigned: &'static str,
    /// `{name}`, `{time}` of the earliest.
    pub countersigning_means: &'static str,
    /// Nobody countersigned.
    pub nobody: &'static str,
    /// Above the limits.
    pub not_shown_title: &'static str,
    /// The limits.
    pub not_shown: [&'static str; 5],
    /// It does not hold; a reason follows.
    pub does_not_hold: &'static str,
    /// What to do then.
    pub does_not_hold_advice: &'static str,
    /// It is malformed; a reason follows.
    pub malformed: &'static str,
    /// What to do then.
    pub malformed_advice: &'static str,
    /// What to do if it is the policy that is malformed.
    pub policy_advice: &'static str,
    /// It cannot be read; file and cause follow.
    pub unreadable: &'static str,
    /// Why it does not hold, as a sentence.
    pub does_not_hold_reason: fn(DoesNotHold) -> &'static str,
    /// How it is malformed, as a sentence.
    pub malformed_reason: fn(Malformed) -> &'static str,
}

/// How numbers are written.
pub struct Numerals {
    /// The digit zero; the others follow it in Unicode.
    pub zero: char,
    /// Between thousands.
    pub separator: char,
}

impl Numerals {
    /// A whole number, its thousands separated.
    pub fn write(&self, number: u64) -> String {
        let plain = number.to_string();
        let mut written = String::new();
        for (place, digit) in plain.bytes().enumerate() {
            if place > 0 && (plain.len() - place).is_multiple_of(3) {
                written.push(self.separator);
            }
            let own = char::from_u32(u32::from(self.zero) + u32::from(digit - b'0'));
            written.push(own.unwrap_or(char::from(digit)));
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(template: &str) -> Vec<&str> {
        let mut found: Vec<&str> = template
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
            .collect();
        found.sort_unstable();
        found
    }

    fn templates(words: &Words) -> [&'static str; 6] {
        [
            words.published,
            words.unaltered,
            words.digest,
            words.signed,
            words.countersigned,
            words.countersigning_means,
        ]
    }

    #[test]
    fn every_language_says_the_same_values() {
        for (tag, language) in Language::ALL {
            let pairs = templates(Language::English.words())
                .into_iter()
                .zip(templates(language.words()));
            for (english, other) in pairs {
                assert_eq!(placeholders(english), placeholders(other), "{tag}: {other}");
            }
        }
    }

    #[test]
    fn every_reason_has_words_of_its_own_in_every_language() {
        for (tag, language) in Language::ALL {
            let words = language.words();
            let mut said: Vec<&str> = Malformed::ALL
                .iter()
                .map(|one| (words.malformed_reason)(*one))
                .collect();
            said.extend(
                DoesNotHold::ALL
                    .iter()
                    .map(|one| (words.does_not_hold_reason)(*one)),
            );
            let all = said.len();
            said.sort_unstable();
            said.dedup();
            assert_eq!(said.len(), all, "{tag}");
            assert!(said.iter().all(|sentence| sentence.ends_with('.')), "{tag}");
        }
    }

    #[test]
    fn numbers_are_written_as_their_readers_do() {
        let write = |language: Language| language.words().numerals.write(1_234_567);
        assert_eq!(write(Language::English), "1,234,567");
        assert_eq!(write(Language::Persian), "۱٬۲۳۴٬۵۶۷");
        assert_eq!(write(Language::Arabic), "١٬٢٣٤٬٥٦٧");
        assert_eq!(write(Language::French), "1\u{202f}234\u{202f}567");
        assert_eq!(Language::English.words().numerals.write(0), "0");
    }
}
