//! Passphrases that can be spoken, and typed on a Persian, an Arabic or a Latin keyboard.
//!
//! A generated one is digits alone: 24 random ones (79.7 bits) in groups of four, and a group of two that check them.
//! Digits have a key on every keyboard and a word in every language; a wordlist would have to exist, and be read aloud
//! without mistakes, in each. The check group finds every single mistyped digit and every two that were swapped, so
//! the office can say "mistyped" without a slow derivation and without telling a guesser anything.

use core::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroize;

use crate::secret::SecretText;

/// Random digits of a generated passphrase: 79.7 bits.
const RANDOM_DIGITS: usize = 24;
/// Random digits of a printed recovery key: 132.8 bits, because it is not made slow to guess.
const RECOVERY_DIGITS: usize = 40;
const CHECK_DIGITS: usize = 2;
const GROUP_DIGITS: usize = 4;

/// The fewest characters of a passphrase that somebody chose.
pub const CHOSEN_CHARACTERS_MIN: usize = 15;
/// The most characters that are read at all: more is not typed by a person.
pub const CHARACTERS_MAX: usize = 1024;

/// A passphrase in its folded form. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(SecretText);

/// Why a text cannot be a passphrase, before any key is derived from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// Nothing was typed.
    #[error("the passphrase is empty")]
    Empty,
    /// Over [`CHARACTERS_MAX`].
    #[error("the passphrase is longer than 1,024 characters")]
    TooLong,
    /// Digits, but too few or too many: a group is missing or typed twice.
    #[error("a digit is missing or too many")]
    WrongLength,
    /// The check group does not fit the others: a digit is wrong or two were swapped.
    #[error("a digit is mistyped")]
    Mistyped,
    /// A chosen passphrase under [`CHOSEN_CHARACTERS_MIN`] characters, or of fewer than six different ones.
    #[error("choose a longer passphrase, or have one made")]
    Weak,
}

impl Passphrase {
    /// Makes a passphrase of 79.7 bits.
    pub fn generate(rng: &mut impl CryptoRng) -> Passphrase {
        Passphrase(draw(RANDOM_DIGITS, rng))
    }

    /// Reads what somebody typed: folds it, and checks the check group if it is digits alone.
    pub fn read(typed: &str) -> Result<Passphrase, PassphraseError> {
        let folded = fold(typed)?;
        match digits_of(&folded) {
            None => Ok(Passphrase(folded)),
            Some(digits) => check(digits, RANDOM_DIGITS).map(Passphrase),
        }
    }

    /// Reads a passphrase that somebody chose for themselves, refusing what is short or plain.
    pub fn choose(typed: &str) -> Result<Passphrase, PassphraseError> {
        let passphrase = Passphrase::read(typed)?;
        let text = passphrase.folded();
        if digits_of(&passphrase.0).is_some() {
            return Ok(passphrase);
        }
        let mut different: Vec<char> = text.chars().collect();
        let long = different.len() >= CHOSEN_CHARACTERS_MIN;
        different.sort_unstable();
        different.dedup();
        let varied = different.len() >= 6;
        different.fill('\0');
        if long && varied {
            Ok(passphrase)
        } else {
            Err(PassphraseError::Weak)
        }
    }

    /// The passphrase to be shown once: groups of four digits, or the folded text if it was chosen.
    pub fn to_printed(&self) -> SecretText {
        printed(&self.0)
    }

