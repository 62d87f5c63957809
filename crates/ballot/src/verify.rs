//! The verifier: reads an archive once, checks everything that the specification asks and what released verifiers leave
//! out, and reports each failure with its place.

mod ballots;
mod board;
pub mod decryptions;
mod failure;
pub mod setup;
mod stages;
pub(crate) mod statements;

use std::io::Read;

pub use ballots::{Checked, check_ballot};
pub use board::{Context, Setup};
pub use failure::{FAILURES_MAX, Failure, Place, Reason};
pub use stages::combine_ballots;

use crate::archive::{ArchiveReader, ReadError};
use crate::message::election::Question;
use crate::message::outcome::Answered;

/// How to verify.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many ballots to check at once.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { threads: 1 }
    }
}

/// How far the reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the archive that were read.
    pub bytes: u64,
    /// Ballots that were checked.
    pub ballots: u64,
}

/// How far the election has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Not even set up: nothing can be said.
    #[default]
    Nothing,
    /// Ballots may come in.
    Voting,
    /// No more ballots.
    Ended,
    /// The ballots are combined; where there are shuffled questions, shuffles may come.
    Tallied,
    /// Trustees decrypt.
    Decrypting,
    /// There is a result.
    Finished,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What does not hold, in the order of the archive; no more than [`FAILURES_MAX`].
    pub failures: Vec<Failure>,
    /// How many more there are.
    pub failures_omitted: u64,
    /// How far the election has come.
    pub stage: Stage,
    /// Its identifier.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// The group's name.
    pub group: String,
    /// What it asks.
    pub questions: Vec<Question>,
    /// How many may vote.
    pub voters: u64,
    /// Ballots in the box, replaced ones counted.
    pub ballots: u64,
    /// Ballots that count.
    pub tallied: u64,
    /// The weight of those.
    pub weight: u64,
    /// Trustees who shuffled.
    pub shuffles: u64,
    /// Trustees who decrypted.
    pub decryptions: u64,
    /// The result, once there is one.
    pub result: Option<Vec<Answered>>,
}

impl Report {
    /// Whether nothing was found wrong.
    pub fn holds(&self) -> bool {
        self.failures.is_empty()
    }

    /// Whether something is not in the form of an archive at all; what it claims was then not checked to the end.
    pub fn is_malformed(&self) -> bool {
        self.failures.iter().any(|failure| failure.reason.is_form())
    }
}

/// Verifies an archive, read once from its beginning.
///
/// A failure in a ballot or a proof does not end the reading, one in the form of the archive does. The only error is that the
/// source cannot be read.
pub fn verify(
    source: impl Read,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> std::io::Result<Report> {
    let mut board = board::Board::new(ArchiveReader::new(source), *options, progress);
    match board.run() {
        Ok(()) => {}
        Err(board::Stop::Failed) => {}
        Err(board::Stop::Io(error)) => return Err(error),
    }
    Ok(board.into_report())
}

impl From<ReadError> for Reason {
    fn from(error: ReadError) -> Reason {
        match error {
            ReadError::Fault(fault) => Reason::Archive(fault),
            ReadError::Io(_) => Reason::Archive(crate::archive::ArchiveFault::Truncated),
        }
    }
}
