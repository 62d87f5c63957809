//! The whole record derived anew, and the start of an office that has it.

use std::path::Path;
use std::sync::Arc;

use record::checkpoint::log_vkey;
use record::hash::{Hash, node_hash, sha256};
use record::ids::{CircleId, EntryId, Origin};
use record::signature::SigningKey;
use register::fsck::{self, Expectation};
use register::journal::{Journal, Standing};
use register::register::{Keys, Register, Signing};
use store::disk::Disk;
use store::folder::Folder;
use store::ledger::{Acceptance, Ledger, Lock, NewEntry};
use store::tiles::{RegisterLock, Tiles};
use zeroize::Zeroizing;

use super::figure::{Better, Figure};
use super::laboratory::{Laboratory, timed};
use crate::failure::{Failure, fault};
use crate::surroundings;

/// Threads of the audit: the cores of the machine the limits are set for.
const THREADS: usize = 2;
/// Leaves whose audit has a limit, and the limit.
const LIMIT_LEAVES: f64 = 10_000_000.0;
const LIMIT_SECONDS: f64 = 120.0;
/// The limit of a start.
const START_SECONDS: f64 = 2.0;
/// Entries that one transaction accepts while the record is made.
const ACCEPTED: usize = 4_000;
/// Node hashes for the ceiling.
const HASHES: usize = 4_000_000;
const FILLER: [u8; 32] = [2; 32];
const CIRCLE: CircleId = CircleId::from_bytes([9; 16]);

/// A record of many leaves on the disk of the laboratory.
pub struct Large {
    disk: Arc<dyn Disk>,
    ledger: Arc<Ledger>,
    log: SigningKey,
    leaves: u64,
}

impl Large {
    /// Makes one of at least `leaves` leaves.
    pub fn make(laboratory: &Laboratory, leaves: usize) -> Result<Large, Failure> {
        let folder = laboratory.path("audit");
        std::fs::create_dir_all(&folder).map_err(failed)?;
        let mut large = Large::begin(&folder)?;
        let mut next = 0;
        let mut register = large.register()?;
        let mut dice = surroundings::setting().dice();
        while next < leaves {
            let end = (next + ACCEPTED).min(leaves);
            large
                .ledger
                .accept(&[acceptance(next..end)])
                .map_err(failed)?;
            next = end;
            while register
                .sequence(ACCEPTED, &mut dice)
                .map_err(failed)?
                .is_some()
            {}
            while register.integrate().map_err(failed)? {}
        }
        large.leaves = register.standing().edge.size();
        Ok(large)
    }

    fn begin(folder: &Path) -> Result<Large, Failure> {
        let disk: Arc<dyn Disk> = Arc::new(Folder::open(folder).map_err(failed)?);
        let ledger = Arc::new(Ledger::create(&folder.join("ledger.db")).map_err(failed)?);
        let log = SigningKey::from_seed(&[1; 32]);
        let origin = Origin::new("mahzar.invalid/bench").map_err(failed)?;
        ledger
            .found(&Standing::new(origin, *log.verifying_key().as_bytes()))
            .map_err(failed)?;
        Ok(Large {
            disk,
            ledger,
            log,
            leaves: 0,
        })
    }

    fn register(&self) -> Result<Register<Arc<Ledger>, store::tiles::Publisher>, Failure> {
        let lock = RegisterLock::take(&*self.disk)
            .map_err(failed)?
            .ok_or_else(|| failed("the record is locked"))?;
        let shelf = Arc::new(Tiles::new(Arc::clone(&self.disk)).publisher(lock));
        let keys = Keys {
            log: SigningKey::from_seed(self.log.expose_seed()),
            filler: Zeroizing::new(FILLER),
        };
        Register::open(Arc::clone(&self.ledger), shelf, keys).map_err(failed)
    }

    /// The audit: every tile, leaf and node, against a ceiling of hashing alone.
    pub fn audit(&self) -> Result<Vec<Figure>, Failure> {
        let standing = self
            .ledger
            .standing()
            .map_err(failed)?
            .ok_or_else(|| failed("no record"))?;
        let log = log_vkey(standing.origin.clone(), &self.log);
        let expected = Expectation {
            standing: &standing,
            log: &log,
            witnesses: Some(&[]),
            filler_key: Some(&FILLER),
        };
        let tiles = Tiles::new(Arc::clone(&self.disk));
        let (report, time) =
            timed(|| fsck::check(&tiles, &*self.ledger, &expected, THREADS, &|_| {}));
        if let Some(finding) = report.findings.first() {
            return Err(failed(format!("{}: {}", finding.place, finding.what)));
        }
        let rate = report.leaves as f64 / time.as_secs_f64();
        Ok(vec![
            Figure {
                name: "audit".to_owned(),
                value: rate,
                unit: "leaves/s",
                beside: "limit: 10 million leaves in 2 minutes".to_owned(),
                beside_value: LIMIT_LEAVES / LIMIT_SECONDS,
                better: Better::More,
            },
            Figure {
                name: "audit/ceiling".to_owned(),
                value: rate,
                unit: "leaves/s",
                beside: "ceiling: two SHA-256 of nodes for each leaf, on 2 cores, and nothing else"
                    .to_owned(),
                beside_value: node_rate() * THREADS as f64 / 2.0,
                better: Better::More,
            },
        ])
    }

    /// The start: the record is opened, its end read back, and it could sequence.
    pub fn start(&self) -> Result<Figure, Failure> {
        let (register, time) = timed(|| self.register());
        let register = register?;
        if matches!(register.signing(), Signing::Stopped(_))
            || register.standing().edge.size() != self.leaves
        {
            return Err(failed("the record did not start as it was left"));
        }
        Ok(Figure {
            name: "start".to_owned(),
            value: time.as_secs_f64(),
            unit: "s",
            beside: format!("limit, here with {} leaves", self.leaves),
            beside_value: START_SECONDS,
            better: Better::Less,
        })
    }
}

/// Nodes a second on one core.
fn node_rate() -> f64 {
    let mut hash = sha256(b"a node");
    let ((), time) = timed(|| {
        for _ in 0..HASHES {
            hash = node_hash(&hash, std::hint::black_box(&hash));
        }
    });
    std::hint::black_box(hash);
    HASHES as f64 / time.as_secs_f64()
}

fn acceptance(numbers: std::ops::Range<usize>) -> Acceptance {
    let entries = numbers.map(|number| NewEntry {
        circle: CIRCLE,
        seq: number as u64,
        id: id(number),
        prev: number.checked_sub(1).map_or(Hash::ZERO, commitment),
        commitment: commitment(number),
        lock: Lock::Epoch(1),
        object: None,
        sealed: vec![7],
        wrap: Some(vec![7]),
    });
    Acceptance {
        entries: entries.collect(),
        ..Acceptance::default()
    }
}

fn commitment(number: usize) -> Hash {
    sha256(&(number as u64).to_be_bytes())
}

fn id(number: usize) -> EntryId {
    let mut half = [0; 16];
    half.copy_from_slice(&commitment(number).as_bytes()[..16]);
    EntryId::from_bytes(half)
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench").text("name", "audit").because(error)
}
