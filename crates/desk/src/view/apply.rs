//! Applying entries: the only writer of a view's tables.
//!
//! What is in the tables must follow from the entries that the ledger still holds. So an erasure takes out of the tables all
//! that came from the entry it destroys: a view that saw the entry and one rebuilt without it end equal.

use record::entry::Entry;
use record::hash::Hash;
use record::ids::CircleId;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::query::{Bytes, Count};
use super::{QueryError, View, custody, file};
use crate::fold::fold;
use crate::ids::ItemId;
use crate::kinds::{Checked, Erased, ItemEntry, Opened, Published, Received};
use crate::statement::EntityEntry;

/// What the ledger holds at one sequence number of the circle.
#[derive(Clone, Copy, Debug)]
pub enum Arrival<'a> {
    /// An entry.
    Entry(&'a Entry, Context),
    /// A tombstone: the entry was erased, only its commitment is left.
    Erased,
}

/// What the ledger says about an entry, beside the entry itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The entry's commitment. (Where its leaf stands in the record changes without an entry, so the ledger is asked for that.)
    pub commitment: Hash,
}

/// What applying did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The entry is in the view now.
    Now,
    /// It was there before, perhaps through another process; nothing was changed.
    Before,
}

/// Why entries were not applied. The view stands where it stood before the call.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// An entry is missing before this one. Apply from `expected` on.
    #[error("entry {found} cannot be applied before entry {expected}")]
    Gap {
        /// The next entry of the view.
        expected: u64,
        /// The one that came.
        found: u64,
    },
    /// The entry belongs to another circle. The caller mixed up two views; nothing may cross.
    #[error("the entry belongs to circle {found}, the view to {expected}")]
    OtherCircle {
        /// The circle of the view.
        expected: CircleId,
        /// The circle of the entry.
        found: CircleId,
    },
    /// A part of the file is damaged. Delete the view and apply the entries again.
    #[error("the view is damaged")]
    Damaged,
    /// The disk or another process refused. Retry; if it stays, look at the disk.
    #[error("could not apply to the view: {0}")]
    Database(#[source] rusqlite::Error),
}

impl ApplyError {
    fn from_sql(source: rusqlite::Error) -> ApplyError {
        if file::is_damage(&source) {
            ApplyError::Damaged
        } else {
            ApplyError::Database(source)
        }
    }
}

/// Why an entry of the desk's own kinds changes nothing: kept with the view, for whoever looks into it.
pub(super) type Refusal = String;

impl View {
    /// Applies one entry and moves `applied_seq`, in one transaction.
    pub fn apply(
        &mut self,
        seq: u64,
        entry: &Entry,
        context: &Context,
    ) -> Result<Applied, ApplyError> {
        let mut transaction = self.begin()?;
        let applied = apply_one(&mut transaction, seq, &Arrival::Entry(entry, *context))?;
        transaction.commit().map_err(ApplyError::from_sql)?;
        Ok(applied)
    }

    /// Applies entries that follow one another in one transaction: all or none. Returns how many were new.
    pub fn apply_all<'a>(
        &mut self,
        arrivals: impl IntoIterator<Item = (u64, Arrival<'a>)>,
    ) -> Result<u64, ApplyError> {
        let mut transaction = self.begin()?;
        let mut new = 0;
        for (seq, arrival) in arrivals {
            match apply_one(&mut transaction, seq, &arrival)? {
                Applied::Now => new += 1,
                Applied::Before => {}
            }
        }
        transaction.commit().map_err(ApplyError::from_sql)?;
        Ok(new)
    }

    fn begin(&mut self) -> Result<Transaction<'_>, ApplyError> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(ApplyError::from_sql)
    }
}

pub(super) fn next_seq(connection: &Connection) -> rusqlite::Result<u64> {
    let applied: i64 = connection
        .prepare_cached("SELECT applied_seq FROM position")?
        .query_row([], |row| row.get(0))?;
    Ok(u64::try_from(applied + 1).unwrap_or(0))
}

fn apply_one(
    transaction: &mut Transaction<'_>,
    seq: u64,
    arrival: &Arrival<'_>,
) -> Result<Applied, ApplyError> {
    let expected = next_seq(transaction).map_err(ApplyError::from_sql)?;
    if seq < expected {
        return Ok(Applied::Before);
    }
    if seq > expected {
        return Err(ApplyError::Gap {
            expected,
            found: seq,
        });
    }
    if let Arrival::Entry(entry, context) = arrival {
        hold_to_circle(transaction, entry.circle)?;
        apply_entry(transaction, seq, entry, *context).map_err(ApplyError::from_sql)?;
    }
    transaction
        .prepare_cached("UPDATE position SET applied_seq = ?1")
        .and_then(|mut statement| statement.execute([Count(seq)]))
        .map_err(ApplyError::from_sql)?;
    Ok(Applied::Now)
}

