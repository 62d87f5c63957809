//! A small office without people: entries, objects, packs, a published record. For tests that damage it, copy it, or put an old copy back.

use std::io::Write;
use std::sync::Arc;

use record::commitment;
use record::hash::Hash;
use record::ids::{CircleId, EntryId, Origin};
use record::signature::SigningKey;
use register::fsck::Expectation;
use register::journal::Journal;
use register::register::OpenError;
use register::witness::Witness;
use register::{Keys, Register, found};
use store::disk::Disk;
use store::fsck::OfficeReport;
use store::ledger::{Acceptance, CircleHead, Ledger, Lock, NewEntry, ObjectId, StoredObject};
use store::objects::Objects;
use store::packs::Packs;
use store::tiles::{Publisher, RegisterLock, Tiles};

use crate::disk::SimulatedDisk;
use crate::faults::Faults;
use crate::random::Random;

/// What the fixture is asked for and cannot give; in words, for a test to print.
pub type Trouble = String;

/// See the module.
pub struct Fixture {
    /// Its ledger: the real one.
    pub ledger: Arc<Ledger>,
    /// Its folder.
    pub disk: SimulatedDisk,
    random: Random,
    keys: u64,
}

impl Fixture {
    /// An office without entries, over an empty ledger.
    pub fn new(seed: u64, ledger: Ledger) -> Result<Fixture, Trouble> {
        let fixture = Fixture {
            ledger: Arc::new(ledger),
            disk: SimulatedDisk::new(seed, Faults::new()),
            random: Random::new(seed),
            keys: seed,
        };
        found(
            &*fixture.ledger,
            origin("office.example/record")?,
            &fixture.keys().log,
        )
        .map_err(said)?;
        Ok(fixture)
    }

    /// A copy of this office over a copy of its ledger: it has the same keys, and goes its own way from here.
    pub fn copy(&self, ledger: Ledger, seed: u64) -> Fixture {
        Fixture {
            ledger: Arc::new(ledger),
            disk: self.disk.copy(),
            random: Random::new(seed),
            keys: self.keys,
        }
    }

    /// Some of everything: small and large objects, entries with and without them, public ones, an erased one, three published rounds,
    /// then a batch that is staged, and entries that are pending.
    pub fn fill(&mut self, witnesses: &[&dyn Witness]) -> Result<(), Trouble> {
        for _ in 0..3 {
            self.add_small(12)?;
            self.add_large(150_000)?;
            self.add(90)?;
            self.add_public(5)?;
            self.publish(witnesses)?;
        }
        self.ledger.erase(circle(1), 0).map_err(said)?;
        self.ledger
            .cabinet_put(b"a name", b"an encrypted body")
            .map_err(said)?;
        self.add(20)?;
        let mut register = self.open().map_err(said)?;
        register.sequence(10, &mut self.random).map_err(said)?;
        Ok(())
    }

    /// Accepts entries of two circles, without objects.
    pub fn add(&mut self, count: usize) -> Result<(), Trouble> {
        for number in 0..count {
            let entry = self.entry(circle(1 + (number % 2) as u8), None)?;
            self.ledger
                .accept(&[Acceptance {
                    entries: vec![entry],
                    ..Acceptance::default()
                }])
                .map_err(said)?;
        }
        Ok(())
    }

    /// Erases an entry with a small object and leaves the object's bytes to be destroyed.
    pub fn add_discard(&mut self) -> Result<(), Trouble> {
        self.add_small(1)?;
        let head = self
            .ledger
            .head_of_circle(circle(2))
            .map_err(said)?
            .ok_or("an empty circle")?;
        self.ledger.erase(circle(2), head.seq).map_err(said)
    }

    fn add_public(&mut self, count: usize) -> Result<(), Trouble> {
        for _ in 0..count {
            let entry = self.entry(CircleId::PUBLIC, None)?;
            let sealed = self.random.bytes(400);
            let commitment = commitment::public(entry.seq, &entry.prev, &sealed);
            let entry = NewEntry {
                lock: Lock::Public,
                sealed,
                commitment,
                wrap: None,
                ..entry
            };
            self.ledger
                .accept(&[Acceptance {
                    entries: vec![entry],
                    ..Acceptance::default()
                }])
                .map_err(said)?;
        }
        Ok(())
    }

    fn add_small(&mut self, count: usize) -> Result<(), Trouble> {
        let objects: Vec<(ObjectId, Vec<u8>)> = (0..count)
            .map(|_| {
                (
                    ObjectId::from_bytes(self.random.array()),
                    self.random.bytes(700),
                )
            })
            .collect();
        let borrowed: Vec<(ObjectId, &[u8])> = objects
            .iter()
            .map(|(id, bytes)| (*id, &bytes[..]))
            .collect();
        let stored = Packs::new(Arc::new(self.disk.clone()))
            .store(&borrowed)
            .map_err(said)?;
        stored.into_iter().try_for_each(|stored| self.enter(stored))
    }

