//! What a log and a witness say to each other (C2SP tlog-witness, `add-checkpoint`); bytes only, no network.

use crate::checkpoint::{CheckpointError, Extensions, SignedCheckpoint};
use crate::encoding::{self, INTEGER_MAX};
use crate::hash::Hash;
use crate::note::{self, NOTE_BYTES_MAX, NoteError, Signature};

/// The most proof lines of a request.
pub const PROOF_LINES_MAX: usize = 63;

/// The longest request body: a checkpoint, the proof, and the line of the old size.
pub const REQUEST_BYTES_MAX: usize = NOTE_BYTES_MAX + PROOF_LINES_MAX * 45 + 32;

/// A request for a cosignature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size that the witness last cosigned, as far as the log knows.
    pub old_size: u64,
    /// That the new checkpoint continues the old one; empty from size 0.
    pub proof: Vec<Hash>,
    /// The new checkpoint.
    pub checkpoint: SignedCheckpoint,
}

/// Why a body is not a request, or not an answer. The other side is broken or something else; answer 400, or try later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Over [`REQUEST_BYTES_MAX`].
    #[error("the request is too long")]
    TooLong,
    /// No line `old` with a size.
    #[error("the request does not begin with an old size")]
    OldSize,
    /// A line that is not a hash in base64, or more than 63, or no empty line after them.
    #[error("the request's consistency proof cannot be read")]
    Proof,
    /// The checkpoint cannot be read.
    #[error("the request: {0}")]
    Checkpoint(CheckpointError),
    /// The old size is larger than the checkpoint's.
    #[error("the old size is larger than the new one")]
    Shrunk,
    /// The answer is not a size.
    #[error("the witness's answer is not a size")]
    Size,
    /// The answer is not signature lines.
    #[error("the witness's answer: {0}")]
    Signatures(NoteError),
}

impl AddCheckpoint {
    /// The body to send.
    pub fn encode(&self) -> Vec<u8> {
        let proof: String = self
            .proof
            .iter()
            .map(|hash| hash.to_base64() + "\n")
            .collect();
        format!("old {}\n{proof}\n{}", self.old_size, self.checkpoint).into_bytes()
    }

    /// Reads a body; extension lines of the checkpoint are carried.
    pub fn parse(bytes: &[u8]) -> Result<AddCheckpoint, RequestError> {
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(RequestError::TooLong);
        }
        let text = core::str::from_utf8(bytes)
            .map_err(|_| RequestError::Checkpoint(CheckpointError::Note(NoteError::Characters)))?;
        let (head, checkpoint) = text.split_once("\n\n").ok_or(RequestError::Proof)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old_size = encoding::decimal(old.ok_or(RequestError::OldSize)?, INTEGER_MAX)
            .map_err(|_| RequestError::OldSize)?;
        let proof: Vec<Hash> = lines
            .take(PROOF_LINES_MAX + 1)
            .map(Hash::from_base64)
            .collect::<Result<_, _>>()
            .map_err(|_| RequestError::Proof)?;
        if proof.len() > PROOF_LINES_MAX {
            return Err(RequestError::Proof);
        }
        let checkpoint = SignedCheckpoint::parse_with(checkpoint.as_bytes(), Extensions::Carried)
            .map_err(RequestError::Checkpoint)?;
        if old_size > checkpoint.checkpoint().size {
            return Err(RequestError::Shrunk);
        }
        Ok(AddCheckpoint {
            old_size,
            proof,
            checkpoint,
        })
    }
}

/// The body of the answer 200: the cosignatures, one a line.
pub fn encode_cosignatures(lines: &[Signature]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Reads the body of the answer 200. Which lines are a trusted witness's is seen when they stand under the checkpoint.
pub fn parse_cosignatures(bytes: &[u8]) -> Result<Vec<Signature>, RequestError> {
    let characters = RequestError::Signatures(NoteError::Characters);
    if bytes.len() > NOTE_BYTES_MAX {
        return Err(RequestError::Signatures(NoteError::TooLong));
    }
    let text = core::str::from_utf8(bytes).map_err(|_| characters)?;
    note::parse_signatures(text).map_err(RequestError::Signatures)
}

/// The body of the answer 409: the size that the witness last cosigned. Its content type is `text/x.tlog.size`.
pub fn encode_conflict(size: u64) -> String {
    format!("{size}\n")
}

/// Reads the body of the answer 409.
pub fn parse_conflict(bytes: &[u8]) -> Result<u64, RequestError> {
    let text = core::str::from_utf8(bytes).map_err(|_| RequestError::Size)?;
    let digits = text.strip_suffix('\n').ok_or(RequestError::Size)?;
    encoding::decimal(digits, INTEGER_MAX).map_err(|_| RequestError::Size)
}
