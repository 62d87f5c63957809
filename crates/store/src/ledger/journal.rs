//! The ledger as the register's journal.

use std::collections::BTreeMap;

use record::ids::Origin;
use record::tree::RightEdge;
use register::journal::{Batch, Journal, JournalError, Pending, Staged, Standing};
use rusqlite::{Transaction, params};

use crate::ledger::accept::number_to_sql;
use crate::ledger::fault::{LedgerError, told};
use crate::ledger::sums::sum_of;
use crate::ledger::{Ledger, read, tables};

const SEQUENCE: &str = "sequence the batch";
const READ: &str = "read the record's standing";

/// Why a change of the standing failed: the caller's own answer, kept apart from the ledger's.
enum Change {
    Moved,
    Ledger(LedgerError),
}

impl From<LedgerError> for Change {
    fn from(error: LedgerError) -> Change {
        Change::Ledger(error)
    }
}

fn told_to_register(error: LedgerError) -> JournalError {
    match error {
        LedgerError::Busy => JournalError::Busy,
        LedgerError::ReadOnly(cause) => JournalError::ReadOnly(cause),
        LedgerError::Fatal(cause) => JournalError::Fatal(cause),
        LedgerError::Damaged { .. } => JournalError::Damaged(error.to_string()),
        other => JournalError::Failed(other.to_string()),
    }
}

fn changed(done: Result<(), Change>) -> Result<(), JournalError> {
    done.map_err(|change| match change {
        Change::Moved => JournalError::Moved,
        Change::Ledger(error) => told_to_register(error),
    })
}

impl Journal for Ledger {
    fn standing(&self) -> Result<Option<Standing>, JournalError> {
        self.read(READ, standing_within).map_err(told_to_register)
    }

    fn found(&self, standing: &Standing) -> Result<(), JournalError> {
        changed(self.write(SEQUENCE, |transaction| {
            if standing_within(transaction)?.is_some() {
                return Err(Change::Moved);
            }
            let columns = Columns::of(standing);
            let mut statement = prepared(transaction, tables::HEAD_INSERT)?;
            statement
                .execute(columns.params())
                .map_err(|e| told(SEQUENCE, e))?;
            Ok(())
        }))
    }

    fn pending(&self, leaves_max: usize, bytes_max: usize) -> Result<Vec<Pending>, JournalError> {
        let taken = self.read("read what is pending", |transaction| {
            let failed = |error| told("read what is pending", error);
            let mut statement = transaction
                .prepare_cached(tables::PENDING_FIRST)
                .map_err(failed)?;
            let mut rows = statement
                .query(params![leaves_max as i64])
                .map_err(failed)?;
            let (mut taken, mut bytes) = (Vec::new(), 0);
            while bytes < bytes_max
                && let Some(row) = rows.next().map_err(failed)?
            {
                let number = read::unsigned("pending", read::column(row, 0)?)?;
                let leaf: Vec<u8> = read::column(row, 1)?;
                bytes += leaf.len();
                taken.push(Pending { number, leaf });
            }
            Ok(taken)
        });
        taken.map_err(told_to_register)
    }

    fn commit(&self, from: &Standing, batch: &Batch, to: &Standing) -> Result<(), JournalError> {
        changed(self.write(SEQUENCE, |transaction| {
            swap(transaction, from, to)?;
            let sum = sum_of("batches", &[&batch.start.to_be_bytes(), &batch.leaves]);
            let start = number_to_sql(batch.start);
            run(
                transaction,
                tables::BATCH_INSERT,
                params![start, batch.leaves, sum],
            )?;
            place(transaction, &batch.placed)
        }))
    }

    fn staged(&self, start: u64, bytes_max: usize) -> Result<Vec<Staged>, JournalError> {
        let found = self.read("read the staged batches", |transaction| {
            let failed = |error| told("read the staged batches", error);
            let mut statement = transaction
                .prepare_cached(tables::BATCHES_FROM)
                .map_err(failed)?;
            let mut rows = statement
                .query(params![number_to_sql(start)])
                .map_err(failed)?;
            let (mut found, mut bytes) = (Vec::new(), 0);
            while bytes < bytes_max
                && let Some(row) = rows.next().map_err(failed)?
            {
                let staged = staged_of(row)?;
                bytes += staged.leaves.len();
                found.push(staged);
            }
            Ok(found)
        });
        found.map_err(told_to_register)
    }

