//! Reading the ledger: every row is checked against its sum before it is returned.

use record::hash::Hash;
use record::ids::{CircleId, EntryId};
use rusqlite::{OptionalExtension, Params, Row, Transaction, params};

use crate::ledger::accept::{entry_sum, number_to_sql, object_sum};
use crate::ledger::fault::{LedgerError, told};
use crate::ledger::rows::{
    CabinetRow, CircleHead, EntryRow, Lock, ObjectId, ObjectPlace, StoredObject,
};
use crate::ledger::sums::sum_of;
use crate::ledger::{Ledger, tables};

const READ: &str = "read the ledger";

impl Ledger {
    /// The last entry of a circle; `None` if it has none.
    pub fn head_of_circle(&self, circle: CircleId) -> Result<Option<CircleHead>, LedgerError> {
        self.read(READ, |transaction| head_of_circle(transaction, circle))
    }

    /// At most `count` entries of a circle from `seq` on, in order. Fewer than `count`: there are no more.
    pub fn entries_of_circle(
        &self,
        circle: CircleId,
        seq: u64,
        count: usize,
    ) -> Result<Vec<EntryRow>, LedgerError> {
        let key = params![circle.as_bytes(), number_to_sql(seq), count as i64];
        self.read(READ, |transaction| {
            entries(transaction, tables::ENTRIES_OF_CIRCLE_FROM, key)
        })
    }

    /// At most `count` entries of all circles after `number`, in the order of acceptance.
    pub fn entries_after(&self, number: u64, count: usize) -> Result<Vec<EntryRow>, LedgerError> {
        let key = params![number_to_sql(number), count as i64];
        self.read(READ, |transaction| {
            entries(transaction, tables::ENTRIES_BY_NUMBER_FROM, key)
        })
    }

    /// The entry with this id.
    pub fn entry(&self, id: EntryId) -> Result<Option<EntryRow>, LedgerError> {
        self.read(READ, |transaction| {
            Ok(entries(transaction, tables::ENTRY_BY_ID, params![id.as_bytes()])?.pop())
        })
    }

    /// The entry at this place.
    pub fn entry_at(&self, circle: CircleId, seq: u64) -> Result<Option<EntryRow>, LedgerError> {
        self.read(READ, |transaction| entry_by_place(transaction, circle, seq))
    }

    /// The entry that is this leaf of the record; `None` for a filler.
    pub fn entry_of_leaf(&self, leaf_index: u64) -> Result<Option<EntryRow>, LedgerError> {
        let key = params![number_to_sql(leaf_index)];
        self.read(READ, |transaction| {
            Ok(entries(transaction, tables::ENTRY_BY_LEAF, key)?.pop())
        })
    }

    /// The index of an entry's leaf in the record; `None` while it is pending, or if there is no such entry.
    pub fn leaf_index(&self, id: EntryId) -> Result<Option<u64>, LedgerError> {
        self.read(READ, |transaction| {
            let failed = |error| told(READ, error);
            let mut statement = transaction
                .prepare_cached(tables::LEAF_INDEX_BY_ID)
                .map_err(failed)?;
            let found = statement.query_row(params![id.as_bytes()], |row| row.get::<_, i64>(0));
            found
                .optional()
                .map_err(failed)?
                .map(|index| unsigned("leaves", index))
                .transpose()
        })
    }

    /// The ids of all circles that have an entry.
    pub fn circles(&self) -> Result<Vec<CircleId>, LedgerError> {
        self.read(READ, circles)
    }

    /// The wrapped key of the entry at this place; `None` for public and erased entries.
    pub fn wrap(&self, circle: CircleId, seq: u64) -> Result<Option<Vec<u8>>, LedgerError> {
        self.read(READ, |transaction| {
            let failed = |error| told(READ, error);
            let mut statement = transaction
                .prepare_cached(tables::WRAP_BY_PLACE)
                .map_err(failed)?;
            let mut rows = statement
                .query(params![circle.as_bytes(), number_to_sql(seq)])
                .map_err(failed)?;
            rows.next()
                .map_err(failed)?
                .map(|row| wrap_of(row, 0))
                .transpose()
        })
    }

    /// At most `count` wrapped keys of a circle's entries from `seq` on, each with its entry's sequence number.
    pub fn wraps_of_circle(
        &self,
        circle: CircleId,
        seq: u64,
        count: usize,
    ) -> Result<Vec<(u64, Vec<u8>)>, LedgerError> {
        self.read(READ, |transaction| {
            let failed = |error| told(READ, error);
            let mut statement = transaction
                .prepare_cached(tables::WRAPS_OF_CIRCLE_FROM)
                .map_err(failed)?;
            let key = params![circle.as_bytes(), number_to_sql(seq), count as i64];
            let mut rows = statement.query(key).map_err(failed)?;
            let mut wraps = Vec::new();
            while let Some(row) = rows.next().map_err(failed)? {
                wraps.push((unsigned("entries", column(row, 0)?)?, wrap_of(row, 1)?));
            }
            Ok(wraps)
        })
    }

