//! The house circle: the roster that is folded from it, and the acts that are added to it.

use std::sync::{Arc, PoisonError};

use record::ids::CircleId;
use store::ledger::{CabinetChange, Lock};
use vault::house::CabinetName;
use vault::secret::SecretBytes;

use crate::Office;
use crate::entering::{Accepted, Pen, Saying, Together, Under};
use crate::fault::Fault;
use crate::reading::{KeyRef, Read};
use crate::roster::{HouseAct, Roster};

impl Office {
    /// The roster, as of the last entry of the house circle.
    pub fn roster(&self) -> Result<Roster, Fault> {
        self.catch_up_roster()?;
        Ok(self
            .roster
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone())
    }

    pub(crate) fn catch_up_roster(&self) -> Result<(), Fault> {
        let head = self
            .ledger()
            .head_of_circle(CircleId::HOUSE)
            .map_err(Fault::of_ledger)?;
        let is_current = |roster: &Roster| roster.head() == head.map(|head| head.commitment);
        if is_current(&self.roster.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(());
        }
        let mut roster = self.roster.write().unwrap_or_else(PoisonError::into_inner);
        let from = roster.applied();
        let lock = self.house_lock();
        self.rows_of(CircleId::HOUSE, from, |row| {
            match self.read_row(row, |kind| (kind == Lock::House).then(|| Arc::clone(&lock)))? {
                Read::Entry(opened) => roster
                    .apply(&opened.envelope, opened.row.commitment)
                    .map_err(|error| Fault::Damaged(format!("the house circle: {error}"))),
                Read::Erased(row) | Read::Locked(row) => Err(Fault::Damaged(format!(
                    "the house circle: entry {} cannot be read",
                    row.seq
                ))),
            }
        })
    }

    pub(crate) fn house_lock(&self) -> KeyRef {
        Arc::new(self.house.lock())
    }

    /// Adds an act to the house circle. `judge` sees the roster as it is; if the circle moves on before the entry is
    /// accepted, it is asked again.
    pub(crate) fn act(
        &self,
        pen: &Pen<'_>,
        mut judge: impl FnMut(&Roster) -> Result<(HouseAct, Vec<CabinetChange>), Fault>,
    ) -> Result<Accepted, Fault> {
        let accepted = self.enter_judged(
            |fault| fault,
            || {
                let roster = self.roster()?;
                let (act, cabinet) = judge(&roster)?;
                let head = roster.head();
                let saying = Saying::membership(CircleId::HOUSE, act.kind(), act.body(), head);
                Ok(Together {
                    said: vec![self.say(pen, &Under::Key(self.house_lock()), saying)?],
                    cabinet,
                    ..Together::default()
                })
            },
        );
        only(accepted?)
    }

    /// Opens a row of the cabinet.
    pub(crate) fn cabinet_get(&self, name: &str) -> Result<Option<SecretBytes>, Fault> {
        let name = self.house.cabinet_name(name);
        let Some(row) = self
            .ledger()
            .cabinet_get(name.as_bytes())
            .map_err(Fault::of_ledger)?
        else {
            return Ok(None);
        };
        self.house
            .open_row(&name, &row)
            .map(Some)
            .map_err(|error| Fault::Damaged(format!("the cabinet: {error}")))
    }

    /// A change to a row of the cabinet, to go with an entry.
    pub(crate) fn cabinet_put(&self, name: &str, body: &[u8]) -> CabinetChange {
        let name = self.house.cabinet_name(name);
        let body = self.house.seal_row(&name, body, &mut self.setting.dice());
        CabinetChange::Put {
            name: stored(&name),
            body,
        }
    }

    /// The deletion of a row of the cabinet, to go with an entry.
    pub(crate) fn cabinet_delete(&self, name: &str) -> CabinetChange {
        CabinetChange::Delete {
            name: stored(&self.house.cabinet_name(name)),
        }
    }

    /// Changes a row that belongs to no entry (a second factor, an upload under way).
    pub(crate) fn cabinet_change(&self, change: CabinetChange) -> Result<(), Fault> {
        match change {
            CabinetChange::Put { name, body } => self.ledger().cabinet_put(&name, &body),
            CabinetChange::Delete { name } => self.ledger().cabinet_delete(&name),
        }
        .map_err(Fault::of_ledger)
    }
}

pub(crate) fn only(accepted: Vec<Accepted>) -> Result<Accepted, Fault> {
    accepted
        .into_iter()
        .next()
        .ok_or_else(|| Fault::Failed("nothing was entered".to_owned()))
}

fn stored(name: &CabinetName) -> Vec<u8> {
    name.as_bytes().to_vec()
}

/// The names of the cabinet's rows.
pub(crate) mod row {
    use record::ids::{CircleId, MemberId};

    pub(crate) const LOG_KEY: &str = "log-key";
    /// The key of a record that begins anew, until it has begun.
    pub(crate) const NEXT_LOG_KEY: &str = "next-log-key";
    pub(crate) const PUBLISHER_KEY: &str = "publisher-key";

    /// A member's keys under their passphrase.
    pub(crate) fn keys(member: MemberId) -> String {
        format!("keys/{member}")
    }

    /// A member's keys under their printed recovery key.
    pub(crate) fn recovery(member: MemberId) -> String {
        format!("recovery/{member}")
    }

    /// The new keys of a member who is being recovered.
    pub(crate) fn new_keys(member: MemberId) -> String {
        format!("new-keys/{member}")
    }

    /// An epoch's secret, wrapped to a member.
    pub(crate) fn wrap(circle: CircleId, member: MemberId) -> String {
        format!("wrap/{circle}/{member}")
    }

    /// The state that acceptances of a circle rest on; it changes with every membership entry.
    pub(crate) fn circle(circle: CircleId) -> String {
        format!("circle/{circle}")
    }

    /// A member's second factor.
    pub(crate) fn factor(member: MemberId, name: &str) -> String {
        format!("factor/{member}/{name}")
    }
}
