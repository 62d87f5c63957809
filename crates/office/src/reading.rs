//! How entries come back out of the ledger: unwrapped, decrypted, checked against the chain of commitments.

use record::commitment::{self, Place};
use record::entry::Envelope;
use record::hash::Hash;
use record::ids::CircleId;
use store::ledger::{EntryRow, Lock};
use vault::entry_lock::{Content, EntryPlace, LockKey, OpenEntry};

use crate::Office;
use crate::fault::Fault;

/// How many rows are read at a time.
pub(crate) const PAGE_ROWS: usize = 512;

/// An entry that was opened, at its place in its circle.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) row: EntryRow,
    pub(crate) envelope: Envelope,
    /// What opens the commitment; `None` in the public circle.
    pub(crate) opening: Option<Opening>,
}

/// What opens a private entry's commitment.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) salt1: [u8; 32],
    pub(crate) c_env: Hash,
    pub(crate) content: Content,
}

/// What a row turned out to be.
#[derive(Debug)]
pub(crate) enum Read {
    /// An entry.
    Entry(Box<Opened>),
    /// The entry was erased; its commitment stays.
    Erased(EntryRow),
    /// The entry is under a lock whose key is not at hand.
    Locked(EntryRow),
}

impl Office {
    /// All rows of a circle from `seq` on, page by page.
    pub(crate) fn rows_of(
        &self,
        circle: CircleId,
        from: u64,
        mut each: impl FnMut(EntryRow) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut next = from;
        loop {
            let rows = self
                .ledger()
                .entries_of_circle(circle, next, PAGE_ROWS)
                .map_err(Fault::of_ledger)?;
            let count = rows.len();
            for row in rows {
                next = row.seq + 1;
                each(row)?;
            }
            if count < PAGE_ROWS {
                return Ok(());
            }
        }
    }

    /// Opens a row with the key that `key_of` finds for its lock.
    pub(crate) fn read_row(
        &self,
        row: EntryRow,
        key_of: impl Fn(Lock) -> Option<KeyRef>,
    ) -> Result<Read, Fault> {
        let Some(sealed) = row.sealed.clone() else {
            return Ok(Read::Erased(row));
        };
        if row.lock == Lock::Public {
            let envelope = Envelope::parse(&sealed).map_err(|error| damaged(&row, error))?;
            let expected = commitment::public(row.seq, &row.prev, &sealed);
            check(&row, &envelope, expected)?;
            return Ok(Read::Entry(Box::new(Opened {
                row,
                envelope,
                opening: None,
            })));
        }
        let Some(lock) = key_of(row.lock) else {
            return Ok(Read::Locked(row));
        };
        let open = self.unwrap_row(&row, &sealed, &lock)?;
        let place = Place {
            circle: row.circle,
            seq: row.seq,
            prev: row.prev,
        };
        let envelope = Envelope::parse(&open.envelope).map_err(|error| damaged(&row, error))?;
        check(&row, &envelope, open.commitment(&place))?;
        let opening = Opening {
            salt1: open.salt1,
            c_env: open.c_env(&place),
            content: open.content,
        };
        Ok(Read::Entry(Box::new(Opened {
            row,
            envelope,
            opening: Some(opening),
        })))
    }

    fn unwrap_row(
        &self,
        row: &EntryRow,
        sealed: &[u8],
        lock: &LockKey,
    ) -> Result<OpenEntry, Fault> {
        let place = EntryPlace {
            office: self.home.clone(),
            circle: row.circle,
            seq: row.seq,
            id: row.id,
        };
        let wrap = self
            .ledger()
            .wrap(row.circle, row.seq)
            .map_err(Fault::of_ledger)?;
        let wrap = wrap.ok_or_else(|| damaged(row, "its key is missing"))?;
        let key = lock
            .unwrap(&wrap, &place)
            .map_err(|error| damaged(row, error))?;
        OpenEntry::open(sealed, &place, &key).map_err(|error| damaged(row, error))
    }
}

/// A lock's key, shared.
pub(crate) type KeyRef = std::sync::Arc<LockKey>;

/// A row must be the entry it says it is: same circle and id, and the commitment that the record holds.
fn check(row: &EntryRow, envelope: &Envelope, commitment: Hash) -> Result<(), Fault> {
    let entry = envelope.entry();
    if entry.circle != row.circle || entry.id != row.id {
        return Err(damaged(row, "it is another entry, moved here"));
    }
    if commitment != row.commitment {
        return Err(damaged(row, "it is not what was committed to"));
    }
    Ok(())
}

fn damaged(row: &EntryRow, what: impl ToString) -> Fault {
    Fault::Damaged(format!(
        "entry {} of circle {}: {}",
        row.seq,
        row.circle,
        what.to_string()
    ))
}
