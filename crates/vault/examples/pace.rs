//! How fast the vault is on this machine, beside what it cannot be faster than and beside Debian's `age`.
//!
//!     cargo run --release -p mahzar-vault --example pace -- FOLDER [MiB]
//!
//! Writes and deletes files in FOLDER. Each figure is the best of three; memory is the peak of this process.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use record::hash::Hash;
use record::ids::{CircleId, EntryId, Origin};
use sha2::{Digest, Sha256};
use vault::binding::{Binding, ObjectId, Purpose};
use vault::circle::{EpochPlace, EpochSecret};
use vault::entry_lock::{Content, EntryKey, EntryPlace, OpenEntry};
use vault::keys::Identity;
use vault::object;
use vault::small::{self, Small};

const MIB: u64 = 1 << 20;
const ROUNDS: usize = 3;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| ".".into()));
    let mib: u64 = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1024);
    let stage = Stage::new(&folder, mib)?;
    stage.large()?;
    println!("peak memory: {}", peak_memory());
    stage.small()?;
    stage.entries()?;
    stage.clear()
}

struct Stage {
    source: PathBuf,
    target: PathBuf,
    size: u64,
    identity: Identity,
    binding: Binding,
}

impl Stage {
    fn new(folder: &Path, mib: u64) -> io::Result<Stage> {
        let (source, target) = (folder.join("pace.in"), folder.join("pace.out"));
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let mut file = File::create(&source)?;
        let mut piece = vec![0; MIB as usize];
        for _ in 0..mib {
            rng.fill_bytes(&mut piece);
            file.write_all(&piece)?;
        }
        file.sync_all()?;
        let binding = Binding {
            office: Origin::new("mahzar.invalid/00").expect("an origin"),
            circle: CircleId::from_bytes([2; 16]),
            epoch: 1,
            object: ObjectId::from_bytes([3; 16]),
            purpose: Purpose::Object,
        };
        Ok(Stage {
            source,
            target,
            size: mib * MIB,
            identity: Identity::generate(&mut rng),
            binding,
        })
    }

    fn large(&self) -> io::Result<()> {
        let hash = self.report("read and hash, alone", || {
            let mut hash = Sha256::new();
            in_pieces(File::open(&self.source)?, |piece| {
                hash.update(piece);
                Ok(())
            })
        })?;
        let encrypt = self.report("read, hash, encrypt, hash; not written", || {
            self.seal(io::sink())
        })?;
        let write = self.report("read and write durably, alone", || {
            let mut out = Durable::create(&self.target)?;
            in_pieces(File::open(&self.source)?, |piece| out.write_all(piece))?;
            out.finish()
        })?;
        let whole = self.report("all of it, durable", || {
            let mut out = Durable::create(&self.target)?;
            self.seal(&mut out)?;
            out.finish()
        })?;
        println!("  of the slowest stage: {:.2}", hash.max(write) / whole);
        println!(
            "  of encryption or write: {:.2}",
            encrypt.max(write) / whole
        );
        let age = self.report("Debian's age, then sync", || self.debian_age())?;
        println!("  beside age: {:.2}", age / whole);
        self.seal(File::create(self.payload())?)?;
        self.report("open and read", || self.open())?;
        Ok(())
    }

    fn seal(&self, out: impl Write + Send) -> io::Result<()> {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let recipients = [self.identity.to_recipient()];
        let source = File::open(&self.source)?;
        let sealed = object::seal(source, out, &recipients, &self.binding, &mut rng);
        let header = sealed.map_err(io::Error::other)?.header;
        fs::write(self.header(), header)
    }

    fn open(&self) -> io::Result<()> {
        let header = fs::read(self.header())?;
        let payload = File::open(self.payload())?;
        let opened = object::open(&header, payload, &self.identity, &self.binding, self.size);
        in_pieces(opened.map_err(io::Error::other)?, |_| Ok(()))
    }

    fn header(&self) -> PathBuf {
        self.source.with_extension("header")
    }

    fn payload(&self) -> PathBuf {
        self.source.with_extension("payload")
    }

    fn debian_age(&self) -> io::Result<()> {
        let recipient = self.identity.to_recipient().to_string();
        let age = Command::new("age")
            .args(["-r", &recipient, "-o"])
            .arg(&self.target)
            .arg(&self.source)
            .status()?;
        let sync = Command::new("sync").arg(&self.target).status()?;
        if age.success() && sync.success() {
            Ok(())
        } else {
            Err(io::Error::other("age failed"))
        }
    }

