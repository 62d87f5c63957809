//! The audit: everything that is published, derived anew from the entries, and compared with what the ledger accounts for.
//!
//! It trusts nothing that it reads. Every hash of every tile is computed from the leaves; where two files disagree, the level above (or at the
//! right edge the ledger) says which of them is wrong. Each leaf must be the entry that the ledger says it is, or the filler of its index.
//! It never stops at a finding: it names all of them, each with its place, and changes nothing.
//!
//! Ten million leaves are some eighty thousand files; they are checked in stretches of 65,536 leaves on as many threads as asked for.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use record::checkpoint::SignedCheckpoint;
use record::hash::Hash;
use record::ids::CircleId;
use record::note::Vkey;
use record::tile::{Row, Tile, WIDTH_MAX};

use crate::fsck::rows::RowCheck;
use crate::journal::Standing;
use crate::shelf::Shelf;

mod finding;
mod leaves;
mod rows;

pub use finding::{Finding, Place};

/// How many leaves a thread takes at a time: those under one full tile of level 1.
const STRETCH: u64 = WIDTH_MAX as u64 * WIDTH_MAX as u64;

/// A leaf that the ledger accounts for.
#[derive(Clone, Copy, Debug)]
pub struct Accounted<'a> {
    /// Its index.
    pub index: u64,
    /// The entry's circle.
    pub circle: CircleId,
    /// The entry's place in it.
    pub seq: u64,
    /// The bytes of the leaf, as the ledger has them; `None` if the row names an entry that is not there.
    pub leaf: Option<&'a [u8]>,
}

/// The ledger, as far as the audit of the record needs it.
///
/// **Concurrency.** Called from several threads at once. **Errors.** In words; they become findings.
pub trait Account: Sync {
    /// Hands over all leaves with `start <= index < end` that are entries, in order of indexes.
    fn leaves(
        &self,
        start: u64,
        end: u64,
        each: &mut dyn FnMut(Accounted<'_>),
    ) -> Result<(), String>;
    /// How many leaves the ledger accounts for at and beyond this index.
    fn leaves_beyond(&self, index: u64) -> Result<u64, String>;
}

/// What the audit is made against.
pub struct Expectation<'a> {
    /// Where the ledger says that the record stands.
    pub standing: &'a Standing,
    /// The key of the record.
    pub log: &'a Vkey,
    /// The witnesses whose lines may stand under the checkpoint; `None`: not known here, so their lines are not judged.
    pub witnesses: Option<&'a [Vkey]>,
    /// What the fillers are made with; `None`: not known here, so leaves that are no entries are not judged.
    pub filler_key: Option<&'a [u8; 32]>,
}

/// What the audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many leaves were derived anew.
    pub leaves: u64,
    /// How many of them are entries.
    pub entries: u64,
    /// How many are fillers.
    pub fillers: u64,
    /// All that is wrong, in order of places. Empty: all is well.
    pub findings: Vec<Finding>,
}

/// Audits the record. `progress` is called from the threads, with the number of leaves that are done.
pub fn check<S: Shelf, A: Account>(
    shelf: &S,
    account: &A,
    expected: &Expectation<'_>,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> Report {
    let size = expected.standing.tiled.size();
    let audit = Audit {
        shelf,
        account,
        expected,
        size,
    };
    let mut stretches = audit.check_stretches(threads, progress);
    stretches.sort_by_key(|stretch| stretch.number);
    let mut report = Report {
        leaves: size,
        ..Report::default()
    };
    let mut hashes = Vec::new();
    for stretch in stretches {
        report.entries += stretch.entries;
        report.fillers += stretch.fillers;
        report.findings.extend(stretch.findings);
        hashes.extend(stretch.level_one);
    }
    audit.check_upper_rows(hashes, &mut report.findings);
    audit.check_head(&mut report.findings);
    audit.check_checkpoint(&mut report.findings);
    report.findings.sort();
    report.findings.dedup();
    report
}

pub(crate) struct Audit<'a, S, A> {
    shelf: &'a S,
    account: &'a A,
    expected: &'a Expectation<'a>,
    size: u64,
}

/// What one stretch came to.
#[derive(Default)]
pub(crate) struct Stretch {
    number: u64,
    entries: u64,
    fillers: u64,
    findings: Vec<Finding>,
    /// The hashes of level 1 that its leaves give: one for each full tile of level 0, `None` where it cannot be read.
    level_one: Vec<Option<Hash>>,
}

