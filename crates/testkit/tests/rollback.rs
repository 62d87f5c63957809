//! Old backups, copies that sign elsewhere, lost folders: what the register refuses, and what it says where nobody can know.

use record::signature::SigningKey;
use register::journal::Journal;
use register::register::{ConfirmError, OpenError, PublishError, SignError};
use register::witness::Witness;
use register::{AcceptLoss, Keys, Signing, Stop, begin_anew};
use store::ledger::Ledger;
use testkit::fixture::{Fixture, origin};
use testkit::random::Random;
use testkit::witness::{Mood, TestWitness};

/// An office over a ledger in a file, so that it can be copied.
struct Place {
    folder: tempfile::TempDir,
    copies: std::cell::Cell<u64>,
}

impl Place {
    fn new() -> Place {
        Place {
            folder: tempfile::tempdir().expect("a folder"),
            copies: std::cell::Cell::new(0),
        }
    }

    fn office(&self) -> Fixture {
        let ledger = Ledger::create(&self.folder.path().join("0")).expect("a ledger");
        Fixture::new(3, ledger).expect("a fixture")
    }

    /// A copy as `cp -r` makes it while nobody writes.
    fn copy(&self, office: &Fixture) -> Fixture {
        office.ledger.settle_log().expect("settled");
        let number = self.copies.get() + 1;
        self.copies.set(number);
        let path = self.folder.path().join(number.to_string());
        std::fs::copy(office.ledger.path().expect("a path"), &path).expect("copied");
        office.copy(Ledger::open(&path).expect("opens"), 100 + number)
    }
}

fn witnesses(office: &Fixture, count: u64) -> Vec<TestWitness> {
    let log = office.open().expect("opens").vkey().clone();
    let made = (0..count).map(|number| {
        let witness = TestWitness::new(&format!("witness{number}.example"), number, Mood::Good)
            .expect("a witness");
        witness.know(log.clone());
        witness
    });
    made.collect()
}

fn ports(witnesses: &[TestWitness]) -> Vec<&dyn Witness> {
    witnesses
        .iter()
        .map(|witness| witness as &dyn Witness)
        .collect()
}

fn publish(office: &mut Fixture, entries: usize, witnesses: &[TestWitness]) -> u64 {
    office.add(entries).expect("added");
    office.publish(&ports(witnesses)).expect("published")
}

/// Marks an office as restored, as `store::backup::restore` does.
fn mark_restored(office: &Fixture) {
    let standing = office.ledger.standing().expect("read").expect("a record");
    let marked = register::journal::Standing {
        restored: true,
        ..standing.clone()
    };
    office.ledger.advance(&standing, &marked).expect("marked");
}

#[test]
fn a_copy_that_signed_elsewhere_stops_the_other() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 2);
    publish(&mut office, 5, &witnesses);
    let mut copy = place.copy(&office);
    assert_eq!(publish(&mut office, 5, &witnesses), 32);
    let mut register = copy.open().expect("opens");
    let stop = Stop::WitnessHasLarger {
        witness: "witness0.example".to_owned(),
        size: 32,
    };
    assert_eq!(
        register.confirm(&ports(&witnesses), 1),
        Err(ConfirmError::Stopped(stop.clone()))
    );
    assert_eq!(register.signing(), &Signing::Stopped(stop.clone()));
    assert_eq!(
        register.sign().err(),
        Some(SignError::Stopped(stop.clone()))
    );
    // What members enter is accepted and sequenced all the same; only nothing is signed.
    assert_eq!(
        register
            .sequence(10, &mut Random::new(1))
            .expect("nothing pending"),
        None
    );
    drop(register);
    copy.add(3).expect("added");
    let mut register = copy.open().expect("opens");
    assert!(
        register
            .sequence(10, &mut Random::new(1))
            .expect("sequenced")
            .is_some()
    );
    assert_eq!(register.integrate(), Ok(false));
    assert_eq!(register.sign().err(), Some(SignError::Unconfirmed));
}

