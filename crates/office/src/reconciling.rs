//! A record that goes on under a new name and key, after a loss that nobody can rule out; and what ties it to what it was.
//!
//! The new record keeps all leaves. Its first public entries say whose record it continues ([`KIND`], signed with the new log key) and admit the
//! publisher again. So whoever trusts the new name can check what was bound to the name of the founding: warrants, and the
//! admissions of earlier years.

use std::sync::PoisonError;

use record::canonical::Fields;
use record::encoding::base64_text;
use record::entry::Entry;
use record::ids::{CircleId, MemberId, Origin};
use record::map;
use record::signature::{SigningKey, VerifyingKey};
use register::AcceptLoss;
use store::tiles::RegisterLock;

use crate::Office;
use crate::entering::{Pen, Saying, Together, Under};
use crate::fault::Fault;
use crate::house::row;
use crate::reading::Read;

/// The kind of the entry by which a record says what it continues.
pub(crate) const KIND: &str = vault::warrant::CONTINUED_KIND;

/// The name and key before, as such an entry tells them.
pub(crate) fn previous(entry: &Entry) -> Option<(Origin, VerifyingKey)> {
    let mut fields = Fields::new(entry.body.clone());
    let origin = fields.parsed("previous").ok()?;
    let key = fields.base64::<32>("previous_key").ok()?;
    Some((origin, VerifyingKey::from_bytes(&key).ok()?))
}

impl Office {
    /// Lets the record go on under a new name and key after a loss that nobody can rule out. Everybody sees that it did.
    pub fn reconcile_accepting_loss(&self) -> Result<Origin, Fault> {
        let lock = RegisterLock::take(&*self.disk)
            .map_err(Fault::of_disk)?
            .ok_or(Fault::Busy)?;
        let mut dice = self.setting.dice();
        let key = SigningKey::from_seed(&dice.bytes());
        let digits = hex::encode(dice.bytes::<16>());
        let origin = Origin::new(format!("mahzar.invalid/{digits}"))
            .map_err(|error| Fault::Failed(error.to_string()))?;
        // The key first: a record whose key is lost could never be signed again. An unused key does no harm.
        let sealed = self.house.wrap_log_key(&key, &mut dice);
        self.cabinet_change(self.cabinet_put(row::NEXT_LOG_KEY, &sealed))?;
        let shelf = self.tiles.clone().publisher(lock);
        register::begin_anew(&*self.ledger, &shelf, origin.clone(), &key, AcceptLoss)
            .map_err(|error| Fault::Failed(error.to_string()))?;
        *self.log_key.write().unwrap_or_else(PoisonError::into_inner) = key;
        *self.origin.write().unwrap_or_else(PoisonError::into_inner) = origin.clone();
        self.finish_reconciling()?;
        Ok(origin)
    }

    /// Says whose record this continues, once it does; does nothing otherwise. Every start asks, for a crash may have come between.
    pub(crate) fn finish_reconciling(&self) -> Result<(), Fault> {
        let Some(old) = self.cabinet_get(row::LOG_KEY)? else {
            return Err(Fault::damaged("the log key is missing"));
        };
        let old = self
            .house
            .unwrap_log_key(old.expose())
            .map_err(|_| Fault::damaged("the log key does not open"))?;
        let new = self.log_key();
        if old.verifying_key() == new.verifying_key() {
            return Ok(());
        }
        let previous = self.last_public_origin()?;
        let mut cabinet = vec![self.cabinet_put(
            row::LOG_KEY,
            &self.house.wrap_log_key(&new, &mut self.setting.dice()),
        )];
        cabinet.push(self.cabinet_delete(row::NEXT_LOG_KEY));
        let body = map! {
            "founded" => self.home.as_str(),
            "previous" => previous.as_str(),
            "previous_key" => base64_text(old.verifying_key().as_bytes()),
        };
        let pen = Pen {
            by: MemberId::OFFICE,
            key: &new,
        };
        let continued = Saying::plain(CircleId::PUBLIC, KIND, body, self.public_head()?);
        let said = vec![
            self.say(&pen, &Under::Public, continued)?,
            self.say(&pen, &Under::Public, self.publisher_admission()?)?,
        ];
        self.enter(Together {
            said,
            cabinet,
            ..Together::default()
        })
        .map(drop)
    }

    /// The name under which the last public entry was signed.
    fn last_public_origin(&self) -> Result<Origin, Fault> {
        let mut last = self.home.clone();
        self.rows_of(CircleId::PUBLIC, 0, |row| {
            if let Read::Entry(opened) = self.read_row(row, |_| None)? {
                last = opened.envelope.entry().office.clone();
            }
            Ok(())
        })?;
        Ok(last)
    }

    pub(crate) fn public_head(&self) -> Result<Option<record::hash::Hash>, Fault> {
        let head = self
            .ledger()
            .head_of_circle(CircleId::PUBLIC)
            .map_err(Fault::of_ledger)?;
        Ok(head.map(|head| head.commitment))
    }
}
