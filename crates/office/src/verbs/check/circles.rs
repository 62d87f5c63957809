//! The circles of members: each chain from its founding, and every entry against the chain as it stood when the entry was accepted.
//!
//! Entries about membership are followed one by one. What stands between two of them is judged by the same chain, so it is opened and
//! its signatures are checked on all threads.

use std::collections::HashMap;

use record::entry::Timestamp;
use record::ids::{CircleId, MemberId};
use store::ledger::{EntryRow, Lock};
use vault::circle::Chain;

use super::house::House;
use super::{Check, Dates, follow};
use crate::Office;
use crate::circles::administrators;
use crate::fault::Fault;
use crate::reading::{KeyRef, Opened, Read};
use crate::session::Session;

/// A circle as it was at the entry that is looked at.
struct Then<'a> {
    house: &'a House,
    folded: Folded,
    dates: Dates,
}

/// With what the entries of a circle are opened.
struct Reach {
    keys: HashMap<Lock, KeyRef>,
    threads: usize,
}

/// How far a chain could be followed.
enum Folded {
    /// No entry was looked at yet.
    Nothing,
    /// Up to here.
    Chain(Box<Chain>),
    /// An entry broke the rules. Members' programs refuse everything from there on; here only signatures are still checked.
    Broken,
}

/// Entries that are checked beside each other at most: some megabytes.
const RUN_ROWS_MAX: usize = 2048;

/// What an entry came to that was checked by itself.
enum Said {
    Entry(Timestamp),
    Erased,
    Locked,
}

impl Office {
    pub(super) fn check_circle(
        &self,
        circle: CircleId,
        house: &House,
        (sessions, threads): (&[&Session], usize),
        check: &mut Check,
    ) -> Result<(), Fault> {
        let reach = Reach {
            keys: self.keys_within_reach(circle, sessions),
            threads,
        };
        let mut then = Then {
            house,
            folded: Folded::Nothing,
            dates: Dates::default(),
        };
        let (mut last, mut run) = (None, Vec::new());
        self.rows_of(circle, 0, |row| {
            follow(&row, &mut last, check);
            if row.lock != Lock::House {
                run.push(row);
                if run.len() < RUN_ROWS_MAX {
                    return Ok(());
                }
                return self.check_run(std::mem::take(&mut run), &mut then, &reach, check);
            }
            self.check_run(std::mem::take(&mut run), &mut then, &reach, check)?;
            let checked = self.check_membership(&row, &mut then, check);
            named(checked, circle, row.seq, check)
        })?;
        self.check_run(run, &mut then, &reach, check)
    }

    /// Entries between which the chain does not change.
    fn check_run(
        &self,
        run: Vec<EntryRow>,
        then: &mut Then<'_>,
        reach: &Reach,
        check: &mut Check,
    ) -> Result<(), Fault> {
        for (circle, seq, said) in self.check_beside(run, then, reach) {
            let checked = said.and_then(|said| match said {
                Said::Entry(at) => {
                    check.entries += 1;
                    then.dates.check(at).map_err(Fault::Damaged)
                }
                Said::Erased => {
                    check.erased += 1;
                    Ok(())
                }
                Said::Locked => {
                    check.locked += 1;
                    Ok(())
                }
            });
            named(checked, circle, seq, check)?;
        }
        Ok(())
    }

    /// Each entry by itself, on all threads; the answers are in the entries' order.
    fn check_beside(
        &self,
        run: Vec<EntryRow>,
        then: &Then<'_>,
        reach: &Reach,
    ) -> Vec<(CircleId, u64, Result<Said, Fault>)> {
        let share = run.len().div_ceil(reach.threads.max(1)).max(1);
        let mut shares: Vec<Vec<EntryRow>> = Vec::new();
        let mut rest = run.into_iter().peekable();
        while rest.peek().is_some() {
            shares.push(rest.by_ref().take(share).collect());
        }
        let work = |rows: Vec<EntryRow>| -> Vec<_> {
            rows.into_iter()
                .map(|row| {
                    (
                        row.circle,
                        row.seq,
                        self.check_saying(row, then, &reach.keys),
                    )
                })
                .collect()
        };
        std::thread::scope(|scope| {
            let mut shares = shares.into_iter();
            let first = shares.next();
            let others: Vec<_> = shares.map(|rows| scope.spawn(|| work(rows))).collect();
            let mut answers = first.map(work).unwrap_or_default();
            for other in others {
                answers.extend(
                    other
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                );
            }
            answers
        })
    }

