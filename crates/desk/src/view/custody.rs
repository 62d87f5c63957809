//! Custody (the life of an original, in PREMIS's terms) and accesses (viewings of copies): two lists, never mixed.

use std::fmt;
use std::str::FromStr;

use record::entry::Timestamp;
use record::hash::Hash;
use record::ids::MemberId;
use rusqlite::Row;

use super::query::{Bytes, Count, Parsed};
use super::{QueryError, View};
use crate::ids::ItemId;
use crate::kinds::{Checked, Erased, Mode, Outcome, Published, Received};

/// An event type of the vocabulary that the Library of Congress keeps for PREMIS (preservation/eventType).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PremisEvent {
    /// The material came into the office's custody.
    Ingestion,
    /// Its digest was computed.
    MessageDigestCalculation,
    /// It was encrypted for its circle.
    Encryption,
    /// The bytes were read again and compared with the digest.
    FixityCheck,
    /// It went out in a publication.
    Dissemination,
    /// Its content was destroyed.
    Deletion,
}

/// One event in the life of an original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustodyEvent {
    /// The entry that says so, by its number in the circle.
    pub seq: u64,
    /// What happened.
    pub event: PremisEvent,
    /// The particulars: the program for an ingestion, `sha256:…` for a digest, the format for an encryption, the outcome of a
    /// check, the publication's id, the reason of a deletion.
    pub detail: String,
    /// When, by the clock of whoever did it.
    pub at: Timestamp,
    /// Who did it.
    pub by: MemberId,
    /// The commitment of the entry.
    pub commitment: Hash,
}

/// One viewing of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The entry that says so, by its number in the circle.
    pub seq: u64,
    /// Who.
    pub by: MemberId,
    /// When, by their clock.
    pub at: Timestamp,
    /// What for, in their words.
    pub purpose: String,
    /// How the copy left the vault.
    pub mode: Mode,
    /// The commitment of the entry.
    pub commitment: Hash,
}

pub(super) fn of_received(received: &Received) -> [(PremisEvent, String); 3] {
    [
        (PremisEvent::Ingestion, received.tool.clone()),
        (
            PremisEvent::MessageDigestCalculation,
            format!("sha256:{}", received.sha256),
        ),
        (PremisEvent::Encryption, "age-encryption.org/v1".to_owned()),
    ]
}

pub(super) fn of_published(published: &Published) -> (PremisEvent, String) {
    (
        PremisEvent::Dissemination,
        published.publication.to_string(),
    )
}

pub(super) fn of_checked(checked: &Checked) -> (PremisEvent, String) {
    (PremisEvent::FixityCheck, checked.outcome.to_string())
}

pub(super) fn of_erased(erased: &Erased) -> (PremisEvent, String) {
    (PremisEvent::Deletion, erased.reason.clone())
}

impl CustodyEvent {
    /// What a fixity check found; `None` for any other event.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self.event {
            PremisEvent::FixityCheck => self.detail.parse().ok(),
            _ => None,
        }
    }
}

impl View {
    /// The events in the life of an item, in order. Of an erased item, those that the remaining entries tell.
    pub fn custody(&self, item: ItemId) -> Result<Vec<CustodyEvent>, QueryError> {
        const SELECT_CUSTODY: &str = "SELECT seq, event, detail, at, by, commitment FROM custody WHERE item = ?1 ORDER BY seq, step";
        self.list(SELECT_CUSTODY, item, custody_event)
            .map_err(|error| QueryError::from_sql("list the custody of an item", error))
    }

    /// The viewings of an item's copies, in order.
    pub fn accesses(&self, item: ItemId) -> Result<Vec<Access>, QueryError> {
        const SELECT_ACCESSES: &str = "SELECT seq, by, at, purpose, mode, commitment FROM accesses WHERE item = ?1 ORDER BY seq";
        self.list(SELECT_ACCESSES, item, access)
            .map_err(|error| QueryError::from_sql("list the accesses to an item", error))
    }

    /// How many copies each member opened since a moment, most first.
    pub fn openings_since(&self, since: Timestamp) -> Result<Vec<(MemberId, u64)>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<(MemberId, u64)>> {
            self.connection
                .prepare_cached("SELECT by, count(*) FROM accesses WHERE at >= ?1 GROUP BY by ORDER BY 2 DESC, 1")?
                .query_map([since.to_string()], |row| {
                    let by = MemberId::from_bytes(row.get::<_, Bytes<16>>(0)?.0);
                    Ok((by, row.get::<_, Count>(1)?.0))
                })?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("count who opened what", error))
    }

    /// How many items nothing describes, so that nobody said on what basis they are held.
    pub fn items_undescribed(&self) -> Result<u64, QueryError> {
        let count = || -> rusqlite::Result<Count> {
            self.connection
                .prepare_cached("SELECT count(*) FROM items WHERE NOT EXISTS (SELECT 1 FROM facts WHERE facts.target = items.item)")?
                .query_row([], |row| row.get(0))
        };
        let count =
            count().map_err(|error| QueryError::from_sql("count what nobody described", error))?;
        Ok(count.0)
    }

    fn list<T>(
        &self,
        select: &str,
        item: ItemId,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        self.connection
            .prepare_cached(select)?
            .query_map([item.as_bytes()], read)?
            .collect()
    }
}

fn custody_event(row: &Row<'_>) -> rusqlite::Result<CustodyEvent> {
    Ok(CustodyEvent {
        seq: row.get::<_, Count>(0)?.0,
        event: row.get::<_, Parsed<_>>(1)?.0,
        detail: row.get(2)?,
        at: row.get::<_, Parsed<_>>(3)?.0,
        by: MemberId::from_bytes(row.get::<_, Bytes<16>>(4)?.0),
        commitment: Hash::from_bytes(row.get::<_, Bytes<32>>(5)?.0),
    })
}

fn access(row: &Row<'_>) -> rusqlite::Result<Access> {
    Ok(Access {
        seq: row.get::<_, Count>(0)?.0,
        by: MemberId::from_bytes(row.get::<_, Bytes<16>>(1)?.0),
        at: row.get::<_, Parsed<_>>(2)?.0,
        purpose: row.get(3)?,
        mode: row.get::<_, Parsed<_>>(4)?.0,
        commitment: Hash::from_bytes(row.get::<_, Bytes<32>>(5)?.0),
    })
}

impl fmt::Display for PremisEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PremisEvent::Ingestion => "ingestion",
            PremisEvent::MessageDigestCalculation => "message digest calculation",
            PremisEvent::Encryption => "encryption",
            PremisEvent::FixityCheck => "fixity check",
            PremisEvent::Dissemination => "dissemination",
            PremisEvent::Deletion => "deletion",
        })
    }
}

impl FromStr for PremisEvent {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<PremisEvent, &'static str> {
        match text {
            "ingestion" => Ok(PremisEvent::Ingestion),
            "message digest calculation" => Ok(PremisEvent::MessageDigestCalculation),
            "encryption" => Ok(PremisEvent::Encryption),
            "fixity check" => Ok(PremisEvent::FixityCheck),
            "dissemination" => Ok(PremisEvent::Dissemination),
            "deletion" => Ok(PremisEvent::Deletion),
            _ => Err("not an event type that the desk knows"),
        }
    }
}
