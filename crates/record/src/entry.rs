//! Entries: signed sentences about one thing that was done (entry.md, sections 2 and 3).

use core::fmt;
use core::str::FromStr;

use crate::canonical::{self, CanonicalError, FieldError, Fields, Map, Value};
use crate::dsse::{self, DsseError, Signed};
use crate::hash::Hash;
use crate::ids::{CircleId, EntryId, KeyId, MemberId, Origin};
use crate::map;
use crate::signature::{SigningKey, VerifyingKey};

pub use crate::dsse::VerifyError;
pub use crate::timestamp::{Day, Timestamp, TimestampError};

/// The payload type of an entry's envelope.
pub const PAYLOAD_TYPE: &str = "application/vnd.mahzar.entry.v1+json";

/// The longest envelope: what the 16-bit length of an entry bundle can say.
pub const ENVELOPE_BYTES_MAX: usize = 65_535;

/// The most signatures on an entry: its signer's, and a passkey's and two more that a formal act may ask for.
pub const SIGNATURES_MAX: usize = 4;

/// The longest kind in bytes.
pub const KIND_BYTES_MAX: usize = 64;

const SHAPE: dsse::Shape = dsse::Shape {
    payload_type: PAYLOAD_TYPE,
    bytes_max: ENVELOPE_BYTES_MAX,
    signatures_max: SIGNATURES_MAX,
};

/// What was done: words of `[a-z_]+` joined by dots, such as `item.received`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(String);

/// The text is not words of `[a-z_]+` joined by single dots, 64 bytes at most. Choose another name for the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a kind is words of a-z and _ joined by single dots, 64 bytes at most")]
pub struct KindError;

impl Kind {
    /// Checks `text` and takes it as a kind.
    pub fn new(text: impl Into<String>) -> Result<Kind, KindError> {
        let text = text.into();
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(letter);
        if text.len() > KIND_BYTES_MAX || !text.split('.').all(is_word) {
            return Err(KindError);
        }
        Ok(Kind(text))
    }

    /// The kind as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Kind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Kind, KindError> {
        Kind::new(text)
    }
}

/// One thing that was done, as its signer says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Random, chosen by the signer.
    pub id: EntryId,
    /// The office in whose record it stands.
    pub office: Origin,
    /// The circle that may read it.
    pub circle: CircleId,
    /// When, by the signer's clock.
    pub at: Timestamp,
    /// The member who did it, or [`MemberId::OFFICE`].
    pub by: MemberId,
    /// What was done.
    pub kind: Kind,
    /// The details; its fields are fixed by the kind.
    pub body: Map,
    /// The commitment of an earlier entry of this circle that the signer had seen; `None` for the first.
    pub after: Option<Hash>,
}

/// Why an entry cannot be signed, or bytes are not an entry's envelope.
///
/// On reading: nothing of it may be used. On signing: the body is at fault; shorten it, or put larger content behind a digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The envelope around the payload.
    #[error("{0}")]
    Envelope(DsseError),
    /// The payload is not canonical JSON with payload names.
    #[error("the entry: {0}")]
    Canonical(CanonicalError),
    /// A field of the payload is missing, unknown or wrong.
    #[error("the entry: {0}")]
    Field(FieldError),
}

impl Entry {
    /// The canonical bytes that are signed.
    pub fn payload(&self) -> Result<Vec<u8>, EntryError> {
        canonical::check_names(&self.body).map_err(EntryError::Canonical)?;
        let payload = map! {
            "v" => 1i64,
            "id" => self.id.to_string(),
            "office" => self.office.as_str(),
            "circle" => self.circle.to_string(),
            "at" => self.at.to_string(),
            "by" => self.by.to_string(),
            "kind" => self.kind.as_str(),
            "body" => self.body.clone(),
            "after" => self.after.map(|hash| hash.to_string()),
        };
        canonical::encode(&Value::Map(payload)).map_err(EntryError::Canonical)
    }

    /// Signs the entry, which is then an envelope.
    pub fn sign(&self, key: &SigningKey) -> Result<Envelope, EntryError> {
        let signed = Signed::sign(&SHAPE, self.payload()?, key);
        Envelope::from_signed(self.clone(), signed)
    }

    fn from_payload(bytes: &[u8]) -> Result<Entry, EntryError> {
        let map = canonical::parse_payload(bytes).map_err(EntryError::Canonical)?;
        Entry::from_fields(Fields::new(map)).map_err(EntryError::Field)
    }

    fn from_fields(mut fields: Fields) -> Result<Entry, FieldError> {
        fields.version(1)?;
        let entry = Entry {
            id: fields.parsed("id")?,
            office: fields.parsed("office")?,
            circle: fields.parsed("circle")?,
            at: fields.parsed("at")?,
            by: fields.parsed("by")?,
            kind: fields.parsed("kind")?,
            body: fields.map("body")?,
            after: fields.parsed_or_null("after")?,
        };
        fields.finish()?;
        Ok(entry)
    }
}

/// A signed entry: its exact bytes and what they say. The signature is verified by [`Envelope::verify`], not by reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    bytes: Vec<u8>,
    signed: Signed,
    entry: Entry,
}

impl Envelope {
    /// Reads an envelope and the entry in it, refusing every byte that these pages do not fix.
    pub fn parse(bytes: &[u8]) -> Result<Envelope, EntryError> {
        let signed = Signed::parse(&SHAPE, bytes).map_err(EntryError::Envelope)?;
        let entry = Entry::from_payload(&signed.payload)?;
        Ok(Envelope {
            bytes: bytes.to_vec(),
            signed,
            entry,
        })
    }

    fn from_signed(entry: Entry, signed: Signed) -> Result<Envelope, EntryError> {
        let bytes = signed.encode(&SHAPE).map_err(EntryError::Envelope)?;
        Ok(Envelope {
            bytes,
            signed,
            entry,
        })
    }

    /// The envelope's bytes: what is committed to and stored.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What the envelope says.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The keys that are said to have signed, the signer's first.
    pub fn signers(&self) -> impl Iterator<Item = KeyId> {
        self.signed
            .signatures
            .iter()
            .map(|signature| signature.key_id)
    }

    /// All signatures, the signer's first.
    pub fn signatures(&self) -> &[dsse::Signature] {
        &self.signed.signatures
    }

    /// Checks that the signer, whose signature is the first, is `key`, and that the signature verifies.
    pub fn verify(&self, key: &VerifyingKey) -> Result<(), VerifyError> {
        self.signed.verify(&SHAPE, key)
    }

    /// The same entry with one more signature.
    pub fn countersign(mut self, key: &SigningKey) -> Result<Envelope, EntryError> {
        self.signed.add_signature(&SHAPE, key);
        Envelope::from_signed(self.entry, self.signed)
    }
}
