//! The audit of an office: its record (by [`register::fsck`]), its ledger, and the bytes of its objects.
//!
//! It opens nothing: what is encrypted is compared with digests of the ciphertext. It changes nothing, and names everything that it finds.

use std::io::Read;

use record::hash::Hasher;
use record::tile::Tile;
use register::fsck::{Expectation, Finding, Place, Report};

use crate::disk::{Disk, DiskError, Spot};
use crate::ledger::{Ledger, LedgerError, ObjectId, ObjectPlace, StoredObject};
use crate::objects::{ObjectReader, own_spot};
use crate::packs::{self, PackError};
use crate::tiles::Tiles;

/// What is read at a time while an object is hashed.
const CHUNK_BYTES: usize = 256 * 1024;

/// What an audit of an office found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeReport {
    /// Of the record.
    pub record: Report,
    /// Of the ledger against itself.
    pub ledger: Vec<Finding>,
    /// Of the objects.
    pub objects: ObjectsReport,
    /// Of the record's files that the record as it stands does not need: older partial tiles, which mirrors may still ask for.
    pub older_tiles: Vec<Finding>,
}

impl OfficeReport {
    /// All findings.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.record
            .findings
            .iter()
            .chain(&self.older_tiles)
            .chain(&self.ledger)
            .chain(&self.objects.findings)
    }
}

/// What an audit of the objects found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectsReport {
    /// How many objects were read.
    pub count: u64,
    /// How many bytes they have.
    pub size_bytes: u64,
    /// All that is wrong.
    pub findings: Vec<Finding>,
    /// What nothing refers to: left by a crash between storing and accepting. It may be removed, and does no harm.
    pub strays: Vec<String>,
}

/// Audits all of an office. `progress` is told how many leaves are done.
pub fn office(
    ledger: &Ledger,
    tiles: &Tiles,
    disk: &dyn Disk,
    expected: &Expectation<'_>,
    threads: usize,
    progress: &(dyn Fn(u64) + Sync),
) -> OfficeReport {
    let record = register::fsck::check(tiles, ledger, expected, threads, progress);
    std::thread::scope(|scope| {
        let audit = scope.spawn(|| ledger.audit());
        let objects = objects(ledger, disk);
        let died = |_| {
            vec![Finding::new(
                Place::Ledger("audit".to_owned()),
                "the thread has died".to_owned(),
            )]
        };
        let older_tiles = older_tiles(tiles, disk, expected.standing.tiled.size());
        OfficeReport {
            record,
            ledger: audit.join().unwrap_or_else(died),
            objects,
            older_tiles,
        }
    })
}

/// Reads every stored object and compares it with the digest in the ledger; then looks for files that nothing refers to.
pub fn objects(ledger: &Ledger, disk: &dyn Disk) -> ObjectsReport {
    let mut report = ObjectsReport::default();
    let mut findings = Vec::new();
    let mut packed: Vec<(u32, u64)> = Vec::new();
    let done = ledger.each_object(&mut findings, |stored, findings| {
        report.count += 1;
        report.size_bytes += stored.size_bytes;
        if let Err(what) = check_object(disk, &stored) {
            findings.push(Finding::new(Place::File(place_of(&stored)), what));
        }
        if let ObjectPlace::Pack { pack, offset } = stored.place {
            note_end(
                &mut packed,
                pack,
                offset + packs::HEADER_BYTES as u64 + stored.size_bytes,
            );
        }
    });
    if let Err(error) = done {
        findings.push(Finding::new(
            Place::Ledger("objects".to_owned()),
            error.to_string(),
        ));
    }
    report.findings = findings;
    let strays = list_strays(ledger, disk, &packed, &mut report.strays);
    if let Err(cause) = strays {
        report
            .findings
            .push(Finding::new(Place::File("objects".to_owned()), cause));
    }
    report
}

