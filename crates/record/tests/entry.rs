//! Entries, envelopes, commitments and fillers.

mod demo;

use demo::{key, public_entry};
use record::canonical::{CanonicalError, FieldError, Value};
use record::commitment::{self, Leaf, LeafError, Place};
use record::dsse::{DsseError, VerifyError, pre_authentication_encoding};
use record::encoding::base64_text;
use record::entry::{ENVELOPE_BYTES_MAX, Entry, EntryError, Envelope, Kind, PAYLOAD_TYPE};
use record::hash::{Hash, sha256};
use record::ids::{CircleId, MemberId};
use record::map;
use sha2::{Digest, Sha256};

fn entry() -> Entry {
    Entry {
        circle: CircleId::from_bytes([0xc1; 16]),
        by: MemberId::from_bytes([0x0b; 16]),
        after: Some(sha256(b"an earlier entry")),
        ..public_entry(
            5,
            "item.received",
            map! { "file_name" => "عکس.jpg", "size" => 3u64 },
        )
    }
}

#[test]
fn an_entry_is_signed_read_and_verified() {
    let (entry, key) = (entry(), key(4));
    let envelope = entry.sign(&key).expect("an entry");
    assert_eq!(Envelope::parse(envelope.bytes()), Ok(envelope.clone()));
    assert_eq!(envelope.entry(), &entry);
    assert_eq!(
        envelope.signers().collect::<Vec<_>>(),
        [key.verifying_key().key_id()]
    );
    assert_eq!(envelope.verify(&key.verifying_key()), Ok(()));
    let other = demo::key(5).verifying_key();
    assert!(matches!(
        envelope.verify(&other),
        Err(VerifyError::OtherKey { .. })
    ));
}

#[test]
fn only_the_first_signature_is_the_signers() {
    let (first, second) = (key(4), key(5));
    let envelope = entry().sign(&first).expect("an entry");
    let both = envelope.countersign(&second).expect("an entry");
    assert_eq!(both.signatures().len(), 2);
    assert_eq!(both.verify(&first.verifying_key()), Ok(()));
    assert!(both.verify(&second.verifying_key()).is_err());
    assert_eq!(Envelope::parse(both.bytes()), Ok(both.clone()));
    let four = both
        .countersign(&key(6))
        .and_then(|e| e.countersign(&key(7)))
        .expect("four");
    let five = four.countersign(&key(8));
    assert_eq!(
        five,
        Err(EntryError::Envelope(DsseError::SignatureCount(5)))
    );
}

#[test]
fn dsse_encodes_as_its_specification_shows() {
    let encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
    assert_eq!(
        encoded,
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    );
}

#[test]
fn one_changed_bit_anywhere_is_refused() {
    let key = key(4);
    let good = entry().sign(&key).expect("an entry");
    for bit in 0..good.bytes().len() * 8 {
        let mut altered = good.bytes().to_vec();
        altered[bit / 8] ^= 1 << (bit % 8);
        let verified =
            Envelope::parse(&altered).is_ok_and(|e| e.verify(&key.verifying_key()).is_ok());
        assert!(!verified, "bit {} of byte {}", bit % 8, bit / 8);
    }
}

#[test]
fn kinds_are_words_and_dots() {
    for good in ["a", "item.received", "a_b.c", "_", &"a".repeat(64)] {
        assert!(Kind::new(good).is_ok(), "{good:?}");
    }
    for wrong in [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "A",
        "a1",
        "a-b",
        "a b",
        "é",
        &"a".repeat(65),
    ] {
        assert!(Kind::new(wrong).is_err(), "{wrong:?}");
    }
}

/// An envelope around any payload, signed.
fn around(payload: &[u8]) -> Vec<u8> {
    let key = key(4);
    let signature = key.sign(&pre_authentication_encoding(PAYLOAD_TYPE, payload));
    format!(
        "{{\"payload\":\"{}\",\"payloadType\":\"{PAYLOAD_TYPE}\",\"signatures\":[{{\"keyid\":\"{}\",\"sig\":\"{}\"}}]}}",
        base64_text(payload),
        key.verifying_key().key_id(),
        base64_text(&signature)
    )
    .into_bytes()
}

