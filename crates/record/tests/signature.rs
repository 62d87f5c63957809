//! Strict Ed25519 against Wycheproof, the published edge cases on which libraries differ, and a mutation of everything.

use record::signature::{KeyError, SignatureError, SigningKey, VerifyingKey};
use serde_json::Value;
use wycheproof::TestResult;
use wycheproof::eddsa::{TestName, TestSet};

fn verifies(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (key.try_into(), signature.try_into()) else {
        return false;
    };
    VerifyingKey::from_bytes(key).is_ok_and(|key| key.verify(message, signature).is_ok())
}

#[test]
fn wycheproof_agrees() {
    let set = TestSet::load(TestName::Ed25519).expect("the vectors of the crate");
    let mut count = 0;
    for group in set.test_groups {
        for test in group.tests {
            let valid = test.result != TestResult::Invalid;
            let found = verifies(group.key.pk.as_ref(), test.msg.as_ref(), test.sig.as_ref());
            assert_eq!(found, valid, "Wycheproof {}: {}", test.tc_id, test.comment);
            count += 1;
        }
    }
    assert!(count >= 150, "only {count} vectors were found");
}

#[test]
fn the_edge_cases_are_decided_as_the_specification_says() {
    let file: Value =
        serde_json::from_str(include_str!("vectors/ed25519_edges.json")).expect("a JSON file");
    let cases = file["cases"].as_array().expect("a list of cases");
    assert!(cases.len() >= 17, "the published cases are missing");
    let (mut valid, mut invalid) = (0, 0);
    for case in cases {
        let bytes = |name: &str| hex::decode(case[name].as_str().expect("a text")).expect("hex");
        let wanted = case["valid"].as_bool().expect("true or false");
        let found = verifies(&bytes("public_key"), &bytes("message"), &bytes("signature"));
        assert_eq!(found, wanted, "{}", case["name"]);
        *(if wanted { &mut valid } else { &mut invalid }) += 1;
    }
    assert!(
        valid >= 4 && invalid >= 16,
        "{valid} valid, {invalid} invalid"
    );
}

/// That the five small-order ordinates in the code are the right ones, by a library's own arithmetic.
#[test]
fn every_key_that_is_refused_as_small_is_small() {
    let file: Value =
        serde_json::from_str(include_str!("vectors/ed25519_edges.json")).expect("a JSON file");
    let mut small = std::collections::BTreeSet::new();
    for case in file["cases"].as_array().expect("a list of cases") {
        let key = hex::decode(case["public_key"].as_str().expect("a text")).expect("hex");
        let key: [u8; 32] = key.try_into().expect("32 bytes");
        if VerifyingKey::from_bytes(&key) == Err(KeyError::SmallOrder) {
            let point = ed25519_dalek::VerifyingKey::from_bytes(&key).expect("a point");
            assert!(point.is_weak());
            small.insert(point.to_edwards().compress().to_bytes());
        }
    }
    assert_eq!(small.len(), 8, "all eight points of small order");
}

#[test]
fn one_changed_bit_anywhere_is_refused() {
    let key = SigningKey::from_seed(&[7; 32]);
    let public = key.verifying_key();
    let message = b"one thing that was done";
    let signature = key.sign(message);
    assert_eq!(public.verify(message, &signature), Ok(()));
    for bit in 0..64 * 8 {
        let mut altered = signature;
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(
            public.verify(message, &altered).is_err(),
            "bit {bit} of the signature"
        );
    }
    for bit in 0..32 * 8 {
        let mut altered = *public.as_bytes();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(
            !verifies(&altered, message, &signature),
            "bit {bit} of the key"
        );
    }
    assert_eq!(
        public.verify(b"another", &signature),
        Err(SignatureError::Mismatch)
    );
}

#[test]
fn a_private_key_prints_nothing() {
    assert_eq!(
        format!("{:?}", SigningKey::from_seed(&[7; 32])),
        "SigningKey"
    );
}
