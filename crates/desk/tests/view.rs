//! A view as its callers see it: opened, filled, asked, damaged, deleted and rebuilt.

mod circle;

use std::fs;

use circle::{Circle, KEY, damaged_somewhere, files_of, view_path};
use desk::kinds::{ItemEntry, Mode, Outcome};
use desk::{
    Applied, ApplyError, Arrival, ItemQuery, ItemState, OpenError, PremisEvent, Sort, View, ViewKey,
};
use proptest::prelude::*;
use record::ids::CircleId;

#[test]
fn what_was_applied_is_found() {
    let mut circle = Circle::new();
    let item = circle.receive("گزارش‌هاي كَميته ۱۴۰۱.pdf", "application/pdf", 10);
    circle.open(item, "ترجمه", Mode::Copy);
    circle.check(item, Outcome::Unaltered);
    circle.publish(item);
    let folder = tempfile::tempdir().unwrap();
    let view = circle.view(folder.path());

    let Some(ItemState::Held(held)) = view.item(item).unwrap() else {
        panic!("the item is held")
    };
    assert_eq!(held.file_name, "گزارش‌هاي كَميته ۱۴۰۱.pdf");
    assert_eq!(held.commitment, circle.commitment(0));
    let events: Vec<PremisEvent> = view
        .custody(item)
        .unwrap()
        .iter()
        .map(|event| event.event)
        .collect();
    assert_eq!(
        events,
        [
            PremisEvent::Ingestion,
            PremisEvent::MessageDigestCalculation,
            PremisEvent::Encryption,
            PremisEvent::FixityCheck,
            PremisEvent::Dissemination
        ]
    );
    let accesses = view.accesses(item).unwrap();
    assert_eq!(accesses.len(), 1);
    assert_eq!(
        (
            accesses[0].purpose.as_str(),
            accesses[0].mode,
            accesses[0].seq
        ),
        ("ترجمه", Mode::Copy, 1)
    );
    assert_eq!(view.applied_seq().unwrap(), Some(3));
}

#[test]
fn entries_are_applied_once_and_without_gaps() {
    let mut circle = Circle::new();
    circle.receive("a", "text/plain", 1);
    circle.receive("b", "text/plain", 2);
    let folder = tempfile::tempdir().unwrap();
    let mut view = View::open(&view_path(folder.path()), &ViewKey::new(KEY)).unwrap();

    assert_eq!(view.applied_seq().unwrap(), None);
    let gap = view
        .apply(1, circle.entry(1), &circle.context(1))
        .unwrap_err();
    assert!(matches!(
        gap,
        ApplyError::Gap {
            expected: 0,
            found: 1
        }
    ));
    assert_eq!(
        view.apply(0, circle.entry(0), &circle.context(0)).unwrap(),
        Applied::Now
    );
    assert_eq!(
        view.apply(0, circle.entry(0), &circle.context(0)).unwrap(),
        Applied::Before
    );
    assert_eq!(view.apply_all(circle.arrivals()).unwrap(), 1);
    assert_eq!(view.items(&ItemQuery::default()).unwrap().total, 2);
}

#[test]
fn a_failed_batch_leaves_nothing() {
    let mut circle = Circle::new();
    circle.receive("a", "text/plain", 1);
    let folder = tempfile::tempdir().unwrap();
    let mut view = View::open(&view_path(folder.path()), &ViewKey::new(KEY)).unwrap();
    let before = view.dump().unwrap();

    let first = Arrival::Entry(circle.entry(0), circle.context(0));
    assert!(view.apply_all([(0, first), (5, Arrival::Erased)]).is_err());
    assert_eq!(view.dump().unwrap(), before);
}

#[test]
fn another_circle_does_not_come_in() {
    let mut circle = Circle::new();
    circle.receive("a", "text/plain", 1);
    let folder = tempfile::tempdir().unwrap();
    let mut view = circle.view(folder.path());
    let mut foreign = circle.entry(0).clone();
    foreign.circle = CircleId::from_bytes([9; 16]);

    let error = view.apply(1, &foreign, &circle.context(0)).unwrap_err();
    assert!(matches!(error, ApplyError::OtherCircle { .. }));
    assert_eq!(view.next_seq().unwrap(), 1);
}

