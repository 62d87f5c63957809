//! What others send that `record` reads: entries, notes, checkpoints, policies, tiles, proofs, requests.

use record::canonical::{self, Value};
use record::checkpoint::SignedCheckpoint;
use record::entry::Envelope;
use record::ids::Origin;
use record::note::{KeyKind, Note, Vkey};
use record::policy::Policy;
use record::proof::{Extra, Proof};
use record::signature::VerifyingKey;
use record::tile::{self, Tile};
use record::tree::RightEdge;
use record::verdict::Failure;
use record::witness_request::{self, AddCheckpoint};
use record::{cosignature, encoding};

use super::{Reading, Target, samples};

pub(super) const TARGETS: [Target; 15] = [
    Target {
        name: "canonical",
        read: canonical,
        seeds: || {
            vec![
                b"{}".to_vec(),
                br#"{"a":[1,-2,"\n",null,true,{"b":""}]}"#.to_vec(),
            ]
        },
    },
    Target {
        name: "envelope",
        read: envelope,
        seeds: || {
            vec![
                samples::envelope().bytes().to_vec(),
                samples::published::admission().bytes().to_vec(),
            ]
        },
    },
    Target {
        name: "note",
        read: note,
        seeds: checkpoints,
    },
    Target {
        name: "checkpoint",
        read: checkpoint,
        seeds: checkpoints,
    },
    Target {
        name: "cosignature",
        read: cosignatures,
        seeds: || vec![cosignature_lines()],
    },
    Target {
        name: "policy",
        read: policy,
        seeds: || vec![samples::policy().into_bytes()],
    },
    Target {
        name: "vkey",
        read: vkey,
        seeds: || vec![witness_vkey().to_string().into_bytes()],
    },
    Target {
        name: "tile_path",
        read: tile_path,
        seeds: || {
            vec![
                b"tile/0/x001/234.p/5".to_vec(),
                b"tile/entries/000".to_vec(),
            ]
        },
    },
    Target {
        name: "tile",
        read: hash_tile,
        seeds: || vec![vec![1; 32], vec![2; 96]],
    },
    Target {
        name: "entry_bundle",
        read: entry_bundle,
        seeds: || vec![bundled_leaves()],
    },
    Target {
        name: "proof",
        read: proof,
        seeds: || {
            samples::proofs()
                .iter()
                .filter_map(|one| Some(one.encode().ok()?.into_bytes()))
                .collect()
        },
    },
    Target {
        name: "witness_request",
        read: request,
        seeds: || vec![samples::witness_request().encode()],
    },
    Target {
        name: "right_edge",
        read: right_edge,
        seeds: || vec![RightEdge::new().encode()],
    },
    Target {
        name: "bundle",
        read: bundle,
        seeds: || vec![samples::published::bundle()],
    },
    Target {
        name: "exhibit",
        read: exhibit,
        seeds: exhibit_proofs,
    },
];

fn checkpoints() -> Vec<Vec<u8>> {
    vec![samples::checkpoint().to_string().into_bytes()]
}

fn cosignature_lines() -> Vec<u8> {
    witness_request::encode_cosignatures(samples::checkpoint().note().signatures()).into_bytes()
}

fn witness_vkey() -> Vkey {
    cosignature::witness_vkey(samples::origin(), &samples::key(3))
}

fn bundled_leaves() -> Vec<u8> {
    tile::encode_entries(samples::leaves()).unwrap_or_default()
}

fn canonical(bytes: &[u8]) -> Reading {
    let read = canonical::parse(bytes);
    if let Ok(map) = &read {
        assert_eq!(
            canonical::encode(&Value::Map(map.clone())).as_deref(),
            Ok(bytes)
        );
    }
    if let Ok(map) = canonical::parse_payload(bytes) {
        assert_eq!(Ok(&map), read.as_ref());
        assert!(canonical::check_names(&map).is_ok());
    }
    Reading::of(&read)
}

fn envelope(bytes: &[u8]) -> Reading {
    let read = Envelope::parse(bytes);
    if let Ok(envelope) = &read {
        assert_eq!(envelope.bytes(), bytes);
        let payload = envelope.entry().payload();
        assert!(payload.is_ok(), "what was read can be written");
        assert!(envelope.signers().count() <= record::entry::SIGNATURES_MAX);
        // Only the two sample keys sign; whatever else verifies was forged.
        for key in [samples::key(1), samples::key(2)].map(|key| key.verifying_key()) {
            if envelope.verify(&key).is_ok() {
                let known = [samples::envelope(), samples::published::admission()]
                    .map(|one| one.entry().payload());
                assert!(
                    known.contains(&payload),
                    "a signature holds over another payload"
                );
            }
        }
    }
    Reading::of(&read)
}

fn note(bytes: &[u8]) -> Reading {
    let read = Note::parse(bytes);
    if let Ok(note) = &read {
        assert_eq!(note.to_string().as_bytes(), bytes);
        assert!(note.text().ends_with('\n') && !note.signatures().is_empty());
    }
    Reading::of(&read)
}

fn checkpoint(bytes: &[u8]) -> Reading {
    let read = SignedCheckpoint::parse(bytes);
    if let Ok(signed) = &read {
        assert_eq!(signed.to_string().as_bytes(), bytes);
        assert_eq!(signed.checkpoint().text(), signed.note().text());
        let policy = Policy::parse(samples::policy().as_bytes());
        if policy.is_ok_and(|policy| policy.evaluate(signed).is_ok()) {
            assert_eq!(
                signed.checkpoint(),
                samples::checkpoint().checkpoint(),
                "another head holds"
            );
        }
    }
    Reading::of(&read)
}

