//! File names as a person may safely see them.

/// A name with everything made visible that could deceive: control characters, line ends, and the invisible marks that
/// turn the direction of text (a film called `…gpj.exe` shown as `…exe.jpg`). Ordinary Persian and Arabic text, half-spaces
/// included, is left alone. For showing only; the name as it came is in the record.
#[must_use]
pub fn visible(name: &str) -> String {
    name.chars().map(visible_char).collect()
}

fn visible_char(character: char) -> char {
    match character {
        '\u{0}'..='\u{1F}' => control_picture(character),
        '\u{7F}' => '\u{2421}',
        '\u{80}'..='\u{9F}' | '\u{2028}' | '\u{2029}' => '\u{FFFD}',
        '\u{061C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        '\u{200B}' | '\u{2060}' | '\u{FEFF}' => '\u{FFFD}',
        other => other,
    }
}

/// The Unicode picture of a control character: U+2400 and its code.
fn control_picture(control: char) -> char {
    char::from_u32(0x2400 + u32::from(control)).unwrap_or('\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn ordinary_names_are_left_alone() {
        for name in ["گزارش می‌خواهم.pdf", "Été 2024 (1).jpg", "تقرير.txt"] {
            assert_eq!(visible(name), name);
        }
    }

    #[test]
    fn deceiving_characters_show() {
        assert_eq!(visible("a\u{202E}gpj.exe"), "a\u{FFFD}gpj.exe");
        assert_eq!(
            visible("a\nb\u{1B}[2J\u{7F}"),
            "a\u{240A}b\u{241B}[2J\u{2421}"
        );
    }
}
