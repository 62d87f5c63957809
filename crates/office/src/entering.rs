//! How something that was said becomes an entry: signed, placed behind the circle's head, encrypted, accepted.
//!
//! A signed entry does not yet know its place. The place (sequence number and the commitment before it) is given inside the ledger's
//! transaction, so that a hundred members who write to one circle at once are all accepted without trying again. Only entries that
//! must name the head (membership) are refused when it has moved.

use std::sync::{Arc, Mutex, PoisonError};

use record::commitment::{self, Place};
use record::entry::{Entry, Envelope, Kind};
use record::hash::Hash;
use record::ids::{CircleId, EntryId, MemberId};
use record::signature::SigningKey;
use store::ledger::ObjectId;
use store::ledger::{
    AcceptError, Acceptance, CabinetChange, CircleHead, Guard, Heads, Lock, NewEntry, StoredObject,
};
use vault::entry_lock::{Content, EntryKey, EntryPlace, LockKey, OpenEntry};

use crate::Office;
use crate::fault::Fault;
use crate::setting::Dice;

/// Who signs, and in whose name.
pub(crate) struct Pen<'a> {
    pub(crate) by: MemberId,
    pub(crate) key: &'a SigningKey,
}

/// The key that an entry's own key is wrapped under.
#[derive(Clone)]
pub(crate) enum Under {
    /// The public circle: nothing is encrypted.
    Public,
    /// The house key or an epoch.
    Key(Arc<LockKey>),
}

/// What shall be entered, before it is signed.
pub(crate) struct Saying {
    pub(crate) circle: CircleId,
    pub(crate) kind: &'static str,
    pub(crate) body: record::canonical::Map,
    pub(crate) after: After,
    pub(crate) content: Option<Stored>,
    /// The entry's id where it must be known before (a circle's founding); otherwise it is drawn.
    pub(crate) id: Option<EntryId>,
}

impl Saying {
    /// Something said about nothing stored, in a circle whose head need not be named.
    pub(crate) fn plain(
        circle: CircleId,
        kind: &'static str,
        body: record::canonical::Map,
        seen: Option<Hash>,
    ) -> Saying {
        Saying {
            circle,
            kind,
            body,
            after: After::Seen(seen),
            content: None,
            id: None,
        }
    }

    /// Something said about membership: it names the head.
    pub(crate) fn membership(
        circle: CircleId,
        kind: &'static str,
        body: record::canonical::Map,
        head: Option<Hash>,
    ) -> Saying {
        Saying {
            circle,
            kind,
            body,
            after: After::Head(head),
            content: None,
            id: None,
        }
    }
}

/// What the entry names as seen.
pub(crate) enum After {
    /// Any earlier entry of the circle.
    Seen(Option<Hash>),
    /// The circle's head, which must still be it when the entry is accepted.
    Head(Option<Hash>),
}

/// The object that an entry brings.
pub(crate) struct Stored {
    pub(crate) object: ObjectId,
    pub(crate) sha256: Hash,
    pub(crate) size: u64,
}

/// A signed entry that waits for its place.
pub(crate) struct Said {
    envelope: Envelope,
    under: Under,
    content: Content,
    object: Option<ObjectId>,
    must_follow: Option<Option<Hash>>,
}

impl Said {
    /// The signed entry.
    pub(crate) fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Whether this entry founds the circle, by the chain's own rules; told before anything is entered.
    pub(crate) fn check_founding(
        &self,
        home: &record::ids::Origin,
        circle: CircleId,
    ) -> Result<(), String> {
        let open = OpenEntry {
            envelope: self.envelope.bytes().to_vec(),
            salt1: [0; 32],
            content: self.content,
        };
        let place = Place {
            circle,
            seq: 0,
            prev: Hash::ZERO,
        };
        let placed = vault::circle::Placed::new(&open, place).map_err(|error| error.to_string())?;
        vault::circle::Chain::found(home, circle, &placed)
            .map(drop)
            .map_err(|error| error.violation.to_string())
    }
}

/// An accepted entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its id.
    pub id: EntryId,
    /// Its circle.
    pub circle: CircleId,
    /// Its number in the circle.
    pub seq: u64,
    /// Its commitment.
    pub commitment: Hash,
}

/// Everything that goes into the ledger together.
#[derive(Default)]
pub(crate) struct Together {
    pub(crate) said: Vec<Said>,
    pub(crate) objects: Vec<StoredObject>,
    pub(crate) headers: Vec<(ObjectId, Vec<u8>)>,
    pub(crate) cabinet: Vec<CabinetChange>,
    pub(crate) erased: Vec<(CircleId, u64)>,
    pub(crate) guards: Vec<Guard>,
}

