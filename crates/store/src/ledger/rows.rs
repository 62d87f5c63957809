//! What the ledger's rows are in this program: typed, and checked against their sums when read.

use std::fmt;
use std::str::FromStr;

use record::encoding::EncodingError;
use record::hash::Hash;
use record::ids::{CircleId, EntryId};

/// The name of a stored object: 16 random bytes, given by whoever stores it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId([u8; 16]);

impl ObjectId {
    /// Takes 16 bytes as an id. They must be random: they name a file.
    pub const fn from_bytes(bytes: [u8; 16]) -> ObjectId {
        ObjectId(bytes)
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
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
        text.parse::<EntryId>().map(|id| ObjectId(*id.as_bytes()))
    }
}

/// Under which key an entry's own key is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lock {
    /// Nothing is locked: an entry of the public circle, `sealed` being its envelope.
    Public,
    /// The house key: entries that the office must read while nobody is signed in, such as membership.
    House,
    /// The circle's epoch of this number, from 1.
    Epoch(u32),
}

impl Lock {
    pub(crate) fn to_number(self) -> i64 {
        match self {
            Lock::Public => -1,
            Lock::House => 0,
            Lock::Epoch(epoch) => i64::from(epoch),
        }
    }

    pub(crate) fn from_number(number: i64) -> Option<Lock> {
        match number {
            -1 => Some(Lock::Public),
            0 => Some(Lock::House),
            _ => u32::try_from(number).ok().map(Lock::Epoch),
        }
    }
}

/// The last entry of a circle: what the next one is chained to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CircleHead {
    /// Its sequence number.
    pub seq: u64,
    /// Its commitment: `prev` of the next.
    pub commitment: Hash,
}

impl CircleHead {
    /// The sequence number and `prev` of the entry that comes after `head` (`None`: the circle has no entry yet).
    pub fn next(head: Option<CircleHead>) -> (u64, Hash) {
        head.map_or((0, Hash::ZERO), |head| (head.seq + 1, head.commitment))
    }
}

/// Where an object's bytes lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectPlace {
    /// In a file of its own, named by its id.
    Own,
    /// In a pack, beside other small ones.
    Pack {
        /// The pack's number.
        pack: u32,
        /// Where its record begins in the pack, in bytes.
        offset: u64,
    },
}

/// A durable object: what [`crate::objects`] and [`crate::packs`] return, and what the ledger keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// Its name.
    pub object: ObjectId,
    /// Where it lies.
    pub place: ObjectPlace,
    /// How many bytes are stored.
    pub size_bytes: u64,
    /// The SHA-256 of the stored bytes (of the ciphertext, never of content), for `fsck`.
    pub sha256: Hash,
}

/// An entry as it is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// Its circle.
    pub circle: CircleId,
    /// Its sequence number in the circle.
    pub seq: u64,
    /// Its id, unique in the office.
    pub id: EntryId,
    /// The commitment of the entry before it, zero at seq 0.
    pub prev: Hash,
    /// Its own commitment.
    pub commitment: Hash,
    /// The key that its own key is wrapped under.
    pub lock: Lock,
    /// Its object, stored before or in the same acceptance.
    pub object: Option<ObjectId>,
    /// The encrypted envelope and salts; for the public circle the envelope itself, which becomes the leaf.
    pub sealed: Vec<u8>,
    /// Its own key under the lock; `None` for the public circle.
    pub wrap: Option<Vec<u8>>,
}

/// An entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its place in the order of acceptance over all circles.
    pub number: u64,
    /// Its circle.
    pub circle: CircleId,
    /// Its sequence number in the circle.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
    /// The commitment of the entry before it.
    pub prev: Hash,
    /// Its own commitment.
    pub commitment: Hash,
    /// The key that its own key is wrapped under.
    pub lock: Lock,
    /// Its object, if it has one and is not erased.
    pub object: Option<ObjectId>,
    /// The encrypted envelope and salts (public: the envelope); `None` once erased.
    pub sealed: Option<Vec<u8>>,
    /// Its leaf in the record; `None` while it is pending.
    pub leaf_index: Option<u64>,
}

/// A row of the cabinet: small encrypted things of the house, named by a keyed hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CabinetRow {
    /// Its name.
    pub name: Vec<u8>,
    /// Its encrypted body.
    pub body: Vec<u8>,
}
