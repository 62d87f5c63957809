//! Checkpoints: the signed head of a record (C2SP tlog-checkpoint; record.md, sections 3 and 5).

use core::fmt;

use crate::encoding::{self, INTEGER_MAX};
use crate::hash::Hash;
use crate::ids::Origin;
use crate::note::{KeyKind, Note, NoteError, Signature, Vkey};
use crate::signature::{SIGNATURE_BYTES, SigningKey};

/// The head of a record: how many leaves it has, and their root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The record's name.
    pub origin: Origin,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree of all leaves.
    pub root: Hash,
}

/// A checkpoint with its signatures; read, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

/// Whether lines below the root are allowed in a checkpoint's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extensions {
    /// Our own records have none.
    Refused,
    /// A witness carries those of other logs unread.
    Carried,
}

/// Why bytes are not a signed checkpoint. Nothing of them may be used; fetch it again from its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a signed note.
    #[error("the checkpoint: {0}")]
    Note(NoteError),
    /// Fewer or more lines than a checkpoint has, or an empty one.
    #[error("the checkpoint does not have the lines of one")]
    Lines,
    /// The first line is not an origin.
    #[error("the checkpoint's first line is not an origin")]
    Origin,
    /// The second line is not a size.
    #[error("the checkpoint's second line is not a size")]
    Size,
    /// The third line is not a root hash.
    #[error("the checkpoint's third line is not a root hash")]
    Root,
}

/// The checkpoint is not signed by the log's key, or a line that claims so does not verify. It is not this record's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint is not signed by the log")]
pub struct LogSignatureError;

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            self.root.to_base64()
        )
    }

    /// Reads the text of a checkpoint.
    pub fn parse(text: &str, extensions: Extensions) -> Result<Checkpoint, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = lines.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let rest_allowed = match extensions {
            Extensions::Refused => lines.next().is_none(),
            Extensions::Carried => lines.all(|line| !line.is_empty()),
        };
        if !rest_allowed {
            return Err(CheckpointError::Lines);
        }
        Ok(Checkpoint {
            origin: Origin::new(origin).map_err(|_| CheckpointError::Origin)?,
            size: encoding::decimal(size, INTEGER_MAX).map_err(|_| CheckpointError::Size)?,
            root: Hash::from_base64(root).map_err(|_| CheckpointError::Root)?,
        })
    }

    /// Signs this head as the log. Only the register of an office may do so, once it holds every leaf durably.
    pub fn sign(&self, key: &SigningKey) -> SignedCheckpoint {
        let text = self.text();
        let signature = key.sign(text.as_bytes()).to_vec();
        let line = Signature::new(&log_vkey(self.origin.clone(), key), signature);
        SignedCheckpoint {
            note: Note::new(text, vec![line]),
            checkpoint: self.clone(),
        }
    }
}

/// The vkey of the log that signs with `key`.
pub fn log_vkey(origin: Origin, key: &SigningKey) -> Vkey {
    Vkey::new(origin, KeyKind::Log, *key.verifying_key().as_bytes())
}

impl SignedCheckpoint {
    /// Reads a checkpoint of our own kind: without extension lines.
    pub fn parse(bytes: &[u8]) -> Result<SignedCheckpoint, CheckpointError> {
        SignedCheckpoint::parse_with(bytes, Extensions::Refused)
    }

    /// Reads a checkpoint; a witness allows the extension lines of other logs.
    pub fn parse_with(
        bytes: &[u8],
        extensions: Extensions,
    ) -> Result<SignedCheckpoint, CheckpointError> {
        let note = Note::parse(bytes).map_err(CheckpointError::Note)?;
        let checkpoint = Checkpoint::parse(note.text(), extensions)?;
        Ok(SignedCheckpoint { note, checkpoint })
    }

    /// What the checkpoint says.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note: the text that is signed, and all signature lines.
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Adds a line such as a witness answers with, unless it is there already.
    pub fn add_signature(&mut self, line: Signature) {
        self.note.add_signature(line);
    }

    /// Checks that the log signed: at least one line by its key, and each such line verifies.
    pub fn verify_log(&self, log: &Vkey) -> Result<(), LogSignatureError> {
        let text = self.note.text().as_bytes();
        let mut lines = self
            .note
            .signatures()
            .iter()
            .filter(|line| line.is_by(log))
            .peekable();
        if lines.peek().is_none() || log.kind() != KeyKind::Log {
            return Err(LogSignatureError);
        }
        lines.try_for_each(|line| {
            let signature: &[u8; SIGNATURE_BYTES] =
                line.bytes().try_into().map_err(|_| LogSignatureError)?;
            log.verify(text, signature).map_err(|_| LogSignatureError)
        })
    }

    /// When a witness cosigned, in seconds since 1970: the earliest of its lines, `None` without one.
    ///
    /// Fails if any line by its key does not verify.
    pub fn cosigned_at(
        &self,
        witness: &Vkey,
    ) -> Result<Option<u64>, crate::cosignature::CosignatureError> {
        let lines = self
            .note
            .signatures()
            .iter()
            .filter(|line| line.is_by(witness));
        let times = lines.map(|line| crate::cosignature::verify(self.note.text(), witness, line));
        times
            .collect::<Result<Vec<u64>, _>>()
            .map(|times| times.into_iter().min())
    }
}

impl fmt::Display for SignedCheckpoint {
    /// The exact text of the signed note.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.note, f)
    }
}
