//! What a backup says of itself: it may come back from any hand.

use record::hash::sha256;
use store::backup::Manifest;
use store::disk::Spot;

use super::{Reading, Target, samples};

pub(super) const TARGETS: [Target; 1] = [Target {
    name: "backup_manifest",
    read: backup_manifest,
    seeds: manifests,
}];

fn manifest() -> Manifest {
    let file = |path: &str, size| {
        (
            Spot::parse(path).expect("the sample's path is one"),
            size,
            sha256(path.as_bytes()),
        )
    };
    Manifest {
        origin: Some(samples::origin()),
        files: vec![
            file("ledger.db", 4_096),
            file("record/tile/0/000.p/16", 512),
        ],
    }
}

/// Without its last line, the digest of the others: whoever alters a manifest computes it again, and so does the target.
fn manifests() -> Vec<Vec<u8>> {
    let text = manifest().encode();
    let body = text
        .trim_end()
        .rsplit_once('\n')
        .map_or("", |(body, _)| body);
    vec![format!("{body}\n").into_bytes()]
}

fn backup_manifest(bytes: &[u8]) -> Reading {
    drop(Manifest::parse(bytes));
    let whole = [bytes, format!("sum {}\n", sha256(bytes)).as_bytes()].concat();
    let read = Manifest::parse(&whole);
    if let Ok(manifest) = &read {
        assert_eq!(manifest.encode().as_bytes(), whole);
        for (spot, _, _) in &manifest.files {
            let path = spot.to_string();
            assert!(
                !path.starts_with('/')
                    && path.split('/').all(|part| !part.is_empty() && part != ".."),
                "{path} leads outside"
            );
        }
    }
    Reading::of(&read)
}
