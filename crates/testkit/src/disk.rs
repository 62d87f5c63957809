//! A disk that forgets what was not synced: the worst that the contract of [`store::disk`] allows, by a seed.
//!
//! A write that was not synced may after a crash be there, be gone, be there in part, or be there while an earlier one is not. A name that was not
//! synced (a file made, renamed or removed) likewise, each by itself; a rename is whole or not at all. Folders are durable at once, as the contract
//! says of [`Disk::make_folder`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use store::disk::{Appender, Disk, DiskError, Held, Listed, Spot};

use crate::faults::{Crashed, Fault, Faults};
use crate::random::Random;

/// How finely a write is torn.
const SECTOR_BYTES: usize = 512;

/// See the module. Clones are the same disk.
#[derive(Clone)]
pub struct SimulatedDisk {
    state: Arc<Mutex<State>>,
    faults: Faults,
}

struct State {
    random: Random,
    files: Vec<File>,
    names: Names,
    /// What the disk has of the names.
    kept_names: Names,
    unsynced_names: Vec<NameChange>,
    locks: BTreeSet<Spot>,
    /// Counts the crashes: what was open before one is of no use after it.
    life: u64,
    capacity_bytes: Option<usize>,
}

type Names = BTreeMap<Spot, usize>;

/// A file's bytes as programs see them, and as the disk has them.
#[derive(Default)]
struct File {
    seen: Vec<u8>,
    kept: Vec<u8>,
    unsynced: Vec<Write>,
}

#[derive(Clone)]
enum Write {
    At(usize, Vec<u8>),
    Cut(usize),
}

#[derive(Clone)]
enum NameChange {
    Made(Spot, usize),
    Moved(Spot, Spot, usize),
    Removed(Spot),
}

impl SimulatedDisk {
    /// An empty disk; `faults` counts its steps.
    pub fn new(seed: u64, faults: Faults) -> SimulatedDisk {
        let state = State {
            random: Random::new(seed),
            files: Vec::new(),
            names: Names::new(),
            kept_names: Names::new(),
            unsynced_names: Vec::new(),
            locks: BTreeSet::new(),
            life: 0,
            capacity_bytes: None,
        };
        SimulatedDisk {
            state: Arc::new(Mutex::new(state)),
            faults,
        }
    }

    /// Another disk with the same files, as somebody makes who copies an office. It never fails.
    pub fn copy(&self) -> SimulatedDisk {
        let copy = SimulatedDisk::new(0, Faults::new());
        let state = self.state();
        for (spot, file) in &state.names {
            let bytes = state.files[*file].seen.clone();
            let mut copied = copy.state();
            copied.files.push(File {
                seen: bytes.clone(),
                kept: bytes,
                unsynced: Vec::new(),
            });
            let number = copied.files.len() - 1;
            copied.names.insert(spot.clone(), number);
            copied.kept_names.insert(spot.clone(), number);
        }
        copy
    }

    /// Takes the power away and gives it back: what was not synced meets its fate.
    pub fn crash(&self) {
        let mut state = self.state();
        state.crash();
        self.faults.restart();
    }

    /// Leaves room for so many more bytes; `None`: no limit.
    pub fn leave_room(&self, bytes: Option<usize>) {
        let mut state = self.state();
        let used: usize = state
            .names
            .values()
            .map(|file| state.files[*file].seen.len())
            .sum();
        state.capacity_bytes = bytes.map(|bytes| used + bytes);
    }

    /// Flips one bit of what the disk has, and returns whether there was such a byte.
    pub fn flip(&self, spot: &Spot, byte: usize, bit: u8) -> bool {
        let mut state = self.state();
        let Some(file) = state.names.get(spot).copied() else {
            return false;
        };
        let file = &mut state.files[file];
        for bytes in [&mut file.seen, &mut file.kept] {
            match bytes.get_mut(byte) {
                Some(byte) => *byte ^= 1 << bit,
                None => return false,
            }
        }
        true
    }

