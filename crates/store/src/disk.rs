//! The port between the store and whatever keeps its bytes: a folder on a disk, or the simulated disk of the tests.
//!
//! # Contract
//! **Durability.** Nothing is durable until it was synced. [`Appender::sync`] makes a file's bytes durable but not its name;
//! [`Disk::sync`] makes the named files *and* the names in the named folders durable. A rename is atomic: after a crash either
//! the old name or the new one holds, never half a file under the new name *if the file was synced before the rename*.
//! What was not synced may after a crash be there, be missing, be there in part, or come in another order than it was written.
//! [`Disk::make_folder`] and [`Disk::lock`] are durable, or need not be.
//!
//! **Concurrency.** All methods may be called from several threads and processes. Two writers of one file is the caller's
//! mistake; [`Disk::create`] and [`Disk::lock`] are what callers use to prevent it.
//!
//! **Errors.** An error of [`DiskError::is_fatal`] means that the disk no longer says what it holds: after a failed fsync the
//! kernel may have thrown the data away and called the pages clean, so trying again would succeed and mean nothing.
//! The process must end and start anew from what is on the disk. After any other error the write may or may not have happened.

use std::fmt;

/// Where a file or folder lies below the root of a [`Disk`]: segments of `[a-z0-9._-]` joined by `/`.
///
/// Only the store makes them, from ids and numbers that it has parsed; text from outside never becomes a spot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot(String);

impl Spot {
    /// The root itself.
    pub fn root() -> Spot {
        Spot(String::new())
    }

    /// A spot from its text, if every segment is made of `[a-z0-9._-]` and none is empty, `.` or `..`.
    pub fn parse(text: &str) -> Option<Spot> {
        let good = text.split('/').all(is_segment);
        good.then(|| Spot(text.to_owned()))
    }

    /// The spot of a child, if its name is a good segment.
    pub fn child(&self, name: &str) -> Option<Spot> {
        if self.0.is_empty() {
            Spot::parse(name)
        } else {
            Spot::parse(&format!("{}/{name}", self.0))
        }
    }

    /// The folder that holds it; the root is its own parent.
    pub fn parent(&self) -> Spot {
        match self.0.rsplit_once('/') {
            Some((parent, _)) => Spot(parent.to_owned()),
            None => Spot::root(),
        }
    }

    /// The last segment; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The whole, with `/` between segments.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For names that the store itself builds out of constants, hex digits and numbers.
    pub(crate) fn built(text: String) -> Spot {
        debug_assert!(text.split('/').all(is_segment), "{text}");
        Spot(text)
    }
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

fn is_segment(segment: &str) -> bool {
    !segment.is_empty()
        && segment != "."
        && segment != ".."
        && segment
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
}

/// What a disk can answer instead of doing its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiskError {
    /// Nothing lies there. For the caller to judge: an aborted upload, or a loss that `fsck` should name.
    #[error("{0}: nothing lies there")]
    Absent(Spot),
    /// Something lies there already and `create` never replaces.
    #[error("{0}: something lies there already")]
    Exists(Spot),
    /// No room is left (ENOSPC, EDQUOT). Nothing that was accepted is lost; make room, then try again.
    #[error("{0}: the disk is full")]
    Full(Spot),
    /// An fsync failed: what was written may be gone. End the process; a new start reads what is really there.
    #[error("{spot}: the disk did not keep what was written ({cause})")]
    NotKept {
        /// Which file or folder.
        spot: Spot,
        /// The operating system's words.
        cause: String,
    },
    /// Anything else: no permission, a read error, too many open files. The cause says which.
    #[error("{spot}: could not {doing} ({cause})")]
    Failed {
        /// Which file or folder.
        spot: Spot,
        /// What was being done, such as "read".
        doing: &'static str,
        /// The operating system's words.
        cause: String,
    },
}

