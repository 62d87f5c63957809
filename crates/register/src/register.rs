//! The register: the only writer of the record, and the only one that signs its checkpoints.
//!
//! | step | what it does | what a crash in it leaves behind |
//! | --- | --- | --- |
//! | [`Register::sequence`] | gives pending entries their leaves: the commit point | all of the batch or nothing |
//! | [`Register::integrate`] | writes the tiles of what is committed | some tiles; the staged batch is still there, and the next start writes them again |
//! | [`Register::sign`] | reads the tiles back, then signs the head | the ledger knows that this size was signed; signing again gives the same bytes |
//! | [`Signed::countersign`] | asks the witnesses; needs no lock and may take seconds | some witnesses know a head that is not published; it is asked for again |
//! | [`Register::publish`] | replaces the `checkpoint` | the old checkpoint or the new |
//!
//! Sequencing never waits for witnesses: whoever runs the register may sequence while a head is being countersigned.

use std::sync::Arc;

use record::checkpoint::{Checkpoint, SignedCheckpoint, log_vkey};
use record::ids::Origin;
use record::note::Vkey;
use record::signature::SigningKey;
use zeroize::Zeroizing;

use crate::front::{Front, FrontError, read_edge};
use crate::journal::{Journal, JournalError, Standing};
use crate::shelf::{Shelf, ShelfError};
use crate::stop::Stop;

mod confirm;
mod integrate;
mod publish;
mod sequence;
mod sign;

pub use confirm::{AcceptLoss, BeginAnewError, ConfirmError, Confirmation, begin_anew};
pub use integrate::IntegrateError;
pub use publish::{PublishError, Published};
pub use sequence::{SequenceError, Sequenced};
pub use sign::{Countersigned, SignError, Signed};

/// The secrets of the register.
pub struct Keys {
    /// The office key, which signs checkpoints.
    pub log: SigningKey,
    /// What the fillers are made with.
    pub filler: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// Whether heads may be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signing {
    /// The witnesses have not been asked yet whether they know a later head: see [`Register::confirm`].
    Unconfirmed,
    /// The office was restored from a backup, and too few witnesses have answered yet.
    Restored {
        /// How many have answered.
        answered: usize,
        /// How many must.
        needed: usize,
    },
    /// Heads may be signed.
    On,
    /// Something contradicts the ledger.
    Stopped(Stop),
}

/// See the module. Its owner holds the register's lock (of the store) for as long as it lives.
pub struct Register<J, S> {
    journal: J,
    shelf: Arc<S>,
    keys: Keys,
    vkey: Vkey,
    standing: Standing,
    /// The end of what is tiled.
    front: Front,
    /// The end of what was read back; `None` until the first signing reads it.
    checked: Option<Front>,
    published: Option<SignedCheckpoint>,
    signing: Signing,
    /// After a fatal error nothing is done any more.
    ended: Option<String>,
}

/// Why the register did not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The ledger has no record yet: found one.
    #[error("the record has not been founded")]
    NotFounded,
    /// The key is not the one that the record is signed with. The wrong unlock secret, or another office's.
    #[error("the record of {0} is signed with another key")]
    OtherKey(Origin),
    /// The ledger did not answer.
    #[error(transparent)]
    Journal(JournalError),
    /// The shelf did not answer.
    #[error(transparent)]
    Shelf(ShelfError),
    /// Staged batches could not be tiled.
    #[error(transparent)]
    Integrate(IntegrateError),
}

impl OpenError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        match self {
            OpenError::Journal(error) => matches!(error, JournalError::Fatal(_)),
            OpenError::Shelf(error) => matches!(error, ShelfError::Fatal(_)),
            OpenError::Integrate(error) => error.is_fatal(),
            OpenError::NotFounded | OpenError::OtherKey(_) => false,
        }
    }
}

/// Founds a record without leaves. [`JournalError::Moved`] if the ledger has one.
pub fn found(journal: &impl Journal, origin: Origin, log: &SigningKey) -> Result<(), JournalError> {
    journal.found(&Standing::new(origin, *log.verifying_key().as_bytes()))
}

