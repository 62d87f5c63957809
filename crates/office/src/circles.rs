//! Circles: the chains of membership as this process knows them, and what a verb needs in order to change one.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use record::commitment::Place;
use record::entry::Envelope;
use record::ids::{CircleId, KeyId, MemberId};
use record::signature::VerifyingKey;
use store::ledger::{CabinetChange, EntryRow, Guard, Lock};
use vault::circle::{Act, Chain, Placed};
use vault::entry_lock::EntryPlace;

use crate::Office;
use crate::entering::{Accepted, Pen, Saying, Together, Under};
use crate::fault::Fault;
use crate::house::{TRIES_MAX, only, row};
use crate::roster::{Duty, Roster, Standing};

/// A circle as folded from its membership entries.
#[derive(Clone, Debug)]
pub struct CircleState {
    /// The chain.
    pub chain: Arc<Chain>,
    /// The sequence number after the last entry that was looked at.
    pub(crate) next_seq: u64,
}

/// A change to a circle, and the rows that change with it.
pub(crate) struct Change {
    pub(crate) act: Act,
    pub(crate) cabinet: Vec<CabinetChange>,
}

impl Office {
    /// The circle as of its last entry; refused if there is none.
    pub(crate) fn circle(&self, circle: CircleId) -> Result<CircleState, Fault> {
        let head = self
            .ledger()
            .head_of_circle(circle)
            .map_err(Fault::of_ledger)?
            .ok_or(Fault::Refused)?;
        let known = self
            .circles
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&circle)
            .cloned();
        if let Some(known) = &known
            && known.next_seq > head.seq
        {
            return Ok(known.clone());
        }
        let caught_up = self.catch_up_circle(circle, known)?;
        let mut circles = self.circles.write().unwrap_or_else(PoisonError::into_inner);
        circles.insert(circle, caught_up.clone());
        Ok(caught_up)
    }

    /// All circles, but for the house and the public one.
    pub(crate) fn all_circles(&self) -> Result<Vec<CircleId>, Fault> {
        let circles = self.ledger().circles().map_err(Fault::of_ledger)?;
        Ok(circles
            .into_iter()
            .filter(|circle| *circle != CircleId::HOUSE && *circle != CircleId::PUBLIC)
            .collect())
    }

    fn catch_up_circle(
        &self,
        circle: CircleId,
        known: Option<CircleState>,
    ) -> Result<CircleState, Fault> {
        let roster = self.roster()?;
        let (mut chain, mut next_seq) = known.map_or((None, 0), |known| {
            (Some((*known.chain).clone()), known.next_seq)
        });
        self.rows_of(circle, next_seq, |row| {
            next_seq = row.seq + 1;
            if row.lock != Lock::House {
                return Ok(());
            }
            let placed = self.membership_entry(&row)?;
            let refused = |error: vault::circle::ChainError| {
                Fault::Damaged(format!("circle {circle}: {error}"))
            };
            match &mut chain {
                None => chain = Some(Chain::found(&self.home, circle, &placed).map_err(refused)?),
                Some(chain) => chain
                    .apply(&administrators(&roster, placed.envelope()), &placed)
                    .map_err(refused)?,
            }
            Ok(())
        })?;
        let chain =
            chain.ok_or_else(|| Fault::Damaged(format!("circle {circle} has no founding")))?;
        Ok(CircleState {
            chain: Arc::new(chain),
            next_seq,
        })
    }

    pub(crate) fn membership_entry(&self, row: &EntryRow) -> Result<Placed, Fault> {
        let damaged = |what: &dyn std::fmt::Display| {
            Fault::Damaged(format!(
                "membership entry {} of circle {}: {what}",
                row.seq, row.circle
            ))
        };
        let sealed = row
            .sealed
            .as_ref()
            .ok_or_else(|| damaged(&"it was erased"))?;
        let wrap = self
            .ledger()
            .wrap(row.circle, row.seq)
            .map_err(Fault::of_ledger)?;
        let wrap = wrap.ok_or_else(|| damaged(&"its key is missing"))?;
        let place = EntryPlace {
            office: self.home.clone(),
            circle: row.circle,
            seq: row.seq,
            id: row.id,
        };
        let key = self
            .house
            .lock()
            .unwrap(&wrap, &place)
            .map_err(|error| damaged(&error))?;
        let open = vault::entry_lock::OpenEntry::open(sealed, &place, &key)
            .map_err(|error| damaged(&error))?;
        let place = Place {
            circle: row.circle,
            seq: row.seq,
            prev: row.prev,
        };
        let placed = Placed::new(&open, place).map_err(|error| damaged(&error))?;
        if placed.commitment() != row.commitment || placed.envelope().entry().id != row.id {
            return Err(damaged(&"it is not what was committed to"));
        }
        Ok(placed)
    }

    /// What an acceptance that rests on the circle's membership must find unchanged.
    pub(crate) fn circle_guard(&self, circle: CircleId) -> Result<Guard, Fault> {
        let name = self.house.cabinet_name(&row::circle(circle));
        let body = self
            .ledger()
            .cabinet_get(name.as_bytes())
            .map_err(Fault::of_ledger)?;
        Ok(Guard::Cabinet {
            name: name.as_bytes().to_vec(),
            body,
        })
    }

    /// What an act that rests on the roster must find unchanged.
    pub(crate) fn house_guard(&self) -> Result<Guard, Fault> {
        let circle = CircleId::HOUSE;
        let head = self
            .ledger()
            .head_of_circle(circle)
            .map_err(Fault::of_ledger)?;
        Ok(Guard::Head { circle, head })
    }

    /// Marks that the circle's membership has changed, for those whose judgement rests on it.
    pub(crate) fn circle_changed(&self, circle: CircleId) -> CabinetChange {
        self.cabinet_put(&row::circle(circle), &self.setting.dice().bytes::<16>())
    }

    /// Changes a circle's membership. `judge` sees the chain as it is; if the circle moves on before the entry is accepted, it is asked again.
    pub(crate) fn change_circle(
        &self,
        pen: &Pen<'_>,
        circle: CircleId,
        mut judge: impl FnMut(&Chain) -> Result<Change, Fault>,
    ) -> Result<Accepted, Fault> {
        for _ in 0..TRIES_MAX {
            // Read before roster and chain: whatever changes the membership of office or circle from here on changes these.
            let guards = vec![self.house_guard()?, self.circle_guard(circle)?];
            self.check_pen(pen)?;
            let head = self
                .ledger()
                .head_of_circle(circle)
                .map_err(Fault::of_ledger)?
                .ok_or(Fault::Refused)?;
            let state = self.circle(circle)?;
            if state.next_seq != head.seq + 1 {
                continue;
            }
            let change = judge(&state.chain)?;
            let stand = Stand {
                chain: &state.chain,
                head: head.commitment,
                guards,
            };
            match self.enter_change(pen, circle, stand, change) {
                Err(Fault::Moved) => continue,
                other => return only(other?),
            }
        }
        Err(Fault::Moved)
    }

    /// An entry that the chain refuses must never be accepted: nobody could fold the circle any more. The last question
    /// is the chain's own, since a permission may be older than the chain that it is used on.
    fn enter_change(
        &self,
        pen: &Pen<'_>,
        circle: CircleId,
        stand: Stand<'_>,
        change: Change,
    ) -> Result<Vec<Accepted>, Fault> {
        let mut cabinet = change.cabinet;
        cabinet.push(self.circle_changed(circle));
        let act = change.act;
        let saying = Saying::membership(circle, kind_of(&act), act.to_body(), Some(stand.head));
        let said = self.say(pen, &Under::Key(self.house_lock()), saying)?;
        let administrators = administrators(&self.roster()?, said.envelope());
        stand
            .chain
            .check_act(&act, said.envelope(), &administrators)
            .map_err(|_| Fault::Refused)?;
        self.enter(Together {
            said: vec![said],
            cabinet,
            guards: stand.guards,
            ..Together::default()
        })
    }

    /// Who acts is a present member of the office, with the key that they have now.
    fn check_pen(&self, pen: &Pen<'_>) -> Result<(), Fault> {
        let roster = self.roster()?;
        let member = roster.member(pen.by).ok_or(Fault::Refused)?;
        let same_key = member.admission.keys.sign == *pen.key.verifying_key().as_bytes();
        if member.standing == Standing::Revoked || !same_key {
            return Err(Fault::Refused);
        }
        Ok(())
    }
}

/// The circle as a change found it.
struct Stand<'a> {
    chain: &'a Chain,
    head: record::hash::Hash,
    guards: Vec<Guard>,
}

pub(crate) fn kind_of(act: &Act) -> &'static str {
    match act {
        Act::Created(_) => "circle.created",
        Act::MemberAdded(_) => "circle.member_added",
        Act::MemberRemoved { .. } => "circle.member_removed",
        Act::EpochMade(_) => "circle.epoch_made",
    }
}

/// The signer of this entry, if the house circle ever knew them as administrator with this key.
pub(crate) fn administrators(
    roster: &Roster,
    envelope: &Envelope,
) -> BTreeMap<MemberId, VerifyingKey> {
    let by = envelope.entry().by;
    let signer: Option<KeyId> = envelope.signers().next();
    let key = signer
        .and_then(|signer| roster.key(signer))
        .filter(|(owner, _)| *owner == by);
    let is_administrator = roster
        .member(by)
        .is_some_and(|member| member.admission.duty == Duty::Administrator);
    match key.and_then(|(_, key)| VerifyingKey::from_bytes(&key).ok()) {
        Some(key) if is_administrator => BTreeMap::from([(by, key)]),
        _ => BTreeMap::new(),
    }
}
