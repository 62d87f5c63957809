//! The ledger against itself: every row's sum, every circle's chain, and that every entry has its leaf or waits for it.

use std::collections::BTreeMap;

use record::commitment;
use record::hash::{Hash, leaf_hash};
use record::ids::CircleId;
use register::fsck::{Finding, Place};
use rusqlite::{Row, Transaction};

use crate::ledger::audit::order::Order;
use crate::ledger::erase::discard_of;
use crate::ledger::fault::{LedgerError, told};
use crate::ledger::journal::{staged_of, standing_within, witness_of};
use crate::ledger::rows::{EntryRow, Lock, StoredObject};
use crate::ledger::{Ledger, account, read, tables};

mod order;

const AUDIT: &str = "audit the ledger";

impl Ledger {
    /// Checks every row, in one snapshot, and returns all that is wrong. What is sealed is not opened: that takes keys, and is the office's affair.
    pub fn audit(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let done = self.read(AUDIT, |transaction| {
            check_file(transaction, &mut findings)?;
            check_entries(transaction, &mut findings)?;
            check_rows(transaction, &mut findings)?;
            check_record(transaction, &mut findings)
        });
        if let Err(error) = done {
            findings.push(Finding::new(
                Place::Ledger("the file".to_owned()),
                error.to_string(),
            ));
        }
        findings
    }

    /// Hands over every stored object, in the order in which they lie; a damaged row becomes a finding.
    pub(crate) fn each_object(
        &self,
        findings: &mut Vec<Finding>,
        mut each: impl FnMut(StoredObject, &mut Vec<Finding>),
    ) -> Result<(), LedgerError> {
        self.read(AUDIT, |transaction| {
            rows(
                transaction,
                tables::OBJECTS_ALL,
                |row| match read::object_of(row) {
                    Ok(stored) => {
                        each(stored, findings);
                        Ok(())
                    }
                    Err(error) => tell(error, findings),
                },
            )
        })
    }
}

/// What SQLite itself finds wrong with its file.
fn check_file(
    transaction: &Transaction<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), LedgerError> {
    let file = || Place::Ledger("the file".to_owned());
    rows(transaction, tables::INTEGRITY, |row| {
        let said: String = read::column(row, 0)?;
        if said != "ok" {
            findings.push(Finding::new(file(), said));
        }
        Ok(())
    })?;
    rows(transaction, tables::FOREIGN_KEYS, |row| {
        let (table, parent): (String, String) = (read::column(row, 0)?, read::column(row, 2)?);
        findings.push(Finding::new(
            file(),
            format!("a row of {table} names a row of {parent} that is not there"),
        ));
        Ok(())
    })
}

fn check_entries(
    transaction: &Transaction<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), LedgerError> {
    let mut heads: BTreeMap<CircleId, (u64, Hash)> = BTreeMap::new();
    let mut order = Order::default();
    rows(transaction, tables::ENTRIES_WITH_ALL, |row| {
        let entry = match read::entry_of(row) {
            Ok(entry) => entry,
            Err(error) => return tell(error, findings),
        };
        let (seq, prev) = heads.get(&entry.circle).copied().unwrap_or((0, Hash::ZERO));
        heads.insert(entry.circle, (entry.seq + 1, entry.commitment));
        let mut wrong = Vec::new();
        if entry.seq != seq {
            wrong.push(format!("comes after {} entries of its circle", seq));
        } else if entry.prev != prev {
            wrong.push("does not name the commitment of the entry before it".to_owned());
        }
        wrong.extend(wrong_with(&entry).map(str::to_owned));
        wrong.extend(wrong_beside(&entry, row)?.into_iter().map(str::to_owned));
        wrong.extend(order.follow(transaction, &entry)?.map(str::to_owned));
        findings.extend(
            wrong
                .into_iter()
                .map(|what| Finding::new(Place::Entry(entry.circle, entry.seq), what)),
        );
        Ok(())
    })?;
    findings.extend(
        order
            .finish(transaction)?
            .map(|(circle, seq)| Finding::new(Place::Entry(circle, seq), order::MOVED.to_owned())),
    );
    rows(transaction, tables::PENDING_WITHOUT_ENTRY, |row| {
        let number: i64 = read::column(row, 0)?;
        findings.push(Finding::new(
            Place::Ledger(format!("pending row {number}")),
            "has no entry".to_owned(),
        ));
        Ok(())
    })
}

fn wrong_with(entry: &EntryRow) -> Option<&'static str> {
    let sealed = entry.sealed.as_deref();
    let is_public = entry.lock == Lock::Public;
    let envelope = sealed.filter(|_| is_public)?;
    let differs = commitment::public(entry.seq, &entry.prev, envelope) != entry.commitment;
    differs.then_some("has another commitment than its envelope gives")
}

