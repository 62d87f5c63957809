//! A program that knows the specification and nothing of our code opens what the office keeps.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use record::hash::Hash;
use record::ids::{CircleId, EntryId};
use serde_json::{Value, json};
use vault::binding::{Binding, ObjectId, Purpose};
use vault::circle::{EpochPlace, EpochSecret};
use vault::entry_lock::{Content, EntryKey, EntryPlace, OpenEntry};
use vault::house::HouseKey;
use vault::kdf::KdfCost;
use vault::passphrase::Passphrase;
use vault::{member, object};

use crate::cast::{Person, office, rng};
use crate::programs;

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// What the disk of an office holds, and the two secrets, as the stranger gets them.
fn disk() -> Value {
    let mut rng = rng(77);
    let cost = KdfCost {
        memory_kib: 64,
        passes: 2,
        lanes: 2,
    };
    let unlock = Passphrase::read("The Unlock  Secret of ۱۴۰۵").expect("a passphrase");
    let (house, file) = HouseKey::create(&office(), &unlock, cost, &mut rng).expect("a house");
    let person = Person::new(&mut rng);
    let passphrase = Passphrase::generate(&mut rng);
    let keys = member::wrap(&person.keys, person.id, &passphrase, &house, cost, &mut rng)
        .expect("wrapped");
    let name = house.cabinet_name("member/keys");
    let row = house.seal_row(&name, &keys, &mut rng);

    let circle = CircleId::from_bytes([2; 16]);
    let first = EpochSecret::generate(
        EpochPlace {
            office: office(),
            circle,
            epoch: 1,
        },
        &mut rng,
    );
    let (second, made) = first.succeed(&mut rng).expect("made");
    let wrap = second
        .wrap_for(person.id, &person.keys.recipient(), &mut rng)
        .expect("wrapped");
    let binding = Binding {
        office: office(),
        circle,
        epoch: 1,
        object: ObjectId::random(&mut rng),
        purpose: Purpose::Object,
    };
    let mut payload = Vec::new();
    let sealed = object::seal(
        &b"the material itself"[..],
        &mut payload,
        &[first.recipient()],
        &binding,
        &mut rng,
    );
    let sealed = sealed.expect("sealed");

    let place = EntryPlace {
        office: office(),
        circle,
        seq: 41,
        id: EntryId::from_bytes([6; 16]),
    };
    let content = Content::Object {
        salt2: [3; 32],
        sha256: Hash::from_bytes(sealed.sha256),
        size: sealed.size,
    };
    let entry = OpenEntry {
        envelope: b"the envelope itself".to_vec(),
        salt1: [4; 32],
        content,
    };
    let key = EntryKey::random(&mut rng);
    json!({
        "office": office().as_str(),
        "unlock": "the unlock secret of 1405",
        "house": base64(&file),
        "cabinet_name": "member/keys",
        "cabinet": { hex::encode(name.as_bytes()): base64(&row) },
        "member": person.id.to_string(),
        "passphrase": passphrase.to_printed().expose().replace(' ', ""),
        "circle": circle.to_string(),
        "epoch": 2,
        "wrap": base64(&wrap),
        "previous": base64(&made.previous),
        "header": base64(&sealed.header),
        "payload": base64(&payload),
        "size": sealed.size,
        "seq": place.seq,
        "id": place.id.to_string(),
        "entry_wrap": base64(&second.lock().wrap(&key, &place, &mut rng)),
        "house_wrap": base64(&house.lock().wrap(&key, &place, &mut rng)),
        "entry_row": base64(&entry.seal(&place, &key, &mut rng).expect("sealed")),
    })
}

#[test]
fn the_specification_is_enough_to_open_everything() {
    if !programs::node() {
        return;
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/npm/stranger.mjs");
    let (fine, answer) = programs::run("node", &[script], disk().to_string().as_bytes());
    assert!(fine, "the script failed");
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    assert_eq!(answer["object"], base64(b"the material itself"));
    assert_eq!(answer["envelope"], base64(b"the envelope itself"));
    assert_eq!(answer["same_key"], true);
}
