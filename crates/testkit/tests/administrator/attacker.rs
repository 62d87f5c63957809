//! What somebody can do who has the unlock secret and may write to every file: rows of the ledger, rewritten with their sums, under the house key.

use std::path::{Path, PathBuf};

use record::commitment::Place;
use record::entry::{Entry, Envelope, Kind};
use record::hash::{Hash, Hasher};
use record::ids::{CircleId, EntryId, MemberId, Origin};
use record::signature::SigningKey;
use rusqlite::{Connection, params};
use store::ledger::{Acceptance, CircleHead, Ledger, Lock, NewEntry};
use testkit::random::Random;
use vault::circle::EpochSecret;
use vault::entry_lock::{Content, EntryKey, EntryPlace, LockKey, OpenEntry};
use vault::house::HouseKey;
use vault::member::{self, MemberKeys};

use crate::scene::{Scene, passphrase};

pub struct Attacker {
    folder: PathBuf,
    pub home: Origin,
    pub house: HouseKey,
    pub random: Random,
}

/// An entry that shall lie in the ledger, whoever had a right to it.
pub struct Forgery<'a> {
    pub circle: CircleId,
    pub by: MemberId,
    pub key: &'a SigningKey,
    pub at: record::entry::Timestamp,
    pub kind: &'a str,
    pub body: record::canonical::Map,
    pub lock: Option<&'a LockKey>,
}

impl Attacker {
    /// Reads the house key with the unlock secret.
    pub fn new(scene: &Scene) -> Attacker {
        let read = |name: &str| std::fs::read(scene.path().join(name)).expect("a file");
        let home = String::from_utf8(read("home")).expect("a text");
        let home = Origin::new(home).expect("an origin");
        let house = HouseKey::unlock(&home, &read("house.key"), &passphrase("unlock"));
        Attacker {
            folder: scene.path(),
            house: house.expect("the unlock secret"),
            home,
            random: Random::new(77),
        }
    }

    /// The ledger as a file in which every rule can be broken.
    pub fn sql(&self) -> Connection {
        let connection = Connection::open(self.folder.join("ledger.db")).expect("opens");
        connection
            .execute_batch("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON")
            .expect("set");
        connection
    }

    /// A row of the cabinet, opened with the house key.
    pub fn cabinet(&self, name: &str) -> Vec<u8> {
        let name = self.house.cabinet_name(name);
        let ledger = self.ledger();
        let row = ledger.cabinet_get(name.as_bytes()).expect("read");
        let opened = self.house.open_row(&name, &row.expect("a row"));
        opened.expect("it opens").expose().to_vec()
    }

    pub fn put_cabinet(&mut self, name: &str, body: &[u8]) {
        let name = self.house.cabinet_name(name);
        let row = self.house.seal_row(&name, body, &mut self.random);
        self.ledger()
            .cabinet_put(name.as_bytes(), &row)
            .expect("put");
    }

    /// The keys of a member whose passphrase is known: one's own, or those of an accomplice.
    pub fn keys_of(&self, member: MemberId, name: &str) -> MemberKeys {
        let row = self.cabinet(&format!("keys/{member}"));
        member::unwrap(&row, member, &passphrase(name), &self.house).expect("they open")
    }

    /// An epoch's secret, as a member could have kept it.
    pub fn secret_of(&self, scene: &Scene, member: MemberId, name: &str) -> EpochSecret {
        let office = scene.office();
        let session = scene.sign_in(&office, name);
        let reader = office.reader(&session, scene.circle).expect("a reader");
        let chain = reader.chain();
        EpochSecret::unwrap_for(
            &self.cabinet(&format!("wrap/{}/{member}", scene.circle)),
            &chain.epoch_place(),
            member,
            self.keys_of(member, name).identity(),
            chain.recipient(),
        )
        .expect("the wrap opens")
    }

    pub fn ledger(&self) -> Ledger {
        Ledger::open(&self.folder.join("ledger.db")).expect("the ledger opens")
    }

    /// Signs, encrypts and appends an entry as the office itself would, asking no rule. Returns its id.
    pub fn append(&mut self, forgery: Forgery<'_>) -> EntryId {
        let ledger = self.ledger();
        let head = ledger.head_of_circle(forgery.circle).expect("read");
        let (seq, prev) = CircleHead::next(head);
        let entry = Entry {
            id: EntryId::from_bytes(self.random.array()),
            office: self.home.clone(),
            circle: forgery.circle,
            at: forgery.at,
            by: forgery.by,
            kind: Kind::new(forgery.kind).expect("a kind"),
            body: forgery.body,
            after: Some(prev),
        };
        let envelope = entry.sign(forgery.key).expect("signed");
        let new = self.sealed(&envelope, seq, prev, forgery.lock);
        ledger
            .accept(&[Acceptance {
                entries: vec![new],
                ..Acceptance::default()
            }])
            .expect("the ledger takes what has the right shape");
        entry.id
    }