/// What belongs to an entry and lies in other tables: columns 11 to 14.
fn wrong_beside(entry: &EntryRow, row: &Row<'_>) -> Result<Vec<&'static str>, LedgerError> {
    let (is_pending, has_wrap): (bool, bool) = (read::column(row, 11)?, read::column(row, 12)?);
    let (has_object, has_header): (bool, bool) = (read::column(row, 13)?, read::column(row, 14)?);
    let is_readable = entry.sealed.is_some() && entry.lock != Lock::Public;
    let is_entered = entry.leaf_index.is_some();
    let faults = [
        (
            !is_pending && !is_entered,
            "has no leaf and does not wait for one",
        ),
        (is_pending && is_entered, "waits for a leaf and has one"),
        (
            is_readable && !has_wrap,
            "has no wrapped key, so nobody can read it",
        ),
        (
            entry.sealed.is_none() && has_wrap,
            "is erased and still has a wrapped key",
        ),
        (
            entry.object.is_some() && !has_object,
            "names an object that is not stored",
        ),
        (
            entry.object.is_some() && !has_header,
            "names an object without a header, so nobody can read it",
        ),
    ];
    Ok(faults
        .into_iter()
        .filter(|(is_wrong, _)| *is_wrong)
        .map(|(_, what)| what)
        .collect())
}

/// The sums of the other tables.
fn check_rows(
    transaction: &Transaction<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), LedgerError> {
    let mut sums = |sql, check: &dyn Fn(&Row<'_>) -> Result<(), LedgerError>| {
        rows(transaction, sql, |row| {
            check(row).or_else(|error| tell(error, findings))
        })
    };
    sums(tables::WRAPS_ALL, &|row| read::wrap_of(row, 0).map(|_| ()))?;
    sums(tables::DISCARDS_ALL, &|row| discard_of(row).map(|_| ()))?;
    sums(tables::HEADERS_ALL, &|row| read::header_of(row).map(|_| ()))?;
    sums(tables::WITNESSES_ALL, &|row| witness_of(row).map(|_| ()))?;
    sums(tables::CABINET_ALL, &|row| {
        read::cabinet_of(row).map(|_| ())
    })
}

/// The staged batches lead from what is tiled to the head.
fn check_record(
    transaction: &Transaction<'_>,
    findings: &mut Vec<Finding>,
) -> Result<(), LedgerError> {
    let standing = match standing_within(transaction) {
        Ok(Some(standing)) => standing,
        Ok(None) => return Ok(()),
        Err(error) => return tell(error, findings),
    };
    let mut edge = standing.tiled.clone();
    let mut is_whole = true;
    rows(transaction, tables::BATCHES_ALL, |row| {
        match staged_of(row) {
            Ok(staged) => {
                let leaves = split(&staged.leaves);
                is_whole &= staged.start == edge.size() && leaves.is_some();
                let leaves = leaves.unwrap_or_default();
                edge.append_leaves(leaves.iter().map(|leaf| leaf_hash(leaf)), |_, _, _| {});
                check_staged(transaction, staged.start, &leaves, findings)
            }
            Err(error) => {
                is_whole = false;
                tell(error, findings)
            }
        }
    })?;
    if !is_whole || edge != standing.edge {
        let what = "do not lead from the tiles to the head".to_owned();
        findings.push(Finding::new(Place::Ledger("batches".to_owned()), what));
    }
    Ok(())
}

/// The leaves of a staged batch that are entries are the entries that the ledger says.
fn check_staged(
    transaction: &Transaction<'_>,
    start: u64,
    leaves: &[&[u8]],
    findings: &mut Vec<Finding>,
) -> Result<(), LedgerError> {
    account::each_leaf(
        transaction,
        start,
        start + leaves.len() as u64,
        &mut |entry| {
            let staged = usize::try_from(entry.index - start)
                .ok()
                .and_then(|at| leaves.get(at));
            if entry.leaf.is_none() || entry.leaf != staged.copied() {
                let what = format!("is not what the staged leaf {} says", entry.index);
                findings.push(Finding::new(Place::Entry(entry.circle, entry.seq), what));
            }
        },
    )
}

/// The leaves of a staged batch; `None` if it ends within one.
fn split(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut leaves = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (leaf, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        leaves.push(leaf);
        bytes = rest;
    }
    Some(leaves)
}

fn rows(
    transaction: &Transaction<'_>,
    sql: &str,
    mut each: impl FnMut(&Row<'_>) -> Result<(), LedgerError>,
) -> Result<(), LedgerError> {
    let failed = |error| told(AUDIT, error);
    let mut statement = transaction.prepare(sql).map_err(failed)?;
    let mut found = statement.query([]).map_err(failed)?;
    while let Some(row) = found.next().map_err(failed)? {
        each(row)?;
    }
    Ok(())
}

/// A damaged row is a finding, and the audit goes on; anything else ends it.
fn tell(error: LedgerError, findings: &mut Vec<Finding>) -> Result<(), LedgerError> {
    match error {
        LedgerError::Damaged { table, row } => {
            findings.push(Finding::new(
                Place::Ledger(format!("{table} row {row}")),
                "is damaged".to_owned(),
            ));
            Ok(())
        }
        other => Err(other),
    }
}