#[test]
fn a_copy_that_is_found_out_while_it_publishes_publishes_nothing() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 1);
    publish(&mut office, 5, &witnesses);
    let mut copy = place.copy(&office);
    copy.add(5).expect("added");
    let mut register = copy.open().expect("opens");
    register
        .confirm(&ports(&witnesses), 1)
        .expect("nobody knows better yet");
    register
        .sequence(10, &mut Random::new(1))
        .expect("sequenced");
    register.integrate().expect("tiled");
    let signed = register.sign().expect("signed").expect("a head");
    // Meanwhile the other copy gets there first, with other leaves.
    publish(&mut office, 40, &witnesses);
    let refused = register.publish(signed.countersign(&ports(&witnesses)));
    assert!(
        matches!(
            refused,
            Err(PublishError::Stopped(Stop::WitnessHasLarger {
                size: 80,
                ..
            }))
        ),
        "{refused:?}"
    );
    assert_eq!(
        register.published().map(|head| head.checkpoint().size),
        Some(16)
    );
}

#[test]
fn another_history_of_the_same_size_is_found_by_its_proof() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 1);
    publish(&mut office, 5, &witnesses);
    let mut copy = place.copy(&office);
    publish(&mut office, 5, &witnesses);
    // The copy's operator signs on without asking anybody, past the size that the witness knows.
    publish(&mut copy, 40, &[]);
    let mut register = copy.open().expect("opens");
    let stop = Stop::WitnessHasOther {
        witness: "witness0.example".to_owned(),
    };
    assert_eq!(
        register.confirm(&ports(&witnesses), 1),
        Err(ConfirmError::Stopped(stop))
    );
}

#[test]
fn a_head_that_a_crash_kept_from_being_published_is_no_reason_to_stop() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 2);
    publish(&mut office, 5, &witnesses);
    office.add(5).expect("added");
    let mut register = office.open().expect("opens");
    register.confirm(&ports(&witnesses), 1).expect("confirmed");
    register
        .sequence(10, &mut Random::new(1))
        .expect("sequenced");
    register.integrate().expect("tiled");
    let countersigned = register
        .sign()
        .expect("signed")
        .expect("a head")
        .countersign(&ports(&witnesses[..1]));
    drop((register, countersigned));
    // One witness knows a head of 32 leaves, the other and the public one of 16.
    let mut register = office.open().expect("opens");
    let confirmed = register.confirm(&ports(&witnesses), 1).expect("confirmed");
    assert_eq!((confirmed.answered, register.signing()), (2, &Signing::On));
    drop(register);
    assert_eq!(office.publish(&ports(&witnesses)).expect("published"), 32);
}

#[test]
fn silent_witnesses_stop_nothing_and_are_asked_again() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 3);
    witnesses
        .iter()
        .for_each(|witness| witness.set_mood(Mood::Silent));
    assert_eq!(publish(&mut office, 5, &witnesses), 16);
    assert_eq!(publish(&mut office, 5, &witnesses), 32);
    let mut register = office.open().expect("opens");
    assert_eq!(
        register
            .published()
            .map(|head| head.note().signatures().len()),
        Some(1)
    );
    register
        .confirm(&ports(&witnesses), 2)
        .expect("nobody answers");
    witnesses[1].set_mood(Mood::Good);
    let signed = register.sign().expect("signed").expect("a head");
    assert!(!signed.is_new());
    let published = register
        .publish(signed.countersign(&ports(&witnesses)))
        .expect("published");
    assert_eq!(published.cosigned, ["witness1.example"]);
    assert_eq!(published.without.len(), 2);
    witnesses[2].set_mood(Mood::Good);
    let signed = register.sign().expect("signed").expect("a head");
    let published = register
        .publish(signed.countersign(&ports(&witnesses)))
        .expect("published");
    assert_eq!(
        published.cosigned,
        ["witness2.example"],
        "the one that has cosigned is not asked again"
    );
    assert_eq!(
        register
            .published()
            .map(|head| head.note().signatures().len()),
        Some(3)
    );
}