    fn sealed(
        &mut self,
        envelope: &Envelope,
        seq: u64,
        prev: Hash,
        lock: Option<&LockKey>,
    ) -> NewEntry {
        let (circle, id) = (envelope.entry().circle, envelope.entry().id);
        let base = NewEntry {
            circle,
            seq,
            id,
            prev,
            commitment: record::commitment::public(seq, &prev, envelope.bytes()),
            lock: Lock::Public,
            object: None,
            sealed: envelope.bytes().to_vec(),
            wrap: None,
        };
        let Some(lock) = lock else { return base };
        let open = OpenEntry {
            envelope: envelope.bytes().to_vec(),
            salt1: self.random.array(),
            content: Content::None(self.random.array()),
        };
        let place = EntryPlace {
            office: self.home.clone(),
            circle,
            seq,
            id,
        };
        let key = EntryKey::random(&mut self.random);
        NewEntry {
            commitment: open.commitment(&Place { circle, seq, prev }),
            lock: match u32::try_from(lock.number()).expect("a number") {
                0 => Lock::House,
                epoch => Lock::Epoch(epoch),
            },
            sealed: open.seal(&place, &key, &mut self.random).expect("sealed"),
            wrap: Some(lock.wrap(&key, &place, &mut self.random)),
            ..base
        }
    }

    /// Makes the sums of all entries and of their wraps right again, as somebody who knows this program would.
    pub fn mend_sums(&self) {
        let connection = self.sql();
        let mut statement = connection
            .prepare("SELECT number, wrap FROM wraps")
            .expect("a statement");
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let number: i64 = row.get(0).expect("a number");
            let wrap: Vec<u8> = row.get(1).expect("bytes");
            let sum = sum("wraps", &[&number.to_be_bytes(), &wrap]);
            connection
                .execute(
                    "UPDATE wraps SET sum = ?2 WHERE number = ?1",
                    params![number, sum],
                )
                .expect("updated");
        }
        Self::mend_entries(&connection);
    }

    fn mend_entries(connection: &Connection) {
        let mut statement = connection
            .prepare("SELECT number, circle, seq, id, prev, commitment, lock, object, sealed FROM entries")
            .expect("a statement");
        let mut rows = statement.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            let bytes = |at: usize| row.get::<_, Vec<u8>>(at).expect("bytes");
            let number = |at: usize| row.get::<_, i64>(at).expect("a number");
            let object: Option<Vec<u8>> = row.get(7).expect("bytes");
            let sealed: Option<Vec<u8>> = row.get(8).expect("bytes");
            let columns: [&[u8]; 9] = [
                &bytes(1),
                &number(2).to_be_bytes(),
                &bytes(3),
                &bytes(4),
                &bytes(5),
                &number(6).to_be_bytes(),
                &object.unwrap_or_default(),
                &[u8::from(sealed.is_some())],
                &sealed.unwrap_or_default(),
            ];
            connection
                .execute(
                    "UPDATE entries SET sum = ?2 WHERE number = ?1",
                    params![number(0), sum("entries", &columns)],
                )
                .expect("updated");
        }
    }

    /// Replaces what is stored for an object, with its digest and its header.
    pub fn replace_object(&self, object: &[u8; 16], header: &[u8], payload: &[u8]) {
        let ledger = self.ledger();
        let id = store::ledger::ObjectId::from_bytes(*object);
        let disk = store::folder::Folder::open(&self.folder).expect("the folder");
        let disk: std::sync::Arc<dyn store::disk::Disk> = std::sync::Arc::new(disk);
        let stored = store::packs::Packs::new(disk).store(&[(id, payload)]);
        let stored = stored.expect("stored").remove(0);
        drop(ledger);
        let store::ledger::ObjectPlace::Pack { pack, offset } = stored.place else {
            panic!("a small object lies in a pack")
        };
        let (size, sha256) = (stored.size_bytes, stored.sha256);
        let place = [&pack.to_be_bytes()[..], &offset.to_be_bytes()].concat();
        let columns: [&[u8]; 4] = [object, &place, &size.to_be_bytes(), sha256.as_bytes()];
        let connection = self.sql();
        let changed = connection.execute(
            "UPDATE objects SET pack = ?2, pack_offset = ?3, stored_size = ?4, stored_sha256 = ?5, sum = ?6 WHERE object = ?1",
            params![object, pack, offset as i64, size as i64, sha256.as_bytes(), sum("objects", &columns)],
        );
        assert_eq!(changed, Ok(1));
        let changed = connection.execute(
            "UPDATE headers SET header = ?2, sum = ?3 WHERE object = ?1",
            params![object, header, sum("headers", &[object, header])],
        );
        assert_eq!(changed, Ok(1));
    }
}

/// What the ledger guards its rows with, from its specification; it is no secret.
fn sum(table: &str, columns: &[&[u8]]) -> [u8; 16] {
    let mut hasher = Hasher::new();
    hasher.update(b"mahzar/v1/row\0");
    hasher.update(table.as_bytes());
    for column in columns {
        hasher.update(&(column.len() as u64).to_be_bytes());
        hasher.update(column);
    }
    let mut sum = [0; 16];
    sum.copy_from_slice(&hasher.finish().as_bytes()[..16]);
    sum
}

/// Copies a folder, as `cp -r` does.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a listing") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}
