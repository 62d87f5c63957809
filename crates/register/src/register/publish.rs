//! The checkpoint is replaced, last of all.

use std::collections::BTreeMap;

use crate::journal::{Journal, JournalError};
use crate::register::sign::Countersigned;
use crate::register::{Register, Signing};
use crate::shelf::{Shelf, ShelfError};
use crate::stop::Stop;
use crate::witness::Outcome;

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The number of leaves.
    pub size: u64,
    /// The names of the witnesses whose lines were added now.
    pub cosigned: Vec<String>,
    /// The witnesses without a line, and why.
    pub without: Vec<(String, String)>,
}

/// Why the checkpoint was not replaced, or not all of what follows was done. Signing and publishing again is safe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// A later head is published already. Drop this one.
    #[error("a head of {published} leaves is published already")]
    Outdated {
        /// The size of the published one.
        published: u64,
    },
    /// A witness contradicts us; nothing was published, and signing is stopped.
    #[error(transparent)]
    Stopped(Stop),
    /// The ledger did not answer; see the inner error.
    #[error(transparent)]
    Journal(JournalError),
    /// The shelf did not answer; see the inner error.
    #[error(transparent)]
    Shelf(ShelfError),
    /// The register ended before, for this reason.
    #[error("the register has ended: {0}")]
    Ended(String),
}

impl PublishError {
    /// Whether the process must end.
    pub fn is_fatal(&self) -> bool {
        matches!(
            self,
            PublishError::Journal(JournalError::Fatal(_))
                | PublishError::Shelf(ShelfError::Fatal(_))
                | PublishError::Ended(_)
        )
    }
}

impl<J: Journal, S: Shelf> Register<J, S> {
    /// Replaces the published checkpoint, durably. Witnesses that gave no cosignature do not hinder it: the leaves are then entered and
    /// not countersigned (by so many as the policy asks).
    ///
    /// A crash leaves the old checkpoint or the new, and may forget which sizes the witnesses know; they will say.
    pub fn publish(&mut self, countersigned: Countersigned) -> Result<Published, PublishError> {
        if let Some(cause) = &self.ended {
            return Err(PublishError::Ended(cause.clone()));
        }
        if let Signing::Stopped(stop) = &self.signing {
            return Err(PublishError::Stopped(stop.clone()));
        }
        if let Some(stop) = stop_of(&countersigned.outcomes) {
            self.signing = Signing::Stopped(stop.clone());
            return Err(PublishError::Stopped(stop));
        }
        let done = self.replace(countersigned);
        if let Err(error) = &done
            && error.is_fatal()
        {
            self.end(error);
        }
        done
    }

    fn replace(&mut self, countersigned: Countersigned) -> Result<Published, PublishError> {
        let Countersigned {
            mut checkpoint,
            outcomes,
        } = countersigned;
        let size = checkpoint.checkpoint().size;
        if let Some(published) = &self.published {
            let published_size = published.checkpoint().size;
            if published_size > size {
                return Err(PublishError::Outdated {
                    published: published_size,
                });
            }
            if published_size == size {
                published
                    .note()
                    .signatures()
                    .iter()
                    .for_each(|line| checkpoint.add_signature(line.clone()));
            }
        }
        let mut done = Published {
            size,
            cosigned: Vec::new(),
            without: Vec::new(),
        };
        for (name, outcome) in outcomes {
            match outcome {
                Outcome::Cosigned(line) => {
                    checkpoint.add_signature(line);
                    done.cosigned.push(name);
                }
                Outcome::Without(cause) => done.without.push((name, cause)),
                Outcome::Larger { .. } | Outcome::Inconsistent => {}
            }
        }
        if self.published.as_ref() != Some(&checkpoint) {
            self.shelf
                .publish(checkpoint.to_string().as_bytes())
                .map_err(PublishError::Shelf)?;
            self.published = Some(checkpoint);
        }
        let sizes: BTreeMap<String, u64> = done
            .cosigned
            .iter()
            .map(|name| (name.clone(), size))
            .collect();
        if !sizes.is_empty() {
            self.journal
                .note_witnessed(&sizes)
                .map_err(PublishError::Journal)?;
        }
        Ok(done)
    }
}

/// The first contradiction among what witnesses said.
pub(crate) fn stop_of(outcomes: &BTreeMap<String, Outcome>) -> Option<Stop> {
    outcomes.iter().find_map(|(name, outcome)| match outcome {
        Outcome::Larger { size } => Some(Stop::WitnessHasLarger {
            witness: name.clone(),
            size: *size,
        }),
        Outcome::Inconsistent => Some(Stop::WitnessHasOther {
            witness: name.clone(),
        }),
        Outcome::Cosigned(_) | Outcome::Without(_) => None,
    })
}
