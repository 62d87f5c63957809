//! How long and of what form the texts in bodies may be.

use record::canonical::FieldError;

/// Longest file name: what the common file systems take, four bytes to a character.
pub const FILE_NAME_BYTES_MAX: usize = 1_020;
/// Longest folder: Linux's limit of a whole path.
pub const FOLDER_BYTES_MAX: usize = 4_096;
/// Longest media type, as in bundles (bundle.md, section 2).
pub const MEDIA_TYPE_BYTES_MAX: usize = 100;
/// Longest purpose: a sentence or two, not a report.
pub const PURPOSE_CHARS_MAX: usize = 1_000;
/// Longest reason for an erasure.
pub const REASON_CHARS_MAX: usize = 1_000;
/// Longest name of the program that took material in.
pub const TOOL_CHARS_MAX: usize = 200;

pub(super) fn file_name(text: String) -> Result<String, FieldError> {
    match name_fault(&text, FILE_NAME_BYTES_MAX) {
        Some(fault) => Err(FieldError::value("file_name", fault)),
        None => Ok(text),
    }
}

pub(super) fn folder(text: String) -> Result<String, FieldError> {
    if text.len() > FOLDER_BYTES_MAX {
        return Err(FieldError::value("folder", "it is too long"));
    }
    let fault = match text.as_str() {
        "" => None,
        path => path
            .split('/')
            .find_map(|name| name_fault(name, FILE_NAME_BYTES_MAX)),
    };
    match fault {
        Some(fault) => Err(FieldError::value("folder", fault)),
        None => Ok(text),
    }
}

/// What would keep a name from being one step of a path. Any other character is kept, however odd: the name is evidence.
fn name_fault(name: &str, bytes_max: usize) -> Option<&'static str> {
    match name {
        "" => Some("a name is empty"),
        "." | ".." => Some("a name leads out of its folder"),
        _ if name.len() > bytes_max => Some("a name is too long"),
        _ if name.contains(['/', '\0']) => Some("a name has a slash or a zero byte"),
        _ => None,
    }
}

/// `[a-z0-9]+/[a-z0-9.+-]+`, as in bundles.
pub(super) fn media_type(text: String) -> Result<String, FieldError> {
    let word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let name = |byte: &u8| word(byte) || b".+-".contains(byte);
    let well_formed = text.split_once('/').is_some_and(|(class, kind)| {
        !class.is_empty()
            && !kind.is_empty()
            && class.as_bytes().iter().all(word)
            && kind.as_bytes().iter().all(name)
    });
    if well_formed && text.len() <= MEDIA_TYPE_BYTES_MAX {
        Ok(text)
    } else {
        Err(FieldError::value("media_type", "it is not a media type"))
    }
}

/// A text that a person wrote: neither blank nor endless.
pub(super) fn sentence(
    name: &'static str,
    chars_max: usize,
    text: String,
) -> Result<String, FieldError> {
    if text.trim().is_empty() {
        return Err(FieldError::value(name, "it is blank"));
    }
    if text.chars().count() > chars_max {
        return Err(FieldError::value(
            name,
            format!("it is longer than {chars_max} characters"),
        ));
    }
    Ok(text)
}
