//! Entries under keys of their own.

use proptest::prelude::*;
use record::commitment::{self, Place};
use record::hash::Hash;
use record::ids::{CircleId, EntryId};
use vault::circle::{EpochPlace, EpochSecret};
use vault::entry_lock::{self, Content, EntryKey, EntryPlace, LockKey, OpenEntry};
use vault::house::HouseKey;
use vault::kdf::KdfCost;
use vault::passphrase::Passphrase;

use crate::cast::{office, rng};

fn place() -> EntryPlace {
    EntryPlace {
        office: office(),
        circle: CircleId::from_bytes([2; 16]),
        seq: 5,
        id: EntryId::from_bytes([4; 16]),
    }
}

fn elsewhere() -> [EntryPlace; 4] {
    [
        EntryPlace {
            office: "example.org".parse().expect("an origin"),
            ..place()
        },
        EntryPlace {
            circle: CircleId::HOUSE,
            ..place()
        },
        EntryPlace { seq: 6, ..place() },
        EntryPlace {
            id: EntryId::from_bytes([5; 16]),
            ..place()
        },
    ]
}

fn with_object(envelope: Vec<u8>) -> OpenEntry {
    let content = Content::Object {
        salt2: [7; 32],
        sha256: Hash::from_bytes([8; 32]),
        size: 1 << 40,
    };
    OpenEntry {
        envelope,
        salt1: [6; 32],
        content,
    }
}

fn epoch(number: u64, seed: u64) -> EpochSecret {
    let place = EpochPlace {
        office: office(),
        circle: place().circle,
        epoch: number,
    };
    EpochSecret::generate(place, &mut rng(seed))
}

fn house(seed: u64) -> HouseKey {
    let unlock = Passphrase::read("the unlock secret of a test").expect("a passphrase");
    let cost = KdfCost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };
    HouseKey::create(&office(), &unlock, cost, &mut rng(seed))
        .expect("a house")
        .0
}

proptest! {
    #[test]
    fn entries_come_back(envelope in prop::collection::vec(any::<u8>(), 0..2000), object in any::<bool>()) {
        let mut rng = rng(1);
        let mut entry = with_object(envelope);
        if !object {
            entry.content = Content::None([9; 32]);
        }
        let key = EntryKey::random(&mut rng);
        let row = entry.seal(&place(), &key, &mut rng).expect("sealed");
        prop_assert_eq!((row.len() - vault::row::ROW_OVERHEAD_BYTES) % 256, 0);
        prop_assert!(OpenEntry::open(&row, &place(), &key).expect("opened") == entry);
    }
}

#[test]
fn a_row_opens_with_its_key_in_its_place_only() {
    let mut rng = rng(2);
    let entry = with_object(b"{}".to_vec());
    let key = EntryKey::random(&mut rng);
    let row = entry.seal(&place(), &key, &mut rng).expect("sealed");
    for place in elsewhere() {
        assert!(OpenEntry::open(&row, &place, &key).is_err(), "{place:?}");
    }
    assert!(OpenEntry::open(&row, &place(), &EntryKey::random(&mut rng)).is_err());
    for bit in 0..row.len() * 8 {
        let mut altered = row.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(
            OpenEntry::open(&altered, &place(), &key).is_err(),
            "bit {bit}"
        );
    }
    assert!(
        with_object(vec![0; 65_536])
            .seal(&place(), &key, &mut rng)
            .is_err()
    );
    assert!(
        with_object(vec![0; 65_535])
            .seal(&place(), &key, &mut rng)
            .is_ok()
    );
}

#[test]
fn a_wrap_opens_under_its_lock_in_its_place_only() {
    let mut rng = rng(3);
    let key = EntryKey::random(&mut rng);
    let locks = || -> Vec<LockKey> {
        vec![
            house(1).lock(),
            house(2).lock(),
            epoch(1, 1).lock(),
            epoch(2, 1).lock(),
            epoch(1, 2).lock(),
        ]
    };
    for (number, lock) in locks().iter().enumerate() {
        let wrap = lock.wrap(&key, &place(), &mut rng);
        for (other, opener) in locks().iter().enumerate() {
            let opened = opener.unwrap(&wrap, &place());
            assert_eq!(opened.is_ok(), number == other, "{lock:?} {opener:?}");
        }
        assert!(lock.unwrap(&wrap, &place()).expect("opened") == key);
        for place in elsewhere() {
            assert!(lock.unwrap(&wrap, &place).is_err(), "{place:?}");
        }
    }
    assert_eq!(
        locks().iter().map(LockKey::number).collect::<Vec<_>>(),
        [0, 0, 1, 2, 1]
    );
}

#[test]
fn what_is_left_for_a_circle_opens_with_the_epoch() {
    let mut rng = rng(4);
    let key = EntryKey::random(&mut rng);
    let epoch = epoch(3, 1);
    let wrap = entry_lock::leave(&key, &place(), 3, &epoch.recipient(), &mut rng).expect("left");
    let opened = entry_lock::unwrap_left(&wrap, &place(), 3, epoch.identity()).expect("opened");
    assert!(opened == key);
    assert!(entry_lock::unwrap_left(&wrap, &place(), 2, epoch.identity()).is_err());
    let other = EntryPlace {
        id: EntryId::from_bytes([5; 16]),
        ..place()
    };
    assert!(entry_lock::unwrap_left(&wrap, &other, 3, epoch.identity()).is_err());
    let stranger = self::epoch(3, 2);
    assert!(entry_lock::unwrap_left(&wrap, &place(), 3, stranger.identity()).is_err());
}

#[test]
fn commitments_are_those_of_the_record() {
    let at = Place {
        circle: place().circle,
        seq: 5,
        prev: Hash::from_bytes([1; 32]),
    };
    let entry = with_object(b"envelope".to_vec());
    let c_env = commitment::c_env(&[6; 32], &at, b"envelope");
    let c_content = commitment::c_content(&[7; 32], &Hash::from_bytes([8; 32]), 1 << 40);
    assert_eq!(entry.c_env(&at), c_env);
    assert_eq!(
        entry.commitment(&at),
        commitment::private(&c_env, &c_content)
    );
    assert_eq!(
        format!("{entry:?} {:?}", entry.content),
        "OpenEntry Content"
    );
}