    /// All files, in order.
    pub fn files(&self) -> Vec<Spot> {
        self.state().names.keys().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a step that `act` does, and lets it go wrong as the faults say.
    fn step<T>(
        &self,
        spot: &Spot,
        doing: &'static str,
        act: impl FnOnce(&mut State) -> Result<T, DiskError>,
    ) -> Result<T, DiskError> {
        let fault = self
            .faults
            .step(|| format!("{doing} {spot}"))
            .map_err(|crash| gone(spot, crash))?;
        let failed = |cause: &str| DiskError::Failed {
            spot: spot.clone(),
            doing,
            cause: cause.to_owned(),
        };
        match fault {
            None => act(&mut self.state()),
            Some(Fault::NotDone | Fault::Lost) => Err(failed("simulated, not done")),
            Some(_) => {
                act(&mut self.state())?;
                Err(failed("simulated, though done"))
            }
        }
    }

    /// A step that syncs: it fails as an fsync fails, and `lose` is what the kernel then forgets.
    fn sync_step(
        &self,
        spot: &Spot,
        act: impl FnOnce(&mut State),
        lose: impl FnOnce(&mut State),
    ) -> Result<(), DiskError> {
        let fault = self
            .faults
            .step(|| format!("sync {spot}"))
            .map_err(|crash| gone(spot, crash))?;
        let not_kept = || DiskError::NotKept {
            spot: spot.clone(),
            cause: "simulated".to_owned(),
        };
        match fault {
            None => {
                act(&mut self.state());
                Ok(())
            }
            Some(Fault::Lost) => {
                lose(&mut self.state());
                Err(not_kept())
            }
            Some(Fault::NotDone) => Err(not_kept()),
            Some(_) => {
                act(&mut self.state());
                Err(not_kept())
            }
        }
    }

    fn alive(&self, spot: &Spot) -> Result<MutexGuard<'_, State>, DiskError> {
        self.faults.alive().map_err(|crash| gone(spot, crash))?;
        Ok(self.state())
    }

    fn appender(&self, spot: &Spot, file: usize) -> Box<dyn Appender> {
        let life = self.state().life;
        Box::new(Tail {
            disk: self.clone(),
            spot: spot.clone(),
            file,
            life,
        })
    }
}

fn gone(spot: &Spot, _: Crashed) -> DiskError {
    DiskError::Failed {
        spot: spot.clone(),
        doing: "reach",
        cause: "the machine has no power".to_owned(),
    }
}

impl State {
    fn crash(&mut self) {
        let State { random, files, .. } = self;
        for file in files.iter_mut() {
            file.crash(random);
        }
        for change in std::mem::take(&mut self.unsynced_names) {
            if self.random.once_in(2) {
                change.apply(&mut self.kept_names);
            }
        }
        self.names = self.kept_names.clone();
        self.locks.clear();
        self.life += 1;
    }

    fn find(&self, spot: &Spot) -> Result<usize, DiskError> {
        self.names
            .get(spot)
            .copied()
            .ok_or_else(|| DiskError::Absent(spot.clone()))
    }

    fn change(&mut self, change: NameChange) {
        change.apply(&mut self.names);
        self.unsynced_names.push(change);
    }

    fn make(&mut self, spot: &Spot) -> usize {
        self.files.push(File::default());
        let file = self.files.len() - 1;
        self.change(NameChange::Made(spot.clone(), file));
        file
    }

    fn write(&mut self, spot: &Spot, file: usize, bytes: &[u8]) -> Result<(), DiskError> {
        let used: usize = self
            .names
            .values()
            .map(|file| self.files[*file].seen.len())
            .sum();
        let room = self
            .capacity_bytes
            .map_or(usize::MAX, |capacity| capacity.saturating_sub(used));
        let fitting = &bytes[..bytes.len().min(room)];
        let at = self.files[file].seen.len();
        self.files[file].write(Write::At(at, fitting.to_vec()));
        if fitting.len() < bytes.len() {
            Err(DiskError::Full(spot.clone()))
        } else {
            Ok(())
        }
    }

    /// Makes the names in a folder durable: all changes that touch it, in their order.
    fn keep_names(&mut self, folder: &Spot) {
        let mut settled: BTreeSet<Spot> = BTreeSet::new();
        let mut left = Vec::new();
        let (mut kept, changes) = (Vec::new(), std::mem::take(&mut self.unsynced_names));
        for change in changes.into_iter().rev() {
            let spots = change.spots();
            if spots.iter().any(|spot| spot.parent() == *folder) {
                settled.extend(spots);
                kept.push(change);
            } else {
                left.extend(change.besides(&settled));
            }
        }
        kept.iter()
            .rev()
            .for_each(|change| change.apply(&mut self.kept_names));
        left.reverse();
        self.unsynced_names = left;
    }
}

