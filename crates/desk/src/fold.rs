//! Folding: one spelling for what readers take to be the same word.
//!
//! Persian, Arabic and Latin text is written in many ways that look alike: an Arabic yeh typed on a Persian keyboard, a
//! vowel mark, a half-space, Persian or Arabic digits. Text is folded before it is indexed, and what is searched for is
//! folded by the same function, so both meet. Folding is for finding only: what is shown is always the original.

/// The longest text that is folded for the index, in characters. Longer text is cut: a file name never gets near, and a
/// hostile one must not fill the index.
pub const FOLDED_CHARS_MAX: usize = 4_096;

/// Folds a text for the index or for a search.
///
/// ```
/// assert_eq!(desk::fold::fold("گزارش‌هاي كَميته ۱۴۰۱"), "گزارش های کمیته 1401");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    fold_whole(text, FOLDED_CHARS_MAX)
}

/// Folds a text of up to `chars_max` characters: an account, for which [`FOLDED_CHARS_MAX`] is too few.
#[must_use]
pub fn fold_whole(text: &str, chars_max: usize) -> String {
    let mut folded = String::with_capacity(text.len().min(chars_max * 2));
    let characters = text.chars().flat_map(char::to_lowercase);
    for character in characters.take(chars_max) {
        if let Some(kept) = fold_char(character) {
            push_unless_doubled_space(&mut folded, kept);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The words of a search, folded: what must all be found, each as the beginning of a word.
#[must_use]
pub fn words(query: &str) -> Vec<String> {
    fold(query)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// One character folded; `None` where it only decorates.
fn fold_char(character: char) -> Option<char> {
    let folded = match character {
        // yeh: Arabic, alef maksura, with hamza, with small v, Urdu barree
        'ي' | 'ى' | 'ئ' | 'ێ' | 'ې' | 'ے' | 'ۓ' | '\u{06CD}' => 'ی',
        // kaf: Arabic, swash, with ring
        'ك' | 'ڪ' | 'ګ' => 'ک',
        // heh: teh marbuta, with yeh above, goal, doachashmee, ae
        'ة' | 'ۀ' | 'ہ' | 'ۂ' | 'ۃ' | 'ھ' | 'ە' => 'ه',
        // alef: with hamza above or below, madda, wasla, wavy hamza
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' => 'ا',
        // waw: with hamza, Kurdish and Uyghur letters that are typed as waw where the keyboard lacks them
        'ؤ' | 'ۆ' | 'ۇ' | 'ۈ' | 'ٶ' => 'و',
        '\u{0660}'..='\u{0669}' => ascii_digit(character, '\u{0660}'),
        '\u{06F0}'..='\u{06F9}' => ascii_digit(character, '\u{06F0}'),
        // half-space, no-break spaces and line ends are spaces to a reader
        '\u{200C}' | '\u{00A0}' | '\u{202F}' | '\u{2028}' | '\u{2029}' => ' ',
        other if is_decoration(other) => return None,
        other if other.is_whitespace() || other.is_control() => ' ',
        other => other,
    };
    Some(folded)
}

/// Marks that readers leave out: hamza alone, tatweel, harakat and Koranic marks, Latin combining accents, joiners, and the
/// invisible characters that set the direction of text.
fn is_decoration(character: char) -> bool {
    matches!(character,
        'ء' | 'ـ'
        | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}'
        | '\u{0670}'
        | '\u{06D6}'..='\u{06ED}'
        | '\u{08D3}'..='\u{08FF}'
        | '\u{0300}'..='\u{036F}'
        | '\u{00AD}' | '\u{061C}' | '\u{FEFF}'
        | '\u{200B}' | '\u{200D}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}')
}

fn ascii_digit(character: char, zero: char) -> char {
    let distance = u32::from(character) - u32::from(zero);
    char::from_digit(distance, 10).unwrap_or(character)
}

fn push_unless_doubled_space(folded: &mut String, character: char) {
    let doubled = character == ' ' && (folded.is_empty() || folded.ends_with(' '));
    if !doubled {
        folded.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persian_and_arabic_spellings_of_a_word_meet() {
        for (one, other) in [
            ("علی", "علي"),
            ("موسی", "موسى"),
            ("کتاب", "كتاب"),
            ("مسئله", "مسیله"),
            ("مدرسة", "مدرسه"),
            ("خانۀ", "خانه"),
            ("أحمد", "احمد"),
            ("إسلام", "اسلام"),
            ("آزادی", "ازادی"),
            ("مؤمن", "مومن"),
            ("شيء", "شی"),
            ("ٱلله", "الله"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn marks_and_stretching_are_left_out() {
        assert_eq!(fold("مُحَمَّد"), "محمد");
        assert_eq!(fold("کـــتاب"), "کتاب");
        assert_eq!(fold("رحمٰن"), "رحمن");
    }

    #[test]
    fn a_half_space_is_a_space() {
        assert_eq!(fold("می\u{200C}خواهم"), "می خواهم");
        assert_eq!(fold("  a \u{200C} b\u{00A0}"), "a b");
    }

    #[test]
    fn digits_and_case_are_one() {
        assert_eq!(fold("۱۴۰۱/٠٧/IMG_0042.JPG"), "1401/07/img_0042.jpg");
        assert_eq!(fold("İSTANBUL"), "istanbul");
    }

    #[test]
    fn direction_marks_cannot_hide_a_word() {
        assert_eq!(fold("photo\u{202E}gpj.exe"), "photogpj.exe");
        assert_eq!(fold("a\u{2066}b\u{2069}c\u{200F}"), "abc");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in ["گزارش‌هاي كَميته ۱۴۰۱", "Déjà vu ÉTÉ", "ﷺ آئينه", "a\nb\tc"]
        {
            let once = fold(text);
            assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn a_query_becomes_words() {
        assert_eq!(words("«گزارشِ ۱۴۰۱»، IMG-2"), ["گزارش", "1401", "img", "2"]);
        assert!(words("\" * ' ( )").is_empty());
    }

    #[test]
    fn hostile_length_is_cut() {
        let long = "x".repeat(FOLDED_CHARS_MAX * 3);
        assert_eq!(fold(&long).len(), FOLDED_CHARS_MAX);
    }
}
