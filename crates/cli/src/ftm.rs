//! FollowTheMoney: the form in which Aleph and OpenSanctions exchange entities, one JSON object a line (docs/spec/desk.md).

mod date;
pub mod inward;
pub mod outward;

/// What is called a relation in words there, and here by a code.
const RELATIONS: [(&str, &str); 17] = [
    ("parent", "parent"),
    ("mother", "parent"),
    ("father", "parent"),
    ("child", "child"),
    ("son", "child"),
    ("daughter", "child"),
    ("sibling", "sibling"),
    ("brother", "sibling"),
    ("sister", "sibling"),
    ("spouse", "spouse"),
    ("husband", "spouse"),
    ("wife", "spouse"),
    ("friend", "friend"),
    ("neighbour", "neighbour"),
    ("colleague", "colleague"),
    ("teacher", "teacher"),
    ("lawyer", "lawyer"),
];

/// Codes of languages here and in ISO 639-3.
const LANGUAGES: [(&str, &str); 22] = [
    ("fa", "fas"),
    ("ckb", "ckb"),
    ("kmr", "kmr"),
    ("azb", "azb"),
    ("bal", "bal"),
    ("ar", "ara"),
    ("lrc", "lrc"),
    ("glk", "glk"),
    ("mzn", "mzn"),
    ("tk", "tuk"),
    ("prs", "prs"),
    ("ps", "pus"),
    ("ur", "urd"),
    ("tr", "tur"),
    ("hy", "hye"),
    ("syr", "syr"),
    ("he", "heb"),
    ("en", "eng"),
    ("fr", "fra"),
    ("de", "deu"),
    ("ru", "rus"),
    ("es", "spa"),
];
