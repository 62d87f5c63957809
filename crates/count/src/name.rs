//! Names of persons, in Arabic script (Persian, Arabic, Kurdish), Latin and Cyrillic letters: folded, freed of titles, taken
//! apart, sounded, and compared.
//!
//! Short vowels are not written in Arabic script, and every consulate romanises in its own way. So a name is compared by its
//! *sounds* ([`sound`]): an alphabet in which محمد, Mohammad, Muhammed and Мохаммад are near one another, because a vowel that
//! one of the two scripts leaves out costs next to nothing, while a long vowel that both write (حسن, حسین) costs much.

pub mod alignment;
pub mod fold;
pub mod likeness;
pub mod part;
pub mod sound;

use part::Part;

pub use likeness::compare;

/// Parts of one name that are looked at; a longer text is a sentence, and its rest is passed over.
pub const PARTS_MAX: usize = 6;

/// A name, ready to be compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The folded text, titles left out, parts joined by one space: equal for spellings that readers take to be the same.
    pub folded: String,
    /// Its parts in their order: given names, patronymic, family name. An ending such as -zadeh belongs to the part before it.
    pub parts: Vec<Part>,
    /// The sounds of all parts, one after the other: the same whether two parts are written together or apart.
    pub sounds: Vec<u8>,
}

impl Name {
    /// Reads a name. An empty one has no parts and is like nothing.
    ///
    /// ```
    /// use count::name::Name;
    /// assert_eq!(Name::read("سيد محمدعلي‌ پور").folded, Name::read("محمدعلی پور").folded);
    /// assert_eq!(Name::read("Dr. Shirin Karimi").folded, "shirin karimi");
    /// ```
    pub fn read(text: &str) -> Name {
        let parts = part::parts(&fold::fold(text));
        let words: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        let sounds = parts.iter().flat_map(|part| part.sounds.iter().copied());
        Name {
            folded: words.join(" "),
            sounds: sounds.collect(),
            parts,
        }
    }

    /// Whether nothing is left to compare.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The consonants of all parts, in alphabetical order of the parts, so that order does not matter.
    pub fn skeleton(&self) -> Vec<u8> {
        let mut bones: Vec<Vec<u8>> = self.parts.iter().map(Part::skeleton).collect();
        bones.sort_unstable();
        bones.concat()
    }
}
