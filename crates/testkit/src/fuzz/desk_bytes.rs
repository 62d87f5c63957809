//! What members write and search for, as `desk` reads it.

use std::cell::OnceCell;

use desk::fold;
use desk::ids::{ItemId, ObjectId};
use desk::kinds::{Checked, Erased, ItemEntry, Mode, Opened, Outcome, Published, Received};
use desk::{ItemQuery, Sort, View, ViewKey};
use record::canonical::{self, Value};
use record::hash::Hash;
use record::ids::EntryId;

use super::{Reading, Target};

pub(super) const TARGETS: [Target; 2] = [
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
];

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
