//! Bytes to values: `serde_json` reads, this visitor refuses what the narrowed form does not have.

use core::cell::Cell;
use core::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::{CanonicalError, DEPTH_MAX, Map, Value, integer_fits};

pub(super) fn parse(bytes: &[u8]) -> Result<Map, CanonicalError> {
    let text = core::str::from_utf8(bytes).map_err(|_| CanonicalError::NotUtf8)?;
    let refusal = Cell::new(None);
    let seed = Reader {
        refusal: &refusal,
        depth: 0,
    };
    let mut source = serde_json::Deserializer::from_str(text);
    let value = seed.deserialize(&mut source).map_err(|error| {
        let syntax = CanonicalError::Syntax(error.to_string());
        refusal.take().unwrap_or(syntax)
    })?;
    source
        .end()
        .map_err(|error| CanonicalError::Syntax(error.to_string()))?;
    match value {
        Value::Map(map) => Ok(map),
        _ => Err(CanonicalError::NotAnObject),
    }
}

/// Reads one value. Why it refused something is left in `refusal`, because serde's errors are only texts.
#[derive(Clone, Copy)]
struct Reader<'a> {
    refusal: &'a Cell<Option<CanonicalError>>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn refuse<E: de::Error>(&self, error: CanonicalError) -> E {
        let text = error.to_string();
        self.refusal.set(Some(error));
        E::custom(text)
    }

    fn deeper<E: de::Error>(self) -> Result<Reader<'a>, E> {
        if self.depth >= DEPTH_MAX {
            return Err(self.refuse(CanonicalError::Depth));
        }
        Ok(Reader {
            depth: self.depth + 1,
            ..self
        })
    }

    fn integer<E: de::Error>(self, number: i64) -> Result<Value, E> {
        if !integer_fits(number) {
            return Err(self.refuse(CanonicalError::Number));
        }
        Ok(Value::Int(number))
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of canonical JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        self.integer(number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        self.integer(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(self.refuse(CanonicalError::Number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(value) = source.next_element_seed(inner)? {
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = source.next_key::<String>()? {
            if map.contains_key(&name) {
                return Err(self.refuse(CanonicalError::NameTwice(name)));
            }
            let value = source.next_value_seed(inner)?;
            map.insert(name, value);
        }
        Ok(Value::Map(map))
    }
}
