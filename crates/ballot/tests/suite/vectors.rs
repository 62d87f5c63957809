//! The frozen vectors: what holds must hold, and every alteration be refused for its reason.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::elections::checked;
use crate::plans;
use crate::simulation;

/// The alterations that the issue asks for, at least.
const NEGATIVE_MIN: usize = 120;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/ballot")
}

fn positive(name: &str) -> Vec<u8> {
    std::fs::read(folder().join("positive").join(name)).expect("a frozen archive")
}

/// The records of an archive: kind and body.
fn records(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut rest = archive;
    while let Some((header, behind)) = rest.split_at_checked(512) {
        let text = String::from_utf8_lossy(&header[..100])
            .trim_end_matches('\0')
            .to_owned();
        let kind = match text.split('.').nth(1) {
            None => "header".to_owned(),
            Some(kind) => kind.to_owned(),
        };
        let size =
            usize::from_str_radix(&String::from_utf8_lossy(&header[124..135]), 8).expect("octal");
        found.push((kind, behind[..size].to_vec()));
        rest = &behind[size.next_multiple_of(512)..];
    }
    found
}

fn tar(records: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (kind, body) in records {
        let name = match kind.as_str() {
            "header" => "BELENIOS".to_owned(),
            kind => format!("{}.{kind}.json", hex::encode(ballot::archive::digest(body))),
        };
        let mut block = [0_u8; 512];
        let size = format!("{:011o}", body.len());
        for (at, text) in [
            (0, name.as_str()),
            (100, "0000644"),
            (108, "0000000"),
            (116, "0000000"),
            (124, size.as_str()),
            (136, "14524770400"),
            (148, "        "),
            (156, "0"),
        ] {
            block[at..at + text.len()].copy_from_slice(text.as_bytes());
        }
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&block);
        out.extend_from_slice(body);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out
}

fn build(vector: &Value) -> Vec<u8> {
    let base = positive(&format!("{}.bel", vector["base"].as_str().expect("a base")));
    let base = records(&base);
    let listed = vector["records"]
        .as_array()
        .expect("records")
        .iter()
        .map(|one| match one.as_u64() {
            Some(at) => base[at as usize].clone(),
            None => {
                let (kind, body) = one
                    .as_object()
                    .and_then(|one| one.iter().next())
                    .expect("a record");
                let body = body.as_str().expect("a text");
                match kind.strip_suffix("_hex") {
                    Some(kind) => (kind.to_owned(), hex::decode(body).expect("hexadecimal")),
                    None => (kind.clone(), body.as_bytes().to_vec()),
                }
            }
        });
    let mut archive = tar(&listed.collect::<Vec<_>>());
    for edit in vector["edits"].as_array().into_iter().flatten() {
        let number = |at: usize| edit[at].as_u64().expect("a number") as usize;
        let inserted = hex::decode(edit[2].as_str().expect("a text")).expect("hexadecimal");
        archive.splice(number(0)..number(0) + number(1), inserted);
    }
    archive
}

#[test]
fn every_alteration_is_refused_for_its_reason() {
    let text = std::fs::read(folder().join("negative.json")).expect("frozen vectors");
    let vectors: Vec<Value> = serde_json::from_slice(&text).expect("JSON");
    assert!(vectors.len() >= NEGATIVE_MIN, "{} vectors", vectors.len());
    let mut faults = Vec::new();
    for vector in &vectors {
        let report = checked(&build(vector));
        let codes: Vec<&str> = report
            .failures
            .iter()
            .map(|one| one.reason.code())
            .collect();
        let reason = vector["reason"].as_str().expect("a reason");
        if !codes.contains(&reason) {
            faults.push(format!(
                "{}: {reason} is not among {codes:?}",
                vector["name"]
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_holds_still_holds() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder().join("positive")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let report = checked(&std::fs::read(&path).expect("a file"));
        assert_eq!(report.failures, [], "{}", path.display());
        count += 1;
    }
    assert!(count >= 15, "{count} archives");
}

#[test]
fn archives_are_written_byte_for_byte() {
    for (name, plan, until) in plans::bases() {
        let (_, bytes) = simulation::archive(&plan, until);
        assert!(
            bytes == positive(&format!("{name}.bel")),
            "{name} is written otherwise"
        );
    }
}
