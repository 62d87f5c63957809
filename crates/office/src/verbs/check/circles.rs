//! The circles of members: each chain from its founding, and every entry against the chain as it stood when the entry was accepted.

use std::collections::HashMap;

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

/// How far a chain could be followed.
enum Folded {
    /// No entry was looked at yet.
    Nothing,
    /// Up to here.
    Chain(Box<Chain>),
    /// An entry broke the rules. Members' programs refuse everything from there on; here only signatures are still checked.
    Broken,
}

impl Office {
    pub(super) fn check_circle(
        &self,
        circle: CircleId,
        house: &House,
        sessions: &[&Session],
        check: &mut Check,
    ) -> Result<(), Fault> {
        let keys = self.keys_within_reach(circle, sessions);
        let mut then = Then {
            house,
            folded: Folded::Nothing,
            dates: Dates::default(),
        };
        let mut last = None;
        self.rows_of(circle, 0, |row| {
            let place = format!("entry {} of circle {circle}", row.seq);
            follow(&row, &mut last, check);
            let checked = if row.lock == Lock::House {
                self.check_membership(&row, &mut then, check)
            } else {
                self.check_saying(row, &mut then, &keys, check)
            };
            match checked {
                Ok(()) => Ok(()),
                Err(Fault::Damaged(what)) => {
                    check.find(place, what);
                    Ok(())
                }
                Err(error) => Err(error),
            }
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
        then: &mut Then<'_>,
        keys: &HashMap<Lock, KeyRef>,
        check: &mut Check,
    ) -> Result<(), Fault> {
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
                check.entries += 1;
                check_member(&opened, then.house, chain)
                    .and_then(|()| then.dates.check(opened.envelope.entry().at))
                    .map_err(Fault::Damaged)?;
            }
            Read::Erased(_) => check.erased += 1,
            Read::Locked(_) => check.locked += 1,
        }
        Ok(())
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