#[test]
fn search_meets_every_spelling_and_nothing_else() {
    let mut circle = Circle::new();
    let report = circle.receive("گزارش‌هاي كَميته ۱۴۰۱.pdf", "application/pdf", 10);
    let photo = circle.receive("IMG_2042 (Évin).JPG", "image/jpeg", 10);
    let folder = tempfile::tempdir().unwrap();
    let view = circle.view(folder.path());

    let found = |text: &str| {
        let query = ItemQuery {
            text: text.to_owned(),
            ..ItemQuery::default()
        };
        view.items(&query)
            .unwrap()
            .items
            .iter()
            .map(|item| item.item)
            .collect::<Vec<_>>()
    };
    for spelling in [
        "گزارش های",
        "گزارش‌های کمیته",
        "كميته",
        "کُمیته",
        "1401",
        "۱۴۰۱",
        "١٤٠١",
        "گزا",
        "pdf 1401",
    ] {
        assert_eq!(found(spelling), [report], "{spelling}");
    }
    for spelling in ["img", "evin", "ÉVIN", "2042", "img (evin)"] {
        assert_eq!(found(spelling), [photo], "{spelling}");
    }
    assert_eq!(found("  "), [photo, report]);
    for nothing in [
        "\"",
        "* OR *",
        "NOT img",
        "img NEAR/1 evin",
        "folded:img",
        "زارش",
        "-",
    ] {
        assert!(found(nothing).is_empty(), "{nothing}");
    }
}

#[test]
fn pages_hold_every_item_once_in_every_order() {
    let mut circle = Circle::new();
    for number in 0..23u64 {
        let media_type = if number % 3 == 0 {
            "image/png"
        } else {
            "text/plain"
        };
        circle.receive(&format!("name {}", number % 5), media_type, number % 4);
    }
    let folder = tempfile::tempdir().unwrap();
    let view = circle.view(folder.path());

    for sort in [Sort::Newest, Sort::Oldest, Sort::Name, Sort::Size] {
        let mut query = ItemQuery {
            sort,
            limit: 7,
            ..ItemQuery::default()
        };
        let mut all = Vec::new();
        loop {
            let page = view.items(&query).unwrap();
            assert_eq!(page.total, 23);
            all.extend(page.items);
            match page.next {
                Some(next) => query.after = Some(next.to_string().parse().unwrap()),
                None => break,
            }
        }
        let whole = view
            .items(&ItemQuery {
                sort,
                limit: 100,
                ..ItemQuery::default()
            })
            .unwrap();
        assert_eq!(all, whole.items, "{sort}");
        assert_eq!(all.len(), 23);
        let ordered = all.windows(2).all(|pair| match sort {
            Sort::Newest => pair[0].seq > pair[1].seq,
            Sort::Oldest => pair[0].seq < pair[1].seq,
            Sort::Name => pair[0].file_name <= pair[1].file_name,
            Sort::Size => pair[0].size_bytes >= pair[1].size_bytes,
        });
        assert!(ordered, "{sort}");
    }
    let images = ItemQuery {
        media_type: Some("image".to_owned()),
        ..ItemQuery::default()
    };
    assert_eq!(view.items(&images).unwrap().total, 8);
    let half_a_class = ItemQuery {
        media_type: Some("ima".to_owned()),
        ..ItemQuery::default()
    };
    assert_eq!(view.items(&half_a_class).unwrap().total, 0);
}

#[test]
fn an_erased_item_leaves_its_tombstone_only() {
    let mut circle = Circle::new();
    let kept = circle.receive("kept", "text/plain", 1);
    let gone = circle.receive("CANARY name", "text/plain", 1);
    circle.open(gone, "reading", Mode::View);
    let folder = tempfile::tempdir().unwrap();
    let mut view = circle.view(folder.path());
    let cursor = view
        .items(&ItemQuery {
            limit: 1,
            ..ItemQuery::default()
        })
        .unwrap()
        .next;
    circle.erase(gone, "consent withdrawn");
    view.apply_all(circle.arrivals()).unwrap();

    let Some(ItemState::Erased(erased)) = view.item(gone).unwrap() else {
        panic!("erased")
    };
    assert_eq!(erased.reason, "consent withdrawn");
    assert_eq!(view.erased_items().unwrap(), [erased]);
    assert!(!view.dump().unwrap().contains("CANARY"));
    assert_eq!(
        view.custody(gone).unwrap().len(),
        1,
        "of its custody only the deletion is left"
    );
    assert_eq!(view.accesses(gone).unwrap().len(), 1, "who saw it stays");
    assert!(matches!(view.item(kept).unwrap(), Some(ItemState::Held(_))));
    let after_it = ItemQuery {
        after: cursor,
        ..ItemQuery::default()
    };
    assert!(
        view.items(&after_it).is_err(),
        "a page cannot continue from what is gone"
    );
}