impl File {
    fn write(&mut self, write: Write) {
        write.apply(&mut self.seen);
        self.unsynced.push(write);
    }

    /// What an earlier sync has lost is not written again by a later one, as in the kernel.
    fn keep(&mut self) {
        let writes = std::mem::take(&mut self.unsynced);
        writes.iter().for_each(|write| write.apply(&mut self.kept));
    }

    /// Each write by itself is kept, dropped or torn.
    fn crash(&mut self, random: &mut Random) {
        for write in std::mem::take(&mut self.unsynced) {
            match (random.below(3), write) {
                (0, _) => {}
                (1, Write::At(at, bytes)) => {
                    let sectors = bytes.len() / SECTOR_BYTES;
                    let count = random.below(sectors as u64 + 1) as usize * SECTOR_BYTES;
                    Write::At(at, bytes[..count.min(bytes.len())].to_vec()).apply(&mut self.kept);
                }
                (_, write) => write.apply(&mut self.kept),
            }
        }
        self.seen.clone_from(&self.kept);
    }
}

impl Write {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Write::Cut(length) => bytes.truncate(*length),
            Write::At(_, new) if new.is_empty() => {}
            Write::At(at, new) => {
                let end = at + new.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(new);
            }
        }
    }
}

impl NameChange {
    fn apply(&self, names: &mut Names) {
        match self {
            NameChange::Made(spot, file) => {
                names.insert(spot.clone(), *file);
            }
            NameChange::Moved(from, to, file) => {
                if names.get(from) == Some(file) {
                    names.remove(from);
                }
                names.insert(to.clone(), *file);
            }
            NameChange::Removed(spot) => {
                names.remove(spot);
            }
        }
    }

    /// What is left of an older change when later ones have settled some names: about those it has nothing more to say.
    fn besides(self, settled: &BTreeSet<Spot>) -> Option<NameChange> {
        match self {
            NameChange::Made(spot, _) | NameChange::Removed(spot) if settled.contains(&spot) => {
                None
            }
            NameChange::Moved(from, to, file) => {
                match (settled.contains(&from), settled.contains(&to)) {
                    (false, false) => Some(NameChange::Moved(from, to, file)),
                    (true, false) => Some(NameChange::Made(to, file)),
                    (false, true) => Some(NameChange::Removed(from)),
                    (true, true) => None,
                }
            }
            other => Some(other),
        }
    }

    fn spots(&self) -> Vec<Spot> {
        match self {
            NameChange::Made(spot, _) | NameChange::Removed(spot) => vec![spot.clone()],
            NameChange::Moved(from, to, _) => vec![from.clone(), to.clone()],
        }
    }
}

impl Disk for SimulatedDisk {
    fn create(&self, spot: &Spot) -> Result<Box<dyn Appender>, DiskError> {
        let file = self.step(spot, "create", |state| {
            match state.names.contains_key(spot) {
                true => Err(DiskError::Exists(spot.clone())),
                false => Ok(state.make(spot)),
            }
        })?;
        Ok(self.appender(spot, file))
    }

    fn extend(&self, spot: &Spot, keep: u64) -> Result<Box<dyn Appender>, DiskError> {
        let keep = usize::try_from(keep).unwrap_or(usize::MAX);
        let file = self.step(spot, "extend", |state| {
            let file = state.find(spot)?;
            let length = state.files[file].seen.len();
            if length < keep {
                let cause = "shorter than expected".to_owned();
                return Err(DiskError::Failed {
                    spot: spot.clone(),
                    doing: "extend",
                    cause,
                });
            }
            if length > keep {
                state.files[file].write(Write::Cut(keep));
            }
            Ok(file)
        })?;
        Ok(self.appender(spot, file))
    }

    fn read(&self, spot: &Spot, offset: u64, buffer: &mut [u8]) -> Result<usize, DiskError> {
        let state = self.alive(spot)?;
        let seen = &state.files[state.find(spot)?].seen;
        let start = usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(seen.len());
        let count = buffer.len().min(seen.len() - start);
        buffer[..count].copy_from_slice(&seen[start..start + count]);
        Ok(count)
    }

