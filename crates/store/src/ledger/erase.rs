//! Erasure: of an entry stay its place, its id and its commitment, so that the chain still verifies; all else goes.

use record::ids::CircleId;
use rusqlite::{Transaction, params};

use crate::ledger::accept::{entry_sum, exists, number_to_sql, place_bytes, place_to_sql};
use crate::ledger::fault::{AcceptError, LedgerError, told};
use crate::ledger::rows::{Lock, ObjectId, ObjectPlace};
use crate::ledger::sums::sum_of;
use crate::ledger::{Ledger, read, tables};

const ERASE: &str = "erase the entry";

/// Stored bytes that no entry names any more and that are still to be destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discard {
    /// The object's name.
    pub object: ObjectId,
    /// Where its bytes lie.
    pub place: ObjectPlace,
    /// How many they are.
    pub size_bytes: u64,
}

impl Ledger {
    /// Erases one entry in a transaction of its own. An erasure is itself an entry: the ordinary way is [`super::Acceptance::erased`],
    /// which does both at once. Erasing twice is no error.
    ///
    /// The object's bytes are destroyed afterwards (see [`Ledger::discards`]), then [`Ledger::settle_log`] empties the write-ahead log.
    pub fn erase(&self, circle: CircleId, seq: u64) -> Result<(), AcceptError> {
        self.write(ERASE, |transaction| erase_within(transaction, circle, seq))
    }

    /// What is still to be destroyed. A crash between the erasure and the destruction leaves it here, for the next start.
    pub fn discards(&self) -> Result<Vec<Discard>, LedgerError> {
        self.read("read the ledger", |transaction| {
            let failed = |error| told("read the ledger", error);
            let mut statement = transaction
                .prepare_cached(tables::DISCARDS_ALL)
                .map_err(failed)?;
            let mut rows = statement.query([]).map_err(failed)?;
            let mut found = Vec::new();
            while let Some(row) = rows.next().map_err(failed)? {
                found.push(discard_of(row)?);
            }
            Ok(found)
        })
    }

    /// Notes that an object's bytes are destroyed, durably.
    pub fn discarded(&self, object: ObjectId) -> Result<(), LedgerError> {
        self.write(ERASE, |transaction| {
            run(
                transaction,
                tables::DISCARD_DELETE,
                params![object.as_bytes()],
            )
        })
    }
}

pub(crate) fn erase_within(
    transaction: &Transaction<'_>,
    circle: CircleId,
    seq: u64,
) -> Result<(), AcceptError> {
    let entry = read::entry_by_place(transaction, circle, seq)?;
    let entry = entry.ok_or(AcceptError::Malformed("the entry to erase is not there"))?;
    if entry.lock == Lock::Public {
        return Err(AcceptError::Malformed(
            "a public entry cannot be erased: the record holds the whole of it",
        ));
    }
    let number = number_to_sql(entry.number);
    run(transaction, tables::WRAP_DELETE, params![number])?;
    let sum = entry_sum(entry.circle, entry.seq, &entry, None, None);
    run(transaction, tables::ENTRY_ERASE, params![number, sum])?;
    match entry.object {
        Some(object) => erase_object(transaction, object, number),
        None => Ok(()),
    }
}

/// An object that another entry names too (an adopted one) stays until that one is erased as well.
fn erase_object(
    transaction: &Transaction<'_>,
    object: ObjectId,
    number: i64,
) -> Result<(), AcceptError> {
    let key = params![object.as_bytes(), number];
    if exists(transaction, tables::OBJECT_IS_SHARED, key)? {
        return Ok(());
    }
    run(
        transaction,
        tables::HEADER_DELETE,
        params![object.as_bytes()],
    )?;
    let Some(stored) = read::object(transaction, &object)? else {
        return Ok(());
    };
    run(
        transaction,
        tables::OBJECT_DELETE,
        params![object.as_bytes()],
    )?;
    let (pack, offset) = place_to_sql(stored.place);
    let size = number_to_sql(stored.size_bytes);
    let sum = discard_sum(&Discard {
        object,
        place: stored.place,
        size_bytes: stored.size_bytes,
    });
    run(
        transaction,
        tables::DISCARD_INSERT,
        params![object.as_bytes(), pack, offset, size, sum],
    )?;
    Ok(())
}

/// Reads object, pack, pack_offset, stored_size, sum. A damaged row must not destroy what lies beside the object.
pub(crate) fn discard_of(row: &rusqlite::Row<'_>) -> Result<Discard, LedgerError> {
    let object = ObjectId::from_bytes(read::column(row, 0)?);
    let damaged = || LedgerError::damaged("discards", object);
    let place = read::place_of(read::column(row, 1)?, read::column(row, 2)?).ok_or_else(damaged)?;
    let size_bytes = read::unsigned("discards", read::column(row, 3)?)?;
    let discard = Discard {
        object,
        place,
        size_bytes,
    };
    let sum: [u8; 16] = read::column(row, 4)?;
    if sum == discard_sum(&discard) {
        Ok(discard)
    } else {
        Err(damaged())
    }
}

fn discard_sum(discard: &Discard) -> [u8; 16] {
    let place = place_bytes(discard.place);
    sum_of(
        "discards",
        &[
            discard.object.as_bytes(),
            &place,
            &discard.size_bytes.to_be_bytes(),
        ],
    )
}

fn run(
    transaction: &Transaction<'_>,
    sql: &str,
    key: impl rusqlite::Params,
) -> Result<(), LedgerError> {
    let mut statement = transaction
        .prepare_cached(sql)
        .map_err(|e| told(ERASE, e))?;
    statement.execute(key).map_err(|e| told(ERASE, e))?;
    Ok(())
}