#[test]
fn nothing_is_passed_over_in_silence() {
    let mut circle = Circle::new();
    let item = circle.receive("a", "text/plain", 1);
    circle.raw("circle.member_added", record::map! { "member" => "x" });
    circle.raw("item.received", record::map! { "item" => "broken" });
    circle.receive_again(item);
    circle.raw("circle.member_added", record::map! {});
    let folder = tempfile::tempdir().unwrap();
    let view = circle.view(folder.path());

    assert_eq!(
        view.skipped().unwrap(),
        [("circle.member_added".to_owned(), 2)]
    );
    let refused: Vec<u64> = view
        .refused()
        .unwrap()
        .iter()
        .map(|(seq, _)| *seq)
        .collect();
    assert_eq!(refused, [2, 3]);
    assert_eq!(view.items(&ItemQuery::default()).unwrap().total, 1);
}

#[test]
fn another_key_opens_nothing() {
    let mut circle = Circle::new();
    circle.receive("CANARY", "text/plain", 1);
    let folder = tempfile::tempdir().unwrap();
    drop(circle.view(folder.path()));

    let error = View::open(&view_path(folder.path()), &ViewKey::new([0; 32])).unwrap_err();
    assert!(matches!(error, OpenError::Unreadable(_)), "{error}");
    View::delete(&view_path(folder.path())).unwrap();
    let empty = View::open(&view_path(folder.path()), &ViewKey::new([0; 32])).unwrap();
    assert_eq!(empty.next_seq().unwrap(), 0);
}

#[test]
fn nothing_readable_lies_on_disk() {
    let mut circle = Circle::new();
    for number in 0..50 {
        circle.receive(&format!("CANARY {number}"), "text/plain", 1);
    }
    let folder = tempfile::tempdir().unwrap();
    let view = circle.view(folder.path());
    for file in files_of(folder.path()) {
        let bytes = fs::read(&file).unwrap();
        for mark in [
            &b"CANARY"[..],
            b"canary",
            b"SQLite format",
            b"text/plain",
            b"item_words",
        ] {
            let hit = bytes.windows(mark.len()).any(|window| window == mark);
            assert!(
                !hit,
                "{} holds {}",
                file.display(),
                String::from_utf8_lossy(mark)
            );
        }
    }
    drop(view);
}

#[test]
fn a_flipped_bit_is_damage_wherever_it_is() {
    let mut circle = Circle::new();
    for number in 0..40 {
        circle.receive(&format!("name {number}"), "text/plain", number);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = view_path(folder.path());
    let sound = circle.view(folder.path()).dump().unwrap();
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.len() > 40_000, "the fixture has pages enough");
    for step in 0..200 {
        let mut flipped = bytes.clone();
        let position = step * (bytes.len() - 1) / 199;
        flipped[position] ^= 1 << (step % 8);
        fs::write(&path, &flipped).unwrap();
        let seen = damaged_somewhere(&path, &sound);
        assert!(seen, "bit {} of byte {position} went unnoticed", step % 8);
    }
}

#[test]
fn two_processes_can_fill_one_view() {
    let mut circle = Circle::new();
    for number in 0..20 {
        circle.receive(&format!("name {number}"), "text/plain", number);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = view_path(folder.path());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut view = View::open(&path, &ViewKey::new(KEY)).unwrap();
                for (seq, arrival) in circle.arrivals() {
                    view.apply_all([(seq, arrival)]).unwrap();
                }
            });
        }
    });
    let view = View::open(&path, &ViewKey::new(KEY)).unwrap();
    assert_eq!(view.items(&ItemQuery::default()).unwrap().total, 20);
}

fn sequences() -> impl Strategy<Value = Vec<(u8, u8)>> {
    proptest::collection::vec((0u8..6, 0u8..8), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was done, and whenever it was erased: a view filled as things happened and one rebuilt from what the ledger
    /// still holds are equal.
    #[test]
    fn deleted_and_rebuilt_identically(steps in sequences()) {
        let folder = tempfile::tempdir().unwrap();
        let path = view_path(folder.path());
        let mut circle = Circle::new();
        let mut view = View::open(&path, &ViewKey::new(KEY)).unwrap();
        for (action, which) in steps {
            circle.act(action, which);
            view.apply_all(circle.arrivals()).unwrap();
        }
        let lived = view.dump().unwrap();
        drop(view);
        View::delete(&path).unwrap();
        let mut view = View::open(&path, &ViewKey::new(KEY)).unwrap();
        view.apply_all(circle.arrivals()).unwrap();
        prop_assert_eq!(view.dump().unwrap(), lived);
    }
}

#[test]
fn the_body_of_an_entry_is_what_its_writer_meant() {
    let mut circle = Circle::new();
    circle.receive("a", "text/plain", 1);
    let entry = circle.entry(0);
    let said = ItemEntry::parse(entry.kind.as_str(), &entry.body)
        .unwrap()
        .unwrap();
    assert_eq!(said.body().unwrap(), entry.body);
}
