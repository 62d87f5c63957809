//! The crash harness: an office's store and register on a simulated machine that loses its power, and a check of everything after each loss.
//!
//! A [`World`] does what an office does (stores objects, accepts entries, erases, sequences, tiles, signs, publishes) on a
//! [`SimulatedDisk`], with a ledger in memory standing for SQLite: a commit that returned survives, one in flight may or may not. After each crash
//! [`World::restart`] opens everything anew, and [`World::check`] re-verifies the whole published record with the code of the verifier, and
//! everything that was ever promised.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::checkpoint::Checkpoint;
use record::hash::Hash;
use record::ids::{CircleId, EntryId, Origin};
use record::signature::SigningKey;
use register::witness::Witness;
use register::{Keys, Register, Signing, found};
use store::disk::Disk;
use store::ledger::{Ledger, ObjectId, StoredObject};
use store::objects::Objects;
use store::packs::Packs;
use store::tiles::{Publisher, RegisterLock, Tiles};

use crate::disk::SimulatedDisk;
use crate::faults::{Fault, Faults};
use crate::random::Random;
use crate::witness::{Mood, TestWitness};

mod actions;
mod check;
mod faulty_ledger;

pub use faulty_ledger::FaultyLedger;

/// How many circles the simulated office has, beside the public one.
const CIRCLES: u64 = 3;
/// How many witnesses; one of them never answers.
const WITNESSES: u64 = 3;

/// Whatever the check found wrong, in words; it always names the seed's world by its last steps.
pub type Wrong = String;

/// What was promised about an entry.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    circle: CircleId,
    seq: u64,
    commitment: Hash,
    sealed: Vec<u8>,
    object: Option<(StoredObject, Vec<u8>)>,
    /// Whether an erasure was asked for: then it may be erased, and must be if the erasure was accepted.
    erasure: Erasure,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Erasure {
    None,
    Unclear,
    Done,
}

/// See the module.
pub struct World {
    random: Random,
    faults: Faults,
    disk: SimulatedDisk,
    ledger: Arc<FaultyLedger>,
    witnesses: Vec<Arc<TestWitness>>,
    seed: u64,
    /// By entry. What was accepted, for certain.
    promises: BTreeMap<EntryId, Promise>,
    /// What may have been accepted: the answer was lost.
    unclear: BTreeMap<EntryId, Promise>,
    /// Every object whose bytes were ever handed in.
    handed_in: BTreeMap<ObjectId, Vec<u8>>,
    /// Every head that anybody has ever seen signed, by size.
    signed: BTreeMap<u64, Hash>,
    /// The largest size ever published.
    published_size: u64,
    open: Option<Open>,
}

/// What a running process holds.
pub(crate) struct Open {
    objects: Objects,
    packs: Packs,
    register: Register<Arc<FaultyLedger>, Publisher>,
}

/// The process must end: the power is gone, or a fatal error said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended;

impl World {
    /// A new office that is open and without a fault.
    pub fn new(seed: u64) -> Result<World, Wrong> {
        let faults = Faults::new();
        let ledger = Ledger::in_memory().map_err(|e| e.to_string())?;
        let witnesses = (0..WITNESSES).filter_map(|number| {
            let mood = if number == 0 {
                Mood::Silent
            } else {
                Mood::Moody
            };
            TestWitness::new(
                &format!("witness{number}.example"),
                seed ^ (number + 1),
                mood,
            )
            .map(Arc::new)
        });
        let mut world = World {
            random: Random::new(seed),
            disk: SimulatedDisk::new(seed.rotate_left(17), faults.clone()),
            ledger: Arc::new(FaultyLedger::new(ledger, faults.clone())),
            faults,
            witnesses: witnesses.collect(),
            seed,
            promises: BTreeMap::new(),
            unclear: BTreeMap::new(),
            handed_in: BTreeMap::new(),
            signed: BTreeMap::new(),
            published_size: 0,
            open: None,
        };
        found(&*world.ledger, origin()?, &world.keys().log).map_err(|e| e.to_string())?;
        world.restart()?;
        let log = world.open()?.register.vkey().clone();
        world
            .witnesses
            .iter()
            .for_each(|witness| witness.know(log.clone()));
        Ok(world)
    }

    /// One life of a seed: some hundred actions and a handful of crashes, the check after each, and at the end everything published.
    pub fn run(seed: u64) -> Result<(), Wrong> {
        let mut world = World::new(seed)?;
        let done = world.live();
        done.map_err(|wrong| format!("seed {seed}: {wrong}\nsteps:\n{}", world.last_steps()))
    }