#[test]
fn payloads_out_of_shape_are_refused() {
    let good = String::from_utf8(entry().payload().expect("a payload")).expect("UTF-8");
    assert!(Envelope::parse(&around(good.as_bytes())).is_ok());
    let after = sha256(b"an earlier entry").to_string();
    let changes: [(&str, &str, &str); 21] = [
        ("a field missing", "\"v\":1", ""),
        ("an unknown field", "\"v\":1", "\"v\":1,\"w\":1"),
        ("another version", "\"v\":1", "\"v\":2"),
        ("a version in text", "\"v\":1", "\"v\":\"1\""),
        ("an id in capitals", "05050505", "0505050F"),
        ("a short id", "\"id\":\"05", "\"id\":\""),
        (
            "an empty office",
            "mahzar.invalid/00112233445566778899aabbccddeeff",
            "",
        ),
        ("an office with a plus", "mahzar.invalid", "mahzar+invalid"),
        ("a day that does not exist", "2026-11-22", "2026-11-31"),
        ("a leap second", "12:00:00Z", "23:59:60Z"),
        ("another zone", "12:00:00Z", "12:00:00+00:00"),
        ("a year before 1970", "2026-11-22", "1969-11-22"),
        ("a kind with a capital", "item.received", "Item.received"),
        ("a kind that ends in a dot", "item.received", "item."),
        (
            "a body that is a list",
            "{\"file_name\":\"عکس.jpg\",\"size\":3}",
            "[]",
        ),
        (
            "a body that is null",
            "{\"file_name\":\"عکس.jpg\",\"size\":3}",
            "null",
        ),
        ("a fraction in the body", "\"size\":3", "\"size\":3.0"),
        ("a name in capitals in the body", "\"size\"", "\"SIZE\""),
        (
            "a name twice",
            "\"size\":3",
            "\"file_name\":\"x\",\"size\":3",
        ),
        ("after as zeros of another length", &after, "00"),
        ("a space", "\"v\":1", "\"v\": 1"),
    ];
    for (name, from, to) in changes {
        assert!(good.contains(from), "{name}: the change does nothing");
        let altered = good.replace(from, to).replace(",}", "}");
        assert!(
            Envelope::parse(&around(altered.as_bytes())).is_err(),
            "{name}"
        );
    }
    let first = good.replace(&format!("\"{after}\""), "null");
    let first = Envelope::parse(&around(first.as_bytes())).expect("the first of a circle");
    assert_eq!(first.entry().after, None);
}

#[test]
fn envelopes_out_of_shape_are_refused() {
    let good = entry().sign(&key(4)).expect("an entry");
    let good = core::str::from_utf8(good.bytes()).expect("UTF-8");
    let changes = [
        ("another type", "entry.v1", "bundle.v1"),
        ("an unknown field", "{\"payload\"", "{\"a\":1,\"payload\""),
        (
            "no signature",
            "\"signatures\":[{",
            "\"signatures\":[],\"x\":[{",
        ),
        ("a keyid in capitals", "\"keyid\":\"", "\"keyid\":\"A"),
        ("a signature that is short", "\"sig\":\"", "\"sig\":\"AAAA"),
        (
            "an unknown field of a signature",
            "\"keyid\"",
            "\"cert\":\"\",\"keyid\"",
        ),
        ("a space", ",\"payloadType\"", ", \"payloadType\""),
    ];
    for (name, from, to) in changes {
        let altered = good.replacen(from, to, 1);
        assert_ne!(altered, good, "{name}");
        let found = Envelope::parse(altered.as_bytes());
        assert!(
            matches!(found, Err(EntryError::Envelope(_))),
            "{name}: {found:?}"
        );
    }
    let none = good[..good.find("[{").expect("a list")].to_owned() + "[]}";
    let found = Envelope::parse(none.as_bytes());
    assert_eq!(
        found,
        Err(EntryError::Envelope(DsseError::SignatureCount(0)))
    );
}

#[test]
fn an_envelope_is_at_most_65535_bytes() {
    let of = |length: usize| {
        let mut entry = entry();
        entry.body = map! { "text" => "x".repeat(length) };
        entry.sign(&key(4))
    };
    let mut fits = 0;
    for length in 48_000..49_200 {
        match of(length) {
            Ok(envelope) => fits = envelope.bytes().len(),
            Err(error) => {
                let found = match error {
                    EntryError::Envelope(DsseError::TooLong {
                        found,
                        max: ENVELOPE_BYTES_MAX,
                    }) => found,
                    other => panic!("{other}"),
                };
                assert!(found > ENVELOPE_BYTES_MAX);
                break;
            }
        }
    }
    assert!(
        (ENVELOPE_BYTES_MAX - 4..=ENVELOPE_BYTES_MAX).contains(&fits),
        "{fits}"
    );
    let long = vec![b'{'; ENVELOPE_BYTES_MAX + 1];
    assert!(matches!(
        Envelope::parse(&long),
        Err(EntryError::Envelope(DsseError::TooLong { .. }))
    ));
}

