//! One spelling for what readers take to be the same letters: presentation forms, Arabic and Persian yeh and kaf, harakat,
//! tatweel, case. Half-spaces, hyphens and dots end a word; apostrophes do not.

use icu_normalizer::ComposingNormalizerBorrowed;

/// The longest text that is read as a name, in characters: what follows is cut, so that a hostile cell costs little.
pub const NAME_CHARS_MAX: usize = 120;

/// The words of a name, folded, with one space between them.
pub fn fold(text: &str) -> String {
    let cut: String = text.chars().take(NAME_CHARS_MAX).collect();
    let composed = if cut.is_ascii() {
        cut
    } else {
        ComposingNormalizerBorrowed::new_nfkc()
            .normalize(&cut)
            .into_owned()
    };
    let mut folded = String::with_capacity(composed.len());
    for character in composed
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(letter)
    {
        if character != ' ' || !(folded.is_empty() || folded.ends_with(' ')) {
            folded.push(character);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// One character folded: a letter or digit, a space, or `None` for what only decorates.
fn letter(character: char) -> Option<char> {
    match character {
        'ي' | 'ى' | 'ې' | 'ے' | '\u{06CD}' => Some('ی'),
        'ك' | 'ڪ' => Some('ک'),
        'ۀ' | 'ہ' | 'ۂ' | 'ھ' => Some('ه'),
        'ۃ' => Some('ة'),
        'أ' | 'إ' | 'ٱ' | 'ٲ' | 'ٳ' => Some('ا'),
        'ۇ' | 'ۈ' => Some('و'),
        '\u{0660}'..='\u{0669}' => digit(character, '\u{0660}'),
        '\u{06F0}'..='\u{06F9}' => digit(character, '\u{06F0}'),
        'ء' | 'ـ' | '\'' | '’' | '‘' | '`' | '´' | 'ʿ' | 'ʾ' | 'ʼ' | 'ʻ' => None,
        '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}'
        | '\u{0670}'
        | '\u{06D6}'..='\u{06ED}' => None,
        '\u{0300}'..='\u{036F}'
        | '\u{00AD}'
        | '\u{FEFF}'
        | '\u{200B}'
        | '\u{200D}'..='\u{200F}' => None,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{061C}' => None,
        other if other.is_alphanumeric() => Some(other),
        _ => Some(' '),
    }
}

fn digit(character: char, zero: char) -> Option<char> {
    char::from_digit(u32::from(character) - u32::from(zero), 10)
}

/// Digits of any script of ours as ASCII, everything else as it is: for dates, ages and numbers.
pub fn ascii_digits(text: &str) -> String {
    let ascii = |one: char| match one {
        '\u{0660}'..='\u{0669}' => digit(one, '\u{0660}').unwrap_or(one),
        '\u{06F0}'..='\u{06F9}' => digit(one, '\u{06F0}').unwrap_or(one),
        other => other,
    };
    text.chars().map(ascii).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_meet() {
        for (one, other) in [
            ("علي", "علی"),
            ("كريم", "کریم"),
            ("محمد\u{200C}رضا", "محمد رضا"),
            ("مُحَمَّد", "محمد"),
            ("ﻣﺤﻤﺪ", "محمد"),
            ("أحمد", "احمد"),
            ("Al-Hakim", "al hakim"),
            ("ʿAli", "ALI"),
            ("  Ali\u{00A0}\u{200F} Reza ", "ali reza"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["سيّد مُحمّد", "Ünal Şahin", "Мохаммад-Али", "ﷲ", "İ", "１２"]
        {
            assert_eq!(fold(&fold(text)), fold(text));
        }
    }
}