    fn size(&self, spot: &Spot) -> Result<u64, DiskError> {
        let state = self.alive(spot)?;
        Ok(state.files[state.find(spot)?].seen.len() as u64)
    }

    fn blank(&self, spot: &Spot, offset: u64, length: u64) -> Result<(), DiskError> {
        let at = usize::try_from(offset).unwrap_or(usize::MAX);
        let zeros = vec![0; usize::try_from(length).unwrap_or(0)];
        let file = self.step(spot, "blank", |state| {
            let file = state.find(spot)?;
            state.files[file].write(Write::At(at, zeros));
            Ok(file)
        })?;
        self.sync_step(spot, |state| state.files[file].keep(), |_| {})
    }

    fn sync(&self, files: &[Spot], folders: &[Spot]) -> Result<(), DiskError> {
        for spot in files {
            let file = self.alive(spot)?.find(spot)?;
            self.sync_step(
                spot,
                |state| state.files[file].keep(),
                |state| state.files[file].unsynced.clear(),
            )?;
        }
        for folder in folders {
            self.sync_step(folder, |state| state.keep_names(folder), |_| {})?;
        }
        Ok(())
    }

    fn rename(&self, from: &Spot, to: &Spot) -> Result<(), DiskError> {
        self.step(from, "rename", |state| {
            let file = state.find(from)?;
            state.change(NameChange::Moved(from.clone(), to.clone(), file));
            Ok(())
        })
    }

    fn remove(&self, spot: &Spot) -> Result<(), DiskError> {
        self.step(spot, "remove", |state| {
            state.find(spot)?;
            state.change(NameChange::Removed(spot.clone()));
            Ok(())
        })
    }

    fn list(&self, folder: &Spot) -> Result<Vec<Listed>, DiskError> {
        let state = self.alive(folder)?;
        let prefix = if folder.as_str().is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        let mut listed = BTreeSet::new();
        for (spot, file) in &state.names {
            let Some(rest) = spot.as_str().strip_prefix(&prefix) else {
                continue;
            };
            listed.insert(match rest.split_once('/') {
                Some((name, _)) => Listed {
                    name: name.to_owned(),
                    is_folder: true,
                    size_bytes: 0,
                },
                None => {
                    let size_bytes = state.files[*file].seen.len() as u64;
                    Listed {
                        name: rest.to_owned(),
                        is_folder: false,
                        size_bytes,
                    }
                }
            });
        }
        Ok(listed.into_iter().collect())
    }

    fn make_folder(&self, folder: &Spot) -> Result<(), DiskError> {
        self.alive(folder).map(|_| ())
    }

    fn lock(&self, spot: &Spot) -> Result<Option<Box<dyn Held>>, DiskError> {
        let mut state = self.alive(spot)?;
        if !state.names.contains_key(spot) {
            state.make(spot);
        }
        if !state.locks.insert(spot.clone()) {
            return Ok(None);
        }
        let life = state.life;
        drop(state);
        Ok(Some(Box::new(Lock {
            disk: self.clone(),
            spot: spot.clone(),
            life,
        })))
    }
}

struct Tail {
    disk: SimulatedDisk,
    spot: Spot,
    file: usize,
    life: u64,
}

impl Tail {
    fn same_life(&self) -> Result<(), DiskError> {
        let state = self.disk.alive(&self.spot)?;
        if state.life == self.life {
            Ok(())
        } else {
            Err(gone(&self.spot, Crashed))
        }
    }
}

impl Appender for Tail {
    fn append(&mut self, bytes: &[u8]) -> Result<(), DiskError> {
        self.same_life()?;
        self.disk.step(&self.spot, "append to", |state| {
            state.write(&self.spot, self.file, bytes)
        })
    }

    fn sync(&mut self) -> Result<(), DiskError> {
        self.same_life()?;
        let file = self.file;
        self.disk.sync_step(
            &self.spot,
            |state| state.files[file].keep(),
            |state| state.files[file].unsynced.clear(),
        )
    }
}

struct Lock {
    disk: SimulatedDisk,
    spot: Spot,
    life: u64,
}

impl Held for Lock {}

impl Drop for Lock {
    fn drop(&mut self) {
        let mut state = self.disk.state();
        if state.life == self.life {
            state.locks.remove(&self.spot);
        }
    }
}