#[test]
fn what_cannot_be_read_back_is_not_signed() {
    let of = |body| Entry { body, ..entry() }.sign(&key(4));
    let number = of(map! { "size" => u64::MAX });
    assert_eq!(number, Err(EntryError::Canonical(CanonicalError::Number)));
    let name = of(map! { "Size" => 1i64 });
    assert_eq!(
        name,
        Err(EntryError::Canonical(CanonicalError::Name(
            "Size".to_owned()
        )))
    );
    let deep = (0..15).fold(Value::Null, |value, _| Value::List(vec![value]));
    assert_eq!(
        of(map! { "deep" => vec![deep] }),
        Err(EntryError::Canonical(CanonicalError::Depth))
    );
}

#[test]
fn commitments_are_the_digests_that_the_specification_spells_out() {
    let place = Place {
        circle: CircleId::from_bytes([3; 16]),
        seq: 258,
        prev: sha256(b"before"),
    };
    let digest = |pieces: &[&[u8]]| Hash::from_bytes(Sha256::digest(pieces.concat()).into());
    let env = commitment::c_env(&[1; 32], &place, b"envelope");
    let seq = [0, 0, 0, 0, 0, 0, 1, 2];
    let prev = place.prev.as_bytes();
    let label: &[u8] = b"mahzar/v1/env\0";
    assert_eq!(
        env,
        digest(&[label, &[1; 32], &[3; 16], &seq, prev, b"envelope"])
    );
    let content = commitment::c_content(&[2; 32], &sha256(b"material"), 8);
    let size = [0, 0, 0, 0, 0, 0, 0, 8];
    let of_material = sha256(b"material");
    assert_eq!(
        content,
        digest(&[
            b"mahzar/v1/content\0",
            &[2; 32],
            of_material.as_bytes(),
            &size
        ])
    );
    let whole = digest(&[b"mahzar/v1/leaf\0", env.as_bytes(), content.as_bytes()]);
    assert_eq!(commitment::private(&env, &content), whole);
    let public = digest(&[b"mahzar/v1/public\0", &seq, prev, b"envelope"]);
    assert_eq!(commitment::public(258, &place.prev, b"envelope"), public);
}

#[test]
fn hmac_is_the_standard_one() {
    // HMAC(K, m) = H((K ^ opad) || H((K ^ ipad) || m)), spelt out for a 32-byte key.
    let (key, index) = ([0x5a; 32], 77u64);
    let pad = |byte: u8| {
        let mut block = [byte; 64];
        block.iter_mut().zip(key).for_each(|(b, k)| *b ^= k);
        block
    };
    let message = [b"mahzar/v1/filler\0".as_slice(), &index.to_be_bytes()].concat();
    let inner = Sha256::digest([pad(0x36).as_slice(), &message].concat());
    let outer = Sha256::digest([pad(0x5c).as_slice(), &inner].concat());
    assert_eq!(commitment::filler(&key, index).as_slice(), outer.as_slice());
    assert_ne!(commitment::filler(&key, 78), commitment::filler(&key, 77));
}

#[test]
fn leaves_are_closed_or_public() {
    let closed = commitment::filler(&[1; 32], 0);
    assert_eq!(Leaf::parse(&closed), Ok(Leaf::Closed(closed)));
    let public = public_entry(1, "publication.made", map! {})
        .sign(&key(1))
        .expect("an entry");
    let leaf = Leaf::parse(public.bytes()).expect("a leaf");
    assert_eq!(leaf.bytes(), public.bytes());
    let private = entry().sign(&key(1)).expect("an entry");
    let circle = private.entry().circle;
    assert_eq!(
        Leaf::parse(private.bytes()),
        Err(LeafError::NotPublic(circle))
    );
    for wrong in [&b""[..], &[0; 31], &[0; 33]] {
        assert!(matches!(Leaf::parse(wrong), Err(LeafError::Envelope(_))));
    }
    assert!(matches!(
        Envelope::parse(&around(b"{}")),
        Err(EntryError::Field(FieldError::Missing("v")))
    ));
}