    /// An entry about membership: opened with the house key, signed by whom the chain before it entitles.
    fn check_membership(
        &self,
        row: &EntryRow,
        then: &mut Then<'_>,
        check: &mut Check,
    ) -> Result<(), Fault> {
        check.entries += 1;
        let was = std::mem::replace(&mut then.folded, Folded::Broken);
        let placed = self.membership_entry(row)?;
        let next = match was {
            Folded::Nothing => Chain::found(&self.home, row.circle, &placed).map(Box::new),
            Folded::Chain(mut chain) => chain
                .apply(
                    &administrators(&then.house.roster, placed.envelope()),
                    &placed,
                )
                .map(|()| chain),
            Folded::Broken => return Ok(()),
        };
        then.folded = Folded::Chain(next.map_err(Fault::damaged)?);
        then.house
            .check_signer(placed.envelope(), row.number)
            .and_then(|()| then.dates.check(placed.envelope().entry().at))
            .map_err(Fault::Damaged)
    }

    /// Any other entry: under the epoch of its time, and signed by somebody who was a member then, with the key of then.
    fn check_saying(
        &self,
        row: EntryRow,
        then: &Then<'_>,
        keys: &HashMap<Lock, KeyRef>,
    ) -> Result<Said, Fault> {
        let chain = match &then.folded {
            Folded::Chain(chain) => Some(&**chain),
            Folded::Nothing => {
                return Err(Fault::damaged("it stands before the circle's founding"));
            }
            Folded::Broken => None,
        };
        chain.map_or(Ok(()), |chain| check_epoch(chain, row.lock))?;
        match self.read_row(row, |lock| keys.get(&lock).cloned())? {
            Read::Entry(opened) => {
                check_member(&opened, then.house, chain).map_err(Fault::Damaged)?;
                Ok(Said::Entry(opened.envelope.entry().at))
            }
            Read::Erased(_) => Ok(Said::Erased),
            Read::Locked(_) => Ok(Said::Locked),
        }
    }

    fn keys_within_reach(&self, circle: CircleId, sessions: &[&Session]) -> HashMap<Lock, KeyRef> {
        let mut keys = HashMap::new();
        for session in sessions {
            let Ok(ring) = self.ring(session, circle) else {
                continue;
            };
            for epoch in (1..=ring.epoch).filter_map(|epoch| u32::try_from(epoch).ok()) {
                let lock = ring.lock(u64::from(epoch));
                keys.extend(lock.map(|lock| (Lock::Epoch(epoch), lock)));
            }
        }
        keys
    }
}

/// Damage is a finding; any other fault ends the check.
fn named(
    checked: Result<(), Fault>,
    circle: CircleId,
    seq: u64,
    check: &mut Check,
) -> Result<(), Fault> {
    match checked {
        Err(Fault::Damaged(what)) => {
            check.find(format!("entry {seq} of circle {circle}"), what);
            Ok(())
        }
        other => other,
    }
}

/// Whoever left knows the secrets of their time; so nothing is taken under an epoch that is over, or that somebody has left.
fn check_epoch(chain: &Chain, lock: Lock) -> Result<(), Fault> {
    let current = chain.current_epoch();
    if lock != Lock::Epoch(u32::try_from(current).unwrap_or(u32::MAX)) {
        return Err(Fault::Damaged(format!(
            "it is not under epoch {current}, which was the circle's when it was accepted"
        )));
    }
    if chain.rotation_due() {
        return Err(Fault::damaged(
            "it was entered after somebody had left, and before the circle's key was renewed",
        ));
    }
    Ok(())
}

fn check_member(opened: &Opened, house: &House, chain: Option<&Chain>) -> Result<(), String> {
    let entry = opened.envelope.entry();
    if entry.by == MemberId::OFFICE {
        return Err("the office itself signs nothing in a circle of members".to_owned());
    }
    house.check_signer(&opened.envelope, opened.row.number)?;
    let Some(chain) = chain else { return Ok(()) };
    let member = chain
        .member(entry.by)
        .ok_or("its signer was no member of the circle when it was accepted")?;
    if opened.envelope.signers().next() == Some(member.sign_key.key_id()) {
        Ok(())
    } else {
        Err("it is signed with another key than its member had in the circle".to_owned())
    }
}
