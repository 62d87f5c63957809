//! Backups: whole or not at all, verified to the last byte, and back with signing off.

use std::path::Path;
use std::sync::Arc;

use record::ids::{CircleId, Origin};
use record::signature::SigningKey;
use register::journal::Journal;
use register::{Keys, Register, Signing, found};
use store::backup::{BackupError, Manifest, ManifestError, RestoreError, backup, restore};
use store::disk::{Disk, Spot};
use store::folder::Folder;
use store::ledger::{LEDGER_FILE, Ledger};
use store::objects::Objects;
use store::packs::Packs;
use store::tiles::{RegisterLock, Tiles};

use crate::material::{CIRCLE, add, add_object, object};

struct Office {
    disk: Arc<dyn Disk>,
    ledger: Arc<Ledger>,
}

struct Rolling(u64);

impl rand_core::TryRng for Rolling {
    type Error = rand_core::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Ok(self.0 ^ (self.0 >> 31))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(7);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Rolling {}

fn keys() -> Keys {
    Keys {
        log: SigningKey::from_seed(&[1; 32]),
        filler: zeroize::Zeroizing::new([2; 32]),
    }
}

impl Office {
    fn at(path: &Path) -> Office {
        let disk: Arc<dyn Disk> = Arc::new(Folder::open(path).expect("opens"));
        let ledger = Ledger::open(&path.join(LEDGER_FILE)).expect("a ledger");
        Office {
            disk,
            ledger: Arc::new(ledger),
        }
    }

    /// Entries, a large and some small objects, two published heads, one erasure, and something pending.
    fn new(path: &Path) -> Office {
        drop(Folder::open(path).expect("opens"));
        drop(Ledger::create(&path.join(LEDGER_FILE)).expect("a ledger"));
        std::fs::write(path.join("house.key"), b"wrapped").expect("written");
        let office = Office::at(path);
        found(
            &*office.ledger,
            Origin::new("office.example/r").expect("an origin"),
            &keys().log,
        )
        .expect("founded");
        let packs = Packs::new(Arc::clone(&office.disk));
        for round in 0..2 {
            for number in 0..20 {
                let name = format!("small {round} {number}");
                let stored = packs
                    .store_one(object(&name), name.clone().into_bytes())
                    .expect("stored");
                add_object(&office.ledger, stored, &name);
            }
            let mut writer = Objects::new(Arc::clone(&office.disk))
                .begin(object(&format!("film {round}")))
                .expect("begun");
            let film = vec![round; 300_000];
            std::io::Write::write_all(&mut writer, &film).expect("written");
            add_object(
                &office.ledger,
                writer
                    .finish(record::hash::sha256(&film))
                    .expect("finished"),
                &format!("film {round}"),
            );
            add(&office.ledger, CircleId::PUBLIC, &format!("public {round}"));
            office.publish();
        }
        office.ledger.erase(CIRCLE, 3).expect("erased");
        add(&office.ledger, CIRCLE, "pending");
        office
    }

    fn register(&self) -> Register<Arc<Ledger>, store::tiles::Publisher> {
        let lock = RegisterLock::take(&*self.disk)
            .expect("asked")
            .expect("free");
        let shelf = Arc::new(Tiles::new(Arc::clone(&self.disk)).publisher(lock));
        Register::open(Arc::clone(&self.ledger), shelf, keys()).expect("opens")
    }

    fn publish(&self) {
        let mut register = self.register();
        register.confirm(&[], 0).expect("nobody to ask");
        register.sequence(100, &mut Rolling(4)).expect("sequenced");
        register.integrate().expect("tiled");
        let signed = register.sign().expect("signed").expect("a head");
        register
            .publish(signed.countersign(&[]))
            .expect("published");
    }