/// The first entry that could be read says whose view this is; no other circle's entry comes in after that.
fn hold_to_circle(transaction: &Transaction<'_>, found: CircleId) -> Result<(), ApplyError> {
    let held: Option<Bytes<16>> = transaction
        .prepare_cached("SELECT circle FROM position")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(ApplyError::from_sql)?;
    match held.map(|bytes| CircleId::from_bytes(bytes.0)) {
        Some(expected) if expected != found => Err(ApplyError::OtherCircle { expected, found }),
        Some(_) => Ok(()),
        None => transaction
            .execute("UPDATE position SET circle = ?1", [found.as_bytes()])
            .map(|_| ())
            .map_err(ApplyError::from_sql),
    }
}

fn apply_entry(
    transaction: &mut Transaction<'_>,
    seq: u64,
    entry: &Entry,
    context: Context,
) -> rusqlite::Result<()> {
    let step = Step {
        transaction,
        seq,
        entry,
        context,
    };
    let Some(refusal) = step.apply_to_its_kind()? else {
        return count_skipped(transaction, entry.kind.as_str());
    };
    match refusal {
        Ok(()) => Ok(()),
        Err(reason) => transaction
            .execute(
                "INSERT INTO refused (seq, kind, reason) VALUES (?1, ?2, ?3)",
                params![Count(seq), entry.kind.as_str(), reason],
            )
            .map(|_| ()),
    }
}

fn count_skipped(transaction: &Transaction<'_>, kind: &str) -> rusqlite::Result<()> {
    transaction
        .prepare_cached("INSERT INTO skipped (kind, entries) VALUES (?1, 1) ON CONFLICT (kind) DO UPDATE SET entries = entries + 1")?
        .execute([kind])?;
    Ok(())
}

/// One entry on its way into the tables.
pub(super) struct Step<'a, 'c> {
    pub(super) transaction: &'a Transaction<'c>,
    pub(super) seq: u64,
    pub(super) entry: &'a Entry,
    pub(super) context: Context,
}

impl Step<'_, '_> {
    /// `None` if the entry's kind is not the desk's.
    fn apply_to_its_kind(&self) -> rusqlite::Result<Option<Result<(), Refusal>>> {
        let (kind, body) = (self.entry.kind.as_str(), &self.entry.body);
        match ItemEntry::parse(kind, body) {
            Ok(Some(said)) => return self.apply(&said).map(Some),
            Ok(None) => {}
            Err(error) => return Ok(Some(Err(error.reason.to_string()))),
        }
        match EntityEntry::parse(kind, body) {
            Ok(Some(said)) => self.apply_to_entity(&said).map(Some),
            Ok(None) => Ok(None),
            Err(error) => Ok(Some(Err(error.reason.to_string()))),
        }
    }

    /// The outer error is the database's; the inner one says why the entry changes nothing.
    fn apply(&self, said: &ItemEntry) -> rusqlite::Result<Result<(), Refusal>> {
        match said {
            ItemEntry::Received(received) => self.receive(received),
            ItemEntry::Opened(opened) => self.open(opened),
            ItemEntry::Published(published) => self.publish(published),
            ItemEntry::Erased(erased) => self.erase(erased),
            ItemEntry::Checked(checked) => self.check(checked),
        }
    }

    fn receive(&self, received: &Received) -> rusqlite::Result<Result<(), Refusal>> {
        if self.seq_of(received.item)?.is_some() {
            return Ok(Err("the item is there already".to_owned()));
        }
        if self.is_erased(received.item)? {
            return Ok(Err(
                "the item was erased; its id is never used again".to_owned()
            ));
        }
        self.insert_item(received)?;
        self.insert_words(received)?;
        for (step, event) in custody::of_received(received).iter().enumerate() {
            self.insert_custody(step, received.item, event)?;
        }
        Ok(Ok(()))
    }