    fn add_large(&mut self, size_bytes: usize) -> Result<(), Trouble> {
        let bytes = self.random.bytes(size_bytes);
        let objects = Objects::new(Arc::new(self.disk.clone()));
        let mut writer = objects
            .begin(ObjectId::from_bytes(self.random.array()))
            .map_err(said)?;
        writer.write_all(&bytes).map_err(said)?;
        let digest = record::hash::sha256(&bytes);
        self.enter(writer.finish(digest).map_err(said)?)
    }

    fn enter(&mut self, stored: StoredObject) -> Result<(), Trouble> {
        let entry = self.entry(circle(2), Some(stored.object))?;
        let header = (stored.object, self.random.bytes(200));
        let acceptance = Acceptance {
            entries: vec![entry],
            objects: vec![stored],
            headers: vec![header],
            ..Acceptance::default()
        };
        self.ledger.accept(&[acceptance]).map_err(said)
    }

    fn entry(&mut self, circle: CircleId, object: Option<ObjectId>) -> Result<NewEntry, Trouble> {
        let (seq, prev) = CircleHead::next(self.ledger.head_of_circle(circle).map_err(said)?);
        Ok(NewEntry {
            circle,
            seq,
            id: EntryId::from_bytes(self.random.array()),
            prev,
            commitment: Hash::from_bytes(self.random.array()),
            lock: Lock::Epoch(1),
            object,
            sealed: self.random.bytes(300),
            wrap: Some(self.random.bytes(72)),
        })
    }

    /// Opens the register. Only one at a time: it holds the lock.
    pub fn open(&self) -> Result<Register<Arc<Ledger>, Publisher>, OpenError> {
        self.open_with(self.keys())
    }

    /// Opens the register with other keys than the office's own.
    pub fn open_with(&self, keys: Keys) -> Result<Register<Arc<Ledger>, Publisher>, OpenError> {
        let failed = |cause: Trouble| OpenError::Shelf(register::shelf::ShelfError::Failed(cause));
        Register::open(
            Arc::clone(&self.ledger),
            Arc::new(self.publisher().map_err(failed)?),
            keys,
        )
    }

    /// The record's folder, to write to; takes the lock.
    pub fn publisher(&self) -> Result<Publisher, Trouble> {
        let lock = RegisterLock::take(&self.disk)
            .map_err(said)?
            .ok_or("the lock is taken")?;
        Ok(self.tiles().publisher(lock))
    }

    /// The record's folder, to read from.
    pub fn tiles(&self) -> Tiles {
        let disk: Arc<dyn Disk> = Arc::new(self.disk.clone());
        Tiles::new(disk)
    }

    /// The office's keys.
    pub fn keys(&self) -> Keys {
        let mut random = Random::new(self.keys ^ 0x6b65_7973);
        Keys {
            log: SigningKey::from_seed(&random.array()),
            filler: zeroize::Zeroizing::new(random.array()),
        }
    }

    /// Sequences, tiles, signs and publishes all there is, as an office does at each round; returns the size.
    pub fn publish(&mut self, witnesses: &[&dyn Witness]) -> Result<u64, Trouble> {
        let mut register = self.open().map_err(said)?;
        register.confirm(witnesses, 1).map_err(said)?;
        while register
            .sequence(64, &mut self.random)
            .map_err(said)?
            .is_some()
        {}
        while register.integrate().map_err(said)? {}
        let signed = register.sign().map_err(said)?.ok_or("nothing to sign")?;
        Ok(register
            .publish(signed.countersign(witnesses))
            .map_err(said)?
            .size)
    }

    /// Audits everything.
    pub fn audit(&self, witnesses: &[&dyn Witness]) -> Result<OfficeReport, Trouble> {
        let standing = self.ledger.standing().map_err(said)?.ok_or("no record")?;
        let keys = self.keys();
        let log = record::checkpoint::log_vkey(standing.origin.clone(), &keys.log);
        let witnesses: Vec<_> = witnesses
            .iter()
            .map(|witness| witness.vkey().clone())
            .collect();
        let expected = Expectation {
            standing: &standing,
            log: &log,
            witnesses: Some(&witnesses),
            filler_key: Some(&keys.filler),
        };
        Ok(store::fsck::office(
            &self.ledger,
            &self.tiles(),
            &self.disk,
            &expected,
            1,
            &|_| {},
        ))
    }
}

/// An origin from a text that is one.
pub fn origin(text: &str) -> Result<Origin, Trouble> {
    Origin::new(text).map_err(said)
}

fn circle(number: u8) -> CircleId {
    CircleId::from_bytes([number; 16])
}

fn said(error: impl std::fmt::Display) -> Trouble {
    error.to_string()
}