/// Every tile that lies there and is not one of the record as it stands must be the beginning of one that is.
fn older_tiles(tiles: &Tiles, disk: &dyn Disk, size: u64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let root = Spot::built("record/tile".to_owned());
    let walked = each_file(disk, &root, &mut |spot, _| {
        let path = spot.as_str().strip_prefix("record/").unwrap_or_default();
        let Ok(tile) = Tile::from_path(path) else {
            findings.push(Finding::new(
                Place::File(spot.to_string()),
                "is no tile".to_owned(),
            ));
            return Ok(());
        };
        let current = Tile::in_record(tile.row(), tile.index(), size)
            .filter(|now| now.width() >= tile.width());
        let Some(current) = current else {
            // A crash may leave tiles of a batch that is staged; they are written again, and compared.
            return Ok(());
        };
        let begins = tiles
            .tile(&current)
            .and_then(|whole| Ok(whole.starts_with(&tiles.tile(&tile)?)));
        if current != tile && begins != Ok(true) {
            findings.push(Finding::new(
                Place::Tile(tile),
                format!("is not the beginning of {current}"),
            ));
        }
        Ok(())
    });
    if let Err(cause) = walked {
        findings.push(Finding::new(Place::File(root.to_string()), cause));
    }
    findings
}

fn check_object(disk: &dyn Disk, stored: &StoredObject) -> Result<(), String> {
    match stored.place {
        ObjectPlace::Own => check_own(disk, stored),
        ObjectPlace::Pack { .. } => packs::read_record(disk, stored)
            .map(|_| ())
            .map_err(|error| match error {
                PackError::Damaged {
                    object,
                    offset,
                    part,
                    ..
                } => {
                    format!("object {object} at {offset}: its {part} is damaged")
                }
                other => other.to_string(),
            }),
    }
}

fn check_own(disk: &dyn Disk, stored: &StoredObject) -> Result<(), String> {
    let mut reader = ObjectReader::over(disk, stored).map_err(|error| error.to_string())?;
    let (mut hasher, mut buffer) = (Hasher::new(), vec![0; CHUNK_BYTES]);
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) => return Err(error.to_string()),
        }
    }
    if hasher.finish() == stored.sha256 {
        Ok(())
    } else {
        Err("its bytes are damaged".to_owned())
    }
}

fn place_of(stored: &StoredObject) -> String {
    match stored.place {
        ObjectPlace::Own => own_spot(stored.object).to_string(),
        ObjectPlace::Pack { pack, .. } => packs::pack_spot(pack).to_string(),
    }
}

fn note_end(packed: &mut Vec<(u32, u64)>, pack: u32, end: u64) {
    match packed.last_mut() {
        Some((last, known)) if *last == pack => *known = end.max(*known),
        _ => packed.push((pack, end)),
    }
}

fn list_strays(
    ledger: &Ledger,
    disk: &dyn Disk,
    packed: &[(u32, u64)],
    strays: &mut Vec<String>,
) -> Result<(), String> {
    let told = |error: DiskError| error.to_string();
    let root = Spot::built("objects".to_owned());
    each_file(disk, &root, &mut |spot, _| {
        let is_known = match spot.name().parse::<ObjectId>() {
            Ok(object) if own_spot(object) == *spot => {
                let known = ledger
                    .object(object)
                    .map_err(|error: LedgerError| error.to_string())?;
                known.is_some_and(|stored| stored.place == ObjectPlace::Own)
            }
            _ => false,
        };
        if !is_known {
            strays.push(spot.to_string());
        }
        Ok(())
    })?;
    for number in packs::numbers(disk).map_err(told)? {
        let size = disk.size(&packs::pack_spot(number)).map_err(told)?;
        let end = packed
            .iter()
            .find(|(pack, _)| *pack == number)
            .map_or(0, |(_, end)| *end);
        if size > end {
            strays.push(format!(
                "{}: the last {} bytes",
                packs::pack_spot(number),
                size - end
            ));
        }
    }
    Ok(())
}

/// Walks through a folder's files. A name that no spot can have is a finding by its error.
pub(crate) fn each_file(
    disk: &dyn Disk,
    folder: &Spot,
    each: &mut dyn FnMut(&Spot, u64) -> Result<(), String>,
) -> Result<(), String> {
    for listed in disk.list(folder).map_err(|error| error.to_string())? {
        let strange = || format!("{folder}: a file with a strange name: {:?}", listed.name);
        let spot = folder.child(&listed.name).ok_or_else(strange)?;
        if listed.is_folder {
            each_file(disk, &spot, each)?;
        } else {
            each(&spot, listed.size_bytes)?;
        }
    }
    Ok(())
}