fn cosignatures(bytes: &[u8]) -> Reading {
    let read = witness_request::parse_cosignatures(bytes);
    if let Ok(lines) = &read {
        assert_eq!(
            witness_request::encode_cosignatures(lines).as_bytes(),
            bytes
        );
        for line in lines {
            // Whatever it says, it is no cosignature of a text that nobody signed.
            assert!(cosignature::verify("nothing\n", &witness_vkey(), line).is_err());
        }
    }
    if let Ok(size) = witness_request::parse_conflict(bytes) {
        assert_eq!(witness_request::encode_conflict(size).as_bytes(), bytes);
    }
    Reading::of(&read)
}

fn policy(bytes: &[u8]) -> Reading {
    let read = Policy::parse(bytes);
    if let Ok(policy) = &read {
        let signed = samples::checkpoint();
        let names: Vec<_> = policy.witnesses().map(|(name, _)| name).collect();
        assert!(
            policy.is_quorum(names),
            "no policy asks for more than all its witnesses"
        );
        drop(policy.evaluate(&signed));
    }
    Reading::of(&read)
}

fn vkey(bytes: &[u8]) -> Reading {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Reading::Refused;
    };
    if let Ok(origin) = Origin::new(text) {
        assert_eq!(origin.as_str(), text);
    }
    if let Ok(key) = encoding::base64_array(text) {
        drop(VerifyingKey::from_bytes(&key));
        assert_eq!(encoding::base64_text(&key), text);
    }
    let read = Vkey::parse(text, KeyKind::Witness);
    if let Ok(vkey) = &read {
        assert_eq!(vkey.to_string(), text);
    }
    Reading::of(&read)
}

fn tile_path(bytes: &[u8]) -> Reading {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Reading::Refused;
    };
    let read = Tile::from_path(text);
    if let Ok(tile) = &read {
        assert_eq!(tile.path(), text);
        assert!(!text.contains("..") && !text.starts_with('/'));
    }
    Reading::of(&read)
}

fn hash_tile(bytes: &[u8]) -> Reading {
    let width = u16::try_from(bytes.len() / 32).unwrap_or(u16::MAX);
    let read = tile::decode_hashes(bytes, width);
    if let Ok(hashes) = &read {
        assert_eq!(tile::encode_hashes(hashes), bytes);
    }
    Reading::of(&read)
}

fn entry_bundle(bytes: &[u8]) -> Reading {
    let read = (1..=256)
        .map(|width| tile::decode_entries(bytes, width))
        .find(Result::is_ok);
    match read {
        Some(Ok(leaves)) => {
            assert_eq!(tile::encode_entries(leaves).as_deref(), Ok(bytes));
            Reading::Accepted
        }
        _ => Reading::Refused,
    }
}

fn proof(bytes: &[u8]) -> Reading {
    let read = Proof::parse(bytes);
    if let Ok(proof) = &read {
        assert_eq!(proof.encode().map(String::into_bytes).as_deref(), Ok(bytes));
        if let Some(leaf) = proof.extra.as_ref().map(Extra::leaf)
            && proof.verify_leaf(&leaf).is_ok()
            && proof.checkpoint.checkpoint().root == samples::checkpoint().checkpoint().root
        {
            assert!(
                samples::leaves().contains(&leaf),
                "a leaf is proved that is not in the record"
            );
        }
    }
    Reading::of(&read)
}

fn request(bytes: &[u8]) -> Reading {
    let read = AddCheckpoint::parse(bytes);
    if let Ok(request) = &read {
        assert_eq!(request.encode(), bytes);
        let head = request.checkpoint.checkpoint();
        assert!(request.old_size <= head.size);
        let old = record::hash::empty_root();
        let consistent = record::tree::verify_consistency(
            request.old_size,
            &old,
            head.size,
            &head.root,
            &request.proof,
        );
        assert!(
            consistent.is_err() || request.old_size == 0,
            "a record of some size has the root of an empty one"
        );
    }
    Reading::of(&read)
}

fn right_edge(bytes: &[u8]) -> Reading {
    let read = RightEdge::decode(bytes);
    if let Ok(edge) = &read {
        assert_eq!(edge.encode(), bytes);
        edge.root();
        if edge.size() < u64::MAX {
            edge.clone().append(leaf_hash());
        }
    }
    Reading::of(&read)
}

fn leaf_hash() -> record::hash::Hash {
    record::hash::leaf_hash(b"one more")
}

/// A bundle under the sample's policy: only the sample holds.
fn bundle(bytes: &[u8]) -> Reading {
    let Ok(policy) = Policy::parse(samples::policy().as_bytes()) else {
        return Reading::Refused;
    };
    match record::bundle::verify(bytes, &policy) {
        Ok(_) => {
            assert_eq!(bytes, samples::published::bundle(), "another bundle holds");
            Reading::Accepted
        }
        Err(Failure::DoesNotHold(..)) => Reading::Accepted,
        Err(Failure::Malformed(..) | Failure::Unreadable(_)) => Reading::Refused,
    }
}

fn exhibit_proofs() -> Vec<Vec<u8>> {
    let proofs = samples::proofs().into_iter().skip(1);
    proofs
        .filter_map(|proof| Some(proof.encode().ok()?.into_bytes()))
        .collect()
}

/// A file with its proof: whatever the proof says, it does not hold for another file.
fn exhibit(bytes: &[u8]) -> Reading {
    let Ok(policy) = Policy::parse(samples::policy().as_bytes()) else {
        return Reading::Refused;
    };
    assert!(record::exhibit::verify(bytes, &b"another file"[..], &policy).is_err());
    match record::exhibit::verify(bytes, samples::published::CONTENT, &policy) {
        Ok(_) | Err(Failure::DoesNotHold(..)) => Reading::Accepted,
        Err(Failure::Malformed(..) | Failure::Unreadable(_)) => Reading::Refused,
    }
}
