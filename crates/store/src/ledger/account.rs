//! The ledger as the audit's account of the leaves.

use record::ids::CircleId;
use register::fsck::{Account, Accounted};
use rusqlite::{Transaction, params};

use crate::ledger::accept::number_to_sql;
use crate::ledger::fault::{LedgerError, told};
use crate::ledger::{Ledger, read, tables};

const AUDIT: &str = "read the leaves";

impl Account for Ledger {
    fn leaves(
        &self,
        start: u64,
        end: u64,
        each: &mut dyn FnMut(Accounted<'_>),
    ) -> Result<(), String> {
        let done = self.read(AUDIT, |transaction| {
            each_leaf(transaction, start, end, each)
        });
        done.map_err(|error| error.to_string())
    }

    fn leaves_beyond(&self, index: u64) -> Result<u64, String> {
        let count = self.read(AUDIT, |transaction| {
            let count = transaction.query_row(
                tables::LEAVES_BEYOND,
                params![number_to_sql(index)],
                |row| row.get(0),
            );
            read::unsigned("leaves", count.map_err(|e| told(AUDIT, e))?)
        });
        count.map_err(|error| error.to_string())
    }
}

/// Hands over the leaves that are entries, in order of indexes.
pub(crate) fn each_leaf(
    transaction: &Transaction<'_>,
    start: u64,
    end: u64,
    each: &mut dyn FnMut(Accounted<'_>),
) -> Result<(), LedgerError> {
    let failed = |error| told(AUDIT, error);
    let mut statement = transaction
        .prepare_cached(tables::LEAVES_FROM)
        .map_err(failed)?;
    let mut rows = statement
        .query(params![number_to_sql(start), number_to_sql(end)])
        .map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let index = read::unsigned("leaves", read::column(row, 0)?)?;
        let circle: Option<[u8; 16]> = read::column(row, 1)?;
        let seq: Option<i64> = read::column(row, 2)?;
        let leaf = row.get_ref(3).map_err(failed)?.as_blob_or_null();
        let leaf = leaf.map_err(|_| LedgerError::damaged("entries", index))?;
        each(Accounted {
            index,
            circle: CircleId::from_bytes(circle.unwrap_or_default()),
            seq: read::unsigned("entries", seq.unwrap_or(0))?,
            leaf,
        });
    }
    Ok(())
}
