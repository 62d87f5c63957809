//! The ledger as its callers meet it.

use std::sync::Arc;

use crate::material::{CIRCLE, add, add_object, entry, hash, object, one, public_entry};
use record::ids::{CircleId, EntryId};
use store::ledger::{
    AcceptError, Acceptance, CabinetChange, CircleHead, GroupCommit, Guard, Ledger, LedgerError,
    Lock, NewEntry, ObjectPlace, StoredObject,
};

fn ledger() -> Ledger {
    Ledger::in_memory().expect("a ledger")
}

#[test]
fn what_was_accepted_is_read_back_by_circle_id_and_leaf() {
    let ledger = ledger();
    let entries: Vec<NewEntry> = (0..5)
        .map(|n| add(&ledger, CIRCLE, &format!("entry {n}")))
        .collect();
    add(&ledger, CircleId::PUBLIC, "public");
    let rows = ledger.entries_of_circle(CIRCLE, 1, 3).expect("rows");
    assert_eq!(
        rows.iter().map(|row| row.seq).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    let row = ledger.entry(entries[2].id).expect("read").expect("there");
    assert_eq!(
        (row.circle, row.seq, row.prev),
        (CIRCLE, 2, entries[1].commitment)
    );
    assert_eq!(
        (row.sealed.as_deref(), row.lock),
        (Some(&b"sealed entry 2"[..]), Lock::Epoch(1))
    );
    assert_eq!(row.leaf_index, None);
    assert_eq!(
        ledger.wrap(CIRCLE, 2).expect("read"),
        Some(b"wrap entry 2".to_vec())
    );
    assert_eq!(ledger.wraps_of_circle(CIRCLE, 3, 9).expect("read").len(), 2);
    assert_eq!(ledger.pending_count().expect("count"), 6);
    assert_eq!(
        ledger.circles().expect("circles"),
        [CircleId::PUBLIC, CIRCLE]
    );
    assert_eq!(ledger.entries_after(4, 10).expect("rows").len(), 2);
    assert_eq!(ledger.entry(EntryId::from_bytes([9; 16])), Ok(None));
}

#[test]
fn an_entry_that_does_not_continue_its_circle_is_a_conflict_that_names_the_head() {
    let ledger = ledger();
    let first = add(&ledger, CIRCLE, "first");
    let head = Some(CircleHead {
        seq: 0,
        commitment: first.commitment,
    });
    let refused = Err(AcceptError::Conflict {
        circle: CIRCLE,
        head,
    });
    assert_eq!(
        ledger.accept(&[one(entry(CIRCLE, None, "second"))]),
        refused
    );
    let gap = NewEntry {
        seq: 2,
        ..entry(CIRCLE, head, "second")
    };
    assert_eq!(ledger.accept(&[one(gap)]), refused);
    let other_prev = NewEntry {
        prev: hash("another"),
        ..entry(CIRCLE, head, "second")
    };
    assert_eq!(ledger.accept(&[one(other_prev)]), refused);
    assert_eq!(ledger.pending_count(), Ok(1));
}

#[test]
fn of_several_acceptances_all_go_in_or_none() {
    let ledger = ledger();
    let good = entry(CIRCLE, None, "good");
    let bad = entry(CIRCLE, None, "bad");
    assert!(ledger.accept(&[one(good.clone()), one(bad)]).is_err());
    assert_eq!(ledger.head_of_circle(CIRCLE), Ok(None));
    let head = Some(CircleHead {
        seq: 0,
        commitment: good.commitment,
    });
    assert_eq!(
        ledger.accept(&[one(good), one(entry(CIRCLE, head, "next"))]),
        Ok(())
    );
}

#[test]
fn an_entry_is_accepted_once() {
    let ledger = ledger();
    let first = add(&ledger, CIRCLE, "first");
    let head = Some(CircleHead {
        seq: 0,
        commitment: first.commitment,
    });
    let again = NewEntry {
        id: first.id,
        ..entry(CIRCLE, head, "again")
    };
    assert_eq!(
        ledger.accept(&[one(again)]),
        Err(AcceptError::Repeated { id: first.id })
    );
}

#[test]
fn a_moved_guard_refuses_everything() {
    let ledger = ledger();
    let put = CabinetChange::Put {
        name: b"epoch".to_vec(),
        body: b"1".to_vec(),
    };
    let opening = Acceptance {
        cabinet: vec![put],
        ..one(entry(CIRCLE, None, "first"))
    };
    ledger.accept(&[opening]).expect("accepted");
    let head = ledger.head_of_circle(CIRCLE).expect("a head");
    let guarded = |guard| Acceptance {
        guards: vec![guard],
        ..one(entry(CIRCLE, head, "second"))
    };
    let epoch = |body: Option<&[u8]>| Guard::Cabinet {
        name: b"epoch".to_vec(),
        body: body.map(<[u8]>::to_vec),
    };
    assert_eq!(
        ledger.accept(&[guarded(epoch(Some(b"2")))]),
        Err(AcceptError::GuardMoved)
    );
    assert_eq!(
        ledger.accept(&[guarded(epoch(None))]),
        Err(AcceptError::GuardMoved)
    );
    let house = Guard::Head {
        circle: CircleId::HOUSE,
        head,
    };
    assert_eq!(
        ledger.accept(&[guarded(house)]),
        Err(AcceptError::GuardMoved)
    );
    let house = Guard::Head {
        circle: CircleId::HOUSE,
        head: None,
    };
    assert_eq!(ledger.accept(&[guarded(house)]), Ok(()));
    assert_eq!(ledger.cabinet_get(b"epoch"), Ok(Some(b"1".to_vec())));
}

#[test]
fn shapes_that_contradict_themselves_are_refused() {
    let ledger = ledger();
    let plain = entry(CIRCLE, None, "x");
    let public = public_entry(None, "x");
    let wrong = [
        NewEntry {
            lock: Lock::Public,
            ..plain.clone()
        },
        NewEntry {
            lock: Lock::Epoch(0),
            ..plain.clone()
        },
        NewEntry {
            wrap: None,
            ..plain
        },
        NewEntry {
            lock: Lock::House,
            ..public.clone()
        },
        NewEntry {
            wrap: Some(vec![1]),
            ..public.clone()
        },
        NewEntry {
            commitment: hash("another"),
            ..public.clone()
        },
        NewEntry {
            sealed: vec![b'x'; 65_536],
            ..public
        },
    ];
    for entry in wrong {
        let refused = ledger.accept(&[one(entry.clone())]);
        assert!(
            matches!(refused, Err(AcceptError::Malformed(_))),
            "{entry:?}: {refused:?}"
        );
    }
    let missing = NewEntry {
        object: Some(object("nowhere")),
        ..entry(CIRCLE, None, "x")
    };
    assert!(matches!(
        ledger.accept(&[one(missing)]),
        Err(AcceptError::Objects(_))
    ));
}

fn stored(name: &str) -> StoredObject {
    let place = ObjectPlace::Pack {
        pack: 3,
        offset: 64,
    };
    StoredObject {
        object: object(name),
        place,
        size_bytes: 5,
        sha256: hash(name),
    }
}

#[test]
fn erasure_leaves_the_chain_and_nothing_to_read() {
    let ledger = ledger();
    let first = add_object(&ledger, stored("film"), "first");
    let second = add(&ledger, CIRCLE, "second");
    ledger.erase(CIRCLE, 0).expect("erased");
    let row = ledger.entry(first.id).expect("read").expect("still there");
    assert_eq!(
        (row.sealed, row.object, row.commitment),
        (None, None, first.commitment)
    );
    assert_eq!(ledger.wrap(CIRCLE, 0), Ok(None));
    assert_eq!(ledger.header(object("film")), Ok(None));
    assert_eq!(ledger.object(object("film")), Ok(None));
    let discards = ledger.discards().expect("discards");
    assert_eq!(
        (discards.len(), discards[0].object, discards[0].place),
        (1, object("film"), stored("film").place)
    );
    ledger.discarded(object("film")).expect("noted");
    assert_eq!(ledger.discards(), Ok(Vec::new()));
    assert_eq!(
        ledger.head_of_circle(CIRCLE),
        Ok(Some(CircleHead {
            seq: 1,
            commitment: second.commitment
        }))
    );
    assert_eq!(ledger.audit(), []);
    assert_eq!(ledger.erase(CIRCLE, 0), Ok(()));
    add(&ledger, CircleId::PUBLIC, "public");
    assert!(matches!(
        ledger.erase(CircleId::PUBLIC, 0),
        Err(AcceptError::Malformed(_))
    ));
}

#[test]
fn what_was_erased_is_not_in_the_file_any_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.db");
    let ledger = Ledger::create(&path).expect("a ledger");
    let marked = NewEntry {
        sealed: b"the-marked-sealed-bytes".to_vec(),
        ..entry(CIRCLE, None, "marked")
    };
    ledger.accept(&[one(marked)]).expect("accepted");
    add(&ledger, CIRCLE, "another");
    let has_mark = || {
        let files = ["ledger.db", "ledger.db-wal"]
            .map(|name| std::fs::read(folder.path().join(name)).unwrap_or_default());
        files.iter().any(|bytes| {
            bytes
                .windows(16)
                .any(|window| window == b"the-marked-seale")
        })
    };
    ledger.settle_log().expect("settled");
    assert!(has_mark());
    ledger.erase(CIRCLE, 0).expect("erased");
    ledger.settle_log().expect("settled");
    assert!(!has_mark());
}