    /// The header of an object.
    pub fn header(&self, object: ObjectId) -> Result<Option<Vec<u8>>, LedgerError> {
        self.read(READ, |transaction| {
            let failed = |error| told(READ, error);
            let mut statement = transaction
                .prepare_cached(tables::HEADER_BY_OBJECT)
                .map_err(failed)?;
            let mut rows = statement
                .query(params![object.as_bytes()])
                .map_err(failed)?;
            rows.next()
                .map_err(failed)?
                .map(|row| header_of(row).map(|(_, header)| header))
                .transpose()
        })
    }

    /// Where an object lies, and its stored size and digest; `None` if it is not there or erased.
    pub fn object(&self, id: ObjectId) -> Result<Option<StoredObject>, LedgerError> {
        self.read(READ, |transaction| object(transaction, &id))
    }

    /// How many accepted entries wait to be sequenced.
    pub fn pending_count(&self) -> Result<u64, LedgerError> {
        self.read(READ, |transaction| {
            let count =
                transaction.query_row(tables::PENDING_COUNT, [], |row| row.get::<_, i64>(0));
            unsigned("pending", count.map_err(|e| told(READ, e))?)
        })
    }
}

pub(crate) fn head_of_circle(
    transaction: &Transaction<'_>,
    circle: CircleId,
) -> Result<Option<CircleHead>, LedgerError> {
    let failed = |error| told(READ, error);
    let mut statement = transaction
        .prepare_cached(tables::HEAD_OF_CIRCLE)
        .map_err(failed)?;
    let mut rows = statement
        .query(params![circle.as_bytes()])
        .map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else {
        return Ok(None);
    };
    let seq = unsigned("entries", column(row, 0)?)?;
    let commitment = Hash::from_bytes(column(row, 1)?);
    Ok(Some(CircleHead { seq, commitment }))
}

pub(crate) fn circles(transaction: &Transaction<'_>) -> Result<Vec<CircleId>, LedgerError> {
    let failed = |error| told(READ, error);
    let mut statement = transaction
        .prepare_cached(tables::CIRCLE_AFTER)
        .map_err(failed)?;
    let mut found: Vec<CircleId> = Vec::new();
    loop {
        let after: Vec<u8> = found
            .last()
            .map_or_else(Vec::new, |circle| circle.as_bytes().to_vec());
        let next = statement
            .query_row(params![after], |row| row.get::<_, [u8; 16]>(0))
            .optional();
        match next.map_err(failed)? {
            Some(circle) => found.push(CircleId::from_bytes(circle)),
            None => return Ok(found),
        }
    }
}

pub(crate) fn entry_by_place(
    transaction: &Transaction<'_>,
    circle: CircleId,
    seq: u64,
) -> Result<Option<EntryRow>, LedgerError> {
    let key = params![circle.as_bytes(), number_to_sql(seq)];
    Ok(entries(transaction, tables::ENTRY_BY_PLACE, key)?.pop())
}

pub(crate) fn entries(
    transaction: &Transaction<'_>,
    sql: &str,
    key: impl Params,
) -> Result<Vec<EntryRow>, LedgerError> {
    let failed = |error| told(READ, error);
    let mut statement = transaction.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(key).map_err(failed)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        found.push(entry_of(row)?);
    }
    Ok(found)
}

/// Reads number, circle, seq, id, prev, commitment, lock, object, sealed, sum, leaf_index.
pub(crate) fn entry_of(row: &Row<'_>) -> Result<EntryRow, LedgerError> {
    let number: i64 = column(row, 0)?;
    let damaged = || LedgerError::damaged("entries", number);
    let leaf_index: Option<i64> = column(row, 10)?;
    let entry = EntryRow {
        number: unsigned("entries", number)?,
        circle: CircleId::from_bytes(column(row, 1).map_err(|_| damaged())?),
        seq: unsigned("entries", column(row, 2)?)?,
        id: EntryId::from_bytes(column(row, 3).map_err(|_| damaged())?),
        prev: Hash::from_bytes(column(row, 4).map_err(|_| damaged())?),
        commitment: Hash::from_bytes(column(row, 5).map_err(|_| damaged())?),
        lock: Lock::from_number(column(row, 6)?).ok_or_else(damaged)?,
        object: column::<Option<[u8; 16]>>(row, 7)
            .map_err(|_| damaged())?
            .map(ObjectId::from_bytes),
        sealed: column(row, 8)?,
        leaf_index: leaf_index
            .map(|index| unsigned("leaves", index))
            .transpose()?,
    };
    let sum = entry_sum(
        entry.circle,
        entry.seq,
        &entry,
        entry.sealed.as_deref(),
        entry.object.as_ref(),
    );
    if column::<[u8; 16]>(row, 9).map_err(|_| damaged())? != sum {
        return Err(damaged());
    }
    Ok(entry)
}