    fn back_up(&self, target: &Path) -> Result<store::backup::BackedUp, BackupError> {
        let also = [Spot::parse("house.key").expect("a spot")];
        backup(
            &self.ledger,
            &*self.disk,
            &Tiles::new(Arc::clone(&self.disk)),
            &also,
            target,
            &|_| {},
        )
    }
}

fn office() -> (tempfile::TempDir, Office) {
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office::new(&folder.path().join("office"));
    (folder, office)
}

#[test]
fn what_was_backed_up_comes_back_and_does_not_sign() {
    let (folder, office) = office();
    let (copy, back) = (folder.path().join("copy"), folder.path().join("back"));
    let done = office.back_up(&copy).expect("backed up");
    assert_eq!(
        done.leaves,
        office
            .ledger
            .standing()
            .expect("read")
            .expect("a record")
            .tiled
            .size()
    );
    // The office goes on; the backup is of the moment.
    add(&office.ledger, CIRCLE, "later");
    let restored = restore(&copy, &back, &|_| {}).expect("restored");
    assert_eq!((restored.leaves, restored.has_keys), (done.leaves, true));
    let again = Office::at(&back);
    assert_eq!(
        std::fs::read(back.join("house.key")).expect("read"),
        b"wrapped"
    );
    assert_eq!(
        again
            .ledger
            .head_of_circle(CIRCLE)
            .expect("read")
            .map(|head| head.seq),
        Some(42)
    );
    assert_eq!(
        again.ledger.wrap(CIRCLE, 5).expect("read"),
        office.ledger.wrap(CIRCLE, 5).expect("read")
    );
    let film = again
        .ledger
        .object(object("film 1"))
        .expect("read")
        .expect("there");
    assert_eq!(film.size_bytes, 300_000);
    let mut register = again.register();
    register.confirm(&[], 0).expect("asked nobody");
    assert_eq!(
        register.signing(),
        &Signing::Restored {
            answered: 0,
            needed: 1
        }
    );
    drop(register);
    assert!(!back.join("keys.db").exists() && !back.join("unfinished").exists());
}

#[test]
fn the_keys_are_apart_and_their_expiry_leaves_a_record_that_proves_itself() {
    let (folder, office) = office();
    let (copy, back) = (folder.path().join("copy"), folder.path().join("back"));
    office.back_up(&copy).expect("backed up");
    let rest = std::fs::read(copy.join(LEDGER_FILE)).expect("read");
    let wrap = office
        .ledger
        .wrap(CIRCLE, 5)
        .expect("read")
        .expect("a wrap");
    assert!(!rest.windows(wrap.len()).any(|window| window == wrap));
    std::fs::remove_file(copy.join("keys.db")).expect("removed");
    std::fs::remove_file(copy.join("keys.manifest")).expect("removed");
    let restored = restore(&copy, &back, &|_| {}).expect("restored");
    assert!(!restored.has_keys);
    assert_eq!(Office::at(&back).ledger.wrap(CIRCLE, 5), Ok(None));
}

#[test]
fn nothing_is_replaced_and_nothing_strange_is_removed() {
    let (folder, office) = office();
    let (copy, back) = (folder.path().join("copy"), folder.path().join("back"));
    office.back_up(&copy).expect("backed up");
    assert_eq!(
        office.back_up(&copy).err(),
        Some(BackupError::Exists(copy.clone()))
    );
    std::fs::create_dir(folder.path().join("other.partial")).expect("made");
    std::fs::write(folder.path().join("other.partial/thesis"), b"mine").expect("written");
    let other = folder.path().join("other");
    assert_eq!(
        office.back_up(&other).err(),
        Some(BackupError::Strange(folder.path().join("other.partial")))
    );
    std::fs::create_dir(&back).expect("made");
    std::fs::write(back.join("thesis"), b"mine").expect("written");
    let refused = restore(&copy, &back, &|_| {}).err();
    assert_eq!(
        refused,
        Some(RestoreError::Target(BackupError::Exists(back.clone())))
    );
    std::fs::remove_file(back.join("thesis")).expect("removed");
    restore(&copy, &back, &|_| {}).expect("an empty folder is nothing");
}

#[test]
fn an_interrupted_backup_is_none_and_the_next_attempt_removes_it() {
    let (folder, office) = office();
    let copy = folder.path().join("copy");
    office.back_up(&copy).expect("backed up");
    let partial = folder.path().join("copy.partial");
    std::fs::rename(&copy, &partial).expect("renamed");
    std::fs::write(partial.join("unfinished"), b"").expect("written");
    std::fs::remove_file(partial.join("manifest")).expect("removed");
    assert!(restore(&partial, &folder.path().join("back"), &|_| {}).is_err());
    office.back_up(&copy).expect("backed up");
    assert!(!partial.exists());
    restore(&copy, &folder.path().join("back"), &|_| {}).expect("restored");
}

#[test]
fn a_damaged_office_is_not_backed_up_as_if_it_were_well() {
    let (folder, office) = office();
    let film = folder.path().join("office/objects");
    let path = walk(&film).pop().expect("a film");
    let mut bytes = std::fs::read(&path).expect("read");
    bytes[1234] ^= 4;
    std::fs::write(&path, bytes).expect("written");
    let refused = office.back_up(&folder.path().join("copy")).err();
    assert!(
        matches!(refused, Some(BackupError::Damaged(_))),
        "{refused:?}"
    );
    assert!(!folder.path().join("copy").exists());
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for item in std::fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        if path.is_dir() {
            found.extend(walk(&path))
        } else {
            found.push(path)
        }
    }
    found.sort();
    found
}

