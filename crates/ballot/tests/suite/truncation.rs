//! An archive cut short anywhere: no panic, and never taken for a whole one.

use std::sync::LazyLock;

use ballot::archive::{ArchiveReader, BLOCK, BodyLimit, RecordKind};
use ballot::group::GroupName;
use ballot::verify::Stage;
use proptest::prelude::*;

use crate::elections::checked;
use crate::plans::ranked;
use crate::simulation::{Until, archive};

static RANKED: LazyLock<Vec<u8>> =
    LazyLock::new(|| archive(&ranked(GroupName::Ed25519), Until::Finished).1);

/// Where each record ends, and whether it is an event.
fn ends(bytes: &[u8]) -> Vec<(usize, bool)> {
    let mut reader = ArchiveReader::new(bytes);
    let mut ends = Vec::new();
    while let Some(record) = reader.next(BodyLimit::LISTS).expect("a whole archive") {
        ends.push((reader.offset() as usize, record.kind == RecordKind::Event));
    }
    ends
}

/// What the reader of records makes of it: how many it gave, and whether it found an end.
fn read(bytes: &[u8]) -> (usize, bool) {
    let mut reader = ArchiveReader::new(bytes);
    loop {
        match reader.next(BodyLimit::LISTS) {
            Ok(Some(_)) => {}
            Ok(None) => return (reader.number(), true),
            Err(_) => return (reader.number(), false),
        }
    }
}

/// Records before the cut are read as they were, so only what stands around it is looked at: at every byte.
#[test]
fn every_cut_is_seen_but_one_between_records() {
    let ends = ends(&RANKED);
    let starts = std::iter::once(0).chain(ends.iter().map(|(end, _)| *end));
    for (start, (end, _)) in starts.zip(&ends) {
        // Behind the header a record of its own begins anywhere: an archive must begin with the first.
        let (first, alone) = (&RANKED[..ends[0].0], &RANKED[start..*end]);
        for cut in 0..alone.len() {
            let bytes: Vec<u8> = match start {
                0 => alone[..cut].to_vec(),
                _ => [first, &alone[..cut]].concat(),
            };
            let is_between = cut == 0 && start > 0;
            assert_eq!(
                read(&bytes).1,
                is_between || bytes.is_empty(),
                "{start} + {cut}"
            );
        }
    }
}

fn judge(cut: usize, ends: &[(usize, bool)]) {
    let report = checked(&RANKED[..cut]);
    assert_ne!(report.stage, Stage::Finished, "cut at {cut}");
    let is_behind_event = ends.contains(&(cut, true));
    let is_set_up = report.stage > Stage::Nothing;
    assert_eq!(report.holds(), is_behind_event && is_set_up, "cut at {cut}");
}

#[test]
fn the_verifier_never_takes_a_part_for_the_whole() {
    let ends = ends(&RANKED);
    for (end, _) in &ends[..ends.len() - 1] {
        for cut in [
            end - 1,
            *end,
            end + 1,
            end + BLOCK - 1,
            end + BLOCK,
            end + BLOCK + 1,
        ] {
            judge(cut, &ends);
        }
    }
    assert_eq!(checked(&RANKED).stage, Stage::Finished);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn nor_anywhere_else(cut in 0..RANKED.len()) {
        judge(cut, &ends(&RANKED));
    }
}
