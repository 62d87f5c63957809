//! The record at the register's port: ready entries that get their leaves, durably, with tiles; and one entry that is accepted.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use record::hash::{Hash, sha256};
use record::ids::{CircleId, EntryId, Origin};
use record::signature::SigningKey;
use register::journal::{Journal, Standing};
use register::register::{Keys, Register};
use store::disk::Disk;
use store::folder::Folder;
use store::ledger::{Acceptance, Ledger, Lock, NewEntry};
use store::tiles::{Publisher, RegisterLock, Tiles};
use zeroize::Zeroizing;

use super::figure::{Better, Figure};
use super::laboratory::{Laboratory, median, noise, timed};
use crate::failure::{Failure, fault};
use crate::surroundings;

/// Entries of one batch.
const BATCH: usize = 1_000;
/// Bytes of a stored entry: an envelope of some 800 bytes with its salts, encrypted.
const SEALED_BYTES: usize = 1_000;
/// Bytes of a wrapped entry key.
const WRAP_BYTES: usize = 72;
/// How many single entries are accepted for the median.
const SINGLES: usize = 64;
const CIRCLE: CircleId = CircleId::from_bytes([9; 16]);

/// Measures both, over `entries` entries.
pub fn measure(laboratory: &Laboratory, entries: usize) -> Result<Vec<Figure>, Failure> {
    let folder = laboratory.path("record");
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let bench = Bench::open(&folder)?;
    let fsync = laboratory.fsync_time(SEALED_BYTES)?;
    let single = bench.accept_singles()?;
    bench.accept_many(entries)?;
    let batch_fsync = laboratory.fsync_time(BATCH * 34)?;
    let rate = bench.sequence_all(entries)?;
    Ok(vec![
        Figure {
            name: "record-append".to_owned(),
            value: rate,
            unit: "entries/s",
            beside: "one fsync of the leaves per batch of 1,000, and nothing else".to_owned(),
            beside_value: BATCH as f64 / batch_fsync.as_secs_f64(),
            better: Better::More,
        },
        Figure {
            name: "record-append/accept-one".to_owned(),
            value: single.as_secs_f64() * 1e3,
            unit: "ms",
            beside: "1.5 fsyncs of this disk".to_owned(),
            beside_value: 1.5 * fsync.as_secs_f64() * 1e3,
            better: Better::Less,
        },
    ])
}

struct Bench {
    disk: Arc<dyn Disk>,
    ledger: Arc<Ledger>,
    log: SigningKey,
}

impl Bench {
    fn open(folder: &Path) -> Result<Bench, Failure> {
        let disk: Arc<dyn Disk> = Arc::new(Folder::open(folder).map_err(failed)?);
        let ledger = Arc::new(Ledger::create(&folder.join("ledger.db")).map_err(failed)?);
        let log = SigningKey::from_seed(&[1; 32]);
        let origin = Origin::new("mahzar.invalid/bench").map_err(failed)?;
        ledger
            .found(&Standing::new(origin, *log.verifying_key().as_bytes()))
            .map_err(failed)?;
        Ok(Bench { disk, ledger, log })
    }

    /// One entry at a time, each durable: the median.
    fn accept_singles(&self) -> Result<Duration, Failure> {
        let mut times = Vec::with_capacity(SINGLES);
        for seq in 0..SINGLES {
            let acceptance = acceptance(seq..seq + 1);
            let (done, time) = timed(|| self.ledger.accept(&[acceptance]));
            done.map_err(failed)?;
            times.push(time);
        }
        Ok(median(times))
    }

    /// The entries that are then ready.
    fn accept_many(&self, entries: usize) -> Result<(), Failure> {
        let mut next = SINGLES;
        while next < entries {
            let end = (next + BATCH).min(entries);
            self.ledger
                .accept(&[acceptance(next..end)])
                .map_err(failed)?;
            next = end;
        }
        Ok(())
    }

    /// From pending to tiled, all of them: entries a second.
    fn sequence_all(&self, entries: usize) -> Result<f64, Failure> {
        let lock = RegisterLock::take(&*self.disk)
            .map_err(failed)?
            .ok_or_else(|| fault("fault-bench").text("name", "record-append"))?;
        let shelf: Arc<Publisher> = Arc::new(Tiles::new(Arc::clone(&self.disk)).publisher(lock));
        let keys = Keys {
            log: SigningKey::from_seed(self.log.expose_seed()),
            filler: Zeroizing::new([2; 32]),
        };
        let mut register = Register::open(Arc::clone(&self.ledger), shelf, keys).map_err(failed)?;
        let mut dice = surroundings::setting().dice();
        let (done, time) = timed(|| -> Result<(), Failure> {
            while register
                .sequence(BATCH, &mut dice)
                .map_err(failed)?
                .is_some()
            {}
            while register.integrate().map_err(failed)? {}
            Ok(())
        });
        done?;
        Ok(entries as f64 / time.as_secs_f64())
    }
}

/// Entries of one circle that are as large as real ones and mean nothing.
fn acceptance(numbers: std::ops::Range<usize>) -> Acceptance {
    let entries = numbers.map(|number| NewEntry {
        circle: CIRCLE,
        seq: number as u64,
        id: EntryId::from_bytes(first_half(commitment(number))),
        prev: number.checked_sub(1).map_or(Hash::ZERO, commitment),
        commitment: commitment(number),
        lock: Lock::Epoch(1),
        object: None,
        sealed: noise(SEALED_BYTES),
        wrap: Some(noise(WRAP_BYTES)),
    });
    Acceptance {
        entries: entries.collect(),
        ..Acceptance::default()
    }
}

fn commitment(number: usize) -> Hash {
    sha256(&(number as u64).to_be_bytes())
}

fn first_half(hash: Hash) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    half
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench")
        .text("name", "record-append")
        .because(error)
}
