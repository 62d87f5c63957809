//! Objects in files of their own: large ones, streamed in and out.
//!
//! An object grows as `uploads/ID` and becomes `objects/ab/cd/ID` when it is finished: synced, renamed, the folder synced. So under
//! `objects/` there is never half an object. Until the ledger accepts the entry that names it, a finished object is a file that nothing
//! refers to; a crash in between leaves it so, and [`crate::fsck`] lists it.
//!
//! While a writer lives it holds the lock of its upload; an upload that nobody holds was aborted, and [`Objects::sweep`] removes it.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Deref;
use std::sync::Arc;

use record::hash::Hash;

use crate::disk::{Appender, Disk, DiskError, Held, Spot, is_there};
use crate::ledger::{ObjectId, ObjectPlace, StoredObject};

/// What is read at a time.
const CHUNK_BYTES: usize = 256 * 1024;
/// How often beginning an upload is tried again when a sweep removes the file between its making and its locking.
const BEGIN_TRIES: usize = 3;

/// The objects of an office that have files of their own.
#[derive(Clone)]
pub struct Objects {
    disk: Arc<dyn Disk>,
}

impl Objects {
    /// Over the office's folder.
    pub fn new(disk: Arc<dyn Disk>) -> Objects {
        Objects { disk }
    }

    /// Begins an object. Nothing of it is kept unless [`ObjectWriter::finish`] returns.
    /// [`DiskError::Exists`] if an object or an upload of this id is there: ids are random, so that is a mistake.
    pub fn begin(&self, object: ObjectId) -> Result<ObjectWriter, DiskError> {
        let spot = upload_spot(object);
        if is_there(&*self.disk, &spot)? || is_there(&*self.disk, &own_spot(object))? {
            return Err(DiskError::Exists(spot));
        }
        self.disk.make_folder(&spot.parent())?;
        let mut tries = 0;
        loop {
            tries += 1;
            match self.hold(object) {
                Err(DiskError::Absent(_)) if tries < BEGIN_TRIES => {}
                other => return other,
            }
        }
    }

    fn hold(&self, object: ObjectId) -> Result<ObjectWriter, DiskError> {
        let spot = upload_spot(object);
        let Some(lock) = self.disk.lock(&spot)? else {
            return Err(failed(&spot, "take up", "somebody is writing it"));
        };
        let appender = self.disk.extend(&spot, 0)?;
        Ok(ObjectWriter {
            disk: Arc::clone(&self.disk),
            object,
            appender: Some(appender),
            _lock: lock,
            written: 0,
        })
    }

    /// Opens an object for reading. Its bytes are not checked here: the encryption of its content does that chunk by chunk.
    pub fn open(&self, stored: &StoredObject) -> Result<ObjectReader<Arc<dyn Disk>>, DiskError> {
        ObjectReader::over(Arc::clone(&self.disk), stored)
    }

