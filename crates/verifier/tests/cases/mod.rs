//! Reads the frozen cases of `vectors/`, in the form that vectors/README.md describes.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// One bundle or proof with the policy (and content) to judge it by.
pub struct Case {
    pub name: String,
    pub result: String,
    pub reason: Option<String>,
    /// A bundle's archive or a proof's text.
    pub bytes: Vec<u8>,
    /// Of a proof.
    pub content: Option<Vec<u8>>,
    pub policy: Vec<u8>,
}

#[derive(Deserialize)]
struct Written {
    name: String,
    result: String,
    reason: Option<String>,
    policy: Option<Vec<Part>>,
    content: Option<Vec<Part>>,
    base: Option<String>,
    sha256: String,
    parts: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Part {
    Other(String),
    Repeated(String, usize),
    OfBase(usize, usize),
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

pub fn bundles() -> Vec<Case> {
    let folder = folder().join("bundles");
    let good = read(&folder.join("good.mahzar"));
    let policy = read(&folder.join("policy"));
    let make = |case: Written| Case {
        bytes: join_checked(&good, &case),
        content: None,
        policy: join_or(&policy, case.policy.as_deref()),
        name: case.name,
        result: case.result,
        reason: case.reason,
    };
    written(&folder).into_iter().map(make).collect()
}

pub fn proofs() -> Vec<Case> {
    let folder = folder().join("proofs");
    let policy = read(&folder.join("policy"));
    let content = read(&folder.join("content"));
    let make = |case: Written| {
        let base = case.base.as_deref().expect("a proof's case names its base");
        let base = read(&folder.join(format!("{base}.tlog-proof")));
        Case {
            bytes: join_checked(&base, &case),
            content: Some(join_or(&content, case.content.as_deref())),
            policy: join_or(&policy, case.policy.as_deref()),
            name: case.name,
            result: case.result,
            reason: case.reason,
        }
    };
    written(&folder).into_iter().map(make).collect()
}

fn written(folder: &Path) -> Vec<Written> {
    let files = fs::read_dir(folder.join("cases")).expect("the cases lie in a folder");
    let mut paths: Vec<PathBuf> = files
        .map(|file| file.expect("a file of cases can be named").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .flat_map(|path| parse::<Written>(path))
        .collect()
}

fn parse<T: for<'a> Deserialize<'a>>(path: &Path) -> Vec<T> {
    serde_json::from_slice(&read(path))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn join_checked(base: &[u8], case: &Written) -> Vec<u8> {
    let joined = join(base, &case.parts);
    assert_eq!(
        hex::encode(Sha256::digest(&joined)),
        case.sha256,
        "{}",
        case.name
    );
    joined
}

fn join_or(base: &[u8], parts: Option<&[Part]>) -> Vec<u8> {
    parts.map_or_else(|| base.to_vec(), |parts| join(base, parts))
}

fn join(base: &[u8], parts: &[Part]) -> Vec<u8> {
    let bytes = parts.iter().map(|part| match part {
        Part::Other(text) => decode(text),
        Part::Repeated(text, times) => decode(text).repeat(*times),
        Part::OfBase(offset, length) => base[*offset..offset + length].to_vec(),
    });
    bytes.collect::<Vec<_>>().concat()
}

fn decode(text: &str) -> Vec<u8> {
    STANDARD.decode(text).expect("a part is base64")
}
