//! A real office in a folder, the people in it, and an outside office that countersigns.

use std::io::{Cursor, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use desk::ids::ItemId;
use desk::kinds::Mode;
use office::roster::{Duty, WitnessOffice};
use office::{Founding, Material, Office, Receipt, Session, Setting};
use record::checkpoint::SignedCheckpoint;
use record::entry::Timestamp;
use record::ids::{CircleId, MemberId};
use record::policy::Policy;
use register::witness::Witness;
use testkit::witness::{Mood, TestWitness};
use vault::kdf::KdfCost;
use vault::passphrase::Passphrase;

const CHEAP: KdfCost = KdfCost {
    memory_kib: 32,
    passes: 1,
    lanes: 1,
};
const BEGINNING: u64 = 1_790_000_000;

/// The office, before somebody lays hands on its files.
pub struct Scene {
    folder: tempfile::TempDir,
    clock: Arc<AtomicU64>,
    pub witness: TestWitness,
    /// A circle of Parvin, its steward, and Dara; the administrator is not in it.
    pub circle: CircleId,
    /// Another circle, of Parvin alone.
    pub other: CircleId,
    pub items: Vec<ItemId>,
    pub parvin: MemberId,
    pub dara: MemberId,
    pub administrator: MemberId,
}

impl Scene {
    pub fn new() -> Scene {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(AtomicU64::new(BEGINNING));
        let founding = Founding {
            folder: folder.path().join("office"),
            origin: None,
            name: "Office".into(),
            founder: "Administrator".into(),
            founder_passphrase: Some(passphrase("Administrator")),
            unlock: passphrase("unlock"),
            cost: CHEAP,
            recovery_stewards: 1,
            recovery_delay_seconds: 3600,
        };
        let founded = Office::found(founding, setting(&clock)).expect("founded");
        let (office, administrator) = (founded.office, founded.member);
        let witness = TestWitness::new("witness.example", 5, Mood::Good).expect("a witness");
        let policy = Policy::parse(office.policy().expect("a policy").as_bytes()).expect("parsed");
        witness.know(policy.logs().next().expect("a log").vkey.clone());
        let mut scene = Scene {
            folder,
            clock,
            witness,
            circle: CircleId::PUBLIC,
            other: CircleId::PUBLIC,
            items: Vec::new(),
            parvin: administrator,
            dara: administrator,
            administrator,
        };
        scene.furnish(&office);
        scene
    }

    fn furnish(&mut self, office: &Office) {
        self.people(office);
        let parvin = self.sign_in(office, "Parvin");
        self.circle = office.create_circle(&parvin, "Testimony").expect("made");
        self.other = office.create_circle(&parvin, "Accounts").expect("made");
        let steward = office.steward(&parvin, self.circle).expect("a steward");
        office
            .add_to_circle(&steward, self.dara, false)
            .expect("added");
        for text in ["first", "second", "third"] {
            self.items
                .push(self.give(office, "Parvin", self.circle, text));
            self.publish(office);
        }
        self.give(office, "Parvin", self.other, "elsewhere");
        self.publish(office);
        assert_eq!(self.findings(office), Vec::<String>::new());
    }

    fn people(&mut self, office: &Office) {
        let session = self.sign_in(office, "Administrator");
        let administrator = office.administrator(&session).expect("a right");
        let witness = WitnessOffice {
            name: "witness".into(),
            vkey: self.witness.vkey().to_string(),
            url: "https://witness.example".into(),
        };
        office
            .add_witness(&administrator, witness)
            .expect("a witness");
        office.set_quorum(&administrator, 1).expect("a quorum");
        for name in ["Parvin", "Dara"] {
            let word = Some(passphrase(name));
            let admitted = office.admit_member(&administrator, name, Duty::Member, word, CHEAP);
            let member = admitted.expect("admitted").member;
            match name {
                "Parvin" => self.parvin = member,
                _ => self.dara = member,
            }
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("office")
    }

    /// Opens the office as any program does.
    pub fn open(&self) -> Result<Office, office::OpeningError> {
        Office::open(&self.path(), &passphrase("unlock"), setting(&self.clock))
    }

    pub fn office(&self) -> Office {
        self.open().expect("opens")
    }

    /// Seconds go by.
    pub fn pass(&self, seconds: u64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn now(&self) -> Timestamp {
        setting(&self.clock).now()
    }

    pub fn sign_in(&self, office: &Office, name: &str) -> Session {
        office.sign_in(name, &passphrase(name)).expect("signed in")
    }

    pub fn give(&self, office: &Office, name: &str, circle: CircleId, text: &str) -> ItemId {
        self.pass(60);
        let session = self.sign_in(office, name);
        let writer = office.writer(&session, circle).expect("may write");
        let material = Material {
            content: Cursor::new(text.as_bytes().to_vec()),
            folder: String::new(),
            file_name: format!("{text}.txt"),
        };
        match office.receive(&writer, material).expect("received") {
            Receipt::New { item, .. } => item,
            other => panic!("{other:?}"),
        }
    }

    /// What Parvin gets when she opens an item.
    pub fn read(&self, office: &Office, item: ItemId) -> Result<String, String> {
        let parvin = self.sign_in(office, "Parvin");
        let writer = office
            .writer(&parvin, self.circle)
            .map_err(|error| error.to_string())?;
        let mut content = office
            .open_item(&writer, item, "to look", Mode::View)
            .map_err(|error| error.to_string())?;
        let mut text = String::new();
        content
            .read_to_string(&mut text)
            .map_err(|error| error.to_string())?;
        Ok(text)
    }

    /// A round of the register, with the outside office.
    pub fn publish(&self, office: &Office) -> office::Round {
        office
            .sequence_now(&[&self.witness])
            .expect("a round")
            .expect("the lock")
    }

    /// What `mahzar fsck --entries` says while Parvin and Dara, as far as they are members, look on.
    pub fn findings(&self, office: &Office) -> Vec<String> {
        let sessions: Vec<Session> = ["Parvin", "Dara"]
            .iter()
            .filter_map(|name| office.sign_in(name, &passphrase(name)).ok())
            .collect();
        let sessions: Vec<&Session> = sessions.iter().collect();
        let check = office.check(&sessions, true, 1, &|_| {}).expect("checked");
        let said = |finding: office::Finding| format!("{}: {}", finding.place, finding.what);
        check.findings.into_iter().map(said).collect()
    }

    /// The head that the office shows the world.
    pub fn published(&self) -> SignedCheckpoint {
        let bytes = std::fs::read(self.path().join("record/checkpoint")).expect("a head");
        SignedCheckpoint::parse(&bytes).expect("parsed")
    }
}

pub fn passphrase(name: &str) -> Passphrase {
    Passphrase::choose(&format!("the passphrase of {name}")).expect("a passphrase")
}

fn setting(clock: &Arc<AtomicU64>) -> Setting {
    let clock = Arc::clone(clock);
    let now = move || Timestamp::from_unix_seconds(clock.load(Ordering::SeqCst)).expect("a time");
    Setting::new(now, random)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is an edge: here the random source is made"
)]
pub fn random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("random bytes");
}