    /// Removes the uploads that nobody is writing; returns how many. To be called at start.
    pub fn sweep(&self) -> Result<usize, DiskError> {
        let folder = uploads();
        let mut removed = 0;
        for listed in self.disk.list(&folder)? {
            let Ok(object) = listed.name.parse::<ObjectId>() else {
                continue;
            };
            let spot = upload_spot(object);
            if let Some(_lock) = self.disk.lock(&spot)? {
                self.disk.remove(&spot)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Destroys an erased object, durably. One that is gone already is no error.
    pub fn destroy(&self, object: ObjectId) -> Result<(), DiskError> {
        let spot = own_spot(object);
        match self.disk.remove(&spot) {
            Ok(()) => self.disk.sync(&[], &[spot.parent()]),
            Err(DiskError::Absent(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// An object on its way in. Dropped before [`ObjectWriter::finish`], it leaves nothing behind.
///
/// It neither gathers nor hashes: whoever encrypts hands over large pieces and has their digest already.
/// An error of writing carries the [`DiskError`] inside the `io::Error`; [`disk_error_of`] finds it.
pub struct ObjectWriter {
    disk: Arc<dyn Disk>,
    object: ObjectId,
    /// `None` once finished.
    appender: Option<Box<dyn Appender>>,
    _lock: Box<dyn Held>,
    written: u64,
}

impl ObjectWriter {
    /// The object's name.
    pub fn object(&self) -> ObjectId {
        self.object
    }

    /// How many bytes it has taken so far.
    pub fn size_bytes(&self) -> u64 {
        self.written
    }

    /// Makes the object durable under its final name; `sha256` is the digest of all the bytes it was given.
    /// A crash before the return leaves an upload to sweep or an object that nothing names.
    pub fn finish(mut self, sha256: Hash) -> Result<StoredObject, DiskError> {
        let mut appender = self.appender.take().ok_or_else(|| self.closed())?;
        let renamed = appender.sync().and_then(|()| self.rename());
        if renamed.is_err() {
            // The drop tidies up.
            self.appender = Some(appender);
        }
        renamed?;
        Ok(StoredObject {
            object: self.object,
            place: ObjectPlace::Own,
            size_bytes: self.written,
            sha256,
        })
    }

    fn rename(&self) -> Result<(), DiskError> {
        let spot = own_spot(self.object);
        self.disk.make_folder(&spot.parent())?;
        self.disk.rename(&upload_spot(self.object), &spot)?;
        self.disk.sync(&[], &[spot.parent()])
    }

    fn closed(&self) -> DiskError {
        failed(&upload_spot(self.object), "write", "it is closed")
    }
}

impl Write for ObjectWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(appender) = &mut self.appender else {
            return Err(io_error(self.closed()));
        };
        appender.append(bytes).map_err(io_error)?;
        self.written += bytes.len() as u64;
        Ok(bytes.len())
    }

    /// Does nothing: only [`ObjectWriter::finish`] makes an object of what was written.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for ObjectWriter {
    fn drop(&mut self) {
        if self.appender.take().is_some() {
            // If it cannot be removed now, the next sweep does it.
            let _ = self.disk.remove(&upload_spot(self.object));
        }
    }
}

/// An object's stored bytes, from any offset on.
pub struct ObjectReader<D> {
    disk: D,
    spot: Spot,
    size: u64,
    at: u64,
}

impl<'d, D: Deref<Target = dyn Disk + 'd>> ObjectReader<D> {
    pub(crate) fn over(disk: D, stored: &StoredObject) -> Result<ObjectReader<D>, DiskError> {
        let spot = own_spot(stored.object);
        let size = disk.size(&spot)?;
        if size != stored.size_bytes {
            return Err(failed(
                &spot,
                "open",
                "it has another length than the ledger says",
            ));
        }
        Ok(ObjectReader {
            disk,
            spot,
            size,
            at: 0,
        })
    }
}

impl<'d, D: Deref<Target = dyn Disk + 'd>> Read for ObjectReader<D> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left).min(CHUNK_BYTES);
        let count = self
            .disk
            .read(&self.spot, self.at, &mut buffer[..wanted])
            .map_err(io_error)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl<D> Seek for ObjectReader<D> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// A disk's error as an `io::Error`, which keeps it inside.
pub fn io_error(error: DiskError) -> io::Error {
    let kind = match &error {
        DiskError::Absent(_) => io::ErrorKind::NotFound,
        DiskError::Full(_) => io::ErrorKind::StorageFull,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}

/// The disk's error inside an `io::Error`, if that is what it was.
pub fn disk_error_of(error: &io::Error) -> Option<&DiskError> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

fn failed(spot: &Spot, doing: &'static str, cause: &str) -> DiskError {
    DiskError::Failed {
        spot: spot.clone(),
        doing,
        cause: cause.to_owned(),
    }
}

fn uploads() -> Spot {
    Spot::built("uploads".to_owned())
}

fn upload_spot(object: ObjectId) -> Spot {
    Spot::built(format!("uploads/{object}"))
}

/// Where a finished object lies: two levels of 256 folders, so that none grows large.
pub(crate) fn own_spot(object: ObjectId) -> Spot {
    let [first, second, ..] = object.as_bytes();
    Spot::built(format!("objects/{first:02x}/{second:02x}/{object}"))
}