#[test]
fn an_object_that_two_entries_name_stays_until_both_are_erased() {
    let ledger = ledger();
    add_object(&ledger, stored("film"), "received");
    let head = ledger.head_of_circle(CIRCLE).expect("a head");
    let adopted = NewEntry {
        object: Some(object("film")),
        ..entry(CIRCLE, head, "adopted")
    };
    ledger.accept(&[one(adopted)]).expect("accepted");
    ledger.erase(CIRCLE, 0).expect("erased");
    assert!(ledger.object(object("film")).expect("read").is_some());
    ledger.erase(CIRCLE, 1).expect("erased");
    assert_eq!(ledger.object(object("film")), Ok(None));
}

#[test]
fn the_cabinet_is_scanned_by_prefix() {
    let ledger = ledger();
    for name in ["aa", "ab", "b"] {
        ledger
            .cabinet_put(name.as_bytes(), name.as_bytes())
            .expect("put");
    }
    ledger.cabinet_put(b"ab", b"new").expect("put again");
    let found = ledger.cabinet_scan(b"a").expect("scanned");
    assert_eq!(
        found.iter().map(|row| &row.body[..]).collect::<Vec<_>>(),
        [&b"aa"[..], b"new"]
    );
    ledger.cabinet_delete(b"aa").expect("deleted");
    ledger.cabinet_delete(b"aa").expect("deleted twice");
    assert_eq!(ledger.cabinet_get(b"aa"), Ok(None));
    assert_eq!(ledger.cabinet_scan(b"").expect("scanned").len(), 2);
}

