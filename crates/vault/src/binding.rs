//! What an encryption belongs to, so that none can be shown in the place of another.

use core::fmt;
use core::str::FromStr;

use rand_core::CryptoRng;
use record::encoding::{self, EncodingError};
use record::ids::{CircleId, MemberId, Origin};

use crate::derive::{push_text, sha256};

/// One encrypted object. Random, so that a name on disk says nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 16]);

impl ObjectId {
    /// Draws an id.
    pub fn random(rng: &mut impl CryptoRng) -> ObjectId {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        ObjectId(bytes)
    }

    /// Takes 16 bytes as an id.
    pub const fn from_bytes(bytes: [u8; 16]) -> ObjectId {
        ObjectId(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<MemberId> for ObjectId {
    /// A key wrapped to a member is bound to the member in the object's place.
    fn from(member: MemberId) -> ObjectId {
        ObjectId(*member.as_bytes())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ObjectId {
    type Err = EncodingError;

    /// Reads 32 lower-case hex digits.
    fn from_str(text: &str) -> Result<ObjectId, EncodingError> {
        encoding::hex_array(text).map(ObjectId)
    }
}

/// What an age file is for. One key may open several kinds; none passes for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Material of a circle.
    Object,
    /// An epoch's secret, for one member.
    EpochWrap,
    /// An earlier epoch's secret, for whoever holds the next.
    EarlierEpoch,
    /// An entry's key, left for a circle that nobody present can open.
    EntryKey,
    /// The key of a circle's view on this machine.
    View,
    /// Material of the sealed tier, for an identity that exists only in shares.
    Sealed,
    /// A share, for its key-holder.
    Share,
    /// A share, for the requester whom a warrant names.
    Release,
}

impl Purpose {
    /// The word that stands in the binding.
    pub const fn word(self) -> &'static str {
        match self {
            Purpose::Object => "object",
            Purpose::EpochWrap => "epoch-wrap",
            Purpose::EarlierEpoch => "earlier-epoch",
            Purpose::EntryKey => "entry-key",
            Purpose::View => "view",
            Purpose::Sealed => "sealed",
            Purpose::Share => "share",
            Purpose::Release => "release",
        }
    }
}

/// The place that an age file belongs to (vault.md, section 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The office.
    pub office: Origin,
    /// The circle that may read it.
    pub circle: CircleId,
    /// The circle's epoch whose recipient it is encrypted to; 0 where there is none.
    pub epoch: u64,
    /// The object, or the member whose wrap it is.
    pub object: ObjectId,
    /// What it is for.
    pub purpose: Purpose,
}

impl Binding {
    /// The same place in another epoch: what a header is wrapped anew for.
    pub fn in_epoch(&self, epoch: u64) -> Binding {
        Binding {
            epoch,
            ..self.clone()
        }
    }

    /// SHA-256 of the canonical context: the argument of the stanza `mahzar-binding`.
    pub fn digest(&self) -> [u8; 32] {
        let mut context = b"mahzar/v1/binding\0".to_vec();
        push_text(&mut context, self.office.as_str());
        context.extend_from_slice(self.circle.as_bytes());
        context.extend_from_slice(&self.epoch.to_be_bytes());
        context.extend_from_slice(self.object.as_bytes());
        push_text(&mut context, self.purpose.word());
        sha256(&[&context])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Binding {
        Binding {
            office: Origin::new("mahzar.invalid/00ff").expect("an origin"),
            circle: CircleId::from_bytes([2; 16]),
            epoch: 3,
            object: ObjectId::from_bytes([4; 16]),
            purpose: Purpose::Object,
        }
    }

    #[test]
    fn every_part_is_bound() {
        let other_office = Origin::new("mahzar.invalid/00fe").expect("an origin");
        let others = [
            Binding {
                office: other_office,
                ..sample()
            },
            Binding {
                circle: CircleId::HOUSE,
                ..sample()
            },
            sample().in_epoch(4),
            Binding {
                object: ObjectId::from_bytes([5; 16]),
                ..sample()
            },
            Binding {
                purpose: Purpose::View,
                ..sample()
            },
        ];
        for other in others {
            assert_ne!(other.digest(), sample().digest(), "{other:?}");
        }
    }

    #[test]
    fn the_context_is_the_one_of_the_specification() {
        let context = [
            &b"mahzar/v1/binding\0"[..],
            &[0, 19],
            b"mahzar.invalid/00ff",
            &[2; 16],
            &[0, 0, 0, 0, 0, 0, 0, 3],
            &[4; 16],
            &[0, 6],
            b"object",
        ];
        assert_eq!(
            sample().digest(),
            *record::hash::sha256(&context.concat()).as_bytes()
        );
    }
}