#[test]
fn after_a_restore_enough_witnesses_must_have_answered() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 3);
    publish(&mut office, 5, &witnesses);
    mark_restored(&office);
    witnesses[1].set_mood(Mood::Silent);
    witnesses[2].set_mood(Mood::Silent);
    let mut register = office.open().expect("opens");
    // Of three with a quorum of two, any two of whom one knows every countersigned head.
    register.confirm(&ports(&witnesses), 2).expect("asked");
    assert_eq!(
        register.signing(),
        &Signing::Restored {
            answered: 1,
            needed: 2
        }
    );
    assert_eq!(
        register.sign().err(),
        Some(SignError::Restored {
            answered: 1,
            needed: 2
        })
    );
    drop(register);
    assert!(
        office
            .ledger
            .standing()
            .expect("read")
            .expect("a record")
            .restored
    );
    witnesses[2].set_mood(Mood::Good);
    let mut register = office.open().expect("opens");
    register.confirm(&ports(&witnesses), 2).expect("asked");
    assert_eq!(register.signing(), &Signing::On);
    drop(register);
    assert!(
        !office
            .ledger
            .standing()
            .expect("read")
            .expect("a record")
            .restored
    );
}

#[test]
fn an_old_backup_is_found_out_by_the_witnesses() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 3);
    publish(&mut office, 5, &witnesses);
    let backup = place.copy(&office);
    publish(&mut office, 5, &witnesses);
    mark_restored(&backup);
    let mut register = backup.open().expect("opens");
    let refused = register.confirm(&ports(&witnesses), 2);
    assert!(
        matches!(
            refused,
            Err(ConfirmError::Stopped(Stop::WitnessHasLarger {
                size: 32,
                ..
            }))
        ),
        "{refused:?}"
    );
}

#[test]
fn a_backup_from_before_the_first_head_is_found_out_too() {
    let place = Place::new();
    let mut office = place.office();
    let witnesses = witnesses(&office, 1);
    office.add(5).expect("added");
    let backup = place.copy(&office);
    office.publish(&ports(&witnesses)).expect("published");
    mark_restored(&backup);
    let mut register = backup.open().expect("opens");
    let refused = register.confirm(&ports(&witnesses), 1);
    assert!(
        matches!(
            refused,
            Err(ConfirmError::Stopped(Stop::WitnessHasLarger {
                size: 16,
                ..
            }))
        ),
        "{refused:?}"
    );
}

#[test]
fn without_witnesses_a_restored_office_signs_only_under_another_name() {
    let place = Place::new();
    let mut office = place.office();
    publish(&mut office, 5, &[]);
    mark_restored(&office);
    let mut register = office.open().expect("opens");
    register.confirm(&[], 0).expect("asked nobody");
    assert_eq!(
        register.signing(),
        &Signing::Restored {
            answered: 0,
            needed: 1
        }
    );
    let old_head = register.published().cloned().expect("a head");
    drop(register);
    let key = SigningKey::from_seed(&[9; 32]);
    let new = origin("mahzar.invalid/anew").expect("an origin");
    let shelf = office.publisher().expect("the lock");
    assert!(
        begin_anew(
            &*office.ledger,
            &shelf,
            old_head.checkpoint().origin.clone(),
            &key,
            AcceptLoss
        )
        .is_err()
    );
    begin_anew(&*office.ledger, &shelf, new.clone(), &key, AcceptLoss).expect("begun anew");
    drop(shelf);
    assert!(matches!(office.open(), Err(OpenError::OtherKey(_))));
    let keys = Keys {
        log: key,
        filler: office.keys().filler,
    };
    let mut register = office.open_with(keys).expect("opens");
    assert_eq!(register.published(), None);
    register.confirm(&[], 0).expect("nobody to ask");
    let signed = register.sign().expect("signed").expect("a head");
    let head = register
        .publish(signed.countersign(&[]))
        .expect("published");
    assert_eq!(head.size, old_head.checkpoint().size);
    assert_eq!(
        register
            .published()
            .map(|head| head.checkpoint().origin.clone()),
        Some(new)
    );
    // The old head lies where people can find it.
    let retired = office
        .disk
        .files()
        .into_iter()
        .find(|spot| spot.as_str().starts_with("record/retired/"));
    let bytes =
        store::disk::read_all(&office.disk, &retired.expect("a retired head"), 9999).expect("read");
    assert_eq!(bytes, old_head.to_string().as_bytes());
}

