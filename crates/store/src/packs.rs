//! Small objects, one after the other in append-only packs: one fsync for a batch instead of two for each.
//!
//! `packs/NNNNNNNN.pack` is a row of records: 64 bytes of header (`"MZP1"`, the object's id, the payload's length as 32 bits big-endian,
//! its SHA-256, and the first 8 bytes of the SHA-256 of these 56), then the payload. The ledger says where each record begins.
//!
//! A pack has one writer at a time, which holds its lock; a second process writes a pack of its own. A crash may leave a torn record at the
//! end, which nothing refers to, since the ledger learns of a record only when its pack is synced. Such a pack is never written again and
//! never cut: cutting on the word of a header that may have rotted could cut what is referred to.

use std::sync::{Arc, Mutex, PoisonError};

use record::hash::{Hash, sha256};

use crate::disk::{Appender, Disk, DiskError, Held, Spot};
use crate::group::Group;
use crate::ledger::{Discard, ObjectId, ObjectPlace, StoredObject};

/// Objects of this stored size and above have files of their own.
pub const SMALL_BYTES_MAX: usize = 64 * 1024;
/// The length of a record's header.
pub const HEADER_BYTES: usize = 64;
/// A pack that has reached this size takes nothing more: small enough to copy and to check in a moment.
const PACK_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// A pack up to this size is taken up again by the next process, after it was read through; a larger one is left as it is.
const PACK_BYTES_TAKEN_UP_MAX: u64 = 4 * 1024 * 1024;
/// How many of the newest packs are tried before a new one is begun.
const PACKS_TRIED_MAX: usize = 4;
/// The most callers that share one fsync.
const TOGETHER_MAX: usize = 1024;

const MAGIC: &[u8; 4] = b"MZP1";

/// The packs of an office. One for each process and office.
pub struct Packs {
    disk: Arc<dyn Disk>,
    open: Mutex<Option<OpenPack>>,
    group: Group<(ObjectId, Vec<u8>), Result<StoredObject, DiskError>>,
}

struct OpenPack {
    number: u32,
    length: u64,
    appender: Box<dyn Appender>,
    _lock: Box<dyn Held>,
}

impl Packs {
    /// Over the office's folder.
    pub fn new(disk: Arc<dyn Disk>) -> Packs {
        Packs {
            disk,
            open: Mutex::new(None),
            group: Group::new(),
        }
    }

