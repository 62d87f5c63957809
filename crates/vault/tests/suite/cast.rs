//! Who and what the tests are about.

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use record::commitment::Place;
use record::entry::{Entry, Kind, Timestamp};
use record::hash::Hash;
use record::ids::{CircleId, EntryId, MemberId, Origin};
use record::signature::{SigningKey, VerifyingKey};
use vault::binding::{Binding, ObjectId, Purpose};
use vault::circle::{Act, CircleMember, Placed};
use vault::entry_lock::{Content, OpenEntry};
use vault::member::MemberKeys;

pub type Administrators = BTreeMap<MemberId, VerifyingKey>;

pub fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub fn office() -> Origin {
    Origin::new("mahzar.invalid/00112233445566778899aabbccddeeff").expect("an origin")
}

pub fn binding() -> Binding {
    Binding {
        office: office(),
        circle: CircleId::from_bytes([2; 16]),
        epoch: 1,
        object: ObjectId::from_bytes([3; 16]),
        purpose: Purpose::Object,
    }
}

pub fn bytes16(rng: &mut ChaCha20Rng) -> [u8; 16] {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    bytes
}

pub fn time(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).expect("a time")
}

/// A person with keys.
#[derive(Clone)]
pub struct Person {
    pub id: MemberId,
    pub keys: MemberKeys,
}

impl Person {
    pub fn new(rng: &mut ChaCha20Rng) -> Person {
        Person {
            id: MemberId::from_bytes(bytes16(rng)),
            keys: MemberKeys::generate(rng),
        }
    }

    pub fn as_member(&self, steward: bool) -> CircleMember {
        CircleMember {
            member: self.id,
            sign_key: self.keys.verifying_key(),
            recipient: self.keys.recipient(),
            steward,
        }
    }

    pub fn sign(&self, circle: CircleId, act: &Act, after: Option<Hash>, id: EntryId) -> Vec<u8> {
        sign(self.id, self.keys.signing_key(), circle, act, after, id)
    }
}

pub fn sign(
    by: MemberId,
    key: &SigningKey,
    circle: CircleId,
    act: &Act,
    after: Option<Hash>,
    id: EntryId,
) -> Vec<u8> {
    entry(by, circle, act.kind(), act.to_body(), after, id)
        .sign(key)
        .expect("signed")
        .bytes()
        .to_vec()
}

pub fn entry(
    by: MemberId,
    circle: CircleId,
    kind: Kind,
    body: record::canonical::Map,
    after: Option<Hash>,
    id: EntryId,
) -> Entry {
    let (office, at) = (office(), time(1_800_000_000));
    Entry {
        id,
        office,
        circle,
        at,
        by,
        kind,
        body,
        after,
    }
}

/// Puts an envelope in its place; the salts do not matter here.
pub fn placed(envelope: Vec<u8>, circle: CircleId, seq: u64, prev: Hash) -> Placed {
    let entry = OpenEntry {
        envelope,
        salt1: [1; 32],
        content: Content::None([2; 32]),
    };
    Placed::new(&entry, Place { circle, seq, prev }).expect("an entry")
}
