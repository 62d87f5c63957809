//! How the office's record is written: one process at a time, by the one that holds the register's lock.

use std::sync::Arc;

use register::witness::Witness;
use register::{Keys, Register, Signing};
use store::ledger::Ledger;
use store::tiles::{Publisher, RegisterLock};

use crate::Office;
use crate::fault::Fault;

/// How many entries go into one batch at most.
const BATCH_ENTRIES: usize = 4096;

/// The right to write the record, held by one process of all that have this office open.
pub struct Sequencer {
    register: Register<Arc<Ledger>, Publisher>,
}

/// What one round of the sequencer did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// How many entries got their leaf.
    pub entered: usize,
    /// How many leaves the published head has.
    pub size: u64,
    /// Which witnesses countersigned now.
    pub countersigned: Vec<String>,
    /// Which did not, and why.
    pub without: Vec<(String, String)>,
    /// Why no head was signed, if none was.
    pub unsigned: Option<String>,
}

impl Office {
    /// Takes the right to write the record; `None` if another process has it. Asks the witnesses whether they know a later head.
    pub fn sequencer(&self, witnesses: &[&dyn Witness]) -> Result<Option<Sequencer>, Fault> {
        let lock = RegisterLock::take(&*self.disk).map_err(Fault::of_disk)?;
        let Some(lock) = lock else { return Ok(None) };
        let keys = Keys {
            log: self.log_key(),
            filler: zeroize::Zeroizing::new(*self.house.filler_key().expose()),
        };
        let shelf = Arc::new(self.tiles.clone().publisher(lock));
        let register = Register::open(Arc::clone(&self.ledger), shelf, keys)
            .map_err(|error| fault(error.is_fatal(), &error))?;
        let mut sequencer = Sequencer { register };
        sequencer.confirm(witnesses, self.roster()?.quorum())?;
        Ok(Some(sequencer))
    }

    /// One round by whoever may: for a program that ends. `None` if another process writes the record.
    pub fn sequence_now(&self, witnesses: &[&dyn Witness]) -> Result<Option<Round>, Fault> {
        match self.sequencer(witnesses)? {
            Some(mut sequencer) => self.round(&mut sequencer, witnesses).map(Some),
            None => Ok(None),
        }
    }

    /// Gives what is pending its leaves, writes tiles, signs, has it countersigned, publishes.
    pub fn round(
        &self,
        sequencer: &mut Sequencer,
        witnesses: &[&dyn Witness],
    ) -> Result<Round, Fault> {
        let mut round = Round::default();
        let mut dice = self.setting.dice();
        let register = &mut sequencer.register;
        while let Some(done) = register
            .sequence(BATCH_ENTRIES, &mut dice)
            .map_err(|error| fault(error.is_fatal(), &error))?
        {
            round.entered += done.entries;
        }
        while register
            .integrate()
            .map_err(|error| fault(error.is_fatal(), &error))?
        {}
        if !matches!(register.signing(), Signing::On) {
            sequencer.confirm(witnesses, self.roster()?.quorum())?;
        }
        let register = &mut sequencer.register;
        if !matches!(register.signing(), Signing::On) {
            round.unsigned = Some(why(register.signing()));
            return Ok(round);
        }
        let signed = register
            .sign()
            .map_err(|error| fault(error.is_fatal(), &error))?;
        let Some(signed) = signed else {
            return Ok(round);
        };
        let countersigned = signed.countersign(witnesses);
        match register.publish(countersigned) {
            Ok(published) => {
                round.size = published.size;
                round.countersigned = published.cosigned;
                round.without = published.without;
            }
            Err(register::register::PublishError::Stopped(stop)) => {
                round.unsigned = Some(stop.to_string())
            }
            Err(error) => return Err(fault(error.is_fatal(), &error)),
        }
        Ok(round)
    }
}

impl Sequencer {
    /// Whether heads are signed, and if not, why.
    pub fn unsigned_because(&self) -> Option<String> {
        match self.register.signing() {
            Signing::On => None,
            other => Some(why(other)),
        }
    }

    fn confirm(&mut self, witnesses: &[&dyn Witness], quorum: u64) -> Result<(), Fault> {
        let quorum = usize::try_from(quorum).unwrap_or(usize::MAX);
        match self.register.confirm(witnesses, quorum) {
            Ok(_) => Ok(()),
            Err(error) if error.is_fatal() => Err(Fault::Fatal(error.to_string())),
            // Signing stays off and says why; entries are accepted and sequenced all the same.
            Err(_) => Ok(()),
        }
    }
}

fn why(signing: &Signing) -> String {
    match signing {
        Signing::On => String::new(),
        Signing::Unconfirmed => "the witnesses have not been asked yet".to_owned(),
        Signing::Restored { answered, needed } => {
            format!(
                "the office was restored from a backup: {answered} of {needed} outside offices have answered"
            )
        }
        Signing::Stopped(stop) => stop.to_string(),
    }
}

fn fault(is_fatal: bool, error: &dyn std::fmt::Display) -> Fault {
    if is_fatal {
        Fault::Fatal(error.to_string())
    } else {
        Fault::Failed(error.to_string())
    }
}
