//! Secret ballots that anyone can check: the protocol of Belenios, version 1.
//!
//! What an election publishes is one file, the archive: who may vote, under whose keys, every encrypted ballot with its
//! proofs, the decryptions, the result. [`verify::verify`] reads it once and names everything that does not hold. The
//! modules of [`role`] write it: credentials, trustees' keys, ballots, shuffles, decryptions, the tally. [`counting`] says what follows
//! from ranks and scores.
//!
//! Specification: `docs/spec/ballot.md`, and the specification of Belenios, 2.0 and 3.3, from which it is written.
//! Deliberately absent: files, clocks and random sources, which are arguments; drawing lots; questions with lists.
//!
//! ```
//! use ballot::verify::{Options, verify};
//!
//! let report = verify(&b"no archive"[..], &Options::default(), &mut |_| {})?;
//! assert_eq!(report.failures[0].reason.code(), "archive-truncated");
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod archive;
pub mod counting;
pub mod decimal;
pub mod group;
pub mod message;
pub mod proof;
pub mod role;
pub mod shuffle;
#[cfg(test)]
mod testing;
pub mod text;
pub mod verify;