    /// Prints the best of some rounds, in seconds.
    fn report(&self, what: &str, mut work: impl FnMut() -> io::Result<()>) -> io::Result<f64> {
        let mut best = f64::INFINITY;
        let begin = cpu_seconds();
        for _ in 0..ROUNDS {
            if self.target.exists() {
                fs::remove_file(&self.target)?;
            }
            best = best.min(seconds(&mut work)?);
        }
        let rate = self.size as f64 / MIB as f64 / best;
        let cpu = (cpu_seconds() - begin) / ROUNDS as f64;
        println!("{what}: {best:.2} s, {rate:.0} MiB/s, {cpu:.2} s of CPU");
        Ok(best)
    }

    fn small(&self) -> io::Result<()> {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        let plaintext = vec![7; 4096];
        let one = Small {
            plaintext: &plaintext,
            binding: &self.binding,
        };
        let (batch, recipients) = (vec![one; 1000], [self.identity.to_recipient()]);
        for threads in [1, 2] {
            let what = format!("small objects of 4 KiB, {threads} at once");
            many(&what, 10_000, || {
                for _ in 0..10 {
                    let sealed = small::seal_batch(&batch, &recipients, threads, &mut rng);
                    sealed.map_err(io::Error::other)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn entries(&self) -> io::Result<()> {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let (office, circle) = (self.binding.office.clone(), self.binding.circle);
        let epoch = EpochSecret::generate(
            EpochPlace {
                office: office.clone(),
                circle,
                epoch: 1,
            },
            &mut rng,
        );
        let (lock, count) = (epoch.lock(), 100_000);
        let content = Content::Object {
            salt2: [1; 32],
            sha256: Hash::ZERO,
            size: 5,
        };
        let entry = OpenEntry {
            envelope: vec![b'x'; 900],
            salt1: [2; 32],
            content,
        };
        many(
            "entries of 900 bytes, sealed and wrapped, one at a time",
            count,
            || {
                for seq in 0..count {
                    let place = EntryPlace {
                        office: office.clone(),
                        circle,
                        seq,
                        id: EntryId::from_bytes([5; 16]),
                    };
                    let key = EntryKey::random(&mut rng);
                    entry
                        .seal(&place, &key, &mut rng)
                        .map_err(io::Error::other)?;
                    lock.wrap(&key, &place, &mut rng);
                }
                Ok(())
            },
        )
    }

    fn clear(&self) -> io::Result<()> {
        fs::remove_file(&self.source)?;
        fs::remove_file(self.header())?;
        fs::remove_file(self.payload())?;
        if self.target.exists() {
            fs::remove_file(&self.target)
        } else {
            Ok(())
        }
    }
}

/// A file that is synced while it is written, so that the disk does not wait for the end.
struct Durable {
    file: File,
    unsynced: u64,
    wake: SyncSender<()>,
    syncing: JoinHandle<io::Result<()>>,
}

impl Durable {
    fn create(path: &Path) -> io::Result<Durable> {
        let file = File::create(path)?;
        let clone = file.try_clone()?;
        let (wake, woken) = sync_channel(1);
        let syncing = std::thread::spawn(move || woken.iter().try_for_each(|()| clone.sync_data()));
        Ok(Durable {
            file,
            unsynced: 0,
            wake,
            syncing,
        })
    }

    fn finish(self) -> io::Result<()> {
        drop(self.wake);
        self.syncing
            .join()
            .map_err(|_| io::Error::other("the syncing thread panicked"))??;
        self.file.sync_all()
    }
}

impl Write for Durable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.file.write(bytes)?;
        self.unsynced += count as u64;
        if self.unsynced >= 32 * MIB {
            self.unsynced = 0;
            // If a sync is still under way, the next will take this along.
            let _ = self.wake.try_send(());
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn in_pieces(
    mut source: impl Read,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut piece = vec![0; MIB as usize];
    loop {
        match source.read(&mut piece)? {
            0 => return Ok(()),
            count => take(&piece[..count])?,
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what this program is for"
)]
fn seconds(work: impl FnOnce() -> io::Result<()>) -> io::Result<f64> {
    let begin = Instant::now();
    work()?;
    Ok(begin.elapsed().as_secs_f64())
}

/// Prints how many a second, and what one costs.
fn many(what: &str, count: u64, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    let begin = cpu_seconds();
    let rate = count as f64 / seconds(work)?;
    let cost = (cpu_seconds() - begin) * 1e6 / count as f64;
    println!("{what}: {rate:.0}/s, {cost:.0} µs of CPU each");
    Ok(())
}

/// CPU time of this process so far, in the kernel's ticks of 10 ms; that of `age` is not in it.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let ticks = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("unknown").trim().to_owned()
}