    fn advance(&self, from: &Standing, to: &Standing) -> Result<(), JournalError> {
        changed(self.write(SEQUENCE, |transaction| {
            swap(transaction, from, to)?;
            Ok(run(
                transaction,
                tables::BATCHES_DELETE_BELOW,
                params![number_to_sql(to.tiled.size())],
            )?)
        }))
    }

    fn witnessed(&self) -> Result<BTreeMap<String, u64>, JournalError> {
        let found = self.read("read the witnesses", |transaction| {
            let failed = |error| told("read the witnesses", error);
            let mut statement = transaction
                .prepare_cached(tables::WITNESSES_ALL)
                .map_err(failed)?;
            let mut rows = statement.query([]).map_err(failed)?;
            let mut sizes = BTreeMap::new();
            while let Some(row) = rows.next().map_err(failed)? {
                let (name, size) = witness_of(row)?;
                sizes.insert(name, size);
            }
            Ok(sizes)
        });
        found.map_err(told_to_register)
    }

    fn note_witnessed(&self, sizes: &BTreeMap<String, u64>) -> Result<(), JournalError> {
        let done = self.write("note the witnesses", |transaction| {
            sizes.iter().try_for_each(|(name, size)| {
                run(
                    transaction,
                    tables::WITNESS_PUT,
                    params![name, number_to_sql(*size), witness_sum(name, *size)],
                )
            })
        });
        done.map_err(told_to_register)
    }

    fn forget_witnessed(&self) -> Result<(), JournalError> {
        let done = self.write("forget the witnesses", |transaction| {
            run(transaction, tables::WITNESSES_FORGET, params![])
        });
        done.map_err(told_to_register)
    }
}

/// Reads name, size, sum.
pub(crate) fn witness_of(row: &rusqlite::Row<'_>) -> Result<(String, u64), LedgerError> {
    let name: String = read::column(row, 0)?;
    let damaged = || LedgerError::damaged("witnesses", &name);
    let size = u64::try_from(read::column::<i64>(row, 1)?).map_err(|_| damaged())?;
    let sum: [u8; 16] = read::column(row, 2).map_err(|_| damaged())?;
    if sum != witness_sum(&name, size) {
        return Err(damaged());
    }
    Ok((name, size))
}

fn witness_sum(name: &str, size: u64) -> [u8; 16] {
    sum_of("witnesses", &[name.as_bytes(), &size.to_be_bytes()])
}

/// Gives the entries their leaves. What is pending was taken from its beginning, so the numbers are all those of a range.
fn place(transaction: &Transaction<'_>, placed: &[(u64, u64)]) -> Result<(), Change> {
    let mut statement = prepared(transaction, tables::LEAF_INSERT)?;
    let (mut first, mut last) = (u64::MAX, 0);
    for (index, number) in placed {
        (first, last) = (first.min(*number), last.max(*number));
        let inserted = statement.execute(params![number_to_sql(*index), number_to_sql(*number)]);
        inserted.map_err(|e| told(SEQUENCE, e))?;
    }
    if placed.is_empty() {
        return Ok(());
    }
    let mut statement = prepared(transaction, tables::PENDING_DELETE)?;
    let deleted = statement.execute(params![number_to_sql(first), number_to_sql(last)]);
    match deleted.map_err(|e| told(SEQUENCE, e))? {
        count if count == placed.len() => Ok(()),
        _ => Err(Change::Moved),
    }
}

fn swap(transaction: &Transaction<'_>, from: &Standing, to: &Standing) -> Result<(), Change> {
    let (old, new) = (Columns::of(from), Columns::of(to));
    let mut statement = prepared(transaction, tables::HEAD_SWAP)?;
    let swapped = statement.execute(params![
        new.origin,
        new.log_key,
        new.size,
        new.edge,
        new.tiled_size,
        new.tiled_edge,
        new.signed_size,
        new.restored,
        new.sum(),
        old.sum(),
    ]);
    match swapped.map_err(|e| told(SEQUENCE, e))? {
        1 => Ok(()),
        _ => Err(Change::Moved),
    }
}

