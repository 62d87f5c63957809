//! Entries at rest: each encrypted under a random key of its own, the key wrapped under the lock of who may read it.
//!
//! Row and wrap are kept apart, because erasing an entry means destroying its key everywhere: wraps lie in the part of
//! the backup that expires. Lock 0 is the house's, lock n the n-th epoch's of the circle.

use core::fmt;

use rand_core::CryptoRng;
use record::commitment::{self, Place};
use record::entry::ENVELOPE_BYTES_MAX;
use record::hash::Hash;
use record::ids::{CircleId, EntryId, Origin};

use crate::binding::{Binding, ObjectId, Purpose};
use crate::derive::push_text;
use crate::keys::{Identity, Recipient};
use crate::row::{RowError, RowKey};
use crate::secret::{Secret, SecretBytes};
use crate::small::{self, SmallError};

/// Content is padded with zeros to a multiple of this, so that the size of a row says little about the entry.
const PAD_BYTES: usize = 256;
const WITHOUT_OBJECT: u8 = 0;
const WITH_OBJECT: u8 = 1;

/// The key of one entry. Destroying every copy of it erases the entry. Prints nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryKey(Secret<32>);

impl EntryKey {
    /// Draws the key of a new entry.
    pub fn random(rng: &mut impl CryptoRng) -> EntryKey {
        EntryKey(Secret::random(rng))
    }
}

/// Where an entry stands: what its row and its wrap belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPlace {
    /// The office.
    pub office: Origin,
    /// The circle.
    pub circle: CircleId,
    /// Its number in the circle.
    pub seq: u64,
    /// Its id.
    pub id: EntryId,
}

impl EntryPlace {
    fn bytes(&self, label: &[u8]) -> Vec<u8> {
        let mut place = label.to_vec();
        push_text(&mut place, self.office.as_str());
        place.extend_from_slice(self.circle.as_bytes());
        place.extend_from_slice(&self.seq.to_be_bytes());
        place.extend_from_slice(self.id.as_bytes());
        place
    }
}

/// What `C_content` commits to (entry.md, section 4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// No object: 32 random bytes stand in the place of the commitment.
    None([u8; 32]),
    /// An object.
    Object {
        /// The salt that opens the commitment.
        salt2: [u8; 32],
        /// SHA-256 of the plaintext.
        sha256: Hash,
        /// Bytes of the plaintext.
        size: u64,
    },
}

impl Content {
    /// `C_content`.
    pub fn commitment(&self) -> Hash {
        match self {
            Content::None(random) => Hash::from_bytes(*random),
            Content::Object {
                salt2,
                sha256,
                size,
            } => commitment::c_content(salt2, sha256, *size),
        }
    }
}

/// An entry as the ledger knows it: its envelope, and what opens its commitment. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenEntry {
    /// The envelope's bytes.
    pub envelope: Vec<u8>,
    /// The salt of `C_env`.
    pub salt1: [u8; 32],
    /// What `C_content` commits to.
    pub content: Content,
}

impl OpenEntry {
    /// `C_env` of this entry at its place.
    pub fn c_env(&self, place: &Place) -> Hash {
        commitment::c_env(&self.salt1, place, &self.envelope)
    }

    /// The commitment of this entry at its place, in any circle but the public one.
    pub fn commitment(&self, place: &Place) -> Hash {
        commitment::private(&self.c_env(place), &self.content.commitment())
    }

