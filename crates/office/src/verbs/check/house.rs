//! The house circle, from its first entry, not as this process remembers it; and from when until when each key was good.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::entry::Envelope;
use record::ids::{CircleId, KeyId, MemberId};
use record::signature::key_id;
use store::ledger::Lock;

use super::{Check, Dates, follow};
use crate::Office;
use crate::fault::Fault;
use crate::reading::Read;
use crate::roster::{HouseAct, Roster};

/// What the house circle says about who may sign, derived anew.
#[derive(Default)]
pub(super) struct House {
    pub(super) roster: Roster,
    tenures: BTreeMap<KeyId, Tenure>,
}

/// From when until when a key was its member's, in numbers of the ledger: the order in which the office accepted entries,
/// which the record bears out to within one batch (`store` checks that).
struct Tenure {
    member: MemberId,
    from: u64,
    until: Option<u64>,
}

impl House {
    /// Checks that the entry with this number is signed by its member, with a key that was theirs when it was accepted.
    pub(super) fn check_signer(&self, envelope: &Envelope, number: u64) -> Result<(), String> {
        self.roster
            .check_signature(envelope)
            .map_err(|error| error.to_string())?;
        let tenure = envelope
            .signers()
            .next()
            .and_then(|key| self.tenures.get(&key))
            .ok_or("it is signed with a key that no entry of the house admits")?;
        if number <= tenure.from {
            return Err("it is signed with a key that was admitted only later".to_owned());
        }
        if tenure.until.is_some_and(|until| until <= number) {
            return Err("it is signed with a key that had been revoked or replaced".to_owned());
        }
        Ok(())
    }

    /// Applies an entry of the house, and notes which keys are good from here on and which no longer.
    fn apply(
        &mut self,
        envelope: &Envelope,
        commitment: record::hash::Hash,
        number: u64,
    ) -> Result<(), String> {
        self.roster
            .apply(envelope, commitment)
            .map_err(|error| error.to_string())?;
        let entry = envelope.entry();
        match HouseAct::read(entry.kind.as_str(), entry.body.clone()) {
            Ok(
                HouseAct::Founded {
                    founder: admission, ..
                }
                | HouseAct::Admitted(admission),
            ) => {
                self.begin(admission.member, &admission.keys.sign, number);
            }
            Ok(HouseAct::Revoked { member, .. }) => self.end(member, number),
            Ok(HouseAct::RecoveryEnded { member }) => {
                self.end(member, number);
                let keys = self
                    .roster
                    .member(member)
                    .map(|member| member.admission.keys.sign);
                keys.iter()
                    .for_each(|sign| self.begin(member, sign, number));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, member: MemberId, sign: &[u8; 32], from: u64) {
        let tenure = Tenure {
            member,
            from,
            until: None,
        };
        self.tenures.insert(key_id(sign), tenure);
    }

    fn end(&mut self, member: MemberId, number: u64) {
        for tenure in self.tenures.values_mut() {
            if tenure.member == member {
                tenure.until.get_or_insert(number);
            }
        }
    }
}

impl Office {
    pub(super) fn check_house(&self, check: &mut Check) -> Result<House, Fault> {
        let mut house = House::default();
        let key = self.house_lock();
        let (mut last, mut dates) = (None, Dates::default());
        self.rows_of(CircleId::HOUSE, 0, |row| {
            let place = format!("house entry {}", row.seq);
            follow(&row, &mut last, check);
            match self.read_row(row, |lock| (lock == Lock::House).then(|| Arc::clone(&key))) {
                Ok(Read::Entry(opened)) => {
                    check.entries += 1;
                    let row = &opened.row;
                    let applied = house.apply(&opened.envelope, row.commitment, row.number);
                    let dated = dates.check(opened.envelope.entry().at);
                    if let Err(what) = applied.and(dated) {
                        check.find(place, what);
                    }
                }
                Ok(Read::Erased(_)) => check.find(place, "an entry of the house was erased"),
                Ok(Read::Locked(_)) => {
                    check.find(place, "an entry of the house is under another key");
                }
                Err(Fault::Damaged(what)) => check.find(place, what),
                Err(error) => return Err(error),
            }
            Ok(())
        })?;
        Ok(house)
    }
}
