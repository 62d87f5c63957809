//! Objects, packs, tiles, locks and a full disk, on a real folder.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::material::{CIRCLE, add, add_object, entry, object, one};
use store::disk::{Disk, DiskError, Spot, is_there};
use store::folder::Folder;
use store::ledger::{AcceptError, Ledger, LedgerError, ObjectPlace};
use store::objects::{Objects, disk_error_of};
use store::packs::{PackError, Packs, whole_length};
use store::tiles::RegisterLock;

fn folder() -> (tempfile::TempDir, Arc<dyn Disk>) {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Arc::new(Folder::open(folder.path()).expect("opens"));
    (folder, disk)
}

fn spot(text: &str) -> Spot {
    Spot::parse(text).expect("a spot")
}

#[test]
fn no_text_from_outside_becomes_a_spot() {
    for text in [
        "",
        "/",
        "..",
        "a/../b",
        "a//b",
        "/etc/passwd",
        "a/",
        "A",
        "a b",
        "a\\b",
        "a\0",
        "ا",
        "a/.",
    ] {
        assert_eq!(Spot::parse(text), None, "{text:?}");
    }
    assert!(Spot::parse("tile/0/x001/234.p/5").is_some());
}

#[test]
fn a_planted_link_is_not_followed() {
    let (folder, disk) = folder();
    std::fs::write(folder.path().join("elsewhere"), b"untouched").expect("written");
    std::os::unix::fs::symlink("elsewhere", folder.path().join("link")).expect("linked");
    assert!(disk.extend(&spot("link"), 0).is_err());
    assert!(matches!(
        disk.create(&spot("link")),
        Err(DiskError::Exists(_))
    ));
    assert!(disk.size(&spot("link")).is_err());
    assert_eq!(
        std::fs::read(folder.path().join("elsewhere")).expect("read"),
        b"untouched"
    );
}

#[test]
fn a_large_object_is_streamed_in_and_read_from_anywhere() {
    let (_folder, disk) = folder();
    let objects = Objects::new(disk);
    let bytes: Vec<u8> = (0..1_000_003_u32).map(|n| (n * 7) as u8).collect();
    let mut writer = objects.begin(object("film")).expect("begins");
    bytes
        .chunks(10_000)
        .for_each(|chunk| writer.write_all(chunk).expect("written"));
    assert_eq!(writer.size_bytes(), 1_000_003);
    let stored = writer
        .finish(record::hash::sha256(&bytes))
        .expect("finished");
    let mut reader = objects.open(&stored).expect("opens");
    reader.seek(SeekFrom::Start(900_000)).expect("sought");
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).expect("read");
    assert_eq!(rest, bytes[900_000..]);
    assert!(matches!(
        objects.begin(object("film")),
        Err(DiskError::Exists(_))
    ));
    objects.destroy(object("film")).expect("destroyed");
    objects.destroy(object("film")).expect("destroyed twice");
    assert!(matches!(objects.open(&stored), Err(DiskError::Absent(_))));
}

#[test]
fn an_abandoned_upload_leaves_nothing_and_one_that_was_killed_is_swept() {
    let (folder, disk) = folder();
    let objects = Objects::new(Arc::clone(&disk));
    let uploads = || disk.list(&spot("uploads")).expect("listed").len();
    let mut writer = objects.begin(object("film")).expect("begins");
    writer.write_all(b"half of").expect("written");
    assert_eq!(objects.sweep(), Ok(0), "somebody writes it");
    drop(writer);
    assert_eq!(uploads(), 0);
    // What a killed process leaves: the bytes, and no lock.
    std::fs::write(
        folder.path().join(format!("uploads/{}", object("film"))),
        b"half of",
    )
    .expect("written");
    assert!(objects.begin(object("film")).is_err());
    assert_eq!(objects.sweep(), Ok(1));
    assert_eq!(uploads(), 0);
    objects.begin(object("film")).expect("begins anew");
}