    fn insert_item(&self, received: &Received) -> rusqlite::Result<()> {
        const INSERT_ITEM: &str = "INSERT INTO items
            (seq, item, object, folder, file_name, sort_name, media_type, size_bytes, sha256, tool, at, by, commitment)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        self.transaction
            .prepare_cached(INSERT_ITEM)?
            .execute(params![
                Count(self.seq),
                received.item.as_bytes(),
                received.object.as_bytes(),
                received.folder,
                received.file_name,
                fold(&received.file_name),
                received.media_type,
                Count(received.size_bytes),
                received.sha256.as_bytes(),
                received.tool,
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
                self.context.commitment.as_bytes(),
            ])?;
        Ok(())
    }

    fn insert_words(&self, received: &Received) -> rusqlite::Result<()> {
        let words = fold(&format!("{} {}", received.file_name, received.folder));
        self.transaction
            .prepare_cached("INSERT INTO item_words (rowid, folded) VALUES (?1, ?2)")?
            .execute(params![Count(self.seq), words])?;
        Ok(())
    }

    fn open(&self, opened: &Opened) -> rusqlite::Result<Result<(), Refusal>> {
        self.transaction
            .prepare_cached("INSERT INTO accesses (seq, item, purpose, mode, at, by, commitment) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![
                Count(self.seq),
                opened.item.as_bytes(),
                opened.purpose,
                opened.mode.to_string(),
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
                self.context.commitment.as_bytes(),
            ])?;
        Ok(Ok(()))
    }

    fn publish(&self, published: &Published) -> rusqlite::Result<Result<(), Refusal>> {
        self.insert_custody(0, published.item, &custody::of_published(published))?;
        Ok(Ok(()))
    }

    fn check(&self, checked: &Checked) -> rusqlite::Result<Result<(), Refusal>> {
        self.insert_custody(0, checked.item, &custody::of_checked(checked))?;
        Ok(Ok(()))
    }

    fn erase(&self, erased: &Erased) -> rusqlite::Result<Result<(), Refusal>> {
        if self.is_erased(erased.item)? {
            return Ok(Err("the item was erased before".to_owned()));
        }
        if let Some(received_seq) = self.seq_of(erased.item)? {
            self.transaction
                .execute("DELETE FROM item_words WHERE rowid = ?1", [received_seq])?;
            self.transaction
                .execute("DELETE FROM custody WHERE seq = ?1", [received_seq])?;
            self.transaction
                .execute("DELETE FROM items WHERE seq = ?1", [received_seq])?;
        }
        self.transaction.execute(
            "INSERT INTO erasures (item, seq, at, by, reason, commitment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                erased.item.as_bytes(),
                Count(self.seq),
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
                erased.reason,
                self.context.commitment.as_bytes(),
            ],
        )?;
        self.insert_custody(0, erased.item, &custody::of_erased(erased))?;
        Ok(Ok(()))
    }

    fn insert_custody(
        &self,
        step: usize,
        item: ItemId,
        (event, detail): &(custody::PremisEvent, String),
    ) -> rusqlite::Result<()> {
        const INSERT_CUSTODY: &str =
            "INSERT INTO custody (seq, step, item, event, detail, at, by, commitment)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.transaction
            .prepare_cached(INSERT_CUSTODY)?
            .execute(params![
                Count(self.seq),
                i64::try_from(step).unwrap_or(i64::MAX),
                item.as_bytes(),
                event.to_string(),
                detail,
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
                self.context.commitment.as_bytes(),
            ])?;
        Ok(())
    }

    fn seq_of(&self, item: ItemId) -> rusqlite::Result<Option<Count>> {
        self.transaction
            .prepare_cached("SELECT seq FROM items WHERE item = ?1")?
            .query_row([item.as_bytes()], |row| row.get(0))
            .optional()
    }

    fn is_erased(&self, item: ItemId) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT 1 FROM erasures WHERE item = ?1")?
            .exists([item.as_bytes()])
    }
}

impl View {
    /// How many entries of kinds that are not the desk's were passed over, by kind.
    pub fn skipped(&self) -> Result<Vec<(String, u64)>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<(String, u64)>> {
            self.connection
                .prepare_cached("SELECT kind, entries FROM skipped ORDER BY kind")?
                .query_map([], |row| Ok((row.get(0)?, row.get::<_, Count>(1)?.0)))?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("count what was passed over", error))
    }

    /// The entries of the desk's kinds that changed nothing, by sequence number, each with the reason.
    pub fn refused(&self) -> Result<Vec<(u64, String)>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<(u64, String)>> {
            self.connection
                .prepare_cached("SELECT seq, kind || ': ' || reason FROM refused ORDER BY seq")?
                .query_map([], |row| Ok((row.get::<_, Count>(0)?.0, row.get(1)?)))?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("list what was refused", error))
    }
}
