//! Reads the files that are named and has `record` check them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use record::policy::{POLICY_BYTES_MAX, Policy};
use record::proof::PROOF_BYTES_MAX;
use record::verdict::{DoesNotHold, Failure, Malformed};
use record::{bundle, exhibit};

use crate::arguments::Arguments;
use crate::progress::Progress;

/// What was found.
pub enum Outcome {
    /// A bundle that holds.
    Bundle(bundle::Report),
    /// A file and its proof that hold.
    Proof(exhibit::Report),
    /// What it claims is not so; the detail is in English, for those who look closer.
    DoesNotHold(DoesNotHold, String),
    /// It is out of shape.
    Malformed(Malformed, String),
    /// A file could not be read.
    Unreadable(Unreadable),
}

/// A file that could not be read: it is not there, not allowed, or on a failing disk.
pub struct Unreadable {
    /// Which.
    pub path: PathBuf,
    /// What the system said.
    pub cause: io::Error,
}

impl From<Failure> for Attempt {
    fn from(failure: Failure) -> Attempt {
        Attempt::Failed(failure)
    }
}

/// What can go wrong on the way.
enum Attempt {
    Failed(Failure),
    Unreadable(Unreadable),
}

/// Checks what the arguments name.
pub fn check(arguments: &Arguments) -> Outcome {
    let checked = match &arguments.content {
        None => check_bundle(arguments).map(Outcome::Bundle),
        Some(content) => check_proof(arguments, content).map(Outcome::Proof),
    };
    checked.unwrap_or_else(|attempt| match attempt {
        Attempt::Failed(Failure::DoesNotHold(reason, detail)) => {
            Outcome::DoesNotHold(reason, detail)
        }
        Attempt::Failed(Failure::Malformed(reason, detail)) => Outcome::Malformed(reason, detail),
        Attempt::Failed(Failure::Unreadable(cause)) => {
            let path = arguments
                .content
                .clone()
                .unwrap_or_else(|| arguments.subject.clone());
            Outcome::Unreadable(Unreadable { path, cause })
        }
        Attempt::Unreadable(unreadable) => Outcome::Unreadable(unreadable),
    })
}

fn check_bundle(arguments: &Arguments) -> Result<bundle::Report, Attempt> {
    let policy = read_policy(&arguments.policy)?;
    let source = open(&arguments.subject)?;
    Ok(bundle::verify(source, &policy)?)
}

fn check_proof(arguments: &Arguments, content: &Path) -> Result<exhibit::Report, Attempt> {
    let policy = read_policy(&arguments.policy)?;
    let proof = read_at_most(&arguments.subject, PROOF_BYTES_MAX)?;
    let content = open(content)?;
    Ok(exhibit::verify(&proof, content, &policy)?)
}

fn read_policy(path: &Path) -> Result<Policy, Attempt> {
    let bytes = read_at_most(path, POLICY_BYTES_MAX)?;
    Policy::parse(&bytes).map_err(|error| Attempt::Failed(error.into()))
}

/// The file's bytes, and one more than `max` if it is longer: the reader of the bytes then says that it is too long.
fn read_at_most(path: &Path, max: usize) -> Result<Vec<u8>, Attempt> {
    let mut bytes = Vec::new();
    open(path)?
        .take(max as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|cause| unreadable(path, cause))?;
    Ok(bytes)
}

fn open(path: &Path) -> Result<Box<dyn Read>, Attempt> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).map_err(|cause| unreadable(path, cause))?;
    let length = file
        .metadata()
        .map_err(|cause| unreadable(path, cause))?
        .len();
    Ok(Box::new(Progress::new(file, length)))
}

fn unreadable(path: &Path, cause: io::Error) -> Attempt {
    Attempt::Unreadable(Unreadable {
        path: path.to_owned(),
        cause,
    })
}