#[test]
fn what_is_written_behind_is_whole_when_it_is_finished() {
    let (_folder, disk) = folder();
    let objects = Objects::new(disk);
    let mut hasher = record::hash::Hasher::new();
    let mut writer = objects.begin(object("film")).expect("begins");
    // Over several of the pieces that are sent to the disk meanwhile.
    for number in 0..100_u8 {
        let piece = vec![number; 1 << 20];
        hasher.update(&piece);
        writer.write_all(&piece).expect("written");
    }
    let digest = hasher.finish();
    let stored = writer.finish(digest).expect("finished");
    let mut reader = objects.open(&stored).expect("opens");
    let mut hasher = record::hash::Hasher::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match reader.read(&mut piece).expect("read") {
            0 => break,
            count => hasher.update(&piece[..count]),
        }
    }
    assert_eq!(hasher.finish(), digest);
}

#[test]
fn small_objects_share_a_pack_and_a_torn_end_is_left_alone() {
    let (folder, disk) = folder();
    let packs = Packs::new(Arc::clone(&disk));
    let small: Vec<_> = (0..50)
        .map(|n| {
            (
                object(&format!("small {n}")),
                format!("body {n}").into_bytes(),
            )
        })
        .collect();
    let borrowed: Vec<_> = small.iter().map(|(id, bytes)| (*id, &bytes[..])).collect();
    let stored = packs.store(&borrowed).expect("stored");
    for (stored, (_, bytes)) in stored.iter().zip(&small) {
        assert_eq!(packs.read(stored).as_ref(), Ok(bytes));
    }
    drop(packs);
    let path = folder.path().join("packs/00000000.pack");
    let length = std::fs::metadata(&path).expect("there").len();
    // The next process goes on in the same pack, if it is whole.
    let packs = Packs::new(Arc::clone(&disk));
    let next = packs
        .store_one(object("next"), b"next".to_vec())
        .expect("stored");
    assert_eq!(
        next.place,
        ObjectPlace::Pack {
            pack: 0,
            offset: length
        }
    );
    drop(packs);
    let whole = std::fs::metadata(&path).expect("there").len();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("opens");
    file.write_all(b"MZP1 and then the power went")
        .expect("written");
    assert_eq!(whole_length(&*disk, 0), Ok(whole));
    let packs = Packs::new(Arc::clone(&disk));
    let after = packs
        .store_one(object("after"), b"after".to_vec())
        .expect("stored");
    assert_eq!(after.place, ObjectPlace::Pack { pack: 1, offset: 0 });
    assert_eq!(packs.read(&next), Ok(b"next".to_vec()));
    // A second process beside this one writes a pack of its own.
    let beside = Packs::new(disk)
        .store_one(object("beside"), b"beside".to_vec())
        .expect("stored");
    assert_eq!(beside.place, ObjectPlace::Pack { pack: 2, offset: 0 });
}

#[test]
fn concurrent_small_objects_are_all_stored() {
    let (_folder, disk) = folder();
    let packs = Arc::new(Packs::new(disk));
    let writers: Vec<_> = (0..60)
        .map(|number| {
            let packs = Arc::clone(&packs);
            std::thread::spawn(move || {
                let bytes = format!("body {number}").into_bytes();
                let stored = packs
                    .store_one(object(&format!("small {number}")), bytes.clone())
                    .expect("stored");
                assert_eq!(packs.read(&stored), Ok(bytes));
            })
        })
        .collect();
    writers
        .into_iter()
        .for_each(|writer| writer.join().expect("a writer"));
}

