//! Canonical JSON: RFC 8785 (JCS), narrowed so that readers in any language agree (entry.md, section 1).
//!
//! [`parse`] accepts exactly the bytes that [`encode`] writes, so a signed text has one meaning and one spelling.
//! The writer is general in names and strings; [`parse_payload`] narrows names further, to those of signed payloads.

use std::collections::BTreeMap;

use crate::encoding::INTEGER_MAX;

mod fields;
mod reader;
mod writer;

pub use fields::{FieldError, Fields};

/// How deep lists and objects may be nested, the top object being 1. Deeper texts exist only to exhaust a stack.
pub const DEPTH_MAX: usize = 16;

/// An object of canonical JSON.
pub type Map = BTreeMap<String, Value>;

/// A value of canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer; [`encode`] refuses one beyond 2^53 - 1 in either direction.
    Int(i64),
    /// Text without lone surrogates, which Rust's strings cannot hold.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object.
    Map(Map),
}

/// Why bytes are not canonical JSON, or a value cannot be written as such.
///
/// Nothing of such a text may be used: two readers could understand it differently. Ask its writer for the original bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Bytes that are no UTF-8.
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// Not JSON at all, or a lone surrogate, or something after the end.
    #[error("the text is not JSON: {0}")]
    Syntax(String),
    /// The top value is not an object.
    #[error("the top value is not an object")]
    NotAnObject,
    /// A name stands twice in one object; readers differ on which counts.
    #[error("the name {0:?} stands twice in one object")]
    NameTwice(String),
    /// A name that the payloads of this project do not use.
    #[error("the name {0:?} does not match [a-z][a-z0-9_]*")]
    Name(String),
    /// A fraction, an exponent, `-0`, or an integer beyond 2^53 - 1.
    #[error("a number is not a plain integer within 2^53 - 1")]
    Number,
    /// Deeper than [`DEPTH_MAX`].
    #[error("nested deeper than 16 levels")]
    Depth,
    /// The same value has another spelling: spaces, order of names, escapes.
    #[error("the text is JSON, but not in its canonical spelling")]
    NotCanonical,
}

/// Writes `value` as RFC 8785 bytes; the top value should be a [`Value::Map`], nothing else is read back.
pub fn encode(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    writer::encode(value)
}

/// Reads the bytes of one object and refuses them unless [`encode`] gives them back.
pub fn parse(bytes: &[u8]) -> Result<Map, CanonicalError> {
    let map = reader::parse(bytes)?;
    let value = Value::Map(map);
    if encode(&value)? != bytes {
        return Err(CanonicalError::NotCanonical);
    }
    match value {
        Value::Map(map) => Ok(map),
        _ => Err(CanonicalError::NotAnObject),
    }
}

/// As [`parse`]; in addition all names, at every level, match `[a-z][a-z0-9_]*`.
pub fn parse_payload(bytes: &[u8]) -> Result<Map, CanonicalError> {
    let map = parse(bytes)?;
    check_names(&map)?;
    Ok(map)
}

/// Refuses a name outside `[a-z][a-z0-9_]*` in `map` or anything within it.
pub fn check_names(map: &Map) -> Result<(), CanonicalError> {
    map.iter().try_for_each(|(name, value)| {
        if !is_payload_name(name) {
            return Err(CanonicalError::Name(name.clone()));
        }
        check_names_within(value)
    })
}

fn check_names_within(value: &Value) -> Result<(), CanonicalError> {
    match value {
        Value::Map(map) => check_names(map),
        Value::List(list) => list.iter().try_for_each(check_names_within),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) => Ok(()),
    }
}

fn is_payload_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let rest = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_';
    bytes.first().is_some_and(u8::is_ascii_lowercase) && bytes.iter().all(rest)
}

fn integer_fits(number: i64) -> bool {
    number.unsigned_abs() <= INTEGER_MAX
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Int(i64::from(number))
    }
}

impl From<u64> for Value {
    /// A number beyond `i64` becomes `i64::MAX`, which [`encode`] refuses as it refuses all beyond 2^53 - 1.
    fn from(number: u64) -> Value {
        Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Vec<Value>> for Value {
    fn from(list: Vec<Value>) -> Value {
        Value::List(list)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Map(map)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// Makes a [`Map`](crate::canonical::Map): `map! { "item" => id.to_string(), "size" => 12u64 }`.
#[macro_export]
macro_rules! map {
    ($($name:literal => $value:expr),* $(,)?) => {
        $crate::canonical::Map::from([$((
            ::std::string::String::from($name),
            $crate::canonical::Value::from($value),
        )),*])
    };
}