    /// The same actions each time, with one fault at one step; `Ok(false)` if the life has fewer steps.
    pub fn run_with_fault(seed: u64, step: u64, fault: Fault) -> Result<bool, Wrong> {
        let mut world = World::new(seed)?;
        world.faults.arm(step, fault);
        let last = world.faults.steps() + step;
        let mut run = || {
            world.act_and_survive(40)?;
            let reached = world.faults.steps() >= last;
            world.finish()?;
            Ok(reached)
        };
        let done: Result<bool, Wrong> = run();
        done.map_err(|wrong| {
            format!(
                "seed {seed}, {fault:?} at step {step}: {wrong}\nsteps:\n{}",
                world.last_steps()
            )
        })
    }

    fn live(&mut self) -> Result<(), Wrong> {
        for _ in 0..4 {
            let fault = Fault::ALL[self.random.below(Fault::ALL.len() as u64) as usize];
            let step = 1 + self.random.below(120);
            self.faults.arm(step, fault);
            self.act_and_survive(25)?;
            if self.random.once_in(2) {
                self.open = None;
                self.restart()?;
                self.check()?;
            }
        }
        self.finish()
    }

    /// Acts, and after an end restarts (through further faults, if they are armed) and checks.
    fn act_and_survive(&mut self, actions: usize) -> Result<(), Wrong> {
        for _ in 0..actions {
            if let Err(Ended) = self.act()? {
                self.open = None;
                self.restart()?;
                self.check()?;
            }
        }
        Ok(())
    }

    /// Nothing goes wrong any more: everything that is pending is sequenced and published, and checked to the last leaf.
    fn finish(&mut self) -> Result<(), Wrong> {
        self.faults.disarm();
        self.witnesses
            .iter()
            .skip(1)
            .for_each(|witness| witness.set_mood(Mood::Good));
        self.open = None;
        self.restart()?;
        while self
            .ledger
            .ledger()
            .pending_count()
            .map_err(|e| e.to_string())?
            > 0
        {
            self.publish_all()
                .map_err(|Ended| "ended without a fault".to_owned())?;
        }
        self.publish_all()
            .map_err(|Ended| "ended without a fault".to_owned())?;
        self.check()?;
        self.check_audit()?;
        self.check_all_published()
    }

    /// The power is gone or the process has died: the disk forgets what it may, and a new process opens the office.
    pub fn restart(&mut self) -> Result<(), Wrong> {
        loop {
            self.open = None;
            self.disk.crash();
            match self.open_anew() {
                Ok(open) => {
                    self.open = Some(open);
                    return Ok(());
                }
                // A fault in the middle of the recovery: again. It is armed only once.
                Err(_) if self.faults.has_crashed() || self.random_fault_left() => {}
                Err(wrong) => return Err(format!("does not open: {wrong}")),
            }
        }
    }

    /// A fault that was armed has just struck without taking the power; the next opening meets none.
    fn random_fault_left(&self) -> bool {
        self.faults.take_struck()
    }

    fn open_anew(&mut self) -> Result<Open, Wrong> {
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        let objects = Objects::new(Arc::clone(&disk));
        objects.sweep().map_err(|e| e.to_string())?;
        let packs = Packs::new(Arc::clone(&disk));
        let lock = RegisterLock::take(&*disk)
            .map_err(|e| e.to_string())?
            .ok_or("the lock is taken")?;
        let shelf = Arc::new(Tiles::new(disk).publisher(lock));
        let mut register = Register::open(Arc::clone(&self.ledger), shelf, self.keys())
            .map_err(|e| e.to_string())?;
        let witnesses = self.witnesses.clone();
        register
            .confirm(&as_ports(&witnesses), 2)
            .map_err(|e| e.to_string())?;
        if let Signing::On = register.signing() {
            Ok(Open {
                objects,
                packs,
                register,
            })
        } else {
            Err(format!("signing is {:?}", register.signing()))
        }
    }

    fn keys(&self) -> Keys {
        let mut random = Random::new(self.seed ^ 0x6b65_7973);
        Keys {
            log: SigningKey::from_seed(&random.array()),
            filler: zeroize::Zeroizing::new(random.array()),
        }
    }

    fn open(&mut self) -> Result<&mut Open, Wrong> {
        self.open
            .as_mut()
            .ok_or_else(|| "the office is not open".to_owned())
    }

    fn last_steps(&self) -> String {
        let log = self.faults.log();
        log[log.len().saturating_sub(40)..].join("\n")
    }

    /// Notes a head that somebody has seen signed; two roots for one size are the end of the record's honesty.
    fn note_signed(&mut self, head: &Checkpoint) -> Result<(), Wrong> {
        match self.signed.insert(head.size, head.root) {
            Some(root) if root != head.root => {
                Err(format!("two signed roots for {} leaves", head.size))
            }
            _ => Ok(()),
        }
    }
}

fn origin() -> Result<Origin, Wrong> {
    Origin::new("office.example/record").map_err(|e| e.to_string())
}

pub(crate) fn as_ports(witnesses: &[Arc<TestWitness>]) -> Vec<&dyn Witness> {
    witnesses
        .iter()
        .map(|witness| &**witness as &dyn Witness)
        .collect()
}
