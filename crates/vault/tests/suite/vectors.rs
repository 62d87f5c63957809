//! The age vectors of the Community Cryptography Test Vectors (npm `cctv-age`), through our own header and stream.
//!
//! All of them but the armored ones: objects are never armored, and no reader of ours accepts armor. The passphrase vectors
//! apply although the vault makes no such files, because a header that is refused must be refused whatever is in it.

use std::io::Read as _;

use age::secrecy::SecretString;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use vault::header::{self, Header, HeaderError};
use vault::keys::Identity;
use vault::stream::Reader;

use crate::programs;

/// What a reader made of a vector, in the vectors' own words.
struct Outcome {
    verdict: &'static str,
    /// Everything that was given out, even if an error came later.
    plaintext: Vec<u8>,
}

fn refused(verdict: &'static str) -> Outcome {
    Outcome {
        verdict,
        plaintext: Vec::new(),
    }
}

fn run(file: &[u8], identities: &[Box<dyn age::Identity>]) -> Outcome {
    let mut rest = file;
    let Ok(Ok(bytes)) = header::split(&mut rest) else {
        return refused("header failure");
    };
    let Ok(header) = Header::parse(&bytes) else {
        return refused("header failure");
    };
    let mut verdict = "no match";
    for identity in identities {
        match header.unwrap(identity.as_ref()) {
            Ok(key) => return read_payload(&key, rest),
            Err(HeaderError::NoMatch) => {}
            Err(HeaderError::Altered) => verdict = "HMAC failure",
            Err(_) => return refused("header failure"),
        }
    }
    refused(verdict)
}

fn read_payload(key: &age_core::format::FileKey, payload: &[u8]) -> Outcome {
    let Ok(mut reader) = Reader::new(key, payload) else {
        // The vectors count the nonce to the header; for us it begins the payload.
        return refused("header failure");
    };
    let mut plaintext = Vec::new();
    let verdict = match reader.read_to_end(&mut plaintext) {
        Ok(_) => "success",
        Err(_) => "payload failure",
    };
    Outcome { verdict, plaintext }
}

fn fields<'a>(vector: &'a Value, name: &str) -> Vec<&'a str> {
    let list = vector["fields"][name].as_array();
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

fn identities(vector: &Value) -> Vec<Box<dyn age::Identity>> {
    let keys = fields(vector, "identity").into_iter().map(|text| {
        Box::new(text.parse::<Identity>().expect("an identity")) as Box<dyn age::Identity>
    });
    let passphrases = fields(vector, "passphrase").into_iter().map(|text| {
        let mut identity = age::scrypt::Identity::new(SecretString::from(text.to_owned()));
        identity.set_max_work_factor(22);
        Box::new(identity) as Box<dyn age::Identity>
    });
    keys.chain(passphrases).collect()
}

#[test]
fn all_vectors_that_apply_hold() {
    if !programs::node() {
        return;
    }
    let vectors = programs::script("vectors.mjs");
    let (armored, plain): (Vec<_>, Vec<_>) = vectors
        .iter()
        .partition(|vector| !fields(vector, "armored").is_empty());
    assert_eq!(
        (armored.len(), plain.len()),
        (33, 110),
        "npm cctv-age 0.2.0"
    );
    for vector in plain {
        let name = vector["name"].as_str().expect("a name");
        let file = STANDARD
            .decode(vector["file"].as_str().expect("a file"))
            .expect("base64");
        let outcome = run(&file, &identities(vector));
        assert_eq!(fields(vector, "expect"), [outcome.verdict], "{name}");
        if let [payload] = fields(vector, "payload")[..] {
            assert_eq!(
                hex::encode(Sha256::digest(&outcome.plaintext)),
                payload,
                "{name}"
            );
        }
    }
}

#[test]
fn armored_files_are_refused() {
    if !programs::node() {
        return;
    }
    for vector in programs::script("vectors.mjs") {
        if fields(&vector, "armored").is_empty() {
            continue;
        }
        let file = STANDARD
            .decode(vector["file"].as_str().expect("a file"))
            .expect("base64");
        assert_eq!(
            run(&file, &identities(&vector)).verdict,
            "header failure",
            "{}",
            vector["name"]
        );
    }
}
