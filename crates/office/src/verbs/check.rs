//! `fsck`: everything that can be derived is derived again and compared; all that is found is told, with its place.

use record::checkpoint::log_vkey;
use record::ids::CircleId;
use record::note::{KeyKind, Vkey};
use register::fsck::Expectation;
use register::journal::Journal;
use store::ledger::EntryRow;

use crate::Office;
use crate::fault::Fault;
use crate::session::Session;

mod circles;
mod house;
mod public;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Where: an entry, a tile, an object.
    pub place: String,
    /// What is wrong there.
    pub what: String,
}

/// What a check looked at and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Entries whose signature, place and commitment were checked.
    pub entries: u64,
    /// Entries that nobody signed in can open; their chain of commitments was checked, their signatures were not.
    pub locked: u64,
    /// Entries that were erased.
    pub erased: u64,
    /// Leaves of the record.
    pub leaves: u64,
    /// Stored objects.
    pub objects: u64,
    /// Files that nothing refers to, left by a crash; they do no harm.
    pub strays: Vec<String>,
    /// All that is wrong.
    pub findings: Vec<Finding>,
}

impl Check {
    fn find(&mut self, place: impl ToString, what: impl ToString) {
        self.findings.push(Finding {
            place: place.to_string(),
            what: what.to_string(),
        });
    }
}

impl Office {
    /// Derives the record, the ledger and the objects' digests again, on `threads` threads, and checks the entries.
    pub fn check(
        &self,
        sessions: &[&Session],
        with_entries: bool,
        threads: usize,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Check, Fault> {
        let mut check = if with_entries {
            self.check_entries(sessions, threads)?
        } else {
            Check::default()
        };
        let standing = self
            .ledger()
            .standing()
            .map_err(|error| Fault::Failed(error.to_string()))?;
        let standing = standing.ok_or_else(|| Fault::damaged("the ledger has no record"))?;
        let log = log_vkey(self.origin(), &self.log_key());
        let roster = self.roster()?;
        let witnesses: Vec<Vkey> = roster
            .witnesses()
            .filter_map(|witness| Vkey::parse(&witness.vkey, KeyKind::Witness).ok())
            .collect();
        let filler = self.house.filler_key();
        let expected = Expectation {
            standing: &standing,
            log: &log,
            witnesses: Some(&witnesses),
            filler_key: Some(filler.expose()),
        };
        let report = store::fsck::office(
            self.ledger(),
            &self.tiles,
            &*self.disk,
            &expected,
            threads,
            progress,
        );
        for finding in report.findings() {
            check.find(&finding.place, &finding.what);
        }
        check.leaves = report.record.leaves;
        check.objects = report.objects.count;
        check.strays = report.objects.strays;
        Ok(check)
    }

    /// Checks every entry that the house or one of the sessions can open: place, commitment, chain, signature, right to sign.
    /// Signatures are checked on `threads` threads.
    pub fn check_entries(&self, sessions: &[&Session], threads: usize) -> Result<Check, Fault> {
        let mut check = Check::default();
        let house = self.check_house(&mut check)?;
        for circle in self.ledger().circles().map_err(Fault::of_ledger)? {
            match circle {
                CircleId::HOUSE => {}
                CircleId::PUBLIC => self.check_public(&house, &mut check)?,
                _ => self.check_circle(circle, &house, (sessions, threads), &mut check)?,
            }
        }
        Ok(check)
    }
}

/// How far a clock may be set back before `fsck` speaks of it: more than that is a clock that was wrong, or an entry that was dated back.
const CLOCK_CORRECTION_SECONDS_MAX: u64 = 3600;

/// The dates of a circle's entries, in the order in which they were accepted.
#[derive(Default)]
struct Dates {
    latest: u64,
}

impl Dates {
    /// Whoever signs may write any date; but not one before what the circle had accepted already.
    fn check(&mut self, at: record::entry::Timestamp) -> Result<(), String> {
        let at = at.unix_seconds();
        let latest = self.latest;
        self.latest = latest.max(at);
        if at.saturating_add(CLOCK_CORRECTION_SECONDS_MAX) < latest {
            return Err("it is dated earlier than an entry that was accepted before it".to_owned());
        }
        Ok(())
    }
}

/// A circle's numbers and commitments must follow one another without a gap.
fn follow(row: &EntryRow, last: &mut Option<(u64, record::hash::Hash)>, check: &mut Check) {
    let (seq, prev) = last.map_or((0, record::hash::Hash::ZERO), |(seq, commitment)| {
        (seq + 1, commitment)
    });
    if row.seq != seq || row.prev != prev {
        check.find(
            format!("entry {} of circle {}", row.seq, row.circle),
            "it does not follow the entry before it",
        );
    }
    *last = Some((row.seq, row.commitment));
}
