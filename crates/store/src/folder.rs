//! The real [`Disk`]: a folder of a Linux file system.
//!
//! Files are created for the owner only (0600, folders 0700). `O_NOFOLLOW` keeps a planted symbolic link from leading a file
//! elsewhere; folders are trusted, since whoever can write the office's folder can do anything to it that its owner can.

mod behind;

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags};

use self::behind::WriteBehind;
use crate::disk::{Appender, Disk, DiskError, Held, Listed, Spot};

/// From this many files and folders on, one `syncfs` is cheaper than an fsync for each.
const SYNC_ONE_BY_ONE_MAX: usize = 6;

/// A large file is sent to the disk in steps of this size while it grows.
const SENT_OFF_BYTES: usize = 32 * 1024 * 1024;

/// Zeros written at a time when a range is blanked.
const BLANK_BYTES: usize = 64 * 1024;

/// A folder as a [`Disk`].
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// Held open from the start, so that `syncfs` reports every write error since then.
    handle: File,
}

impl Folder {
    /// Opens a folder, making it (with its parents) if it is missing.
    pub fn open(root: &Path) -> Result<Folder, DiskError> {
        let failed = |error| told(&Spot::root(), "open", error);
        builder().recursive(true).create(root).map_err(failed)?;
        let handle = File::open(root).map_err(failed)?;
        Ok(Folder {
            root: root.to_owned(),
            handle,
        })
    }

    /// Makes everything in it durable, whatever it is.
    pub(crate) fn sync_all(&self) -> Result<(), DiskError> {
        rustix::fs::syncfs(&self.handle).map_err(|e| not_kept(&Spot::root(), e.into()))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.root
    }

    fn at(&self, spot: &Spot) -> PathBuf {
        self.root.join(spot.as_str())
    }

    fn sync_one(&self, spot: &Spot) -> Result<(), DiskError> {
        let file = File::open(self.at(spot)).map_err(|e| told(spot, "open", e))?;
        file.sync_all().map_err(|e| not_kept(spot, e))
    }
}

impl Disk for Folder {
    fn create(&self, spot: &Spot) -> Result<Box<dyn Appender>, DiskError> {
        let file = options()
            .create_new(true)
            .open(self.at(spot))
            .map_err(|e| told(spot, "create", e))?;
        Ok(Box::new(Tail::new(file, spot)))
    }

    fn extend(&self, spot: &Spot, keep: u64) -> Result<Box<dyn Appender>, DiskError> {
        let failed = |error| told(spot, "open", error);
        let file = options().open(self.at(spot)).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size < keep {
            let cause = format!("it has {size} bytes, not the {keep} expected");
            return Err(DiskError::Failed {
                spot: spot.clone(),
                doing: "extend",
                cause,
            });
        }
        if size > keep {
            file.set_len(keep).map_err(|e| told(spot, "cut", e))?;
        }
        Ok(Box::new(Tail::new(file, spot)))
    }

