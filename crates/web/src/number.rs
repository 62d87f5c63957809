//! Numbers as each language writes them: its digits, its separators, its units.

use crate::language::Language;
use crate::words::Words;

/// A whole number, as templates hand it over: by value or by reference, of any width.
pub trait Count {
    /// The number.
    fn count(&self) -> u64;
}

macro_rules! counts {
    ($($width:ty)*) => {$(
        impl Count for $width {
            fn count(&self) -> u64 {
                u64::try_from(*self).unwrap_or(u64::MAX)
            }
        }
    )*};
}

counts!(u8 u16 u32 u64 usize);

impl<T: Count> Count for &T {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

/// A whole number, its thousands separated.
#[must_use]
pub fn whole(number: u64, language: Language) -> String {
    let plain = number.to_string();
    let mut grouped = String::with_capacity(plain.len() * 2);
    for (index, digit) in plain.chars().enumerate() {
        if index > 0 && (plain.len() - index).is_multiple_of(3) {
            grouped.push(separator(language));
        }
        grouped.push(digit);
    }
    digits(&grouped, language)
}

/// The same text with the language's own digits: for dates, times and codes that are read as numbers.
#[must_use]
pub fn digits(text: &str, language: Language) -> String {
    let zero = match language {
        Language::Persian => '۰',
        Language::Arabic => '٠',
        Language::English | Language::French => return text.to_owned(),
    };
    let own = |digit: char| {
        digit
            .to_digit(10)
            .filter(|_| digit.is_ascii())
            .and_then(|value| char::from_u32(zero as u32 + value))
    };
    text.chars()
        .map(|letter| own(letter).unwrap_or(letter))
        .collect()
}

fn separator(language: Language) -> char {
    match language {
        Language::Persian | Language::Arabic => '٬',
        Language::English => ',',
        Language::French => '\u{202f}',
    }
}

fn decimal(language: Language) -> char {
    match language {
        Language::Persian | Language::Arabic => '٫',
        Language::English => '.',
        Language::French => ',',
    }
}

/// A size in bytes, kilobytes, megabytes or gigabytes (of 1,000), with one decimal where it says something.
#[must_use]
pub fn size(bytes: u64, words: Words) -> String {
    let (unit, divisor) = match bytes {
        0..1_000 => return words.of("size-bytes").n("count", bytes).to_string(),
        1_000..1_000_000 => ("size-kilobytes", 1_000),
        1_000_000..1_000_000_000 => ("size-megabytes", 1_000_000),
        _ => ("size-gigabytes", 1_000_000_000),
    };
    let tenths = bytes / (divisor / 10);
    let mut amount = whole(tenths / 10, words.0);
    if tenths < 1_000 && !tenths.is_multiple_of(10) {
        amount.push(decimal(words.0));
        amount.push_str(&digits(&(tenths % 10).to_string(), words.0));
    }
    words.of(unit).text("amount", amount).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_digits_and_separators() {
        assert_eq!(whole(1_204, Language::Persian), "۱٬۲۰۴");
        assert_eq!(whole(1_234_567, Language::English), "1,234,567");
        assert_eq!(whole(999, Language::Arabic), "٩٩٩");
        assert_eq!(whole(12_345, Language::French), "12\u{202f}345");
        assert_eq!(whole(0, Language::Persian), "۰");
    }

    #[test]
    fn only_ascii_digits_are_turned() {
        assert_eq!(digits("a1ب٣", Language::Persian), "a۱ب٣");
    }

    #[test]
    fn a_size_says_no_more_than_it_knows() {
        let plain =
            |bytes| size(bytes, Words(Language::English)).replace(['\u{2068}', '\u{2069}'], "");
        assert_eq!(plain(1), "1 byte");
        assert_eq!(plain(999), "999 bytes");
        assert_eq!(plain(1_500), "1.5 kB");
        assert_eq!(plain(2_000_000), "2 MB");
        assert_eq!(plain(123_456_789), "123 MB");
    }
}