#[test]
fn a_newer_file_and_what_is_no_ledger_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.db");
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Absent(_))));
    drop(Ledger::create(&path).expect("a ledger"));
    assert!(matches!(Ledger::create(&path), Err(LedgerError::Exists)));
    drop(Ledger::open(&path).expect("opens"));
    let other = rusqlite::Connection::open(&path).expect("opens");
    other.pragma_update(None, "user_version", 2).expect("set");
    assert!(matches!(
        Ledger::open(&path),
        Err(LedgerError::Newer { found: 2, known: 1 })
    ));
    other.pragma_update(None, "user_version", 1).expect("set");
    other.pragma_update(None, "application_id", 7).expect("set");
    assert!(matches!(Ledger::open(&path), Err(LedgerError::Absent(_))));
    std::fs::write(
        &path,
        b"something else altogether, long enough to be read as a header, and then some more of it",
    )
    .expect("written");
    assert!(Ledger::open(&path).is_err());
}

#[test]
fn the_settings_that_durability_rests_on_are_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.db");
    let ledger = Ledger::create(&path).expect("a ledger");
    add(&ledger, CIRCLE, "first");
    let other = rusqlite::Connection::open(&path).expect("opens");
    let mode: String = other
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .expect("read");
    assert_eq!(mode, "wal");
}

