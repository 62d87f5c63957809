//! The messages of an election, each with its one text (specification, section 4; `docs/spec/ballot.md`).

pub mod ballot;
pub mod credentials;
pub mod decryption;
pub mod election;
pub mod event;
pub mod outcome;
pub mod shuffle;
pub mod tally;
pub mod trustees;

use crate::group::{Ciphertext, Group};
use crate::text::{Read, Reader, write_element};

/// Questions in an election: more do not fit on a page that anybody reads.
pub const QUESTIONS_MAX: usize = 100;

/// Answers to a question.
pub const ANSWERS_MAX: usize = 1_000;

/// Trustees of an election, over all items.
pub const TRUSTEES_MAX: usize = 100;

/// Voters of an election, and ballots in its box: what an archive of some gigabytes holds.
pub const VOTERS_MAX: usize = 2_000_000;

/// A description, a name or an answer, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Reads `{"alpha":…,"beta":…}`.
pub fn read_pair<G: Group>(reader: &mut Reader<'_>, group: &G) -> Read<Ciphertext<G>> {
    reader.expect("{\"alpha\":")?;
    let alpha = reader.element(group)?;
    reader.expect(",\"beta\":")?;
    let beta = reader.element(group)?;
    reader.expect("}")?;
    Ok(Ciphertext { alpha, beta })
}

/// Writes it.
pub fn write_pair<G: Group>(group: &G, pair: &Ciphertext<G>, out: &mut String) {
    out.push_str("{\"alpha\":");
    write_element(group, &pair.alpha, out);
    out.push_str(",\"beta\":");
    write_element(group, &pair.beta, out);
    out.push('}');
}