#[test]
fn one_flipped_bit_anywhere_in_a_backup_is_found_before_anything_is_restored() {
    let (folder, office) = office();
    let copy = folder.path().join("copy");
    office.back_up(&copy).expect("backed up");
    let files = walk(&copy);
    let mut rolling = Rolling(9);
    let mut next = |bound: usize| rand_core::Rng::next_u64(&mut rolling) as usize % bound;
    for round in 0..120 {
        let path = &files[round % files.len()];
        let whole = std::fs::read(path).expect("read");
        let mut bytes = whole.clone();
        let at = next(bytes.len());
        bytes[at] ^= 1 << next(8);
        std::fs::write(path, bytes).expect("written");
        let back = folder.path().join(format!("back {round}"));
        assert!(
            restore(&copy, &back, &|_| {}).is_err(),
            "{} at {at}",
            path.display()
        );
        assert!(!back.exists());
        std::fs::write(path, whole).expect("written");
    }
    restore(&copy, &folder.path().join("back"), &|_| {}).expect("restored");
}

#[test]
fn manifests_are_read_as_they_are_written_and_no_other_way() {
    let manifest = Manifest {
        origin: Some(Origin::new("office.example/r").expect("an origin")),
        files: vec![(
            Spot::parse("a/b").expect("a spot"),
            7,
            record::hash::sha256(b"x"),
        )],
    };
    let text = manifest.encode();
    assert_eq!(Manifest::parse(text.as_bytes()), Ok(manifest));
    let sealed = |body: &str| format!("{body}sum {}\n", record::hash::sha256(body.as_bytes()));
    let digest = record::hash::sha256(b"x");
    let wrong = [
        (String::new(), ManifestError::Form),
        ("mahzar backup v2\n".to_owned(), ManifestError::Form),
        ("mahzar backup v1\n".to_owned(), ManifestError::Sum),
        (text.replace(" 7 ", " 8 "), ManifestError::Sum),
        (text.trim_end().to_owned(), ManifestError::Sum),
        (
            sealed("mahzar backup v1\nfile x 7 a\n"),
            ManifestError::Line(2),
        ),
        (
            sealed(&format!("mahzar backup v1\nfile {digest} 7 ../a\n")),
            ManifestError::Line(2),
        ),
        (
            sealed(&format!("mahzar backup v1\nfile {digest} 7 /a\n")),
            ManifestError::Line(2),
        ),
        (
            sealed(&format!("mahzar backup v1\nfile {digest} -7 a\n")),
            ManifestError::Line(2),
        ),
        (
            sealed(&format!("mahzar backup v1\nfile {digest} 07 a\n")),
            ManifestError::Form,
        ),
        (
            sealed(&format!(
                "mahzar backup v1\nfile {digest} 7 a\nfile {digest} 7 a\n"
            )),
            ManifestError::Twice(3),
        ),
        (
            sealed("mahzar backup v1\norigin a b\n"),
            ManifestError::Line(2),
        ),
        (
            sealed("mahzar backup v1\n\norigin a\n"),
            ManifestError::Line(2),
        ),
        (
            sealed(&format!("mahzar backup v1\nfile {digest} 7 a\r\n")),
            ManifestError::Form,
        ),
    ];
    for (text, error) in wrong {
        assert_eq!(Manifest::parse(text.as_bytes()), Err(error), "{text:?}");
    }
}