impl DiskError {
    /// Whether the process must end; see the contract of this module.
    pub fn is_fatal(&self) -> bool {
        matches!(self, DiskError::NotKept { .. })
    }
}

/// A file or folder, as [`Disk::list`] tells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name within the folder. A name that is not a good segment of a [`Spot`] is listed all the same, for `fsck` to name it.
    pub name: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Its length in bytes; 0 for folders.
    pub size_bytes: u64,
}

/// A file open for appending. Dropping it closes it and promises nothing.
pub trait Appender: Send {
    /// Appends all the bytes, or fails; after a failure the file may hold some of them.
    fn append(&mut self, bytes: &[u8]) -> Result<(), DiskError>;
    /// Makes all that was appended durable (not the file's name: see [`Disk::sync`]).
    fn sync(&mut self) -> Result<(), DiskError>;
}

/// An exclusive lock on a file, given up when dropped or when the process ends, however it ends.
pub trait Held: Send + Sync {}

/// See the module's contract.
pub trait Disk: Send + Sync {
    /// Creates an empty file for appending; [`DiskError::Exists`] if something lies there.
    fn create(&self, spot: &Spot) -> Result<Box<dyn Appender>, DiskError>;
    /// Opens an existing file for appending after its first `keep` bytes; the rest is cut off.
    /// Fails if the file is shorter than `keep`.
    fn extend(&self, spot: &Spot, keep: u64) -> Result<Box<dyn Appender>, DiskError>;
    /// Reads at `offset` until the buffer is full or the file ends; returns how many bytes were read.
    fn read(&self, spot: &Spot, offset: u64, buffer: &mut [u8]) -> Result<usize, DiskError>;
    /// The length of the file in bytes.
    fn size(&self, spot: &Spot) -> Result<u64, DiskError>;
    /// Overwrites `length` bytes at `offset` with zeros, in place, and syncs them. For erasure only.
    fn blank(&self, spot: &Spot, offset: u64, length: u64) -> Result<(), DiskError>;
    /// Makes the bytes of the named files and the names in the named folders durable, in one go.
    fn sync(&self, files: &[Spot], folders: &[Spot]) -> Result<(), DiskError>;
    /// Moves a file, replacing what lies at `to`; atomic. Durable once both folders are synced.
    fn rename(&self, from: &Spot, to: &Spot) -> Result<(), DiskError>;
    /// Removes a file. Durable once its folder is synced.
    fn remove(&self, spot: &Spot) -> Result<(), DiskError>;
    /// What lies in a folder, in order of names; an absent folder is empty.
    fn list(&self, folder: &Spot) -> Result<Vec<Listed>, DiskError>;
    /// Makes a folder and the folders above it where they are missing, durably.
    fn make_folder(&self, folder: &Spot) -> Result<(), DiskError>;
    /// Locks a file exclusively, creating it if it is missing; `None` if somebody else holds it, in this process or another.
    fn lock(&self, spot: &Spot) -> Result<Option<Box<dyn Held>>, DiskError>;
}

/// Reads a whole file of at most `size_bytes_max` bytes; a longer one is an error of kind [`DiskError::Failed`].
pub fn read_all(disk: &dyn Disk, spot: &Spot, size_bytes_max: u64) -> Result<Vec<u8>, DiskError> {
    let size = disk.size(spot)?;
    if size > size_bytes_max {
        let cause = format!("{size} bytes, more than the {size_bytes_max} it may have");
        return Err(DiskError::Failed {
            spot: spot.clone(),
            doing: "read",
            cause,
        });
    }
    let length = usize::try_from(size).unwrap_or(usize::MAX);
    let mut bytes = vec![0; length];
    let read = disk.read(spot, 0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Whether a file lies there.
pub fn is_there(disk: &dyn Disk, spot: &Spot) -> Result<bool, DiskError> {
    match disk.size(spot) {
        Ok(_) => Ok(true),
        Err(DiskError::Absent(_)) => Ok(false),
        Err(error) => Err(error),
    }
}
