//! Every parser of foreign bytes, as a target that a fuzzer or a replay can feed.
//!
//! A target reads bytes as the office, a verifier or a witness would and, if they are accepted, holds what acceptance
//! promises: written again they are the same bytes, the parts can be used, nothing is larger than its limit. It panics if
//! a promise is broken, and a panic is a finding. The wrappers in `fuzz/fuzz_targets` hand libFuzzer's bytes to
//! [`run`]; the test `replay` feeds the committed corpus and seeded alterations of it.

pub mod alteration;
mod ballot_bytes;
mod desk_bytes;
mod house_bytes;
mod record_bytes;
pub mod samples;
mod store_bytes;
mod vault_bytes;

/// What a parser said of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// They are well formed.
    Accepted,
    /// They are not, and were refused in order.
    Refused,
}

impl Reading {
    /// Accepted, if there is a value.
    fn of<T, E>(result: &Result<T, E>) -> Reading {
        match result {
            Ok(_) => Reading::Accepted,
            Err(_) => Reading::Refused,
        }
    }
}

/// A parser of foreign bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, which is also that of its corpus and of its fuzzer.
    pub name: &'static str,
    /// Feeds it.
    pub read: fn(&[u8]) -> Reading,
    /// Bytes that it accepts, to begin from.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets, in the order of the rooms.
pub fn targets() -> Vec<Target> {
    [
        &record_bytes::TARGETS[..],
        &vault_bytes::TARGETS,
        &store_bytes::TARGETS,
        &desk_bytes::TARGETS,
        &house_bytes::TARGETS,
        &ballot_bytes::TARGETS,
    ]
    .concat()
}

/// Feeds one target, for the wrappers of libFuzzer.
///
/// # Panics
/// If there is no target of that name: the wrapper and the table have grown apart.
pub fn run(name: &str, bytes: &[u8]) {
    let target = targets().into_iter().find(|target| target.name == name);
    (target.expect("every wrapper has a target").read)(bytes);
}
