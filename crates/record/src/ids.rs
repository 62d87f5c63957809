//! The names of things: offices, circles, members, entries, keys.

use core::fmt;
use core::str::FromStr;

use crate::encoding::{self, EncodingError};

/// The longest origin in bytes. Its length is one byte in cosignature formats, so no more than 255.
pub const ORIGIN_BYTES_MAX: usize = 255;

/// The name of an office's record: a schema-less URL, or `mahzar.invalid/` and 32 hex digits (record.md, section 1).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Origin(String);

/// Why a text cannot name a record. Choose another origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Empty, or over [`ORIGIN_BYTES_MAX`] bytes.
    #[error("an origin has 1 to 255 bytes")]
    Length,
    /// A space, a plus sign, a control or a character outside ASCII: none of them can stand in a key name everywhere.
    #[error("an origin is printable ASCII without space and plus sign")]
    Character,
}

impl Origin {
    /// Checks `text` and takes it as an origin.
    pub fn new(text: impl Into<String>) -> Result<Origin, OriginError> {
        let text = text.into();
        if text.is_empty() || text.len() > ORIGIN_BYTES_MAX {
            return Err(OriginError::Length);
        }
        if !text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'+')
        {
            return Err(OriginError::Character);
        }
        Ok(Origin(text))
    }

    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Origin, OriginError> {
        Origin::new(text)
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Takes 16 bytes as an id.
            pub const fn from_bytes(bytes: [u8; 16]) -> $name {
                $name(bytes)
            }

            /// The 16 bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                encoding::write_hex(f, &self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = EncodingError;

            /// Reads 32 lower-case hex digits.
            fn from_str(text: &str) -> Result<$name, EncodingError> {
                encoding::hex_array(text).map($name)
            }
        }
    };
}

identifier! {
    /// Who did something: a member of the office. Random, given at admission.
    MemberId
}

identifier! {
    /// Who may read something: a circle of members. Random, given when it is created.
    CircleId
}

identifier! {
    /// One entry. Random, chosen by its signer.
    EntryId
}

identifier! {
    /// A public key's name in an envelope: the first 16 bytes of its labelled SHA-256 (entry.md, section 3).
    KeyId
}

impl MemberId {
    /// The office itself: 16 zero bytes.
    pub const OFFICE: MemberId = MemberId([0; 16]);
}

impl CircleId {
    /// The public circle, whose entries the record holds in full: 16 zero bytes.
    pub const PUBLIC: CircleId = CircleId([0; 16]);
    /// The house circle, the office's register of its members: 15 zero bytes and a one.
    pub const HOUSE: CircleId = CircleId([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_lower_hex_both_ways() {
        let text = "000102030405060708090a0b0c0d0eff";
        let id: EntryId = text.parse().expect("an id");
        assert_eq!(id.to_string(), text);
        assert_eq!(
            CircleId::HOUSE.to_string(),
            "00000000000000000000000000000001"
        );
        assert!(text.to_uppercase().parse::<EntryId>().is_err());
        assert!(text[2..].parse::<EntryId>().is_err());
    }

    #[test]
    fn origins_keep_to_their_characters() {
        assert!(Origin::new("mahzar.invalid/00ff").is_ok());
        assert!(Origin::new("a".repeat(255)).is_ok());
        assert_eq!(Origin::new(""), Err(OriginError::Length));
        assert_eq!(Origin::new("a".repeat(256)), Err(OriginError::Length));
        for wrong in ["a b", "a+b", "a\n", "دفتر", "a\u{7f}"] {
            assert_eq!(Origin::new(wrong), Err(OriginError::Character), "{wrong:?}");
        }
    }
}
