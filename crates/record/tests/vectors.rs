//! The golden vectors in `tests/vectors`, which readers in other languages share. This test makes them anew and compares.
//!
//! A difference means that a byte format changed: existing records and bundles would no longer verify. Where that is
//! truly wanted, `MAHZAR_WRITE_VECTORS=1 cargo test -p mahzar-record --test vectors` writes them.

mod demo;

use demo::{Recipe, key, policy_text, public_entry};
use record::commitment::{self, Place};
use record::encoding::base64_text;
use record::entry::{Entry, Envelope, Timestamp};
use record::hash::{Hash, leaf_hash, sha256};
use record::ids::{CircleId, EntryId, MemberId};
use record::map;
use record::tree::{RightEdge, consistency_proof, inclusion_proof};
use serde_json::{Value, json};

/// Compares the file with what is made now.
#[expect(
    clippy::disallowed_methods,
    reason = "a person asks for new vectors through the environment of the test"
)]
fn hold(name: &str, made: &Value) {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = serde_json::to_string_pretty(made).expect("JSON") + "\n";
    if std::env::var_os("MAHZAR_WRITE_VECTORS").is_some() {
        std::fs::write(&path, &text).expect("the folder of the vectors");
    }
    let held = std::fs::read_to_string(&path).expect("the vector's file");
    assert!(
        held == text,
        "{name} is not what the code makes; see the top of this file"
    );
}

fn private_entry() -> Entry {
    Entry {
        id: EntryId::from_bytes([0xe1; 16]),
        office: demo::origin(),
        circle: CircleId::from_bytes([0xc1; 16]),
        at: Timestamp::from_unix_seconds(1_795_348_800).expect("a moment"),
        by: MemberId::from_bytes([0xb1; 16]),
        kind: "item.received".parse().expect("a kind"),
        body: map! {
            "file_name" => "صدای \"شاهد\"\t\u{1}\u{2028}😂.ogg",
            "media_type" => "audio/ogg",
            "nested" => map! { "a" => vec![1i64.into(), (-1i64).into(), true.into()], "b" => None::<i64> },
            "size" => 9_007_199_254_740_991u64,
        },
        after: Some(sha256(b"an earlier entry")),
    }
}

fn envelope_vector(name: &str, seed: u8, entry: &Entry) -> (Envelope, Value) {
    let envelope = entry.sign(&key(seed)).expect("an entry");
    let payload = String::from_utf8(entry.payload().expect("a payload")).expect("UTF-8");
    let public_key = *key(seed).verifying_key().as_bytes();
    let vector = json!({
        "name": name,
        "seed": hex::encode([seed; 32]),
        "public_key": hex::encode(public_key),
        "key_id": key(seed).verifying_key().key_id().to_string(),
        "payload": payload,
        "envelope": core::str::from_utf8(envelope.bytes()).expect("UTF-8"),
    });
    (envelope, vector)
}

#[test]
fn entries() {
    let publication = public_entry(2, "publication.made", map! { "count" => 0i64 });
    let (_, private) = envelope_vector("an entry of a closed circle", 3, &private_entry());
    let (_, public) = envelope_vector("a public entry, the first of its circle", 1, &publication);
    let twice = private_entry()
        .sign(&key(3))
        .and_then(|e| e.countersign(&key(4)));
    let twice = twice.expect("two signatures");
    hold(
        "entries.json",
        &json!({
            "comment": "entry.md, sections 1 to 3. All hex but payload and envelope, which are the texts themselves.",
            "entries": [private, public],
            "countersigned": core::str::from_utf8(twice.bytes()).expect("UTF-8"),
        }),
    );
}

