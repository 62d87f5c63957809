//! Whether the order in which the ledger says that entries were accepted is one that the record can have come from.
//!
//! Leaves are shuffled within a batch, and batches follow one another. So over entries in the order of acceptance, leaf indexes may go back only within
//! one batch; and a batch has as many leaves as the next power of two above its entries, sixteen at least, and begins at a multiple of sixteen.
//! Where entries overlap over more leaves than so many entries can have been given in one batch, somebody has renumbered them: dated one back, say to before
//! the revocation of its signer. What witnesses have countersigned fixes the leaves, so this cannot be repaired by writing the file.

use record::ids::CircleId;
use register::{BATCH_LEAVES_MAX, BATCH_LEAVES_MIN};
use rusqlite::{Transaction, params};

use super::AUDIT;
use crate::ledger::accept::number_to_sql;
use crate::ledger::fault::{LedgerError, told};
use crate::ledger::rows::EntryRow;
use crate::ledger::{read, tables};

/// What is wrong with an entry whose leaf lies too far from its neighbours'.
pub(super) const MOVED: &str = "was not accepted in the order that the record shows";
const WAITS: &str = "has a leaf although an entry that was accepted before it still waits for one";

const GRAIN: u64 = BATCH_LEAVES_MIN as u64;
const BATCH_MAX: u64 = BATCH_LEAVES_MAX as u64;

/// Entries that follow one another in the ledger, and whose leaves overlap: they must have come from one batch.
struct Run {
    min: u64,
    max: u64,
    last: (CircleId, u64),
}

/// Follows the entries in the order of their numbers.
#[derive(Default)]
pub(super) struct Order {
    /// The newest runs; older ones can no longer be reached by the leaves of one batch.
    runs: Vec<Run>,
    /// Every leaf of what is no longer kept lies below this.
    floor: u64,
    somebody_waits: bool,
}

impl Order {
    /// Takes the next entry; what is wrong with it, if anything.
    pub(super) fn follow(
        &mut self,
        transaction: &Transaction<'_>,
        entry: &EntryRow,
    ) -> Result<Option<&'static str>, LedgerError> {
        let Some(leaf) = entry.leaf_index else {
            self.somebody_waits = true;
            return Ok(None);
        };
        if self.somebody_waits {
            return Ok(Some(WAITS));
        }
        if leaf < self.floor {
            return Ok(Some(MOVED));
        }
        self.join(Run {
            min: leaf,
            max: leaf,
            last: (entry.circle, entry.seq),
        });
        let is_far = |run: &Run| run.max + 2 * BATCH_MAX < leaf;
        let far = self.runs.iter().take_while(|run| is_far(run)).count();
        let mut moved = false;
        for run in self.runs.drain(..far) {
            self.floor = run.max + 1;
            moved |= !fits_one_batch(transaction, &run)?;
        }
        Ok(moved.then_some(MOVED))
    }

    /// What is wrong with the runs that are left: the place of the last entry of each that cannot be one batch's.
    pub(super) fn finish(
        self,
        transaction: &Transaction<'_>,
    ) -> Result<impl Iterator<Item = (CircleId, u64)>, LedgerError> {
        let mut moved = Vec::new();
        for run in self.runs {
            if !fits_one_batch(transaction, &run)? {
                moved.push(run.last);
            }
        }
        Ok(moved.into_iter())
    }

    /// Joins an entry with the runs whose leaves it overlaps.
    fn join(&mut self, mut run: Run) {
        while let Some(before) = self.runs.pop_if(|before| before.max > run.min) {
            run.min = run.min.min(before.min);
            run.max = run.max.max(before.max);
        }
        self.runs.push(run);
    }
}

/// Whether the entries around the run are enough for a batch as large as it spans.
fn fits_one_batch(transaction: &Transaction<'_>, run: &Run) -> Result<bool, LedgerError> {
    let (start, end) = (run.min / GRAIN * GRAIN, (run.max / GRAIN + 1) * GRAIN);
    let leaves = (end - start).next_power_of_two();
    if leaves <= GRAIN {
        return Ok(true);
    }
    if leaves > BATCH_MAX {
        return Ok(false);
    }
    let window = params![
        number_to_sql(end.saturating_sub(leaves)),
        number_to_sql(start + leaves)
    ];
    let count = transaction
        .query_row(tables::LEAVES_WITHIN, window, |row| row.get::<_, i64>(0))
        .map_err(|error| told(AUDIT, error))?;
    Ok(read::unsigned("leaves", count)? > leaves / 2)
}
