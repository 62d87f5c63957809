//! What members write and search for, as `desk` reads it.

use std::cell::OnceCell;

use desk::fold;
use desk::ids::{EntityId, ItemId, ObjectId};
use desk::kinds::{Checked, Erased, ItemEntry, Mode, Opened, Outcome, Published, Received};
use desk::model::{Shape, written_date};
use desk::statement::{Disclosure, EntityEntry, Review, ReviewOutcome, Statement};
use desk::{ItemQuery, Sort, View, ViewKey};
use record::canonical::{self, Value};
use record::hash::Hash;
use record::ids::EntryId;

use super::{Reading, Target};

pub(super) const TARGETS: [Target; 4] = [
    Target {
        name: "item",
        read: item,
        seeds: bodies,
    },
    Target {
        name: "search",
        read: search,
        seeds: || {
            vec![
                "\u{06af}\u{0632}\u{0627}\u{0631}\u{0634}\u{200c}\u{0647}\u{0627}\u{064a} 14"
                    .as_bytes()
                    .to_vec(),
                b"a \"b* OR NOT (".to_vec(),
            ]
        },
    },
    Target {
        name: "entity",
        read: entity,
        seeds: entity_bodies,
    },
    Target {
        name: "field",
        read: field,
        seeds: || {
            let texts = [
                "hj:1444-02-24?",
                "\u{06f1}\u{06f4}\u{06f0}\u{06f1}/\u{06f7}/\u{06f8}",
                "2021/2022-05",
                "refuse;any;named:The Evening Paper;aggregate",
                "35.6892,51.389,500",
            ];
            texts.map(|text| text.as_bytes().to_vec()).to_vec()
        },
    },
];

/// The bodies of entities' entries.
fn entity_entries() -> Vec<EntityEntry> {
    let entity = EntityId::from_bytes([5; 16]);
    vec![
        EntityEntry::Stated(Statement {
            entity,
            type_name: "person".to_owned(),
            seen: Some(7),
            version: 1,
            set: [("name".to_owned(), vec!["Ali".to_owned()])].into(),
            reason: String::new(),
            origin: "import list 1".to_owned(),
        }),
        EntityEntry::Reviewed(Review {
            entity,
            seen: 7,
            outcome: ReviewOutcome::Returned,
            comment: "which gate?".to_owned(),
        }),
        EntityEntry::Disclosed(Disclosure {
            entity,
            seen: 7,
            purpose: "un_body".to_owned(),
            recipient: "un".to_owned(),
            named: String::new(),
            level: "full".to_owned(),
            grounds: vec!["C-1".to_owned()],
            fields: vec!["name".to_owned()],
        }),
        EntityEntry::Erased {
            entity,
            reason: "withdrawn".to_owned(),
        },
    ]
}

fn entity_bodies() -> Vec<Vec<u8>> {
    let body = |(number, entry): (usize, EntityEntry)| {
        let map = entry
            .body()
            .expect("the sample's body is within its limits");
        let body = canonical::encode(&Value::Map(map)).expect("the sample is canonical");
        [vec![number as u8], body].concat()
    };
    entity_entries().into_iter().enumerate().map(body).collect()
}

fn entity(bytes: &[u8]) -> Reading {
    let Some((number, body)) = bytes.split_first() else {
        return Reading::Refused;
    };
    let Ok(body) = canonical::parse_payload(body) else {
        return Reading::Refused;
    };
    let kinds: Vec<&str> = entity_entries().iter().map(EntityEntry::kind).collect();
    let read = EntityEntry::parse(kinds[usize::from(*number) % kinds.len()], &body);
    match &read {
        Ok(Some(entry)) => assert_eq!(entry.body().as_ref().ok(), Some(&body)),
        Ok(None) => panic!("a kind of an entity is not read as one"),
        Err(_) => {}
    }
    Reading::of(&read)
}