#[test]
fn commitments() {
    let (envelope, _) = envelope_vector("", 3, &private_entry());
    let place = Place {
        circle: CircleId::from_bytes([0xc1; 16]),
        seq: 1_204,
        prev: sha256(b"before"),
    };
    let material = "What was seen on the morning of the twelfth.\n";
    let c_env = commitment::c_env(&[0x51; 32], &place, envelope.bytes());
    let digest = sha256(material.as_bytes());
    let c_content = commitment::c_content(&[0x52; 32], &digest, material.len() as u64);
    let private = commitment::private(&c_env, &c_content);
    let public = commitment::public(place.seq, &place.prev, envelope.bytes());
    let fillers: Vec<Value> = [0, 1, 255, 1 << 40]
        .map(|index| json!({ "index": index, "leaf": hex::encode(commitment::filler(&[0x53; 32], index)) }))
        .to_vec();
    hold(
        "commitments.json",
        &json!({
            "comment": "entry.md, sections 4 and 5. All hex but envelope and material, which are the texts themselves.",
            "salt1": hex::encode([0x51; 32]),
            "salt2": hex::encode([0x52; 32]),
            "circle": place.circle.to_string(),
            "seq": place.seq,
            "prev": place.prev.to_string(),
            "envelope": core::str::from_utf8(envelope.bytes()).expect("UTF-8"),
            "material": material,
            "material_sha256": digest.to_string(),
            "c_env": c_env.to_string(),
            "c_content": c_content.to_string(),
            "private": private.to_string(),
            "public": public.to_string(),
            "filler_key": hex::encode([0x53; 32]),
            "fillers": fillers,
        }),
    );
}

#[test]
fn trees() {
    let mut tree = demo::Tree::default();
    let mut sizes = vec![json!({ "size": 0, "root": RightEdge::new().root().to_string() })];
    for index in 0..21u64 {
        tree.push(&index.to_be_bytes());
        sizes.push(json!({ "size": index + 1, "root": tree.edge.root().to_string() }));
    }
    let hashes = |proof: Vec<Hash>| proof.iter().map(Hash::to_base64).collect::<Vec<String>>();
    let inclusion: Vec<Value> = (0..21)
        .map(|index| {
            let proof = inclusion_proof(&mut &tree, index, 21).expect("a leaf of the tree");
            let leaf = leaf_hash(&index.to_be_bytes()).to_string();
            json!({ "index": index, "leaf_hash": leaf, "proof": hashes(proof) })
        })
        .collect();
    let consistency: Vec<Value> = (0..=21)
        .map(|old| {
            let proof = consistency_proof(&mut &tree, old, 21).expect("a smaller tree");
            json!({ "old_size": old, "proof": hashes(proof) })
        })
        .collect();
    hold(
        "trees.json",
        &json!({
            "comment": "RFC 6962 trees whose leaf i is the big-endian 64-bit i. The proofs are of the tree of 21 leaves.",
            "sizes": sizes,
            "inclusion": inclusion,
            "consistency": consistency,
        }),
    );
}

#[test]
fn proofs_and_a_bundle() {
    let recipe = Recipe::default();
    let made = recipe.make();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    hold(
        "proofs.json",
        &json!({
            "comment": "record.md, section 4, and bundle.md, section 5: these hold under the policy. content is base64.",
            "policy": policy_text(),
            "proofs": [
                { "name": "an opened content", "proof": made.proofs[0], "content": base64_text(&recipe.materials[0]), "index": 16 },
                { "name": "an empty content", "proof": made.proofs[2], "content": "", "index": 18 },
                { "name": "a public entry", "proof": text(&made.files[0].1), "content": base64_text(made.admission.bytes()), "index": 3 },
            ],
        }),
    );
    hold(
        "bundle.json",
        &json!({
            "comment": "bundle.md: this bundle holds under the policy. bundle is base64.",
            "policy": policy_text(),
            "bundle": base64_text(&made.bundle),
            "root": made.checkpoint.checkpoint().root.to_base64(),
            "record_size": 19,
            "admission": 3,
            "publication": 14,
            "countersigned": [
                { "name": "W1", "time": demo::COSIGNED_AT + 1 },
                { "name": "W2", "time": demo::COSIGNED_AT + 2 },
            ],
            "exhibits": [16, 17, 18],
        }),
    );
}
