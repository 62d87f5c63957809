//! Taking the fields of an object one by one, so that none is missing, wrong or left over.

use crate::encoding::{self, EncodingError};
use crate::hash::Hash;

use super::{Map, Value};

/// An object whose fields are taken out by name; [`Fields::finish`] refuses what nobody took.
///
/// ```
/// use record::{canonical::Fields, map};
///
/// let mut fields = Fields::new(map! { "name" => "Archive", "size" => 3u64 });
/// assert_eq!(fields.text("name")?, "Archive");
/// assert_eq!(fields.count("size")?, 3);
/// fields.finish()?;
/// # Ok::<(), record::canonical::FieldError>(())
/// ```
#[derive(Debug)]
pub struct Fields(Map);

/// Why an object is not the one that was expected. Its writer follows another version or is broken; refuse the whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// The object lacks a field.
    #[error("the field {0:?} is missing")]
    Missing(&'static str),
    /// The object has a field that this kind does not know.
    #[error("the field {0:?} is not known here")]
    Unknown(String),
    /// The field holds another type.
    #[error("the field {name:?} is not {wanted}")]
    Type {
        /// The field.
        name: &'static str,
        /// What it should hold.
        wanted: &'static str,
    },
    /// The field holds the right type, but a value outside its range or form.
    #[error("the field {name:?} is refused: {reason}")]
    Value {
        /// The field.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl FieldError {
    /// A refusal of the value of `name`, for takers written elsewhere.
    pub fn value(name: &'static str, reason: impl ToString) -> FieldError {
        FieldError::Value {
            name,
            reason: reason.to_string(),
        }
    }
}

impl Fields {
    /// Begins to take fields out of `map`.
    pub fn new(map: Map) -> Fields {
        Fields(map)
    }

    /// Takes any value.
    pub fn take(&mut self, name: &'static str) -> Result<Value, FieldError> {
        self.0.remove(name).ok_or(FieldError::Missing(name))
    }

    /// Takes a text.
    pub fn text(&mut self, name: &'static str) -> Result<String, FieldError> {
        match self.take(name)? {
            Value::Text(text) => Ok(text),
            _ => Err(FieldError::Type {
                name,
                wanted: "text",
            }),
        }
    }

    /// Takes a text that must be exactly `wanted`.
    pub fn literal(&mut self, name: &'static str, wanted: &str) -> Result<(), FieldError> {
        match self.text(name)? {
            found if found == wanted => Ok(()),
            _ => Err(FieldError::value(
                name,
                format_args!("it is always {wanted:?}"),
            )),
        }
    }

    /// Takes the version field `v`, which must be `wanted`.
    pub fn version(&mut self, wanted: i64) -> Result<(), FieldError> {
        match self.int("v")? {
            found if found == wanted => Ok(()),
            _ => Err(FieldError::value("v", "another version of this format")),
        }
    }

    /// Takes an integer.
    pub fn int(&mut self, name: &'static str) -> Result<i64, FieldError> {
        match self.take(name)? {
            Value::Int(number) => Ok(number),
            _ => Err(FieldError::Type {
                name,
                wanted: "an integer",
            }),
        }
    }

    /// Takes an integer that is not negative: a size, a count, an index.
    pub fn count(&mut self, name: &'static str) -> Result<u64, FieldError> {
        u64::try_from(self.int(name)?).map_err(|_| FieldError::value(name, "it is negative"))
    }

    /// Takes `true` or `false`.
    pub fn truth(&mut self, name: &'static str) -> Result<bool, FieldError> {
        match self.take(name)? {
            Value::Bool(truth) => Ok(truth),
            _ => Err(FieldError::Type {
                name,
                wanted: "true or false",
            }),
        }
    }

    /// Takes a list.
    pub fn list(&mut self, name: &'static str) -> Result<Vec<Value>, FieldError> {
        match self.take(name)? {
            Value::List(list) => Ok(list),
            _ => Err(FieldError::Type {
                name,
                wanted: "a list",
            }),
        }
    }

    /// Takes an object, its fields to be taken in turn.
    pub fn fields(&mut self, name: &'static str) -> Result<Fields, FieldError> {
        self.map(name).map(Fields)
    }

    /// Takes an object as it is.
    pub fn map(&mut self, name: &'static str) -> Result<Map, FieldError> {
        match self.take(name)? {
            Value::Map(map) => Ok(map),
            _ => Err(FieldError::Type {
                name,
                wanted: "an object",
            }),
        }
    }

    /// Takes a list whose values are all objects.
    pub fn list_of_fields(&mut self, name: &'static str) -> Result<Vec<Fields>, FieldError> {
        let objects = self.list(name)?.into_iter().map(|value| match value {
            Value::Map(map) => Ok(Fields(map)),
            _ => Err(FieldError::Type {
                name,
                wanted: "a list of objects",
            }),
        });
        objects.collect()
    }

    /// Takes a text and reads it with [`core::str::FromStr`]: ids, hashes, origins, timestamps.
    pub fn parsed<T>(&mut self, name: &'static str) -> Result<T, FieldError>
    where
        T: core::str::FromStr<Err: ToString>,
    {
        let text = self.text(name)?;
        text.parse()
            .map_err(|error: T::Err| FieldError::value(name, error.to_string()))
    }

    /// As [`Fields::parsed`], or `None` where the field holds `null`.
    pub fn parsed_or_null<T>(&mut self, name: &'static str) -> Result<Option<T>, FieldError>
    where
        T: core::str::FromStr<Err: ToString>,
    {
        if self.0.get(name) == Some(&Value::Null) {
            self.0.remove(name);
            return Ok(None);
        }
        self.parsed(name).map(Some)
    }

    /// Takes a text of `2 * N` hex digits.
    pub fn hex<const N: usize>(&mut self, name: &'static str) -> Result<[u8; N], FieldError> {
        let text = self.text(name)?;
        encoding::hex_array(&text).map_err(|error| FieldError::value(name, error))
    }

    /// Takes a text of 64 hex digits.
    pub fn hash(&mut self, name: &'static str) -> Result<Hash, FieldError> {
        self.hex(name).map(Hash::from_bytes)
    }

    /// Takes a text of base64 that holds exactly `N` bytes.
    pub fn base64<const N: usize>(&mut self, name: &'static str) -> Result<[u8; N], FieldError> {
        self.decoded(name, encoding::base64_array)
    }

    /// Takes a text of base64 of any length.
    pub fn base64_bytes(&mut self, name: &'static str) -> Result<Vec<u8>, FieldError> {
        self.decoded(name, encoding::base64_bytes)
    }

    fn decoded<T>(
        &mut self,
        name: &'static str,
        decode: impl FnOnce(&str) -> Result<T, EncodingError>,
    ) -> Result<T, FieldError> {
        let text = self.text(name)?;
        decode(&text).map_err(|error| FieldError::value(name, error))
    }

    /// Refuses the object if a field is left that nobody took.
    pub fn finish(self) -> Result<(), FieldError> {
        match self.0.into_keys().next() {
            Some(name) => Err(FieldError::Unknown(name)),
            None => Ok(()),
        }
    }
}
