//! A sample that hardly changes when a record is added: those whose content and id mix to the smallest numbers. The id is in it
//! so that two equal records are drawn apart: together they would make every rule look perfect.

use crate::compare::Comparer;
use crate::mix::{self, Map};
use crate::table::Table;

/// Records on which rules are chosen and the model is learned.
const SAMPLE_RECORDS: usize = 60_000;
/// Records of which every pair is compared, to learn what two persons have in common by chance.
const DRAWN_RECORDS: usize = 700;

/// The rows of the sample, the smallest numbers first.
pub fn rows(table: &Table, seed: u64) -> Vec<u32> {
    let mut numbered: Vec<(u64, u32)> = (0..table.len() as u32)
        .map(|row| {
            (
                mix::bytes(mix::mix(seed, table.mark(row)), table.id(row).as_bytes()),
                row,
            )
        })
        .collect();
    if numbered.len() > SAMPLE_RECORDS {
        numbered.select_nth_unstable(SAMPLE_RECORDS);
        numbered.truncate(SAMPLE_RECORDS);
    }
    numbered.sort_unstable();
    numbered.into_iter().map(|(_, row)| row).collect()
}

/// The patterns of every pair among the first rows of the sample.
pub fn drawn(table: &Table, rows: &[u32]) -> Map<u64, u64> {
    let rows = &rows[..rows.len().min(DRAWN_RECORDS)];
    let mut comparer = Comparer::new(table);
    let mut patterns = Map::default();
    for (at, one) in rows.iter().enumerate() {
        for other in &rows[at + 1..] {
            *patterns
                .entry(comparer.pattern(*one, *other).0)
                .or_default() += 1;
        }
    }
    patterns
}