pub(crate) fn object(
    transaction: &Transaction<'_>,
    object: &ObjectId,
) -> Result<Option<StoredObject>, LedgerError> {
    let failed = |error| told(READ, error);
    let mut statement = transaction
        .prepare_cached(tables::OBJECT_BY_ID)
        .map_err(failed)?;
    let mut rows = statement
        .query(params![object.as_bytes()])
        .map_err(failed)?;
    rows.next().map_err(failed)?.map(object_of).transpose()
}

pub(crate) fn object_of(row: &Row<'_>) -> Result<StoredObject, LedgerError> {
    let object = ObjectId::from_bytes(column(row, 0)?);
    let damaged = || LedgerError::damaged("objects", object);
    let place = place_of(column(row, 1)?, column(row, 2)?).ok_or_else(damaged)?;
    let size_bytes = u64::try_from(column::<i64>(row, 3)?).map_err(|_| damaged())?;
    let sha256 = Hash::from_bytes(column(row, 4).map_err(|_| damaged())?);
    let stored = StoredObject {
        object,
        place,
        size_bytes,
        sha256,
    };
    if column::<[u8; 16]>(row, 5).map_err(|_| damaged())? != object_sum(&stored) {
        return Err(damaged());
    }
    Ok(stored)
}

pub(crate) fn place_of(pack: Option<i64>, offset: Option<i64>) -> Option<ObjectPlace> {
    match (pack, offset) {
        (None, None) => Some(ObjectPlace::Own),
        (Some(pack), Some(offset)) => Some(ObjectPlace::Pack {
            pack: u32::try_from(pack).ok()?,
            offset: u64::try_from(offset).ok()?,
        }),
        _ => None,
    }
}

/// Reads number, wrap, sum from the given column on.
pub(crate) fn wrap_of(row: &Row<'_>, at: usize) -> Result<Vec<u8>, LedgerError> {
    let number: i64 = column(row, at)?;
    let wrap: Vec<u8> = column(row, at + 1)?;
    check_sum(
        row,
        at + 2,
        "wraps",
        number,
        &[&number.to_be_bytes(), &wrap],
    )?;
    Ok(wrap)
}

/// Reads object, header, sum.
pub(crate) fn header_of(row: &Row<'_>) -> Result<(ObjectId, Vec<u8>), LedgerError> {
    let object = ObjectId::from_bytes(column(row, 0)?);
    let header: Vec<u8> = column(row, 1)?;
    check_sum(row, 2, "headers", object, &[object.as_bytes(), &header])?;
    Ok((object, header))
}

pub(crate) fn cabinet_row(
    transaction: &Transaction<'_>,
    name: &[u8],
) -> Result<Option<CabinetRow>, LedgerError> {
    let failed = |error| told("read the cabinet", error);
    let mut statement = transaction
        .prepare_cached(tables::CABINET_GET)
        .map_err(failed)?;
    let mut rows = statement.query(params![name]).map_err(failed)?;
    rows.next().map_err(failed)?.map(cabinet_of).transpose()
}

/// Reads name, body, sum.
pub(crate) fn cabinet_of(row: &Row<'_>) -> Result<CabinetRow, LedgerError> {
    let name: Vec<u8> = column(row, 0)?;
    let body: Vec<u8> = column(row, 1)?;
    let hex: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
    check_sum(row, 2, "cabinet", hex, &[&name, &body])?;
    Ok(CabinetRow { name, body })
}

pub(crate) fn check_sum(
    row: &Row<'_>,
    at: usize,
    table: &'static str,
    key: impl ToString,
    columns: &[&[u8]],
) -> Result<(), LedgerError> {
    let sum: [u8; 16] =
        column(row, at).map_err(|_| LedgerError::damaged(table, key.to_string()))?;
    if sum == sum_of(table, columns) {
        Ok(())
    } else {
        Err(LedgerError::damaged(table, key))
    }
}

pub(crate) fn column<T: rusqlite::types::FromSql>(
    row: &Row<'_>,
    at: usize,
) -> Result<T, LedgerError> {
    row.get(at).map_err(|e| told(READ, e))
}

pub(crate) fn unsigned(table: &'static str, number: i64) -> Result<u64, LedgerError> {
    u64::try_from(number).map_err(|_| LedgerError::damaged(table, number))
}
