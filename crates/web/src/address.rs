//! Addresses within this server: how they are written, and which one may be returned to.

use std::fmt::Write as _;

/// A text as a value in a query: everything but unreserved characters is percent-encoded.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte))
            }
            // Writing to a string cannot fail.
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}

/// The path to return to, if it is one of this server: it begins with exactly one slash and holds nothing that a browser
/// would read as another host or a new line. Otherwise the start page.
#[must_use]
pub fn own(path: Option<&str>) -> &str {
    let sound = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= 2_000
            && path
                .bytes()
                .all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\')
    };
    path.filter(sound).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_server_are_returned_to() {
        assert_eq!(own(Some("/items?page=2")), "/items?page=2");
        for foreign in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/a\r\nb",
            "",
            "items",
            "/a b",
        ] {
            assert_eq!(own(Some(foreign)), "/", "{foreign:?}");
        }
    }

    #[test]
    fn escaping_leaves_nothing_that_means_something() {
        assert_eq!(escaped("/a b&c=ی"), "%2Fa%20b%26c%3D%DB%8C");
    }
}