pub(crate) fn standing_within(
    transaction: &Transaction<'_>,
) -> Result<Option<Standing>, LedgerError> {
    let failed = |error| told(READ, error);
    let mut statement = transaction
        .prepare_cached(tables::HEAD_READ)
        .map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let Some(row) = rows.next().map_err(failed)? else {
        return Ok(None);
    };
    let columns = Columns {
        origin: read::column(row, 0)?,
        log_key: read::column(row, 1)?,
        size: read::column(row, 2)?,
        edge: read::column(row, 3)?,
        tiled_size: read::column(row, 4)?,
        tiled_edge: read::column(row, 5)?,
        signed_size: read::column(row, 6)?,
        restored: read::column(row, 7)?,
    };
    let sum: Vec<u8> = read::column(row, 8)?;
    let standing = columns.standing().filter(|_| sum == columns.sum());
    standing
        .map(Some)
        .ok_or_else(|| LedgerError::damaged("head", 1))
}

/// Reads start, leaves, sum.
pub(crate) fn staged_of(row: &rusqlite::Row<'_>) -> Result<Staged, LedgerError> {
    let start = read::unsigned("batches", read::column(row, 0)?)?;
    let leaves: Vec<u8> = read::column(row, 1)?;
    read::check_sum(row, 2, "batches", start, &[&start.to_be_bytes(), &leaves])?;
    Ok(Staged { start, leaves })
}

/// The row of the head, as SQL knows it.
struct Columns {
    origin: String,
    log_key: Vec<u8>,
    size: i64,
    edge: Vec<u8>,
    tiled_size: i64,
    tiled_edge: Vec<u8>,
    signed_size: i64,
    restored: i64,
}

impl Columns {
    fn of(standing: &Standing) -> Columns {
        Columns {
            origin: standing.origin.to_string(),
            log_key: standing.log_key.to_vec(),
            size: number_to_sql(standing.edge.size()),
            edge: standing.edge.encode(),
            tiled_size: number_to_sql(standing.tiled.size()),
            tiled_edge: standing.tiled.encode(),
            signed_size: number_to_sql(standing.signed_size),
            restored: i64::from(standing.restored),
        }
    }

    fn standing(&self) -> Option<Standing> {
        let edge = RightEdge::decode(&self.edge).ok()?;
        let tiled = RightEdge::decode(&self.tiled_edge).ok()?;
        let sizes_agree = number_to_sql(edge.size()) == self.size
            && number_to_sql(tiled.size()) == self.tiled_size;
        let standing = Standing {
            origin: Origin::new(self.origin.clone()).ok()?,
            log_key: self.log_key.clone().try_into().ok()?,
            edge,
            tiled,
            signed_size: u64::try_from(self.signed_size).ok()?,
            restored: self.restored == 1,
        };
        sizes_agree.then_some(standing)
    }

    fn sum(&self) -> [u8; 16] {
        let sizes = [self.size, self.tiled_size, self.signed_size, self.restored]
            .map(i64::to_be_bytes)
            .concat();
        sum_of(
            "head",
            &[
                self.origin.as_bytes(),
                &self.log_key,
                &self.edge,
                &self.tiled_edge,
                &sizes,
            ],
        )
    }

    fn params(&self) -> impl rusqlite::Params + '_ {
        (
            &self.origin,
            &self.log_key,
            self.size,
            &self.edge,
            self.tiled_size,
            &self.tiled_edge,
            self.signed_size,
            self.restored,
            self.sum(),
        )
    }
}

fn run(
    transaction: &Transaction<'_>,
    sql: &str,
    key: impl rusqlite::Params,
) -> Result<(), LedgerError> {
    let mut statement = prepared(transaction, sql)?;
    statement.execute(key).map_err(|e| told(SEQUENCE, e))?;
    Ok(())
}

fn prepared<'a>(
    transaction: &'a Transaction<'_>,
    sql: &str,
) -> Result<rusqlite::CachedStatement<'a>, LedgerError> {
    transaction
        .prepare_cached(sql)
        .map_err(|e| told(SEQUENCE, e))
}
