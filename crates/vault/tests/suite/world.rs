//! A circle that lives: acts are signed, judged by the chain, and what the office would store is kept.

use std::collections::BTreeMap;

use rand_chacha::ChaCha20Rng;
use record::entry::Kind;
use record::hash::Hash;
use record::ids::{CircleId, EntryId, MemberId};
use record::map;
use vault::binding::{Binding, ObjectId, Purpose};
use vault::circle::{
    self, Act, Chain, ChainError, CircleMember, Created, EpochPlace, EpochSecret, Keyring, Placed,
};
use vault::entry_lock::{EntryKey, EntryPlace};
use vault::small::{self, SmallSealed};

use crate::cast::{Administrators, Person, bytes16, entry, office, placed, sign};

/// Everything the office's disk holds of a circle, all of it in the hands of whoever takes the disk.
pub struct World {
    pub rng: ChaCha20Rng,
    pub administrators: Administrators,
    pub circle: CircleId,
    pub rows: Vec<Placed>,
    pub chain: Chain,
    /// Every wrap that was ever made: for which member, of which epoch.
    pub wraps: Vec<(MemberId, u64, Vec<u8>)>,
    /// One document and one entry's wrap of each epoch.
    pub documents: BTreeMap<u64, SmallSealed>,
    pub locked: BTreeMap<u64, Vec<u8>>,
}

impl World {
    /// Founds a circle; the first member is the founder.
    pub fn found(members: Vec<CircleMember>, founder: &Person, mut rng: ChaCha20Rng) -> World {
        let id = EntryId::from_bytes(bytes16(&mut rng));
        let circle = circle::id_of(id, &founder.keys.verifying_key());
        let place = EpochPlace {
            office: office(),
            circle,
            epoch: 1,
        };
        let secret = EpochSecret::generate(place, &mut rng);
        let created = Created {
            name: "Archive".into(),
            recipient: secret.recipient(),
            members,
        };
        let envelope = founder.sign(circle, &Act::Created(created), None, id);
        let founding = placed(envelope, circle, 0, Hash::ZERO);
        let chain = Chain::found(&office(), circle, &founding).expect("founded");
        let mut world = World {
            rng,
            administrators: Administrators::new(),
            circle,
            rows: vec![founding],
            chain,
            wraps: Vec::new(),
            documents: BTreeMap::new(),
            locked: BTreeMap::new(),
        };
        world.begin_epoch(&secret);
        world
    }

    pub fn prev(&self) -> Hash {
        self.chain.head().1
    }

    /// The act signed by `by` over the head, in the next place.
    pub fn propose(&mut self, by: &Person, act: &Act) -> Placed {
        let id = EntryId::from_bytes(bytes16(&mut self.rng));
        let envelope = by.sign(self.circle, act, Some(self.prev()), id);
        placed(envelope, self.circle, self.chain.head().0 + 1, self.prev())
    }

    pub fn offer(&mut self, row: Placed) -> Result<(), ChainError> {
        let before = self.chain.clone();
        match self.chain.apply(&self.administrators, &row) {
            Ok(()) => {
                self.rows.push(row);
                Ok(())
            }
            Err(error) => {
                assert!(self.chain == before, "a refused entry changed the chain");
                Err(error)
            }
        }
    }

    pub fn act(&mut self, by: &Person, act: &Act) -> Result<(), ChainError> {
        let row = self.propose(by, act);
        self.offer(row)
    }

    /// An entry about something else, which moves the head.
    pub fn other_entry(&mut self, by: &Person) {
        let id = EntryId::from_bytes(bytes16(&mut self.rng));
        let kind = Kind::new("item.checked").expect("a kind");
        let entry = entry(by.id, self.circle, kind, map! {}, None, id);
        let envelope = entry.sign(by.keys.signing_key()).expect("signed");
        let row = placed(
            envelope.bytes().to_vec(),
            self.circle,
            self.chain.head().0 + 1,
            self.prev(),
        );
        self.offer(row).expect("another entry");
    }

    pub fn add(&mut self, by: &Person, who: &Person, steward: bool) -> Result<(), ChainError> {
        self.act(by, &Act::MemberAdded(who.as_member(steward)))?;
        let secret = self
            .current_secret(by)
            .expect("a steward holds the current epoch");
        self.wrap(&secret, who.id);
        Ok(())
    }

    pub fn remove(&mut self, by: &Person, who: MemberId) -> Result<(), ChainError> {
        self.act(
            by,
            &Act::MemberRemoved {
                member: who,
                reason: String::new(),
            },
        )
    }

    /// An administrator, who is no member, removes somebody.
    pub fn cut_off(&mut self, administrator: &Person, who: MemberId) -> Result<(), ChainError> {
        self.remove(administrator, who)
    }