    fn read(&self, spot: &Spot, offset: u64, buffer: &mut [u8]) -> Result<usize, DiskError> {
        let file = File::open(self.at(spot)).map_err(|e| told(spot, "open", e))?;
        let mut filled = 0;
        while filled < buffer.len() {
            match file.read_at(&mut buffer[filled..], offset + filled as u64) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(told(spot, "read", error)),
            }
        }
        Ok(filled)
    }

    fn size(&self, spot: &Spot) -> Result<u64, DiskError> {
        let metadata = self
            .at(spot)
            .symlink_metadata()
            .map_err(|e| told(spot, "look at", e))?;
        if metadata.is_file() {
            Ok(metadata.size())
        } else {
            let cause = "it is not a file".to_owned();
            Err(DiskError::Failed {
                spot: spot.clone(),
                doing: "look at",
                cause,
            })
        }
    }

    fn blank(&self, spot: &Spot, offset: u64, length: u64) -> Result<(), DiskError> {
        let mut open = OpenOptions::new();
        open.write(true)
            .custom_flags(OFlags::NOFOLLOW.bits() as i32);
        let file = open
            .open(self.at(spot))
            .map_err(|e| told(spot, "open", e))?;
        let zeros = [0_u8; BLANK_BYTES];
        let mut done = 0;
        while done < length {
            let count =
                usize::try_from(length - done).map_or(BLANK_BYTES, |left| left.min(BLANK_BYTES));
            file.write_all_at(&zeros[..count], offset + done)
                .map_err(|e| told(spot, "blank", e))?;
            done += count as u64;
        }
        file.sync_all().map_err(|e| not_kept(spot, e))
    }

    fn sync(&self, files: &[Spot], folders: &[Spot]) -> Result<(), DiskError> {
        if files.len() + folders.len() > SYNC_ONE_BY_ONE_MAX {
            return self.sync_all();
        }
        files
            .iter()
            .chain(folders)
            .try_for_each(|spot| self.sync_one(spot))
    }

    fn rename(&self, from: &Spot, to: &Spot) -> Result<(), DiskError> {
        std::fs::rename(self.at(from), self.at(to)).map_err(|e| told(from, "rename", e))
    }

    fn remove(&self, spot: &Spot) -> Result<(), DiskError> {
        std::fs::remove_file(self.at(spot)).map_err(|e| told(spot, "remove", e))
    }

    fn list(&self, folder: &Spot) -> Result<Vec<Listed>, DiskError> {
        let failed = |error| told(folder, "list", error);
        let found = match std::fs::read_dir(self.at(folder)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(failed)?,
        };
        let mut listed = Vec::new();
        for item in found {
            let item = item.map_err(failed)?;
            let metadata = match item.metadata() {
                // Removed by another process between the two calls.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                other => other.map_err(failed)?,
            };
            let name = item.file_name().to_string_lossy().into_owned();
            let size_bytes = if metadata.is_dir() { 0 } else { metadata.len() };
            listed.push(Listed {
                name,
                is_folder: metadata.is_dir(),
                size_bytes,
            });
        }
        listed.sort();
        Ok(listed)
    }

    fn make_folder(&self, folder: &Spot) -> Result<(), DiskError> {
        if *folder == Spot::root() || self.at(folder).is_dir() {
            return Ok(());
        }
        let parent = folder.parent();
        self.make_folder(&parent)?;
        match builder().create(self.at(folder)) {
            Ok(()) => self.sync_one(&parent),
            // Another thread made it a moment ago; whoever did so may not have synced it yet.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.sync_one(&parent),
            Err(error) => Err(told(folder, "make", error)),
        }
    }

    fn lock(&self, spot: &Spot) -> Result<Option<Box<dyn Held>>, DiskError> {
        let file = options()
            .create(true)
            .open(self.at(spot))
            .map_err(|e| told(spot, "open", e))?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Box::new(Flock { _file: file }))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(told(spot, "lock", error.into())),
        }
    }
}

/// A file that grows. What it is given is sent to the disk while more is coming, so that little is left for the end.
#[derive(Debug)]
struct Tail {
    file: File,
    spot: Spot,
    /// Bytes since they were last sent off.
    unsent: usize,
    behind: Option<WriteBehind>,
}

impl Tail {
    fn new(file: File, spot: &Spot) -> Tail {
        Tail {
            file,
            spot: spot.clone(),
            unsent: 0,
            behind: None,
        }
    }

    fn send_off(&mut self) -> std::io::Result<()> {
        self.unsent = 0;
        match &self.behind {
            Some(behind) => behind.send_off(),
            None => self.behind = Some(WriteBehind::begin(self.file.try_clone()?)),
        }
        Ok(())
    }
}

impl Appender for Tail {
    fn append(&mut self, bytes: &[u8]) -> Result<(), DiskError> {
        self.file
            .write_all(bytes)
            .map_err(|e| told(&self.spot, "write", e))?;
        self.unsent += bytes.len();
        if self.unsent >= SENT_OFF_BYTES {
            self.send_off().map_err(|e| told(&self.spot, "write", e))?;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), DiskError> {
        // Both: Linux tells a write error once for each open file, so one that the thread was told is not told again here.
        let behind = self.behind.take().map_or(Ok(()), WriteBehind::end);
        behind
            .and_then(|()| self.file.sync_data())
            .map_err(|e| not_kept(&self.spot, e))
    }
}

#[derive(Debug)]
struct Flock {
    _file: File,
}

impl Held for Flock {}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options
        .append(true)
        .mode(0o600)
        .custom_flags((OFlags::NOFOLLOW | OFlags::CLOEXEC).bits() as i32);
    options
}

fn builder() -> std::fs::DirBuilder {
    let mut builder = std::fs::DirBuilder::new();
    builder.mode(0o700);
    builder
}

fn told(spot: &Spot, doing: &'static str, error: std::io::Error) -> DiskError {
    match error.kind() {
        ErrorKind::NotFound => DiskError::Absent(spot.clone()),
        ErrorKind::AlreadyExists => DiskError::Exists(spot.clone()),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => DiskError::Full(spot.clone()),
        _ => DiskError::Failed {
            spot: spot.clone(),
            doing,
            cause: error.to_string(),
        },
    }
}

/// Whatever the reason an fsync gives, "disk full" too: the pages may already be dropped.
fn not_kept(spot: &Spot, error: std::io::Error) -> DiskError {
    DiskError::NotKept {
        spot: spot.clone(),
        cause: error.to_string(),
    }
}
