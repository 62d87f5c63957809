//! What an entity is called: the first values of its title's fields. A code stays a code in the table, so that each reader sees it
//! in their own language.

use crate::model::{Field, MODEL, Shape};

/// Between two parts. No value holds it: control characters are taken out of titles.
pub(super) const BETWEEN: &str = "\u{1F}";
/// Before a part that is a code: vocabulary, a colon, the code.
const CODE: char = '\u{1E}';

pub(super) fn part(field: &Field, value: &str) -> String {
    match field.shape {
        Shape::Term(vocabulary) => format!("{CODE}{vocabulary}:{value}"),
        _ => value.to_owned(),
    }
}

/// A stored title in a language, by its tag.
pub(super) fn in_language(stored: &str, tag: &str) -> String {
    let parts: Vec<&str> = stored
        .split(BETWEEN)
        .map(|part| coded(part, tag).unwrap_or_else(|| part.trim_start_matches(CODE)))
        .collect();
    parts.join(", ")
}

fn coded(part: &str, tag: &str) -> Option<&'static str> {
    let (vocabulary, code) = part.strip_prefix(CODE)?.split_once(':')?;
    let term = MODEL.vocabulary(vocabulary)?.term(code)?;
    Some(term.label.in_language(tag))
}