impl<S: Shelf, A: Account> Audit<'_, S, A> {
    fn check_stretches(&self, threads: usize, progress: &(dyn Fn(u64) + Sync)) -> Vec<Stretch> {
        let (next, leaves_done) = (AtomicU64::new(0), AtomicU64::new(0));
        let count = self.size.div_ceil(STRETCH);
        let done = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads.max(1) {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= count {
                            return;
                        }
                        let stretch = self.check_stretch(number);
                        let leaves = STRETCH.min(self.size - number * STRETCH);
                        done.lock()
                            .unwrap_or_else(PoisonError::into_inner)
                            .push(stretch);
                        progress(leaves_done.fetch_add(leaves, Ordering::Relaxed) + leaves);
                    }
                });
            }
        });
        done.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Levels 1 and up: each is given by the one below, which was checked before.
    fn check_upper_rows(&self, mut hashes: Vec<Option<Hash>>, findings: &mut Vec<Finding>) {
        let mut level = 1;
        while level < 8 && self.size >> (8 * u32::from(level)) > 0 {
            let mut above = Vec::new();
            for (index, computed) in (0..).zip(hashes.chunks(usize::from(WIDTH_MAX))) {
                let check = RowCheck {
                    shelf: self.shelf,
                    size: self.size,
                    edge: &self.expected.standing.tiled,
                };
                let is_full = computed.len() == usize::from(WIDTH_MAX);
                let computed: Option<Vec<Hash>> = computed.iter().copied().collect();
                let believed = check.tile(Row::Hashes(level), index, computed.as_deref(), findings);
                above.extend(is_full.then_some(believed));
            }
            hashes = above;
            level += 1;
        }
    }

    fn check_head(&self, findings: &mut Vec<Finding>) {
        match self
            .account
            .leaves_beyond(self.expected.standing.edge.size())
        {
            Ok(0) => {}
            Ok(count) => findings.push(Finding::new(
                Place::Ledger("leaves".to_owned()),
                format!("{count} entries have leaves beyond the end of the record"),
            )),
            Err(cause) => findings.push(Finding::new(Place::Ledger("leaves".to_owned()), cause)),
        }
        match crate::front::read_edge(self.shelf, self.size) {
            Ok(edge) if edge == self.expected.standing.tiled => {}
            Ok(_) => findings.push(Finding::new(
                Place::Head,
                "the tiles do not lead to the ledger's head".to_owned(),
            )),
            Err(error) => findings.push(Finding::new(
                Place::Head,
                format!("cannot be derived: {error}"),
            )),
        }
    }

    fn check_checkpoint(&self, findings: &mut Vec<Finding>) {
        if let Err(cause) = self.judge_checkpoint() {
            findings.push(Finding::new(Place::Checkpoint, cause));
        }
    }

    /// Only lines that we or our witnesses wrote belong under our checkpoint.
    fn judge_checkpoint(&self) -> Result<(), String> {
        let signed_size = self.expected.standing.signed_size;
        let bytes = self.shelf.checkpoint().map_err(|e| e.to_string())?;
        let Some(bytes) = bytes else {
            // The first may have been signed and not published, by a crash in between.
            return Ok(());
        };
        let checkpoint = SignedCheckpoint::parse(&bytes).map_err(|e| e.to_string())?;
        if checkpoint.to_string().as_bytes() != bytes {
            return Err("is not spelled as it was written".to_owned());
        }
        checkpoint
            .verify_log(self.expected.log)
            .map_err(|e| e.to_string())?;
        let witnesses = self.expected.witnesses;
        for line in checkpoint
            .note()
            .signatures()
            .iter()
            .filter(|_| witnesses.is_some())
        {
            let by = witnesses
                .unwrap_or_default()
                .iter()
                .find(|witness| line.is_by(witness));
            match by {
                Some(witness) => {
                    record::cosignature::verify(checkpoint.note().text(), witness, line)
                        .map_err(|e| e.to_string())?;
                }
                None if line.is_by(self.expected.log) => {}
                None => {
                    return Err(format!(
                        "has a line by {:?}, whom this office does not know",
                        line.name()
                    ));
                }
            }
        }
        let head = checkpoint.checkpoint();
        if head.size > signed_size {
            return Err(format!(
                "has {} leaves, but the ledger knows of {signed_size} signed",
                head.size
            ));
        }
        let edge = crate::front::read_edge(self.shelf, head.size).map_err(|e| e.to_string())?;
        if edge.root() != head.root {
            return Err("has another root than the tiles".to_owned());
        }
        Ok(())
    }
}

/// Names a tile in a finding.
pub(crate) fn at(tile: Tile) -> Place {
    Place::Tile(tile)
}