    pub fn rotate(&mut self, by: &Person) -> Result<(), ChainError> {
        let Some(current) = self.current_secret(by) else {
            // Whoever has no secret cannot hand it on; what they sign is refused for that they are no member.
            let place = self.chain.epoch_place();
            let (_, made) = EpochSecret::generate(place, &mut self.rng)
                .succeed(&mut self.rng)
                .expect("made");
            return self.act(by, &Act::EpochMade(made));
        };
        let (next, made) = current.succeed(&mut self.rng).expect("made");
        self.act(by, &Act::EpochMade(made))?;
        self.begin_epoch(&next);
        Ok(())
    }

    fn begin_epoch(&mut self, secret: &EpochSecret) {
        let members: Vec<MemberId> = self.chain.members().map(|member| member.member).collect();
        for member in members {
            self.wrap(secret, member);
        }
        let epoch = secret.place().epoch;
        let recipients = [secret.recipient()];
        let document = small::seal(
            b"document",
            &recipients,
            &self.document(epoch),
            &mut self.rng,
        );
        self.documents.insert(epoch, document.expect("sealed"));
        let key = EntryKey::random(&mut self.rng);
        let place = self.entry_place();
        self.locked
            .insert(epoch, secret.lock().wrap(&key, &place, &mut self.rng));
    }

    fn wrap(&mut self, secret: &EpochSecret, member: MemberId) {
        let recipient = &self.chain.member(member).expect("a member").recipient;
        let wrap = secret
            .wrap_for(member, recipient, &mut self.rng)
            .expect("wrapped");
        self.wraps.push((member, secret.place().epoch, wrap));
    }

    pub fn document(&self, epoch: u64) -> Binding {
        Binding {
            office: office(),
            circle: self.circle,
            epoch,
            object: ObjectId::from_bytes([1; 16]),
            purpose: Purpose::Object,
        }
    }

    pub fn entry_place(&self) -> EntryPlace {
        EntryPlace {
            office: office(),
            circle: self.circle,
            seq: 0,
            id: EntryId::from_bytes([1; 16]),
        }
    }

    /// Every secret that `who` reaches with all rows at hand: their wraps, and what lies behind each.
    pub fn secrets_of(&self, who: &Person) -> BTreeMap<u64, EpochSecret> {
        let mut all = BTreeMap::new();
        for (member, epoch, wrap) in &self.wraps {
            let place = EpochPlace {
                epoch: *epoch,
                ..self.chain.epoch_place()
            };
            let published = &self.chain.epoch(*epoch).expect("an epoch").recipient;
            let opened =
                EpochSecret::unwrap_for(wrap, &place, *member, who.keys.identity(), published);
            if let Ok(secret) = opened {
                assert_eq!(*member, who.id, "a wrap of somebody else opened");
                let ring = Keyring::open(&self.chain, secret);
                assert_eq!(ring.broken(), None);
                all.extend(
                    ring.secrets()
                        .map(|secret| (secret.place().epoch, secret.clone())),
                );
            }
        }
        all
    }

    fn current_secret(&self, who: &Person) -> Option<EpochSecret> {
        self.secrets_of(who).remove(&self.chain.current_epoch())
    }

    /// The epochs whose document and entry `who` can open.
    pub fn epochs_open_to(&self, who: &Person) -> Vec<u64> {
        let secrets = self.secrets_of(who);
        for (epoch, document) in &self.documents {
            let binding = self.document(*epoch);
            let (header, payload) = (&document.sealed.header, &document.payload);
            let own = small::open(header, payload, who.keys.identity(), &binding, 8);
            assert!(own.is_err(), "a member's own key opened a document");
            for (held, secret) in &secrets {
                let opened = small::open(header, payload, secret.identity(), &binding, 8).is_ok();
                assert_eq!(opened, held == epoch);
                let unlocked = secret
                    .lock()
                    .unwrap(&self.locked[epoch], &self.entry_place())
                    .is_ok();
                assert_eq!(unlocked, held == epoch);
            }
        }
        secrets.into_keys().collect()
    }

    /// Folds all rows from the beginning, as a member's program does.
    pub fn fold(&self) -> Result<Chain, ChainError> {
        Chain::fold(&office(), self.circle, &self.administrators, &self.rows)
    }

    /// A row that anybody can make who holds `key`, in the name of `by`.
    pub fn forged(&mut self, by: MemberId, key: &Person, act: &Act) -> Placed {
        let id = EntryId::from_bytes(bytes16(&mut self.rng));
        let prev = Some(self.prev());
        let envelope = sign(by, key.keys.signing_key(), self.circle, act, prev, id);
        placed(envelope, self.circle, self.chain.head().0 + 1, self.prev())
    }
}
