//! `sealing.json`: what a requester must know of a sealed item to open it with the shares.

use record::canonical::{self, FieldError, Fields, Value};
use record::map;
use vault::hybrid;
use vault::share::SharePlace;

use crate::failure::{Failure, fault, malformed};

/// One sealed item.
pub struct Sealed {
    /// What the shares belong to.
    pub place: SharePlace,
    /// The recipient to whom the material is encrypted.
    pub recipient: hybrid::Recipient,
    /// The material's true size; what follows is padding.
    pub size: u64,
}

impl Sealed {
    /// The file's bytes.
    pub fn encode(&self) -> Result<Vec<u8>, Failure> {
        let map = map! {
            "v" => 1i64,
            "office" => self.place.office.as_str(),
            "circle" => self.place.circle.to_string(),
            "object" => self.place.object.to_string(),
            "recipient" => self.recipient.to_string(),
            "size" => self.size,
        };
        canonical::encode(&Value::Map(map)).map_err(|error| fault("fault-failed").because(error))
    }

    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Sealed, Failure> {
        let map = canonical::parse_payload(bytes)
            .map_err(|error| malformed("fault-share").because(error))?;
        Sealed::of(Fields::new(map)).map_err(|error| malformed("fault-share").because(error))
    }

    fn of(mut fields: Fields) -> Result<Sealed, FieldError> {
        fields.version(1)?;
        let sealed = Sealed {
            place: SharePlace {
                office: fields.parsed("office")?,
                circle: fields.parsed("circle")?,
                object: fields.parsed("object")?,
            },
            recipient: fields.parsed("recipient")?,
            size: fields.count("size")?,
        };
        fields.finish()?;
        Ok(sealed)
    }
}
