//! A circle's ledger in memory, erasures included, for the tests of its view.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use desk::ids::{ItemId, ObjectId};
use desk::kinds::{Checked, Erased, ItemEntry, Mode, Opened, Outcome, Published, Received};
use desk::{Arrival, Context, ItemQuery, View, ViewKey};
use record::canonical::Map;
use record::entry::{Entry, Kind, Timestamp};
use record::hash::Hash;
use record::ids::{CircleId, EntryId, MemberId, Origin};

/// The key of the views in these tests.
pub const KEY: [u8; 32] = [7; 32];

/// Entries by sequence number; `None` is a tombstone.
pub struct Circle {
    entries: Vec<Option<Entry>>,
    items: Vec<ItemId>,
    erased: BTreeSet<ItemId>,
}

/// Where the view of the test lies.
pub fn view_path(folder: &Path) -> PathBuf {
    folder.join("view")
}

/// Every file in a folder.
pub fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the fixture works");
    let files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the fixture works").path())
        .collect();
    assert!(!files.is_empty());
    files
}

/// Whether opening the view or reading all of it shows damage, or shows what it always was because the bit is not used.
pub fn damaged_somewhere(path: &Path, sound: &str) -> bool {
    let Ok(view) = View::open(path, &ViewKey::new(KEY)) else {
        return true;
    };
    let listed = view.items(&ItemQuery {
        limit: 1_000,
        ..ItemQuery::default()
    });
    match (view.dump(), listed) {
        (Ok(dump), Ok(_)) => dump == sound,
        _ => true,
    }
}

impl Circle {
    pub fn new() -> Circle {
        Circle {
            entries: Vec::new(),
            items: Vec::new(),
            erased: BTreeSet::new(),
        }
    }

    /// A view of everything so far.
    pub fn view(&self, folder: &Path) -> View {
        let mut view =
            View::open(&view_path(folder), &ViewKey::new(KEY)).expect("the fixture works");
        view.apply_all(self.arrivals()).expect("the fixture works");
        view
    }

    pub fn arrivals(&self) -> impl Iterator<Item = (u64, Arrival<'_>)> {
        self.entries.iter().enumerate().map(|(seq, entry)| {
            let arrival = match entry {
                Some(entry) => Arrival::Entry(entry, self.context(seq)),
                None => Arrival::Erased,
            };
            (seq as u64, arrival)
        })
    }

    pub fn entry(&self, seq: usize) -> &Entry {
        self.entries[seq].as_ref().expect("not erased")
    }

    pub fn commitment(&self, seq: usize) -> Hash {
        Hash::from_bytes([seq as u8; 32])
    }

    pub fn context(&self, seq: usize) -> Context {
        Context {
            commitment: self.commitment(seq),
        }
    }

    pub fn receive(&mut self, file_name: &str, media_type: &str, size_bytes: u64) -> ItemId {
        let number = self.items.len() as u8;
        let item = ItemId::from_bytes([number; 16]);
        self.items.push(item);
        self.enter(&ItemEntry::Received(received(
            item, file_name, media_type, size_bytes,
        )));
        item
    }

    pub fn receive_again(&mut self, item: ItemId) {
        self.enter(&ItemEntry::Received(received(
            item,
            "again",
            "text/plain",
            1,
        )));
    }

    pub fn open(&mut self, item: ItemId, purpose: &str, mode: Mode) {
        self.enter(&ItemEntry::Opened(Opened {
            item,
            purpose: purpose.to_owned(),
            mode,
        }));
    }

    pub fn check(&mut self, item: ItemId, outcome: Outcome) {
        self.enter(&ItemEntry::Checked(Checked { item, outcome }));
    }

    pub fn publish(&mut self, item: ItemId) {
        self.enter(&ItemEntry::Published(Published {
            item,
            publication: EntryId::from_bytes([5; 16]),
        }));
    }

    /// Enters the erasure and, like the ledger, destroys the entry that received the item. Erasing twice is entered, but
    /// destroys nothing more.
    pub fn erase(&mut self, item: ItemId, reason: &str) {
        let first = self.erased.insert(item);
        self.enter(&ItemEntry::Erased(Erased {
            item,
            reason: reason.to_owned(),
        }));
        let is_receipt = |entry: &Option<Entry>| {
            let body = entry
                .as_ref()
                .map(|entry| ItemEntry::parse(entry.kind.as_str(), &entry.body));
            matches!(body, Some(Ok(Some(ItemEntry::Received(received)))) if received.item == item)
        };
        if !first {
            return;
        }
        if let Some(receipt) = self.entries.iter_mut().find(|entry| is_receipt(entry)) {
            *receipt = None;
        }
    }

    /// One of the things that can happen, to one of the items or to one that nobody received.
    pub fn act(&mut self, action: u8, which: u8) {
        let item = ItemId::from_bytes([which; 16]);
        match action {
            0 | 1 => {
                self.receive(&format!("نام {which}"), "text/plain", u64::from(which));
            }
            2 => self.open(item, "reading", Mode::View),
            3 => self.publish(item),
            4 => self.check(item, Outcome::Altered),
            _ => self.erase(item, "consent withdrawn"),
        }
    }

    pub fn raw(&mut self, kind: &str, body: Map) {
        let seq = self.entries.len() as u8;
        self.entries.push(Some(Entry {
            id: EntryId::from_bytes([seq; 16]),
            office: Origin::new("mahzar.invalid/test").expect("the fixture works"),
            circle: CircleId::from_bytes([3; 16]),
            at: Timestamp::from_unix_seconds(1_800_000_000 + u64::from(seq))
                .expect("the fixture works"),
            by: MemberId::from_bytes([seq % 3; 16]),
            kind: Kind::new(kind).expect("the fixture works"),
            body,
            after: None,
        }));
    }

    fn enter(&mut self, said: &ItemEntry) {
        self.raw(said.kind(), said.body().expect("within the limits"));
    }
}

fn received(item: ItemId, file_name: &str, media_type: &str, size_bytes: u64) -> Received {
    Received {
        item,
        object: ObjectId::from_bytes([8; 16]),
        folder: String::new(),
        file_name: file_name.to_owned(),
        media_type: media_type.to_owned(),
        size_bytes,
        sha256: Hash::from_bytes([6; 32]),
        tool: "mahzar 0.1.0".to_owned(),
    }
}
