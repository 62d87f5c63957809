//! What every measurement needs: a folder of its own on the disk in question, a clock, and the ceilings of the machine.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use record::hash::Hasher;

use crate::failure::{Failure, fault};

/// How many bytes are hashed or written at a time when a ceiling is measured: what fits a core's cache.
const PIECE_BYTES: usize = 256 * 1024;
/// How much is hashed to learn the speed of SHA-256.
const HASHED_BYTES: usize = 256 * 1024 * 1024;
/// How many fsyncs are timed for the time of one.
const FSYNCS: usize = 64;

/// A folder for one run of measurements, removed at the end.
#[derive(Debug)]
pub struct Laboratory {
    folder: PathBuf,
}

impl Laboratory {
    /// Makes a folder below `place`.
    pub fn open(place: &Path) -> Result<Laboratory, Failure> {
        let folder = place.join(format!("mahzar-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
        Ok(Laboratory { folder })
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes a file of bytes that do not compress, durable.
    pub fn file(&self, name: &str, bytes: u64) -> Result<PathBuf, Failure> {
        let path = self.path(name);
        write_durably(&path, bytes).map_err(|error| cannot_write(&path, &error))?;
        Ok(path)
    }

    /// Bytes a second that this disk takes from one writer, fsync included.
    pub fn durable_write_rate(&self, bytes: u64) -> Result<f64, Failure> {
        let path = self.path("ceiling");
        let (written, time) = timed(|| write_durably(&path, bytes));
        written
            .and_then(|()| fs::remove_file(&path))
            .map_err(|error| cannot_write(&path, &error))?;
        Ok(bytes as f64 / time.as_secs_f64())
    }

    /// The median time of appending `bytes` to a file and making them durable.
    pub fn fsync_time(&self, bytes: usize) -> Result<Duration, Failure> {
        let path = self.path("fsync");
        let times = fsync_times(&path, bytes).map_err(|error| cannot_write(&path, &error))?;
        Ok(median(times))
    }
}

impl Drop for Laboratory {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!(
                "mahzar: {} could not be removed: {error}",
                self.folder.display()
            );
        }
    }
}

/// The time that something takes.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring time is what a benchmark does"
)]
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

/// Bytes a second of SHA-256 on one core.
pub fn sha256_rate() -> f64 {
    let piece = noise(PIECE_BYTES);
    let (hash, time) = timed(|| {
        let mut hasher = Hasher::new();
        for _ in 0..HASHED_BYTES / PIECE_BYTES {
            hasher.update(black_box(&piece));
        }
        hasher.finish()
    });
    black_box(hash);
    HASHED_BYTES as f64 / time.as_secs_f64()
}

/// The middle one of several times.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Bytes without a pattern that a disk could shorten: xorshift, always the same.
pub fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut noise = Vec::with_capacity(bytes + 8);
    while noise.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise.extend_from_slice(&state.to_le_bytes());
    }
    noise.truncate(bytes);
    noise
}

/// What a folder of the laboratory could not take.
pub fn cannot_write(path: &Path, error: &dyn std::error::Error) -> Failure {
    fault("fault-write")
        .text("path", path.display())
        .because(error)
}

fn write_durably(path: &Path, bytes: u64) -> io::Result<()> {
    let piece = noise(PIECE_BYTES);
    let mut file = File::create(path)?;
    let mut left = bytes;
    while left > 0 {
        let length = usize::try_from(left).map_or(PIECE_BYTES, |left| left.min(PIECE_BYTES));
        file.write_all(&piece[..length])?;
        left -= length as u64;
    }
    file.sync_all()
}

fn fsync_times(path: &Path, bytes: usize) -> io::Result<Vec<Duration>> {
    let piece = noise(bytes);
    let mut file = File::create(path)?;
    (0..FSYNCS)
        .map(|_| {
            let (done, time) = timed(|| file.write_all(&piece).and_then(|()| file.sync_data()));
            done.map(|()| time)
        })
        .collect()
}
