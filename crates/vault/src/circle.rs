//! Circles: groups of members who can read the same things.
//!
//! Who is in a circle is not a table but a chain of signed entries ([`Act`]), folded into a [`Chain`]. The chain gives
//! *epochs*: an epoch is an age identity whose secret every present member holds ([`EpochSecret`]). A removal makes the
//! circle *rotation due*: only a present member makes the next epoch, never an outsider. Epoch n's secret is encrypted to
//! epoch n+1, so whoever joins gets one wrap and can read the archive ([`Keyring`]).
//!
//! **Why a program of a member cannot be given a false reader.** A circle's id is the hash of its founding entry's id and its
//! founder's key ([`id_of`]), so nobody can found the same circle again; every later entry is signed by somebody whom the
//! chain before it entitles. An administrator who holds every row but no member's key can remove, and can withhold the end
//! of the chain ([`Chain::contains`] finds that), but not add. Who the keys belong to is vouched for by the house circle:
//! a steward compares fingerprints ([`crate::member::fingerprint`]) before adding somebody.

mod act;
mod chain;
mod epoch;

pub use act::{Act, CircleMember, Created, EpochMade};
pub use chain::{Chain, ChainError, Epoch, Placed, Violation, WriteRefusal};
pub use epoch::{EpochError, EpochPlace, EpochSecret, Keyring};

use record::ids::{CircleId, EntryId};
use record::signature::VerifyingKey;

use crate::derive::sha256;

/// The id of the circle that the entry `founding` founds, signed by `founder`.
pub fn id_of(founding: EntryId, founder: &VerifyingKey) -> CircleId {
    let digest = sha256(&[
        b"mahzar/v1/circle\0",
        founding.as_bytes(),
        founder.as_bytes(),
    ]);
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    CircleId::from_bytes(id)
}