impl<J: Journal, S: Shelf> Register<J, S> {
    /// Opens the record and finishes what a crash interrupted: batches that are staged get their tiles, by the code that always does so.
    ///
    /// Reads the head and one tile of each row, however large the record is. Where tiles and ledger contradict each other the register
    /// opens all the same, with signing stopped, so that entries can still be accepted and read: see [`Register::signing`].
    pub fn open(journal: J, shelf: Arc<S>, keys: Keys) -> Result<Register<J, S>, OpenError> {
        let standing = journal
            .standing()
            .map_err(OpenError::Journal)?
            .ok_or(OpenError::NotFounded)?;
        if standing.log_key != *keys.log.verifying_key().as_bytes() {
            return Err(OpenError::OtherKey(standing.origin));
        }
        let vkey = log_vkey(standing.origin.clone(), &keys.log);
        let mut register = Register {
            journal,
            shelf,
            keys,
            vkey,
            standing,
            front: Front::new(),
            checked: None,
            published: None,
            signing: Signing::Unconfirmed,
            ended: None,
        };
        register.take_up()?;
        Ok(register)
    }

    fn take_up(&mut self) -> Result<(), OpenError> {
        match self.load_front().and_then(|()| self.load_checkpoint()) {
            Ok(()) => {}
            Err(TakeUp::Stop(stop)) => {
                self.signing = Signing::Stopped(stop);
                return Ok(());
            }
            Err(TakeUp::Shelf(error)) => return Err(OpenError::Shelf(error)),
        }
        while self.integrate().map_err(OpenError::Integrate)? {}
        Ok(())
    }

    fn load_front(&mut self) -> Result<(), TakeUp> {
        let front = Front::load(&*self.shelf, self.standing.tiled.size())?;
        if *front.edge() != self.standing.tiled {
            let size = self.standing.tiled.size();
            return Err(TakeUp::Stop(Stop::FolderDiffers(format!(
                "other hashes at {size} leaves"
            ))));
        }
        self.front = front;
        Ok(())
    }

    fn load_checkpoint(&mut self) -> Result<(), TakeUp> {
        let Some(bytes) = self.shelf.checkpoint().map_err(TakeUp::Shelf)? else {
            return Ok(());
        };
        let not_ours = |cause: String| TakeUp::Stop(Stop::CheckpointNotOurs(cause));
        let published = SignedCheckpoint::parse(&bytes).map_err(|e| not_ours(e.to_string()))?;
        let Checkpoint { origin, size, root } = published.checkpoint().clone();
        if origin != self.standing.origin && self.standing.signed_size == 0 {
            // The record has begun anew, and a crash came before the old checkpoint was moved aside.
            return self.shelf.retire_checkpoint().map_err(TakeUp::Shelf);
        }
        published
            .verify_log(&self.vkey)
            .map_err(|e| not_ours(e.to_string()))?;
        if size > self.standing.signed_size {
            let signed = self.standing.signed_size;
            return Err(TakeUp::Stop(Stop::LedgerBehind {
                published: size,
                signed,
            }));
        }
        if read_edge(&*self.shelf, size)?.root() != root {
            return Err(not_ours("it has another root than the tiles".to_owned()));
        }
        self.published = Some(published);
        Ok(())
    }

    /// Whether heads may be signed, and if not, why.
    pub fn signing(&self) -> &Signing {
        &self.signing
    }

    /// Where the record stands.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The key by which the record's checkpoints verify.
    pub fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    /// The published checkpoint.
    pub fn published(&self) -> Option<&SignedCheckpoint> {
        self.published.as_ref()
    }

    /// The shelf.
    pub fn shelf(&self) -> &Arc<S> {
        &self.shelf
    }

    /// The journal.
    pub fn journal(&self) -> &J {
        &self.journal
    }

    /// Remembers a fatal error, so that nothing more is done.
    fn end(&mut self, cause: &dyn std::fmt::Display) {
        self.ended = Some(cause.to_string());
    }
}

/// Why the record was not taken up as it lies there.
enum TakeUp {
    Stop(Stop),
    Shelf(ShelfError),
}

/// A tile that is missing, damaged or another contradicts the ledger, which knows that it was durable; a disk that does not answer says nothing.
impl From<FrontError> for TakeUp {
    fn from(error: FrontError) -> TakeUp {
        match error {
            FrontError::Shelf(
                error @ (ShelfError::Full | ShelfError::Failed(_) | ShelfError::Fatal(_)),
            ) => TakeUp::Shelf(error),
            contradiction => TakeUp::Stop(Stop::FolderDiffers(contradiction.to_string())),
        }
    }
}