    pub(crate) fn folded(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

/// A recovery key, to be printed and kept on paper: 40 random digits and two that check them. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryKey(SecretText);

impl RecoveryKey {
    /// Makes a recovery key of 132.8 bits.
    pub fn generate(rng: &mut impl CryptoRng) -> RecoveryKey {
        RecoveryKey(draw(RECOVERY_DIGITS, rng))
    }

    /// Reads a recovery key from paper.
    pub fn read(typed: &str) -> Result<RecoveryKey, PassphraseError> {
        let folded = fold(typed)?;
        let digits = digits_of(&folded).ok_or(PassphraseError::WrongLength)?;
        check(digits, RECOVERY_DIGITS).map(RecoveryKey)
    }

    /// The key in groups of four digits.
    pub fn to_printed(&self) -> SecretText {
        printed(&self.0)
    }

    pub(crate) fn digits(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey")
    }
}

/// Draws uniform digits and appends the check group.
fn draw(count: usize, rng: &mut impl CryptoRng) -> SecretText {
    let mut digits = String::with_capacity(count + CHECK_DIGITS);
    while digits.len() < count {
        let mut byte = [0];
        rng.fill_bytes(&mut byte);
        // 250 is the largest multiple of ten in a byte: above it the digits would not be uniform.
        if byte[0] < 250 {
            digits.push(char::from(b'0' + byte[0] % 10));
        }
    }
    let check = 98 - remainder(&digits) * 100 % 97;
    digits.push(char::from(b'0' + (check / 10) as u8));
    digits.push(char::from(b'0' + (check % 10) as u8));
    SecretText::new(digits)
}

/// ISO 7064 MOD 97-10, as in bank account numbers: the whole number leaves 1.
fn check(digits: SecretText, random: usize) -> Result<SecretText, PassphraseError> {
    if digits.expose().len() != random + CHECK_DIGITS {
        return Err(PassphraseError::WrongLength);
    }
    if remainder(digits.expose()) != 1 {
        return Err(PassphraseError::Mistyped);
    }
    Ok(digits)
}

/// The number modulo 97.
fn remainder(digits: &str) -> u32 {
    digits.bytes().fold(0, |rest, digit| {
        (rest * 10 + u32::from(digit.wrapping_sub(b'0'))) % 97
    })
}

fn printed(text: &SecretText) -> SecretText {
    let text = text.expose();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return SecretText::new(text.to_owned());
    }
    let mut groups = String::with_capacity(text.len() * 2);
    for (position, digit) in text.chars().enumerate() {
        if position > 0 && position % GROUP_DIGITS == 0 {
            groups.push(' ');
        }
        groups.push(digit);
    }
    SecretText::new(groups)
}

/// What keyboards and pages do to a text, undone (vault.md, section 4). Deliberately less than NFKC: its tables
/// change with Unicode's versions, and a passphrase must open in thirty years.
fn fold(typed: &str) -> Result<SecretText, PassphraseError> {
    if typed.chars().count() > CHARACTERS_MAX {
        return Err(PassphraseError::TooLong);
    }
    let mut folded = String::with_capacity(typed.len());
    for one in typed.chars().filter_map(fold_character) {
        if one != ' ' || !(folded.is_empty() || folded.ends_with(' ')) {
            folded.push(one);
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    if folded.is_empty() {
        return Err(PassphraseError::Empty);
    }
    Ok(SecretText::new(folded))
}

fn fold_character(one: char) -> Option<char> {
    match one {
        // Persian and Arabic-Indic digits.
        '\u{6F0}'..='\u{6F9}' => digit(one, 0x6F0),
        '\u{660}'..='\u{669}' => digit(one, 0x660),
        // Arabic yeh, alef maksura and kaf to the Persian letters.
        '\u{64A}' | '\u{649}' => Some('\u{6CC}'),
        '\u{643}' => Some('\u{6A9}'),
        // Tatweel, harakat, superscript alef; joiners, direction marks, byte-order mark.
        '\u{640}' | '\u{64B}'..='\u{652}' | '\u{670}' => None,
        '\u{200B}'..='\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' => None,
        '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' => None,
        '\t' | '\n' | '\r' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{3000}' => {
            Some(' ')
        }
        _ => Some(one.to_ascii_lowercase()),
    }
}

fn digit(one: char, zero: u32) -> Option<char> {
    char::from_digit(u32::from(one) - zero, 10)
}

/// The digits of a text that is digits, spaces and dashes and nothing else.
fn digits_of(folded: &SecretText) -> Option<SecretText> {
    let text = folded.expose();
    let separator = |one: char| {
        matches!(
            one,
            ' ' | '-' | '\u{2010}'..='\u{2014}' | '\u{2212}' | '.' | '_' | '/'
        )
    };
    if !text
        .chars()
        .all(|one| one.is_ascii_digit() || separator(one))
    {
        return None;
    }
    let mut digits = String::with_capacity(text.len());
    digits.extend(text.chars().filter(char::is_ascii_digit));
    if digits.is_empty() {
        digits.zeroize();
        return None;
    }
    Some(SecretText::new(digits))
}