    /// Stores a batch of small objects, durably, with one fsync; the answers are in the order of the objects.
    /// On an error none of them counts as stored. Whoever has many should hand them in by the hundred.
    pub fn store(&self, objects: &[(ObjectId, &[u8])]) -> Result<Vec<StoredObject>, DiskError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pack = match open.take() {
            Some(pack) if pack.length < PACK_BYTES_MAX => pack,
            _ => self.begin()?,
        };
        // After an error the pack is not put back: its end is unknown, and the next batch begins another.
        let stored = pack.store(objects)?;
        *open = Some(pack);
        Ok(stored)
    }

    /// Stores one small object, sharing the fsync with concurrent callers.
    pub fn store_one(&self, object: ObjectId, bytes: Vec<u8>) -> Result<StoredObject, DiskError> {
        let lead = |jobs: Vec<(ObjectId, Vec<u8>)>| {
            let objects: Vec<(ObjectId, &[u8])> = jobs
                .iter()
                .map(|(object, bytes)| (*object, &bytes[..]))
                .collect();
            match self.store(&objects) {
                Ok(stored) => stored.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error); objects.len()],
            }
        };
        let spot = folder();
        let ended = || {
            let cause = "the thread that stored for others has died".to_owned();
            Err(DiskError::NotKept {
                spot: spot.clone(),
                cause,
            })
        };
        self.group.run((object, bytes), TOGETHER_MAX, lead, ended)
    }

    /// Reads an object and checks that its record is whole and the one the ledger means.
    pub fn read(&self, stored: &StoredObject) -> Result<Vec<u8>, PackError> {
        read_record(&*self.disk, stored)
    }

    /// Overwrites an erased object's payload with zeros, durably. Its header stays, so that the pack can still be read through.
    pub fn destroy(&self, discard: &Discard) -> Result<(), DiskError> {
        let ObjectPlace::Pack { pack, offset } = discard.place else {
            return Ok(());
        };
        match self.disk.blank(
            &pack_spot(pack),
            offset + HEADER_BYTES as u64,
            discard.size_bytes,
        ) {
            Err(DiskError::Absent(_)) => Ok(()),
            other => other,
        }
    }

    fn begin(&self) -> Result<OpenPack, DiskError> {
        self.disk.make_folder(&folder())?;
        let numbers = numbers(&*self.disk)?;
        for number in numbers.iter().rev().take(PACKS_TRIED_MAX) {
            if let Some(pack) = self.take_up(*number)? {
                return Ok(pack);
            }
        }
        let mut number = numbers.last().map_or(0, |last| last + 1);
        loop {
            match self.begin_new(number) {
                // Another process was quicker.
                Err(DiskError::Exists(_)) => number += 1,
                Ok(Some(pack)) => return Ok(pack),
                Ok(None) => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn begin_new(&self, number: u32) -> Result<Option<OpenPack>, DiskError> {
        let spot = pack_spot(number);
        let appender = self.disk.create(&spot)?;
        let Some(lock) = self.disk.lock(&spot)? else {
            return Ok(None);
        };
        self.disk.sync(std::slice::from_ref(&spot), &[folder()])?;
        if self.disk.size(&spot)? > 0 {
            return Ok(None);
        }
        Ok(Some(OpenPack {
            number,
            length: 0,
            appender,
            _lock: lock,
        }))
    }

    /// Goes on with a pack that is not large, not held by anybody, and whole to its last byte.
    fn take_up(&self, number: u32) -> Result<Option<OpenPack>, DiskError> {
        let spot = pack_spot(number);
        if self.disk.size(&spot)? > PACK_BYTES_TAKEN_UP_MAX {
            return Ok(None);
        }
        let Some(lock) = self.disk.lock(&spot)? else {
            return Ok(None);
        };
        let length = self.disk.size(&spot)?;
        if length > PACK_BYTES_TAKEN_UP_MAX || whole_length(&*self.disk, number)? != length {
            return Ok(None);
        }
        // What a process left that died before its fsync may be in the cache only.
        let mut appender = self.disk.extend(&spot, length)?;
        appender.sync()?;
        self.disk.sync(&[], &[folder()])?;
        Ok(Some(OpenPack {
            number,
            length,
            appender,
            _lock: lock,
        }))
    }
}

impl OpenPack {
    fn store(&mut self, objects: &[(ObjectId, &[u8])]) -> Result<Vec<StoredObject>, DiskError> {
        let mut bytes = Vec::new();
        let mut stored = Vec::with_capacity(objects.len());
        for (object, payload) in objects {
            let sha256 = sha256(payload);
            let length = u32::try_from(payload.len()).map_err(|_| too_large(*object))?;
            let offset = self.length + bytes.len() as u64;
            let place = ObjectPlace::Pack {
                pack: self.number,
                offset,
            };
            bytes.extend_from_slice(&header(*object, length, &sha256));
            bytes.extend_from_slice(payload);
            stored.push(StoredObject {
                object: *object,
                place,
                size_bytes: u64::from(length),
                sha256,
            });
        }
        self.appender.append(&bytes)?;
        self.appender.sync()?;
        self.length += bytes.len() as u64;
        Ok(stored)
    }
}

/// Why a record of a pack was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The object is not in a pack at all; open it with [`crate::objects::Objects::open`].
    #[error("object {0} is not in a pack")]
    NotPacked(ObjectId),
    /// Header or payload are not what the ledger says. The pack has rotted: restore it from a backup.
    #[error("object {object} in {spot} at {offset}: its {part} is damaged")]
    Damaged {
        /// The object.
        object: ObjectId,
        /// The pack.
        spot: Spot,
        /// Where its record begins.
        offset: u64,
        /// `header` or `payload`.
        part: &'static str,
    },
    /// The disk did not answer.
    #[error(transparent)]
    Disk(DiskError),
}

pub(crate) fn read_record(disk: &dyn Disk, stored: &StoredObject) -> Result<Vec<u8>, PackError> {
    let ObjectPlace::Pack { pack, offset } = stored.place else {
        return Err(PackError::NotPacked(stored.object));
    };
    let spot = pack_spot(pack);
    let damaged = |part| PackError::Damaged {
        object: stored.object,
        spot: spot.clone(),
        offset,
        part,
    };
    let length = u32::try_from(stored.size_bytes).map_err(|_| damaged("header"))?;
    let mut record = vec![0; HEADER_BYTES + length as usize];
    let count = disk
        .read(&spot, offset, &mut record)
        .map_err(PackError::Disk)?;
    if count < record.len() {
        return Err(damaged("payload"));
    }
    let payload = record.split_off(HEADER_BYTES);
    if record != header(stored.object, length, &stored.sha256) {
        return Err(damaged("header"));
    }
    if sha256(&payload) != stored.sha256 {
        return Err(damaged("payload"));
    }
    Ok(payload)
}

fn header(object: ObjectId, length: u32, sha256: &Hash) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    bytes[..4].copy_from_slice(MAGIC);
    bytes[4..20].copy_from_slice(object.as_bytes());
    bytes[20..24].copy_from_slice(&length.to_be_bytes());
    bytes[24..56].copy_from_slice(sha256.as_bytes());
    let sum = record::hash::sha256(&bytes[..56]);
    bytes[56..].copy_from_slice(&sum.as_bytes()[..8]);
    bytes
}

