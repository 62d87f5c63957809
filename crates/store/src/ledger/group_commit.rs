//! Concurrent acceptances share a transaction and its fsync.

use rusqlite::Transaction;

use crate::group::Group;
use crate::ledger::accept::{Acceptance, Heads, HeadsWithin, enter};
use crate::ledger::fault::{AcceptError, LedgerError, told};
use crate::ledger::{Ledger, tables};

/// The most acceptances in one transaction: more would make the first wait too long for the last.
const TOGETHER_MAX: usize = 1024;

type Draft = Box<dyn FnOnce(&dyn Heads) -> Result<Acceptance, AcceptError> + Send>;

/// A door to a ledger that merges the acceptances of concurrent callers. One for each process and ledger.
pub struct GroupCommit<L> {
    ledger: L,
    group: Group<Draft, Result<(), AcceptError>>,
}

impl<L: AsRef<Ledger>> GroupCommit<L> {
    /// Over a ledger, usually an `Arc<Ledger>`.
    pub fn new(ledger: L) -> GroupCommit<L> {
        GroupCommit {
            ledger,
            group: Group::new(),
        }
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        self.ledger.as_ref()
    }

    /// Accepts, durably, possibly together with other callers' acceptances; each stands or falls by itself.
    /// Blocks for one fsync, two when others came first.
    pub fn accept(&self, acceptance: Acceptance) -> Result<(), AcceptError> {
        self.accept_drafted(move |_| Ok(acceptance))
    }

    /// As [`GroupCommit::accept`], but the acceptance is made inside the transaction, from the heads as they are at that moment; so it never
    /// meets a conflict with another writer of the circle, and a hundred writers of one circle share one fsync.
    /// `draft` must be quick, may not use the ledger otherwise, and returns [`AcceptError::Withdrawn`] (or any other error) to withdraw.
    pub fn accept_drafted<F>(&self, draft: F) -> Result<(), AcceptError>
    where
        F: FnOnce(&dyn Heads) -> Result<Acceptance, AcceptError> + Send + 'static,
    {
        let ended = || {
            let cause = "the thread that committed for others has died".to_owned();
            Err(AcceptError::Ledger(LedgerError::Fatal(cause)))
        };
        self.group.run(
            Box::new(draft),
            TOGETHER_MAX,
            |drafts| self.accept_each(drafts),
            ended,
        )
    }

    /// One transaction for all; a savepoint for each, so that one that does not fit takes no other with it.
    fn accept_each(&self, drafts: Vec<Draft>) -> Vec<Result<(), AcceptError>> {
        let count = drafts.len();
        let done = self.ledger().write("accept the entries", |transaction| {
            let mut answers = Vec::with_capacity(count);
            for draft in drafts {
                answers.push(enter_alone(transaction, draft)?);
            }
            Ok::<_, LedgerError>(answers)
        });
        done.unwrap_or_else(|error| vec![Err(AcceptError::Ledger(error)); count])
    }
}

/// The outer error ends the whole transaction; the inner one is this acceptance's own.
fn enter_alone(
    transaction: &Transaction<'_>,
    draft: Draft,
) -> Result<Result<(), AcceptError>, LedgerError> {
    let run = |sql| {
        transaction
            .execute_batch(sql)
            .map_err(|e| told("accept the entries", e))
    };
    run(tables::SAVEPOINT)?;
    let entered =
        draft(&HeadsWithin(transaction)).and_then(|acceptance| enter(transaction, &acceptance));
    match entered {
        // A failing file fails everybody; SQLite may have ended the transaction by itself.
        Err(AcceptError::Ledger(error)) if !matches!(error, LedgerError::Damaged { .. }) => {
            return Err(error);
        }
        Err(_) => run(tables::SAVEPOINT_UNDO)?,
        Ok(()) => {}
    }
    run(tables::SAVEPOINT_DONE)?;
    Ok(entered)
}
