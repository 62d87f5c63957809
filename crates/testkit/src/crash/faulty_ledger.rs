//! A ledger whose commits are steps of the simulated machine.

use std::collections::BTreeMap;

use register::journal::{Batch, Journal, JournalError, Pending, Staged, Standing};
use store::ledger::{AcceptError, Acceptance, Ledger, LedgerError, ObjectId};

use crate::faults::{Fault, Faults};

/// The real ledger's code and tables, with the machine's power behind each commit.
pub struct FaultyLedger {
    ledger: Ledger,
    faults: Faults,
}

/// What becomes of a commit.
enum Fate {
    Done,
    /// It was done or not, and the caller is told that it is unclear.
    Unclear,
    NotDone,
}

impl FaultyLedger {
    /// Over a ledger that survives what the machine does not.
    pub fn new(ledger: Ledger, faults: Faults) -> FaultyLedger {
        FaultyLedger { ledger, faults }
    }

    /// The ledger itself, for reading.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// As [`Ledger::accept`].
    pub fn accept(&self, acceptances: &[Acceptance]) -> Result<(), AcceptError> {
        let fatal = || AcceptError::Ledger(LedgerError::Fatal("simulated".to_owned()));
        let failed = || AcceptError::Ledger(LedgerError::ReadOnly("simulated".to_owned()));
        self.commit("accept", || self.ledger.accept(acceptances), fatal, failed)
    }

    /// As [`Ledger::discarded`].
    pub fn discarded(&self, object: ObjectId) -> Result<(), LedgerError> {
        let fatal = || LedgerError::Fatal("simulated".to_owned());
        let failed = || LedgerError::Busy;
        self.commit(
            "forget the discarded",
            || self.ledger.discarded(object),
            fatal,
            failed,
        )
    }

    fn commit<E>(
        &self,
        doing: &str,
        act: impl FnOnce() -> Result<(), E>,
        fatal: impl Fn() -> E,
        failed: impl Fn() -> E,
    ) -> Result<(), E> {
        match self.fate(doing) {
            None => Err(fatal()),
            Some((_, Fate::NotDone)) => Err(failed()),
            Some((false, _)) => Err(fatal()),
            Some((true, Fate::Done)) => act(),
            Some((true, Fate::Unclear)) => {
                // If it is refused for a reason of its own, that is the answer.
                act()?;
                Err(fatal())
            }
        }
    }

    /// Whether it is done, and what is said of it; `None`: the power is gone.
    fn fate(&self, doing: &str) -> Option<(bool, Fate)> {
        let fault = self.faults.step(|| format!("ledger: {doing}")).ok()?;
        Some(match fault {
            None => (true, Fate::Done),
            Some(Fault::NotDone) => (false, Fate::NotDone),
            Some(Fault::Lost) => (false, Fate::Unclear),
            Some(Fault::CrashAfter | Fault::DoneButFailed | Fault::CrashBefore) => {
                (true, Fate::Unclear)
            }
        })
    }

    fn write(
        &self,
        doing: &str,
        act: impl FnOnce() -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let fatal = || JournalError::Fatal("simulated".to_owned());
        self.commit(doing, act, fatal, || JournalError::Busy)
    }

    fn alive(&self) -> Result<(), JournalError> {
        self.faults
            .alive()
            .map_err(|_| JournalError::Fatal("the machine has no power".to_owned()))
    }
}

impl Journal for FaultyLedger {
    fn standing(&self) -> Result<Option<Standing>, JournalError> {
        self.alive()?;
        self.ledger.standing()
    }

    fn found(&self, standing: &Standing) -> Result<(), JournalError> {
        self.write("found the record", || self.ledger.found(standing))
    }

    fn pending(&self, leaves_max: usize, bytes_max: usize) -> Result<Vec<Pending>, JournalError> {
        self.alive()?;
        self.ledger.pending(leaves_max, bytes_max)
    }

    fn commit(&self, from: &Standing, batch: &Batch, to: &Standing) -> Result<(), JournalError> {
        self.write("commit the batch", || {
            Journal::commit(&self.ledger, from, batch, to)
        })
    }

    fn staged(&self, start: u64, bytes_max: usize) -> Result<Vec<Staged>, JournalError> {
        self.alive()?;
        self.ledger.staged(start, bytes_max)
    }

    fn advance(&self, from: &Standing, to: &Standing) -> Result<(), JournalError> {
        self.write("advance the standing", || self.ledger.advance(from, to))
    }

    fn witnessed(&self) -> Result<BTreeMap<String, u64>, JournalError> {
        self.alive()?;
        self.ledger.witnessed()
    }

    fn note_witnessed(&self, sizes: &BTreeMap<String, u64>) -> Result<(), JournalError> {
        self.write("note the witnesses", || self.ledger.note_witnessed(sizes))
    }

    fn forget_witnessed(&self) -> Result<(), JournalError> {
        self.write("forget the witnesses", || self.ledger.forget_witnessed())
    }
}
