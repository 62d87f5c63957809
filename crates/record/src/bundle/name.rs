//! What a bundle calls things: paths, media types and titles that cannot mislead or escape.

use core::fmt;
use core::str::FromStr;

/// The longest path: what the name field of a header holds.
pub const PATH_BYTES_MAX: usize = 100;

/// The longest media type.
pub const MEDIA_TYPE_BYTES_MAX: usize = 100;

/// The longest title, in Unicode scalar values.
pub const TITLE_CHARACTERS_MAX: usize = 300;

/// The path of a file in a bundle: segments `[a-z0-9][a-z0-9._-]*` joined by `/`, 100 bytes at most.
///
/// It can neither leave a folder nor be absolute, and means the same on every system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(String);

/// The text is not such a path. Name the file otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a path in a bundle is 1 to 100 bytes: segments of a-z, 0-9, '.', '_' and '-', joined by '/'"
)]
pub struct PathError;

/// A media type such as `image/jpeg`, without parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaType(String);

/// The text is not such a media type. Use `application/octet-stream` where the true one is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a media type is written like image/jpeg, 100 bytes at most")]
pub struct MediaTypeError;

/// The title of a bundle: 1 to 300 characters, none of them a control or a bidi control, which could make it read otherwise.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Title(String);

/// The text is not such a title. Shorten it, or take the invisible characters out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a title is 1 to 300 characters without controls and bidi controls")]
pub struct TitleError;

fn is_lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_segment(segment: &str) -> bool {
    let allowed = |byte: u8| is_lower_or_digit(byte) || b"._-".contains(&byte);
    segment.bytes().next().is_some_and(is_lower_or_digit) && segment.bytes().all(allowed)
}

fn is_path(text: &str) -> bool {
    text.len() <= PATH_BYTES_MAX && text.split('/').all(is_segment)
}

fn is_media_type(text: &str) -> bool {
    let Some((kind, subkind)) = text.split_once('/') else {
        return false;
    };
    let allowed = |byte: u8| is_lower_or_digit(byte) || b".+-".contains(&byte);
    text.len() <= MEDIA_TYPE_BYTES_MAX
        && !kind.is_empty()
        && kind.bytes().all(is_lower_or_digit)
        && !subkind.is_empty()
        && subkind.bytes().all(allowed)
}

fn is_title(text: &str) -> bool {
    let characters = text.chars().take(TITLE_CHARACTERS_MAX + 1).count();
    (1..=TITLE_CHARACTERS_MAX).contains(&characters) && !text.chars().any(is_hidden)
}

/// A control (U+0000 to U+001F, U+007F to U+009F) or one of the characters that change the direction of others.
fn is_hidden(character: char) -> bool {
    let bidi = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    bidi || character.is_control()
}

macro_rules! checked_text {
    ($name:ident, $error:ident, $check:ident) => {
        impl $name {
            /// Checks `text` and takes it.
            pub fn new(text: impl Into<String>) -> Result<$name, $error> {
                let text = text.into();
                match $check(&text) {
                    true => Ok($name(text)),
                    false => Err($error),
                }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<$name, $error> {
                $name::new(text)
            }
        }
    };
}

checked_text!(Path, PathError, is_path);
checked_text!(MediaType, MediaTypeError, is_media_type);
checked_text!(Title, TitleError, is_title);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_leave_or_mislead() {
        for good in ["a", "exhibits/1.jpg", "0/a-b_c.d/e", &"a".repeat(100)] {
            assert!(Path::new(good).is_ok(), "{good:?}");
        }
        for wrong in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "a/..",
            "../a",
            ".a",
            "-a",
            "_a",
            "A",
            "a b",
            "a\0",
            "a\\b",
            "é",
            "a/\u{202e}b",
            &"a".repeat(101),
        ] {
            assert!(Path::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn media_types_have_two_parts_and_no_parameters() {
        for good in [
            "image/jpeg",
            "application/vnd.oasis.opendocument.text",
            "a/+",
            "text/x-1.0",
        ] {
            assert!(MediaType::new(good).is_ok(), "{good:?}");
        }
        let long = format!("a/{}", "b".repeat(99));
        for wrong in [
            "",
            "a",
            "a/",
            "/a",
            "a/b/c",
            "a/b;c",
            "Text/plain",
            "a-b/c",
            "text/plain\n",
            &long,
        ] {
            assert!(MediaType::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn titles_show_what_they_say() {
        for good in [
            "گزارش",
            "a",
            " ",
            "x\u{200c}y",
            "\u{2028}",
            &"ü".repeat(300),
        ] {
            assert!(Title::new(good).is_ok(), "{good:?}");
        }
        let long = "ü".repeat(301);
        let hidden = [
            "\n",
            "a\u{202e}b",
            "\u{61c}",
            "\u{200f}",
            "\u{2066}",
            "\u{85}",
            "\u{7f}",
        ];
        for wrong in hidden.into_iter().chain(["", &long]) {
            assert!(Title::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
