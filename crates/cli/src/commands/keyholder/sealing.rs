//! `sealing.json`: what a requester must know of a sealed item to open it with the shares.

use record::canonical::{self, FieldError, Fields, Value};
use record::hash::Hash;
use record::map;
use vault::hybrid;
use vault::share::{self, SharePlace, Split};

use crate::failure::{Failure, fault, malformed};

/// One sealed item.
pub struct Sealed {
    /// What the shares belong to.
    pub place: SharePlace,
    /// The recipient to whom the material is encrypted.
    pub recipient: hybrid::Recipient,
    /// How many shares it takes.
    pub threshold: u8,
    /// The digest of each share.
    pub digests: Vec<Hash>,
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
            "threshold" => i64::from(self.threshold),
            "digests" => self.digests.iter().map(|digest| Value::from(digest.to_string())).collect::<Vec<_>>(),
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

    /// The split, as the office published it.
    pub fn split(&self) -> Split {
        Split::published(
            self.place.clone(),
            self.threshold,
            &self.recipient,
            self.digests.clone(),
        )
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
            threshold: u8::try_from(fields.count("threshold")?)
                .map_err(|error| FieldError::value("threshold", error))?,
            digests: share::digests(&mut fields)?,
            size: fields.count("size")?,
        };
        fields.finish()?;
        Ok(sealed)
    }
}