#[test]
fn a_ledger_that_is_older_than_its_folder_signs_nothing() {
    let place = Place::new();
    let mut office = place.office();
    publish(&mut office, 5, &[]);
    let mut mixed = place.copy(&office);
    publish(&mut office, 5, &[]);
    mixed.disk = office.disk.copy();
    let register = mixed.open().expect("opens");
    assert_eq!(
        register.signing(),
        &Signing::Stopped(Stop::LedgerBehind {
            published: 32,
            signed: 16
        })
    );
}

#[test]
fn a_folder_that_is_older_than_its_ledger_signs_nothing() {
    let place = Place::new();
    let mut office = place.office();
    publish(&mut office, 5, &[]);
    let old = office.disk.copy();
    publish(&mut office, 5, &[]);
    office.disk = old;
    office.add(2).expect("entries are accepted");
    let mut register = office.open().expect("opens");
    assert!(matches!(
        register.signing(),
        Signing::Stopped(Stop::FolderDiffers(_))
    ));
    assert!(
        register
            .sequence(9, &mut Random::new(1))
            .expect("sequenced")
            .is_some()
    );
    assert!(register.integrate().is_err());
}

#[test]
fn a_tile_that_was_altered_after_it_was_written_is_found_before_signing() {
    let place = Place::new();
    let mut office = place.office();
    publish(&mut office, 5, &[]);
    office.add(5).expect("added");
    for path in ["record/tile/0/000.p/32", "record/tile/entries/000.p/32"] {
        let mut register = office.open().expect("opens");
        register.confirm(&[], 0).expect("nobody to ask");
        register
            .sequence(10, &mut Random::new(1))
            .expect("sequenced");
        register.integrate().expect("tiled");
        let spot = store::disk::Spot::parse(path).expect("a spot");
        assert!(office.disk.flip(&spot, 900, 3));
        let refused = register.sign().err();
        assert!(
            matches!(refused, Some(SignError::Stopped(Stop::FolderDiffers(_)))),
            "{refused:?}"
        );
        assert_eq!(
            register.published().map(|head| head.checkpoint().size),
            Some(16)
        );
        assert!(office.disk.flip(&spot, 900, 3));
    }
    assert_eq!(office.publish(&[]), Ok(32));
}

#[test]
fn another_key_does_not_open_the_record() {
    let place = Place::new();
    let office = place.office();
    let keys = Keys {
        log: SigningKey::from_seed(&[8; 32]),
        filler: office.keys().filler,
    };
    assert!(matches!(
        office.open_with(keys),
        Err(OpenError::OtherKey(_))
    ));
}

#[test]
fn on_a_full_disk_leaves_wait_and_nothing_is_lost() {
    let place = Place::new();
    let mut office = place.office();
    publish(&mut office, 5, &[]);
    office.add(40).expect("added");
    let mut register = office.open().expect("opens");
    register.confirm(&[], 0).expect("nobody to ask");
    register
        .sequence(64, &mut Random::new(1))
        .expect("sequenced");
    office.disk.leave_room(Some(1000));
    let full = register.integrate();
    assert!(matches!(&full, Err(error) if !error.is_fatal()), "{full:?}");
    assert_eq!(
        register.published().map(|head| head.checkpoint().size),
        Some(16)
    );
    office.disk.leave_room(None);
    assert_eq!(register.integrate(), Ok(false));
    let signed = register.sign().expect("signed").expect("a head");
    assert_eq!(
        register
            .publish(signed.countersign(&[]))
            .map(|done| done.size),
        Ok(80)
    );
}
