//! At start, before anything is signed: do the witnesses know a later head than we do? And what follows if they do.

use std::collections::BTreeMap;

use record::ids::Origin;
use record::signature::SigningKey;

use crate::front::read_edge;
use crate::journal::{Journal, JournalError, Standing};
use crate::register::publish::stop_of;
use crate::register::sign::proof;
use crate::register::{Register, Signing};
use crate::shelf::{Shelf, ShelfError};
use crate::stop::Stop;
use crate::witness::{Outcome, Witness, ask_all};

/// What asking the witnesses came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// How many know no later head.
    pub answered: usize,
    /// How many must have said so before heads are signed: none, unless the office was restored from a backup.
    pub needed: usize,
    /// What each said, by name.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// Why the witnesses were not asked to the end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmError {
    /// A witness contradicts us, or signing was stopped before.
    #[error(transparent)]
    Stopped(Stop),
    /// The ledger did not answer; see the inner error.
    #[error(transparent)]
    Journal(JournalError),
    /// The shelf did not answer; see the inner error.
    #[error("{0}")]
    Shelf(String),
    /// The register ended before, for this reason.
    #[error("the register has ended: {0}")]
    Ended(String),
}

impl ConfirmError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            ConfirmError::Journal(JournalError::Fatal(_)) | ConfirmError::Ended(_)
        )
    }
}

impl<J: Journal, S: Shelf> Register<J, S> {
    /// Sends the last signed head to the witnesses again; `quorum` is the number k of them that the policy asks for.
    ///
    /// - 409 with a larger size: another copy of this office has signed. Stop.
    /// - 422: another history was signed under our name. Stop.
    /// - 409 with our size or a smaller one: asked again with a proof from there (a crash may have kept our last head from them).
    /// - An ordinary start may sign even if nobody answers; after a restore, n-k+1 of the n witnesses must have answered, so that no k of them can have
    ///   cosigned a later head without one of those who answered. Without witnesses nobody can say, and signing stays off:
    ///   [`begin_anew`] is the way out.
    ///
    /// After a restore it may be called again and again until enough have answered, in one call.
    pub fn confirm(
        &mut self,
        witnesses: &[&dyn Witness],
        quorum: usize,
    ) -> Result<Confirmation, ConfirmError> {
        if let Some(cause) = &self.ended {
            return Err(ConfirmError::Ended(cause.clone()));
        }
        if let Signing::Stopped(stop) = &self.signing {
            return Err(ConfirmError::Stopped(stop.clone()));
        }
        let outcomes = self.ask_about_last_signed(witnesses)?;
        if let Some(stop) = stop_of(&outcomes) {
            self.signing = Signing::Stopped(stop.clone());
            return Err(ConfirmError::Stopped(stop));
        }
        let answered = outcomes
            .values()
            .filter(|outcome| matches!(outcome, Outcome::Cosigned(_)))
            .count();
        let needed = match self.standing.restored {
            true => (witnesses.len() + 1).saturating_sub(quorum).max(1),
            false => 0,
        };
        self.settle(answered, needed)?;
        Ok(Confirmation {
            answered,
            needed,
            outcomes,
        })
    }

    fn ask_about_last_signed(
        &self,
        witnesses: &[&dyn Witness],
    ) -> Result<BTreeMap<String, Outcome>, ConfirmError> {
        let size = self.standing.signed_size;
        if witnesses.is_empty() || (size == 0 && !self.standing.restored) {
            return Ok(BTreeMap::new());
        }
        // The very bytes that were signed before: the signature is deterministic, the root is that of the tiles.
        let edge = read_edge(&*self.shelf, size)
            .map_err(|error| ConfirmError::Shelf(error.to_string()))?;
        let checkpoint = self.head_at(size, edge.root());
        let known: BTreeMap<String, u64> = witnesses
            .iter()
            .map(|witness| (witness.vkey().name().to_string(), size))
            .collect();
        let shelf = &*self.shelf;
        Ok(ask_all(witnesses, &checkpoint, &known, &|old_size| {
            proof(shelf, old_size, size)
        }))
    }

    fn settle(&mut self, answered: usize, needed: usize) -> Result<(), ConfirmError> {
        if answered < needed {
            self.signing = Signing::Restored { answered, needed };
            return Ok(());
        }
        if self.standing.restored {
            let to = Standing {
                restored: false,
                ..self.standing.clone()
            };
            let advanced = self.journal.advance(&self.standing, &to);
            if let Err(error) = advanced {
                if let JournalError::Fatal(_) = &error {
                    self.end(&error);
                }
                return Err(ConfirmError::Journal(error));
            }
            self.standing = to;
        }
        self.signing = Signing::On;
        Ok(())
    }
}

/// A person's word that entries may be missing and that the record shall go on all the same, under another name and key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AcceptLoss;

/// Why the record did not begin anew.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BeginAnewError {
    /// There is no record to go on from.
    #[error("the record has not been founded")]
    NotFounded,
    /// The new name or key is the old one; then nobody could tell the two records apart.
    #[error("the record that begins anew needs another name and another key")]
    SameName,
    /// The ledger did not answer; see the inner error.
    #[error(transparent)]
    Journal(JournalError),
    /// The shelf did not answer; see the inner error.
    #[error(transparent)]
    Shelf(ShelfError),
}

/// Lets the record go on under a new origin and key, with the leaves it has. Its old checkpoint is moved aside, where anybody can see it, and the
/// witnesses meet a record that they have not known. To be called while no register is open, holding its lock.
///
/// A crash in between leaves the new name in the ledger and the old checkpoint in its place; the next start moves it.
pub fn begin_anew(
    journal: &impl Journal,
    shelf: &impl Shelf,
    origin: Origin,
    log: &SigningKey,
    _accepted: AcceptLoss,
) -> Result<(), BeginAnewError> {
    let standing = journal
        .standing()
        .map_err(BeginAnewError::Journal)?
        .ok_or(BeginAnewError::NotFounded)?;
    let log_key = *log.verifying_key().as_bytes();
    if standing.origin == origin || standing.log_key == log_key {
        return Err(BeginAnewError::SameName);
    }
    let to = Standing {
        origin,
        log_key,
        signed_size: 0,
        restored: false,
        ..standing.clone()
    };
    journal
        .forget_witnessed()
        .map_err(BeginAnewError::Journal)?;
    journal
        .advance(&standing, &to)
        .map_err(BeginAnewError::Journal)?;
    shelf.retire_checkpoint().map_err(BeginAnewError::Shelf)
}
