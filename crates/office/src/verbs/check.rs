//! `fsck`: everything that can be derived is derived again and compared; all that is found is told, with its place.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::checkpoint::log_vkey;
use record::ids::{CircleId, MemberId, Origin};
use record::note::{KeyKind, Vkey};
use record::signature::VerifyingKey;
use register::fsck::Expectation;
use register::journal::Journal;
use store::ledger::{EntryRow, Lock};

use crate::Office;
use crate::fault::Fault;
use crate::reading::{KeyRef, Opened, Read};
use crate::roster::Roster;
use crate::session::Session;

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

/// Who may sign for the office itself, in the public circle.
struct OfficeKeys {
    origin: Origin,
    log: VerifyingKey,
    publishers: Vec<VerifyingKey>,
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
            self.check_entries(sessions)?
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
    pub fn check_entries(&self, sessions: &[&Session]) -> Result<Check, Fault> {
        let mut check = Check::default();
        let roster = self.check_house(&mut check)?;
        for circle in self.ledger().circles().map_err(Fault::of_ledger)? {
            if circle != CircleId::HOUSE {
                self.check_circle(circle, &roster, sessions, &mut check)?;
            }
        }
        Ok(check)
    }

    /// The house circle from its first entry, not as this process remembers it.
    fn check_house(&self, check: &mut Check) -> Result<Roster, Fault> {
        let mut roster = Roster::default();
        let house = self.house_lock();
        let mut last = None;
        self.rows_of(CircleId::HOUSE, 0, |row| {
            let place = format!("house entry {}", row.seq);
            follow(&row, &mut last, check);
            match self.read_row(row, |lock| {
                (lock == Lock::House).then(|| Arc::clone(&house))
            }) {
                Ok(Read::Entry(opened)) => {
                    check.entries += 1;
                    if let Err(error) = roster.apply(&opened.envelope, opened.row.commitment) {
                        check.find(place, error);
                    }
                }
                Ok(Read::Erased(_)) => check.find(place, "an entry of the house was erased"),
                Ok(Read::Locked(_)) => {
                    check.find(place, "an entry of the house is under another key")
                }
                Err(Fault::Damaged(what)) => check.find(place, what),
                Err(error) => return Err(error),
            }
            Ok(())
        })?;
        Ok(roster)
    }

    fn check_circle(
        &self,
        circle: CircleId,
        roster: &Roster,
        sessions: &[&Session],
        check: &mut Check,
    ) -> Result<(), Fault> {
        if circle != CircleId::PUBLIC
            && let Err(Fault::Damaged(what)) = self.fold_anew(circle)
        {
            check.find(format!("circle {circle}"), what);
        }
        let keys = self.keys_within_reach(circle, sessions);
        let mut office = OfficeKeys {
            origin: self.origin(),
            log: self.log_key().verifying_key(),
            publishers: Vec::new(),
        };
        let mut last = None;
        self.rows_of(circle, 0, |row| {
            let place = format!("entry {} of circle {circle}", row.seq);
            follow(&row, &mut last, check);
            match self.read_row(row, |lock| keys.get(&lock_number(lock)).cloned()) {
                Ok(Read::Entry(opened)) => {
                    check.entries += 1;
                    if let Err(what) = check_signer(&opened, roster, &mut office) {
                        check.find(place, what);
                    }
                }
                Ok(Read::Erased(_)) => check.erased += 1,
                Ok(Read::Locked(_)) => check.locked += 1,
                Err(Fault::Damaged(what)) => check.find(place, what),
                Err(error) => return Err(error),
            }
            Ok(())
        })
    }

    fn keys_within_reach(&self, circle: CircleId, sessions: &[&Session]) -> BTreeMap<i64, KeyRef> {
        let mut keys = BTreeMap::from([(0, self.house_lock())]);
        for session in sessions {
            let Ok(ring) = self.ring(session, circle) else {
                continue;
            };
            for epoch in 1..=ring.epoch {
                keys.extend(ring.lock(epoch).map(|lock| (epoch as i64, lock)));
            }
        }
        keys
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

fn lock_number(lock: Lock) -> i64 {
    match lock {
        Lock::Public => -1,
        Lock::House => 0,
        Lock::Epoch(epoch) => i64::from(epoch),
    }
}

fn check_signer(opened: &Opened, roster: &Roster, office: &mut OfficeKeys) -> Result<(), String> {
    let entry = opened.envelope.entry();
    if entry.by != MemberId::OFFICE {
        return roster
            .check_signature(&opened.envelope)
            .map(drop)
            .map_err(|error| error.to_string());
    }
    if opened.row.circle != CircleId::PUBLIC {
        return Err("the office itself signs nothing in a circle of members".to_owned());
    }
    if entry.kind.as_str() == "publisher.admitted" {
        let key = entry.body.get("key").and_then(|key| match key {
            record::canonical::Value::Text(text) => record::encoding::base64_array::<32>(text).ok(),
            _ => None,
        });
        office
            .publishers
            .extend(key.and_then(|key| VerifyingKey::from_bytes(&key).ok()));
        // After the record began anew, earlier admissions are signed by the key of that time, which is gone; the record holds them all the same.
        if entry.office != office.origin {
            return Ok(());
        }
        return opened
            .envelope
            .verify(&office.log)
            .map_err(|error| error.to_string());
    }
    let by_publisher = office
        .publishers
        .iter()
        .any(|key| opened.envelope.verify(key).is_ok());
    if by_publisher {
        Ok(())
    } else {
        Err("it is signed by no admitted publisher".to_owned())
    }
}