    /// Encrypts the entry under its key.
    pub fn seal(
        &self,
        place: &EntryPlace,
        key: &EntryKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, EnvelopeTooLong> {
        let content = self.encode()?;
        Ok(RowKey::new(&key.0).seal(&place.bytes(b"mahzar/v1/entry\0"), content.expose(), rng))
    }

    /// Opens an encrypted entry, which must stand in its own place.
    pub fn open(row: &[u8], place: &EntryPlace, key: &EntryKey) -> Result<OpenEntry, RowError> {
        let content = RowKey::new(&key.0).open(&place.bytes(b"mahzar/v1/entry\0"), row)?;
        OpenEntry::decode(content.expose()).ok_or(RowError)
    }

    /// `kind || 32 bytes of C_content or salt2 || [sha256 || u64be(size)] || salt1 || u32be(length) || envelope || zeros`.
    fn encode(&self) -> Result<SecretBytes, EnvelopeTooLong> {
        if self.envelope.len() > ENVELOPE_BYTES_MAX {
            return Err(EnvelopeTooLong);
        }
        let room = (1 + 32 + 32 + 8 + 32 + 4 + self.envelope.len()).next_multiple_of(PAD_BYTES);
        let mut out = Vec::with_capacity(room);
        match &self.content {
            Content::None(random) => {
                out.push(WITHOUT_OBJECT);
                out.extend_from_slice(random);
            }
            Content::Object {
                salt2,
                sha256,
                size,
            } => {
                out.push(WITH_OBJECT);
                out.extend_from_slice(salt2);
                out.extend_from_slice(sha256.as_bytes());
                out.extend_from_slice(&size.to_be_bytes());
            }
        }
        out.extend_from_slice(&self.salt1);
        // At most 65,535, as checked above.
        out.extend_from_slice(&(self.envelope.len() as u32).to_be_bytes());
        out.extend_from_slice(&self.envelope);
        out.resize(out.len().next_multiple_of(PAD_BYTES), 0);
        Ok(SecretBytes::new(out))
    }

    fn decode(content: &[u8]) -> Option<OpenEntry> {
        let mut rest = content;
        let content = match take::<1>(&mut rest)? {
            [WITHOUT_OBJECT] => Content::None(take(&mut rest)?),
            [WITH_OBJECT] => Content::Object {
                salt2: take(&mut rest)?,
                sha256: Hash::from_bytes(take(&mut rest)?),
                size: u64::from_be_bytes(take(&mut rest)?),
            },
            _ => return None,
        };
        let salt1 = take(&mut rest)?;
        let length = usize::try_from(u32::from_be_bytes(take(&mut rest)?)).ok()?;
        let (envelope, zeros) = rest.split_at_checked(length)?;
        let padded = zeros.len() < PAD_BYTES && zeros.iter().all(|byte| *byte == 0);
        padded.then(|| OpenEntry {
            envelope: envelope.to_vec(),
            salt1,
            content,
        })
    }
}

impl fmt::Debug for OpenEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenEntry")
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Content")
    }
}

/// The envelope exceeds what any entry may have (65,535 bytes); the record would refuse it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the envelope is longer than 65,535 bytes")]
pub struct EnvelopeTooLong;

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (first, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*first)
}

/// The key that wraps the keys of entries: the house's, or an epoch's. Prints nothing.
pub struct LockKey {
    number: u64,
    key: RowKey,
}

impl LockKey {
    pub(crate) fn new(number: u64, key: &Secret<32>) -> LockKey {
        LockKey {
            number,
            key: RowKey::new(key),
        }
    }

    /// 0 for the house, the epoch's number otherwise: the ledger's column `lock`.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Wraps the key of an entry.
    pub fn wrap(&self, key: &EntryKey, place: &EntryPlace, rng: &mut impl CryptoRng) -> Vec<u8> {
        self.key.seal(&self.place(place), key.0.expose(), rng)
    }

    /// Opens the wrap of an entry's key, which must stand in its own place.
    pub fn unwrap(&self, wrap: &[u8], place: &EntryPlace) -> Result<EntryKey, RowError> {
        let key = self.key.open(&self.place(place), wrap)?;
        Secret::copy(key.expose()).map(EntryKey).ok_or(RowError)
    }

    fn place(&self, place: &EntryPlace) -> Vec<u8> {
        let mut bytes = place.bytes(b"mahzar/v1/entry-key\0");
        bytes.extend_from_slice(&self.number.to_be_bytes());
        bytes
    }
}

impl fmt::Debug for LockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LockKey({})", self.number)
    }
}

/// Wraps an entry's key to an epoch's recipient, for a circle of which nobody is present: what a source sends.
/// The result is an age file; its first byte tells it from a wrap by [`LockKey::wrap`].
pub fn leave(
    key: &EntryKey,
    place: &EntryPlace,
    epoch: u64,
    recipient: &Recipient,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SmallError> {
    let sealed = small::seal(
        key.0.expose(),
        core::slice::from_ref(recipient),
        &left_binding(place, epoch),
        rng,
    )?;
    Ok(sealed.into_file())
}

/// Opens what [`leave`] made, with the epoch's identity.
pub fn unwrap_left(
    wrap: &[u8],
    place: &EntryPlace,
    epoch: u64,
    identity: &Identity,
) -> Result<EntryKey, RowError> {
    let key =
        small::open_file(wrap, identity, &left_binding(place, epoch)).map_err(|_| RowError)?;
    Secret::copy(key.expose()).map(EntryKey).ok_or(RowError)
}

fn left_binding(place: &EntryPlace, epoch: u64) -> Binding {
    Binding {
        office: place.office.clone(),
        circle: place.circle,
        epoch,
        object: ObjectId::from_bytes(*place.id.as_bytes()),
        purpose: Purpose::EntryKey,
    }
}