/// A value in the form of each shape that is parsed: its normal form is its own, and a date's span has an order.
fn field(bytes: &[u8]) -> Reading {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Reading::Refused;
    };
    let mut reading = Reading::Refused;
    for shape in [
        Shape::Date,
        Shape::Grant,
        Shape::Point,
        Shape::Count,
        Shape::Narrative,
    ] {
        if let Ok(normal) = shape.normal(text) {
            assert_eq!(
                shape.normal(&normal).as_ref(),
                Ok(&normal),
                "a normal form is not its own"
            );
            reading = Reading::Accepted;
        }
    }
    if let Ok((_, span)) = written_date(text) {
        assert!(span.first <= span.last, "a span ends before it begins");
    }
    reading
}

fn entries() -> Vec<ItemEntry> {
    let item = ItemId::from_bytes([1; 16]);
    vec![
        ItemEntry::Received(Received {
            item,
            object: ObjectId::from_bytes([2; 16]),
            file_name: "\u{0639}\u{06a9}\u{0633}.jpg".to_owned(),
            folder: "card/DCIM".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size_bytes: 1_234,
            sha256: Hash::from_bytes([3; 32]),
            tool: "mahzar 0.1.0".to_owned(),
        }),
        ItemEntry::Opened(Opened {
            item,
            purpose: "to be read".to_owned(),
            mode: Mode::Copy,
        }),
        ItemEntry::Published(Published {
            item,
            publication: EntryId::from_bytes([4; 16]),
        }),
        ItemEntry::Erased(Erased {
            item,
            reason: "withdrawn".to_owned(),
        }),
        ItemEntry::Checked(Checked {
            item,
            outcome: Outcome::Unaltered,
        }),
    ]
}

/// The body's canonical JSON behind a byte that says which kind it is of.
fn bodies() -> Vec<Vec<u8>> {
    let body = |(number, entry): (usize, ItemEntry)| {
        let map = entry
            .body()
            .expect("the sample's body is within its limits");
        [
            vec![number as u8],
            canonical::encode(&Value::Map(map)).expect("the sample is canonical"),
        ]
        .concat()
    };
    entries().into_iter().enumerate().map(body).collect()
}

fn item(bytes: &[u8]) -> Reading {
    let Some((number, body)) = bytes.split_first() else {
        return Reading::Refused;
    };
    let Ok(body) = canonical::parse_payload(body) else {
        return Reading::Refused;
    };
    let kinds: Vec<&str> = entries().iter().map(ItemEntry::kind).collect();
    let read = ItemEntry::parse(kinds[usize::from(*number) % kinds.len()], &body);
    match &read {
        Ok(Some(entry)) => assert_eq!(entry.body().as_ref().ok(), Some(&body)),
        Ok(None) => panic!("a kind of the desk is not read as one"),
        Err(_) => {}
    }
    Reading::of(&read)
}

thread_local! {
    static VIEW: OnceCell<(tempfile::TempDir, View)> = const { OnceCell::new() };
}

fn view() -> (tempfile::TempDir, View) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let view = View::open(&folder.path().join("circle"), &ViewKey::new([7; 32]))
        .expect("a new view opens");
    (folder, view)
}

/// Whatever somebody searches for, the search runs: no text is taken for a query language.
fn search(bytes: &[u8]) -> Reading {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Reading::Refused;
    };
    let folded = fold::fold(text);
    assert_eq!(
        fold::fold(&folded),
        folded,
        "folding twice is not folding once"
    );
    assert!(
        !desk::name::visible(text).contains(char::is_control),
        "a control character is shown"
    );
    let query = ItemQuery {
        text: text.to_owned(),
        media_type: Some(text.to_owned()),
        sort: Sort::default(),
        limit: 5,
        after: None,
    };
    VIEW.with(|cell| {
        let (_, view) = cell.get_or_init(view);
        let found = view.items(&query);
        assert!(
            found.is_ok_and(|page| page.items.is_empty()),
            "a search fails, or finds what is not there"
        );
    });
    Reading::Accepted
}