#[test]
fn an_erased_small_object_is_zeros_and_its_neighbours_are_whole() {
    let (folder, disk) = folder();
    let (packs, ledger) = (
        Packs::new(Arc::clone(&disk)),
        Ledger::in_memory().expect("a ledger"),
    );
    let objects = [
        (object("a"), &b"alpha"[..]),
        (object("b"), b"beta"),
        (object("c"), b"gamma"),
    ];
    let stored = packs.store(&objects).expect("stored");
    stored.iter().enumerate().for_each(|(n, stored)| {
        add_object(&ledger, *stored, &format!("entry {n}"));
    });
    ledger.erase(CIRCLE, 1).expect("erased");
    for discard in ledger.discards().expect("discards") {
        packs.destroy(&discard).expect("destroyed");
        ledger.discarded(discard.object).expect("noted");
    }
    let bytes = std::fs::read(folder.path().join("packs/00000000.pack")).expect("read");
    assert!(!bytes.windows(4).any(|window| window == b"beta"));
    assert!(matches!(
        packs.read(&stored[1]),
        Err(PackError::Damaged { .. })
    ));
    assert_eq!(
        (packs.read(&stored[0]), packs.read(&stored[2])),
        (Ok(b"alpha".to_vec()), Ok(b"gamma".to_vec()))
    );
    assert_eq!(whole_length(&*disk, 0), Ok(bytes.len() as u64));
    assert_eq!(store::fsck::objects(&ledger, &*disk).findings, []);
}

#[test]
fn only_one_holds_the_register() {
    let (_folder, disk) = folder();
    let held = RegisterLock::take(&*disk).expect("asked").expect("free");
    assert!(RegisterLock::take(&*disk).expect("asked").is_none());
    drop(held);
    assert!(RegisterLock::take(&*disk).expect("asked").is_some());
}

/// A file system of a few kilobytes, where the test runs as root; elsewhere the simulated disk of testkit has to do.
struct Small {
    folder: tempfile::TempDir,
}

impl Small {
    fn mount(size: &str) -> Option<Small> {
        let folder = tempfile::tempdir().ok()?;
        let options = format!("size={size}");
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder.path())
            .output()
            .ok()?;
        done.status.success().then_some(Small { folder })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).output();
    }
}

#[test]
fn on_a_full_disk_everything_can_be_read_and_nothing_half_written_is_there() {
    let Some(small) = Small::mount("1m") else {
        return;
    };
    let disk: Arc<dyn Disk> = Arc::new(Folder::open(small.path()).expect("opens"));
    let ledger = Ledger::create(&small.path().join("ledger.db")).expect("a ledger");
    let (objects, packs) = (
        Objects::new(Arc::clone(&disk)),
        Packs::new(Arc::clone(&disk)),
    );
    let first = packs
        .store_one(object("first"), b"first".to_vec())
        .expect("stored");
    add_object(&ledger, first, "first");
    let mut writer = objects.begin(object("film")).expect("begins");
    let failed = (0..100)
        .find_map(|_| writer.write_all(&[7; 65_536]).err())
        .expect("it is full at some time");
    assert_eq!(
        disk_error_of(&failed),
        Some(&DiskError::Full(spot(&format!(
            "uploads/{}",
            object("film")
        ))))
    );
    let mut number = 0;
    let refused = loop {
        let head = ledger.head_of_circle(CIRCLE).expect("read");
        match ledger.accept(&[one(entry(CIRCLE, head, &format!("entry {number}")))]) {
            Ok(()) => number += 1,
            Err(error) => break error,
        }
    };
    assert!(
        matches!(refused, AcceptError::Ledger(LedgerError::ReadOnly(_))),
        "{refused}"
    );
    assert_eq!(
        packs.store_one(object("second"), vec![1; 60_000]).err(),
        Some(DiskError::Full(spot("packs/00000000.pack")))
    );
    assert_eq!(packs.read(&first), Ok(b"first".to_vec()));
    assert_eq!(
        ledger
            .entries_of_circle(CIRCLE, 0, 10_000)
            .expect("read")
            .len(),
        number + 1
    );
    drop(writer);
    assert_eq!(disk.list(&spot("uploads")), Ok(Vec::new()));
    add(&ledger, CIRCLE, "after there is room again");
    assert_eq!(ledger.audit(), []);
    assert!(!is_there(&*disk, &spot("objects")).unwrap_or(false));
}
