//! Entries and objects that are well formed and mean nothing.

use record::commitment;
use record::hash::{Hash, sha256};
use record::ids::{CircleId, EntryId};
use store::ledger::{Acceptance, CircleHead, Ledger, Lock, NewEntry, ObjectId, StoredObject};

pub const CIRCLE: CircleId = CircleId::from_bytes([7; 16]);

/// 16 bytes that stand for a text.
pub fn id(text: &str) -> [u8; 16] {
    let mut id = [0; 16];
    id.copy_from_slice(&sha256(text.as_bytes()).as_bytes()[..16]);
    id
}

/// The entry that continues `head`, named by a text.
pub fn entry(circle: CircleId, head: Option<CircleHead>, name: &str) -> NewEntry {
    let (seq, prev) = CircleHead::next(head);
    NewEntry {
        circle,
        seq,
        id: EntryId::from_bytes(id(name)),
        prev,
        commitment: sha256(format!("commitment of {name}").as_bytes()),
        lock: Lock::Epoch(1),
        object: None,
        sealed: format!("sealed {name}").into_bytes(),
        wrap: Some(format!("wrap {name}").into_bytes()),
    }
}

pub fn public_entry(head: Option<CircleHead>, name: &str) -> NewEntry {
    let (seq, prev) = CircleHead::next(head);
    let sealed = format!("a public envelope that is longer than 32 bytes: {name}").into_bytes();
    let commitment = commitment::public(seq, &prev, &sealed);
    NewEntry {
        circle: CircleId::PUBLIC,
        seq,
        prev,
        commitment,
        lock: Lock::Public,
        sealed,
        wrap: None,
        ..entry(CIRCLE, None, name)
    }
}

pub fn one(entry: NewEntry) -> Acceptance {
    Acceptance {
        entries: vec![entry],
        ..Acceptance::default()
    }
}

/// Accepts the next entry of a circle.
pub fn add(ledger: &Ledger, circle: CircleId, name: &str) -> NewEntry {
    let head = ledger.head_of_circle(circle).expect("a head");
    let entry = if circle == CircleId::PUBLIC {
        public_entry(head, name)
    } else {
        entry(circle, head, name)
    };
    ledger.accept(&[one(entry.clone())]).expect("accepted");
    entry
}

/// Accepts an entry with an object.
pub fn add_object(ledger: &Ledger, stored: StoredObject, name: &str) -> NewEntry {
    let head = ledger.head_of_circle(CIRCLE).expect("a head");
    let entry = NewEntry {
        object: Some(stored.object),
        ..entry(CIRCLE, head, name)
    };
    let acceptance = Acceptance {
        entries: vec![entry.clone()],
        objects: vec![stored],
        headers: vec![(stored.object, format!("header {name}").into_bytes())],
        ..Acceptance::default()
    };
    ledger.accept(&[acceptance]).expect("accepted");
    entry
}

pub fn object(name: &str) -> ObjectId {
    ObjectId::from_bytes(id(name))
}

pub fn hash(text: &str) -> Hash {
    sha256(text.as_bytes())
}