/// How many bytes of a pack, from its beginning, are whole records: all of it, unless a crash tore its end or it has rotted.
/// A payload of zeros is an erased one and counts as whole.
pub fn whole_length(disk: &dyn Disk, number: u32) -> Result<u64, DiskError> {
    let spot = pack_spot(number);
    let bytes = crate::disk::read_all(disk, &spot, PACK_BYTES_MAX * 2)?;
    let mut at = 0;
    while let Some(next) = record_end(&bytes, at) {
        at = next;
    }
    Ok(at as u64)
}

fn record_end(bytes: &[u8], at: usize) -> Option<usize> {
    let (head, rest) = bytes.get(at..)?.split_first_chunk::<HEADER_BYTES>()?;
    let object = ObjectId::from_bytes(*head[4..].first_chunk()?);
    let length = u32::from_be_bytes(*head[20..].first_chunk()?);
    let digest = Hash::from_bytes(*head[24..].first_chunk()?);
    let payload = rest.get(..length as usize)?;
    let is_erased = payload.iter().all(|byte| *byte == 0);
    let is_whole =
        *head == header(object, length, &digest) && (is_erased || sha256(payload) == digest);
    is_whole.then_some(at + HEADER_BYTES + length as usize)
}

/// The numbers of the packs that are there, in order.
pub(crate) fn numbers(disk: &dyn Disk) -> Result<Vec<u32>, DiskError> {
    let listed = disk.list(&folder())?;
    let names = listed
        .iter()
        .filter_map(|file| file.name.strip_suffix(".pack"));
    Ok(names
        .filter(|name| name.len() == 8)
        .filter_map(|name| name.parse().ok())
        .collect())
}

fn too_large(object: ObjectId) -> DiskError {
    let cause = format!("object {object} is far too large for a pack");
    DiskError::Failed {
        spot: folder(),
        doing: "write",
        cause,
    }
}

pub(crate) fn folder() -> Spot {
    Spot::built("packs".to_owned())
}

/// Where the pack of this number lies.
pub(crate) fn pack_spot(number: u32) -> Spot {
    Spot::built(format!("packs/{number:08}.pack"))
}
