//! The public circle: what the office itself has signed, under the names and keys that its record has had.

use std::collections::BTreeMap;

use record::canonical::Value;
use record::encoding::base64_array;
use record::entry::Envelope;
use record::ids::{CircleId, MemberId, Origin};
use record::signature::VerifyingKey;

use super::house::House;
use super::{Check, Dates, follow};
use crate::Office;
use crate::fault::Fault;
use crate::reading::Read;
use crate::reconciling;

/// Who may sign for the office itself.
struct OfficeKeys {
    /// The log key under each name that the record has had, the present one and those that it continues.
    logs: BTreeMap<Origin, VerifyingKey>,
    publishers: Vec<VerifyingKey>,
}

impl Office {
    pub(super) fn check_public(&self, house: &House, check: &mut Check) -> Result<(), Fault> {
        let mut office = OfficeKeys {
            logs: self.log_keys()?,
            publishers: Vec::new(),
        };
        let (mut last, mut dates) = (None, Dates::default());
        self.rows_of(CircleId::PUBLIC, 0, |row| {
            let place = format!("public entry {}", row.seq);
            follow(&row, &mut last, check);
            match self.read_row(row, |_| None) {
                Ok(Read::Entry(opened)) => {
                    check.entries += 1;
                    let envelope = &opened.envelope;
                    let checked = if envelope.entry().by == MemberId::OFFICE {
                        office.check(envelope)
                    } else {
                        house.check_signer(envelope, opened.row.number)
                    };
                    if let Err(what) = checked.and(dates.check(envelope.entry().at)) {
                        check.find(place, what);
                    }
                }
                Ok(Read::Erased(_) | Read::Locked(_)) => {
                    check.find(place, "a public entry cannot be read");
                }
                Err(Fault::Damaged(what)) => check.find(place, what),
                Err(error) => return Err(error),
            }
            Ok(())
        })
    }

    /// The present log key, and from it backwards each that it vouches for: the newest `record.continued` under a name
    /// tells the name and key before it.
    fn log_keys(&self) -> Result<BTreeMap<Origin, VerifyingKey>, Fault> {
        let mut continued = Vec::new();
        self.rows_of(CircleId::PUBLIC, 0, |row| {
            // What is damaged is named when the entries are checked one by one.
            if let Ok(Read::Entry(opened)) = self.read_row(row, |_| None)
                && opened.envelope.entry().kind.as_str() == reconciling::KIND
            {
                continued.push(opened.envelope);
            }
            Ok(())
        })?;
        let mut keys = BTreeMap::from([(self.origin(), self.log_key().verifying_key())]);
        for envelope in continued.iter().rev() {
            let vouched = keys
                .get(&envelope.entry().office)
                .is_some_and(|key| envelope.verify(key).is_ok());
            if vouched && let Some((previous, key)) = reconciling::previous(envelope.entry()) {
                keys.entry(previous).or_insert(key);
            }
        }
        Ok(keys)
    }
}

impl OfficeKeys {
    fn check(&mut self, envelope: &Envelope) -> Result<(), String> {
        let entry = envelope.entry();
        match entry.kind.as_str() {
            "publisher.admitted" => {
                self.check_log(envelope)?;
                let key = match entry.body.get("key") {
                    Some(Value::Text(text)) => base64_array::<32>(text).ok(),
                    _ => None,
                };
                let key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok());
                self.publishers.push(key.ok_or("it admits no key")?);
                Ok(())
            }
            reconciling::KIND => self.check_log(envelope),
            _ if self
                .publishers
                .iter()
                .any(|key| envelope.verify(key).is_ok()) =>
            {
                Ok(())
            }
            _ => Err("it is signed by no admitted publisher".to_owned()),
        }
    }

    fn check_log(&self, envelope: &Envelope) -> Result<(), String> {
        let origin = &envelope.entry().office;
        let key = self.logs.get(origin).ok_or_else(|| {
            format!("it is of {origin}, a name that this record does not continue")
        })?;
        envelope.verify(key).map_err(|error| error.to_string())
    }
}
