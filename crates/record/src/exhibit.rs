//! One file and its proof (bundle.md, section 5).

use std::io::{self, Read};

use crate::hash::{Hash, Hasher};
use crate::ids::Origin;
use crate::policy::{Countersigned, Policy};
use crate::proof::{Extra, Proof};
use crate::verdict::{DoesNotHold, Failure, Malformed};

/// How much of the content is held at a time.
const READ_BYTES: usize = 128 * 1024;

/// What a proof shows about its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The office, by the name of its record.
    pub office: Origin,
    /// How many leaves the record had at the proof's checkpoint.
    pub tree_size: u64,
    /// The root of its tree.
    pub root: Hash,
    /// The outside offices that countersigned the checkpoint, and when.
    pub countersigned: Vec<Countersigned>,
    /// The index of the entry since which the content is unaltered.
    pub index: u64,
    /// The content's size in bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub sha256: Hash,
    /// What the proof discloses.
    pub extra: Extra,
}

/// Checks that a proof leads from this content to a record that the policy trusts.
///
/// For a public entry the content is the entry's envelope; its signature is not looked at here.
pub fn verify(proof: &[u8], content: impl Read, policy: &Policy) -> Result<Report, Failure> {
    let proof = Proof::parse(proof)?;
    let Some(extra) = proof.extra.clone() else {
        let detail = "no extra line: the proof does not say what it proves";
        return Err(Failure::malformed(Malformed::Proof, detail));
    };
    let countersigned = policy
        .evaluate(&proof.checkpoint)
        .map_err(|reason| Failure::does_not_hold(reason, ""))?;
    check_office(&proof, &extra)?;
    proof
        .verify_leaf(&extra.leaf())
        .map_err(|error| Failure::does_not_hold(DoesNotHold::Inclusion, error))?;
    let (size, sha256) = measure(content).map_err(Failure::Unreadable)?;
    if (size, sha256) != disclosed(&extra) {
        return Err(Failure::does_not_hold(DoesNotHold::Content, ""));
    }
    let head = proof.checkpoint.checkpoint();
    Ok(Report {
        office: head.origin.clone(),
        tree_size: head.size,
        root: head.root,
        countersigned,
        index: proof.index,
        size,
        sha256,
        extra,
    })
}

fn check_office(proof: &Proof, extra: &Extra) -> Result<(), Failure> {
    match extra {
        Extra::Public(envelope)
            if envelope.entry().office != proof.checkpoint.checkpoint().origin =>
        {
            Err(Failure::does_not_hold(
                DoesNotHold::EntryOffice,
                &envelope.entry().office,
            ))
        }
        _ => Ok(()),
    }
}

fn disclosed(extra: &Extra) -> (u64, Hash) {
    match extra {
        Extra::Private(opened) => (opened.size, opened.sha256),
        Extra::Public(envelope) => (
            envelope.bytes().len() as u64,
            crate::hash::sha256(envelope.bytes()),
        ),
    }
}

fn measure(mut content: impl Read) -> io::Result<(u64, Hash)> {
    let mut piece = vec![0; READ_BYTES];
    let (mut size, mut hasher) = (0, Hasher::new());
    loop {
        match content.read(&mut piece) {
            Ok(0) => return Ok((size, hasher.finish())),
            Ok(length) => {
                size += length as u64;
                hasher.update(&piece[..length]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