/// A hundred members write to one circle at once, through two handles on one file, as CLI and server would: all are accepted.
#[test]
fn a_hundred_writers_through_two_processes_doors_are_all_accepted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ledger.db");
    let server = Arc::new(GroupCommit::new(Arc::new(
        Ledger::create(&path).expect("a ledger"),
    )));
    let cli = Arc::new(GroupCommit::new(Arc::new(
        Ledger::open(&path).expect("the same ledger"),
    )));
    let writers = (0..100).map(|number| {
        let door = Arc::clone(if number % 2 == 0 { &server } else { &cli });
        std::thread::spawn(move || {
            let name = format!("writer {number}");
            let mut head = None;
            loop {
                match door.accept(one(entry(CIRCLE, head, &name))) {
                    Ok(()) => return,
                    Err(AcceptError::Conflict { head: now, .. }) => head = now,
                    Err(other) => panic!("{other}"),
                }
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    writers
        .into_iter()
        .for_each(|writer| writer.join().expect("a writer"));
    let rows = server
        .ledger()
        .entries_of_circle(CIRCLE, 0, 200)
        .expect("rows");
    assert_eq!(rows.len(), 100);
    assert_eq!(server.ledger().audit(), []);
}

/// Made inside the transaction, an entry never meets a conflict.
#[test]
fn a_hundred_drafts_for_one_circle_need_no_second_try() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = Arc::new(Ledger::create(&folder.path().join("ledger.db")).expect("a ledger"));
    let door = Arc::new(GroupCommit::new(ledger));
    let writers: Vec<_> = (0..100)
        .map(|number| {
            let door = Arc::clone(&door);
            std::thread::spawn(move || {
                door.accept_drafted(move |heads| {
                    let head = heads.head(CIRCLE).map_err(AcceptError::Ledger)?;
                    Ok(one(entry(CIRCLE, head, &format!("draft {number}"))))
                })
            })
        })
        .collect();
    for writer in writers {
        assert_eq!(writer.join().expect("a writer"), Ok(()));
    }
    assert_eq!(
        door.ledger()
            .head_of_circle(CIRCLE)
            .expect("a head")
            .map(|head| head.seq),
        Some(99)
    );
}

#[test]
fn one_that_is_refused_takes_no_other_with_it() {
    let door = Arc::new(GroupCommit::new(Arc::new(ledger())));
    let writers: Vec<_> = (0..40)
        .map(|number| {
            let door = Arc::clone(&door);
            std::thread::spawn(move || {
                door.accept_drafted(move |heads| {
                    let head = heads.head(CIRCLE).map_err(AcceptError::Ledger)?;
                    if number % 4 == 0 {
                        return Err(AcceptError::Withdrawn);
                    }
                    let lock = if number % 4 == 1 {
                        Lock::Public
                    } else {
                        Lock::House
                    };
                    let first = entry(CIRCLE, head, &format!("{number} first"));
                    let next = Some(CircleHead {
                        seq: first.seq,
                        commitment: first.commitment,
                    });
                    let second = NewEntry {
                        lock,
                        ..entry(CIRCLE, next, &format!("{number} second"))
                    };
                    Ok(Acceptance {
                        entries: vec![first, second],
                        ..Acceptance::default()
                    })
                })
            })
        })
        .collect();
    let answers: Vec<_> = writers
        .into_iter()
        .map(|writer| writer.join().expect("a writer"))
        .collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 20);
    assert_eq!(
        answers
            .iter()
            .filter(|answer| **answer == Err(AcceptError::Withdrawn))
            .count(),
        10
    );
    assert_eq!(door.ledger().pending_count(), Ok(40));
    assert_eq!(door.ledger().audit(), []);
}

#[test]
fn a_writer_that_panics_ends_only_its_own_group() {
    let door = Arc::new(GroupCommit::new(Arc::new(ledger())));
    let panicking = Arc::clone(&door);
    let died =
        std::thread::spawn(move || panicking.accept_drafted(|_| panic!("a draft that panics")))
            .join();
    assert!(died.is_err());
    assert_eq!(door.accept(one(entry(CIRCLE, None, "after"))), Ok(()));
}
