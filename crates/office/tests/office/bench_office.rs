//! An office on the test bench: cheap derivations, a clock that the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use desk::ids::ItemId;
use desk::{ItemQuery, Sort};
use office::{Draft, Founding, Office, Session, Setting, Writer};
use record::entry::Timestamp;
use vault::kdf::KdfCost;
use vault::passphrase::Passphrase;

/// The cheapest derivation there is: what is slow for a guesser is slow for a test.
pub const CHEAP: KdfCost = KdfCost {
    memory_kib: 32,
    passes: 1,
    lanes: 1,
};

const BEGINNING: u64 = 1_790_000_000;

pub struct Bench {
    pub office: Office,
    pub folder: tempfile::TempDir,
    clock: Arc<AtomicU64>,
}

impl Bench {
    pub fn new() -> Bench {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(AtomicU64::new(BEGINNING));
        let founding = Founding {
            folder: folder.path().join("office"),
            origin: None,
            name: "Test office".into(),
            founder: "Founder".into(),
            founder_passphrase: Some(founder_passphrase()),
            unlock: unlock(),
            cost: CHEAP,
            recovery_stewards: 2,
            recovery_delay_seconds: 3600,
        };
        let office = Office::found(founding, setting_with(Arc::clone(&clock)))
            .expect("founded")
            .office;
        Bench {
            office,
            folder,
            clock,
        }
    }

    pub fn founder(&self) -> Session {
        self.office
            .sign_in("Founder", &founder_passphrase())
            .expect("signed in")
    }

    pub fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }
}

pub fn setting() -> Setting {
    setting_with(Arc::new(AtomicU64::new(BEGINNING + 1)))
}

fn setting_with(clock: Arc<AtomicU64>) -> Setting {
    let now = move || Timestamp::from_unix_seconds(clock.load(Ordering::SeqCst)).expect("a time");
    Setting::new(now, random)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is an edge: here the random source is made"
)]
fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("random bytes");
}

pub fn unlock() -> Passphrase {
    passphrase("the unlock secret of a test")
}

pub fn founder_passphrase() -> Passphrase {
    passphrase("the passphrase of a founder")
}

pub fn passphrase(text: &str) -> Passphrase {
    Passphrase::choose(text).expect("a passphrase")
}

pub fn all_items() -> ItemQuery {
    ItemQuery {
        text: String::new(),
        media_type: None,
        sort: Sort::default(),
        limit: 100,
        after: None,
    }
}

/// Items described as the office's own work, in which nobody can be recognised: what may be published without asking anybody.
pub fn describe_as_own(office: &Office, writer: &Writer<'_>, items: &[ItemId]) {
    for item in items {
        let item = item.to_string();
        let set = [
            ("title", "Own work"),
            ("item", &item),
            ("basis", "own"),
            ("identifies", "no"),
            ("strangers", "no"),
        ];
        let draft = Draft {
            type_name: "material".to_owned(),
            set: set
                .into_iter()
                .map(|(field, value)| (field.to_owned(), vec![value.to_owned()]))
                .collect(),
            ..Draft::default()
        };
        office.state(writer, draft).expect("stated");
    }
}
