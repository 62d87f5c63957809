//! Well-formed texts of a small record, signed with keys that everybody knows.

pub mod published;

use record::canonical::{Map, Value};
use record::checkpoint::{Checkpoint, SignedCheckpoint, log_vkey};
use record::cosignature;
use record::entry::{Entry, Envelope, Kind, Timestamp};
use record::hash::{Hash, leaf_hash};
use record::ids::{CircleId, EntryId, MemberId, Origin};
use record::proof::{Extra, Proof};
use record::signature::SigningKey;
use record::tree::RightEdge;
use record::witness_request::AddCheckpoint;

/// Where in the sample's record the leaves of its bundle are.
pub(super) const ADMISSION: usize = 3;
pub(super) const PUBLICATION: usize = 4;
pub(super) const EXHIBIT: usize = 5;

/// When the samples were signed.
const UNIX_SECONDS: u64 = 1_768_384_800;

/// The office of the samples.
pub fn origin() -> Origin {
    Origin::new("mahzar.invalid/00112233445566778899aabbccddeeff")
        .expect("the sample's origin is one")
}

/// The key of the office (1), of a member (2), of witnesses (3 and up).
pub fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(&[number; 32])
}

/// An entry of a circle, signed by a member.
pub fn envelope() -> Envelope {
    let mut body = Map::new();
    body.insert(
        "purpose".to_owned(),
        Value::Text("publication, \u{0646}\u{0634}\u{0631}".to_owned()),
    );
    body.insert("count".to_owned(), Value::Int(3));
    body.insert(
        "parts".to_owned(),
        Value::List(vec![Value::Null, Value::Bool(true)]),
    );
    sign(
        "item.opened",
        CircleId::from_bytes([7; 16]),
        MemberId::from_bytes([2; 16]),
        body,
        &key(2),
    )
}

/// An entry of the public circle, signed with `key` in the office's name.
pub fn public_envelope(kind: &str, body: Map, key: &SigningKey) -> Envelope {
    sign(kind, CircleId::PUBLIC, MemberId::OFFICE, body, key)
}

/// An entry of any kind, circle and signer.
pub fn sign(kind: &str, circle: CircleId, by: MemberId, body: Map, key: &SigningKey) -> Envelope {
    let entry = Entry {
        id: EntryId::from_bytes([9; 16]),
        office: origin(),
        circle,
        at: time(),
        by,
        kind: Kind::new(kind).expect("the sample's kind is one"),
        body,
        after: Some(Hash::from_bytes([5; 32])),
    };
    entry.sign(key).expect("the sample can be signed")
}

/// When the samples were signed.
pub fn time() -> Timestamp {
    Timestamp::from_unix_seconds(UNIX_SECONDS).expect("the sample's time is in range")
}

/// The leaves of the sample's record: fillers, and those that the sample's bundle needs.
pub fn leaves() -> Vec<Vec<u8>> {
    let mut leaves: Vec<Vec<u8>> = (0..16u8).map(|number| vec![number; 32]).collect();
    leaves[ADMISSION] = published::admission().bytes().to_vec();
    leaves[PUBLICATION] = published::publication().bytes().to_vec();
    leaves[EXHIBIT] = published::opened().leaf().as_bytes().to_vec();
    leaves
}

/// The head of the sample's record, signed, and countersigned by two witnesses.
pub fn checkpoint() -> SignedCheckpoint {
    let mut edge = RightEdge::new();
    for leaf in leaves() {
        edge.append(leaf_hash(&leaf));
    }
    let mut signed = Checkpoint {
        origin: origin(),
        size: edge.size(),
        root: edge.root(),
    }
    .sign(&key(1));
    for number in [3, 4] {
        let name =
            Origin::new(format!("witness-{number}.example")).expect("the witness's name is one");
        let vkey = cosignature::witness_vkey(name, &key(number));
        signed.add_signature(cosignature::cosign(
            signed.note().text(),
            UNIX_SECONDS,
            &vkey,
            &key(number),
        ));
    }
    signed
}

/// The policy under which the sample's head holds.
pub fn policy() -> String {
    let log = log_vkey(origin(), &key(1));
    let witness = |number: u8| {
        let name =
            Origin::new(format!("witness-{number}.example")).expect("the witness's name is one");
        cosignature::witness_vkey(name, &key(number))
    };
    format!(
        "# of the samples\nlog {log}\nwitness a {}\nwitness b {}\ngroup both all a b\nquorum both\n",
        witness(3),
        witness(4)
    )
}

/// The inclusion path of a leaf in the sample's record of 16.
pub fn path(index: usize) -> Vec<Hash> {
    let mut row: Vec<Hash> = leaves().iter().map(|leaf| leaf_hash(leaf)).collect();
    let (mut at, mut path) = (index, Vec::new());
    while row.len() > 1 {
        path.push(row[at ^ 1]);
        row = row
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[left, right]| record::hash::node_hash(left, right))
            .collect();
        at /= 2;
    }
    path
}

/// The proof of a leaf of the sample's record.
pub fn proof(index: usize, extra: Option<Extra>) -> Proof {
    Proof {
        extra,
        index: index as u64,
        hashes: path(index),
        checkpoint: checkpoint(),
    }
}

/// Proofs of all three kinds: bare, of a public entry, of an opened exhibit.
pub fn proofs() -> Vec<Proof> {
    vec![
        proof(0, None),
        proof(
            ADMISSION,
            Some(Extra::Public(Box::new(published::admission()))),
        ),
        proof(EXHIBIT, Some(Extra::Private(published::opened()))),
    ]
}

/// What a log asks of a witness.
pub fn witness_request() -> AddCheckpoint {
    AddCheckpoint {
        old_size: 8,
        proof: vec![Hash::from_bytes([1; 32])],
        checkpoint: checkpoint(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_samples_hold() {
        let policy = record::policy::Policy::parse(policy().as_bytes()).unwrap();
        assert_eq!(policy.evaluate(&checkpoint()).unwrap().len(), 2);
        for proof in proofs() {
            let leaf = proof
                .extra
                .as_ref()
                .map_or_else(|| leaves()[0].clone(), Extra::leaf);
            proof.verify_leaf(&leaf).unwrap();
        }
        envelope().verify(&key(2).verifying_key()).unwrap();
    }
}