impl Office {
    /// Signs an entry.
    pub(crate) fn say(&self, pen: &Pen<'_>, under: &Under, saying: Saying) -> Result<Said, Fault> {
        let dice = self.setting.dice();
        let must_follow = match &saying.after {
            After::Head(head) => Some(*head),
            After::Seen(_) => None,
        };
        let (After::Head(after) | After::Seen(after)) = saying.after;
        let entry = Entry {
            id: saying
                .id
                .unwrap_or_else(|| EntryId::from_bytes(dice.bytes())),
            office: if saying.circle == CircleId::PUBLIC {
                self.origin()
            } else {
                self.home.clone()
            },
            circle: saying.circle,
            at: self.setting.now(),
            by: pen.by,
            kind: Kind::new(saying.kind).map_err(|error| Fault::Failed(error.to_string()))?,
            body: saying.body,
            after,
        };
        let envelope = entry
            .sign(pen.key)
            .map_err(|error| Fault::Failed(error.to_string()))?;
        let content = match &saying.content {
            None => Content::None(dice.bytes()),
            Some(stored) => Content::Object {
                salt2: dice.bytes(),
                sha256: stored.sha256,
                size: stored.size,
            },
        };
        let object = saying.content.map(|stored| stored.object);
        Ok(Said {
            envelope,
            under: under.clone(),
            content,
            object,
            must_follow,
        })
    }

    /// Accepts all of this or nothing; durable when it returns.
    pub(crate) fn enter(&self, together: Together) -> Result<Vec<Accepted>, Fault> {
        let answer = Arc::new(Mutex::new(Vec::new()));
        let (told, home, dice) = (Arc::clone(&answer), self.home.clone(), self.setting.dice());
        let placed = self.commit.accept_drafted(move |heads| {
            let (entries, accepted) = place_all(together.said, heads, &home, dice)?;
            *told.lock().unwrap_or_else(PoisonError::into_inner) = accepted;
            Ok(Acceptance {
                guards: together.guards,
                objects: together.objects,
                entries,
                headers: together.headers,
                wraps: Vec::new(),
                cabinet: together.cabinet,
                erased: together.erased,
            })
        });
        placed.map_err(Fault::of_accept)?;
        let mut accepted = answer.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *accepted))
    }
}

fn place_all(
    said: Vec<Said>,
    heads: &dyn Heads,
    home: &record::ids::Origin,
    mut dice: Dice,
) -> Result<(Vec<NewEntry>, Vec<Accepted>), AcceptError> {
    let mut moved: Vec<(CircleId, CircleHead)> = Vec::new();
    let (mut entries, mut accepted) = (Vec::new(), Vec::new());
    for one in said {
        let circle = one.envelope.entry().circle;
        let head = match moved.iter().rev().find(|(moved, _)| *moved == circle) {
            Some((_, head)) => Some(*head),
            None => heads.head(circle).map_err(AcceptError::Ledger)?,
        };
        let commitment_before = head.map(|head| head.commitment);
        if one
            .must_follow
            .is_some_and(|expected| expected != commitment_before)
        {
            return Err(AcceptError::Conflict { circle, head });
        }
        let entry = place(&one, head, home, &mut dice)?;
        moved.push((
            circle,
            CircleHead {
                seq: entry.seq,
                commitment: entry.commitment,
            },
        ));
        accepted.push(Accepted {
            id: entry.id,
            circle,
            seq: entry.seq,
            commitment: entry.commitment,
        });
        entries.push(entry);
    }
    Ok((entries, accepted))
}

fn place(
    said: &Said,
    head: Option<CircleHead>,
    home: &record::ids::Origin,
    dice: &mut Dice,
) -> Result<NewEntry, AcceptError> {
    let entry = said.envelope.entry();
    let (seq, prev) = CircleHead::next(head);
    let new = |commitment, lock, sealed, wrap| NewEntry {
        circle: entry.circle,
        seq,
        id: entry.id,
        prev,
        commitment,
        lock,
        object: said.object,
        sealed,
        wrap,
    };
    let Under::Key(lock) = &said.under else {
        let commitment = commitment::public(seq, &prev, said.envelope.bytes());
        return Ok(new(
            commitment,
            Lock::Public,
            said.envelope.bytes().to_vec(),
            None,
        ));
    };
    let open = OpenEntry {
        envelope: said.envelope.bytes().to_vec(),
        salt1: dice.bytes(),
        content: said.content,
    };
    let commitment = open.commitment(&Place {
        circle: entry.circle,
        seq,
        prev,
    });
    let place = EntryPlace {
        office: home.clone(),
        circle: entry.circle,
        seq,
        id: entry.id,
    };
    let key = EntryKey::random(dice);
    let sealed = open
        .seal(&place, &key, dice)
        .map_err(|_| AcceptError::Malformed("an envelope longer than 65,535 bytes"))?;
    let wrap = lock.wrap(&key, &place, dice);
    Ok(new(commitment, lock_number(lock)?, sealed, Some(wrap)))
}

fn lock_number(lock: &LockKey) -> Result<Lock, AcceptError> {
    match u32::try_from(lock.number()) {
        Ok(0) => Ok(Lock::House),
        Ok(epoch) => Ok(Lock::Epoch(epoch)),
        Err(_) => Err(AcceptError::Malformed("an epoch beyond 2^32")),
    }
}
