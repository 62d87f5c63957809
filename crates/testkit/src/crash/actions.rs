//! What a simulated office does.

use std::io::Write;

use record::commitment;
use record::hash::Hash;
use record::ids::{CircleId, EntryId};
use register::register::{PublishError, SignError};
use store::disk::DiskError;
use store::ledger::{
    AcceptError, Acceptance, CircleHead, Lock, NewEntry, ObjectId, ObjectPlace, StoredObject,
};
use store::objects::disk_error_of;

use super::{CIRCLES, Ended, Erasure, Promise, World, Wrong, as_ports};

type Done = Result<Result<(), Ended>, Wrong>;

impl World {
    /// Does one thing. The inner `Err` ends the process.
    pub(super) fn act(&mut self) -> Done {
        let done = match self.random.below(10) {
            0..3 => self.add_small(),
            3 => self.add_large(),
            4 => self.add_public(),
            5 => self.erase(),
            6 => self.sequence(),
            7 => self.integrate(),
            _ => self.publish(),
        }?;
        // After the power went, whatever was said is not heard any more.
        Ok(if self.faults.has_crashed() {
            Err(Ended)
        } else {
            done
        })
    }

    fn add_small(&mut self) -> Done {
        let count = 1 + self.random.below(4);
        let objects: Vec<(ObjectId, Vec<u8>)> = (0..count)
            .map(|_| {
                let length = self.random.below(3000) as usize;
                (
                    ObjectId::from_bytes(self.random.array()),
                    self.random.bytes(length),
                )
            })
            .collect();
        self.handed_in.extend(objects.iter().cloned());
        let borrowed: Vec<(ObjectId, &[u8])> = objects
            .iter()
            .map(|(id, bytes)| (*id, &bytes[..]))
            .collect();
        let stored = match self.open()?.packs.store(&borrowed) {
            Ok(stored) => stored,
            Err(error) => return Ok(after(error.is_fatal())),
        };
        let with_bytes = stored
            .into_iter()
            .zip(objects.into_iter().map(|(_, bytes)| bytes))
            .map(Some);
        self.enter(with_bytes.collect())
    }

    fn add_large(&mut self) -> Done {
        let length = 200_000 + self.random.below(400_000) as usize;
        let (object, bytes) = (
            ObjectId::from_bytes(self.random.array()),
            self.random.bytes(length),
        );
        self.handed_in.insert(object, bytes.clone());
        match self.store_large(object, &bytes) {
            Ok(stored) => self.enter(vec![Some((stored, bytes))]),
            Err(error) => Ok(after(error.is_fatal())),
        }
    }

    fn store_large(&mut self, object: ObjectId, bytes: &[u8]) -> Result<StoredObject, DiskError> {
        let absent = || DiskError::Absent(store::disk::Spot::root());
        let open = self.open.as_mut().ok_or_else(absent)?;
        let mut writer = open.objects.begin(object)?;
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        let failed = |error: std::io::Error| disk_error_of(&error).cloned().unwrap_or_else(absent);
        writer.write_all(first).map_err(failed)?;
        writer.write_all(rest).map_err(failed)?;
        writer.finish(record::hash::sha256(bytes))
    }

    /// Enters one entry for each object (or for none), all in one acceptance.
    fn enter(&mut self, objects: Vec<Option<(StoredObject, Vec<u8>)>>) -> Done {
        let circle = self.circle();
        let mut acceptance = Acceptance::default();
        let mut promises = Vec::new();
        let mut head = self.head(circle)?;
        for object in objects {
            let (seq, prev) = CircleHead::next(head);
            let commitment = Hash::from_bytes(self.random.array());
            let id = EntryId::from_bytes(self.random.array());
            let sealed = self.random.bytes(300);
            acceptance.entries.push(NewEntry {
                circle,
                seq,
                id,
                prev,
                commitment,
                lock: Lock::Epoch(1),
                object: object.as_ref().map(|(stored, _)| stored.object),
                sealed: sealed.clone(),
                wrap: Some(self.random.bytes(48)),
            });
            if let Some((stored, _)) = &object {
                acceptance.objects.push(*stored);
                acceptance
                    .headers
                    .push((stored.object, self.random.bytes(200)));
            }
            promises.push((
                id,
                Promise {
                    circle,
                    seq,
                    commitment,
                    sealed,
                    object,
                    erasure: Erasure::None,
                },
            ));
            head = Some(CircleHead { seq, commitment });
        }
        self.accept(acceptance, promises)
    }

    fn add_public(&mut self) -> Done {
        let circle = CircleId::PUBLIC;
        let (seq, prev) = CircleHead::next(self.head(circle)?);
        let length = 40 + self.random.below(2000) as usize;
        let (id, sealed) = (
            EntryId::from_bytes(self.random.array()),
            self.random.bytes(length),
        );
        let commitment = commitment::public(seq, &prev, &sealed);
        let entry = NewEntry {
            circle,
            seq,
            id,
            prev,
            commitment,
            lock: Lock::Public,
            object: None,
            sealed: sealed.clone(),
            wrap: None,
        };
        let promise = Promise {
            circle,
            seq,
            commitment,
            sealed,
            object: None,
            erasure: Erasure::None,
        };
        self.accept(
            Acceptance {
                entries: vec![entry],
                ..Acceptance::default()
            },
            vec![(id, promise)],
        )
    }

    fn accept(&mut self, acceptance: Acceptance, promises: Vec<(EntryId, Promise)>) -> Done {
        match self.ledger.accept(&[acceptance]) {
            // What the ledger said before the power went counts as said.
            Ok(()) => self.promises.extend(promises),
            Err(error) if error.is_fatal() => {
                self.unclear.extend(promises);
                return Ok(Err(Ended));
            }
            Err(AcceptError::Ledger(_)) => {}
            Err(other) => return Err(format!("an acceptance was refused: {other}")),
        }
        Ok(Ok(()))
    }

    /// Erases an entry by an entry, then destroys the object's bytes.
    fn erase(&mut self) -> Done {
        let erasable: Vec<EntryId> = self
            .promises
            .iter()
            .filter(|(_, promise)| promise.circle != CircleId::PUBLIC)
            .map(|(id, _)| *id)
            .collect();
        let Some(id) = erasable
            .get(self.random.below(erasable.len() as u64) as usize)
            .copied()
        else {
            return Ok(Ok(()));
        };
        let Some(promise) = self.promises.get(&id).cloned() else {
            return Ok(Ok(()));
        };
        let (seq, prev) = CircleHead::next(self.head(promise.circle)?);
        let commitment = Hash::from_bytes(self.random.array());
        let by = EntryId::from_bytes(self.random.array());
        let sealed = self.random.bytes(200);
        let entry = NewEntry {
            circle: promise.circle,
            seq,
            id: by,
            prev,
            commitment,
            lock: Lock::Epoch(1),
            object: None,
            sealed: sealed.clone(),
            wrap: Some(self.random.bytes(48)),
        };
        let acceptance = Acceptance {
            entries: vec![entry],
            erased: vec![(promise.circle, promise.seq)],
            ..Acceptance::default()
        };
        let said = Promise {
            circle: promise.circle,
            seq,
            commitment,
            sealed,
            object: None,
            erasure: Erasure::None,
        };
        if promise.erasure == Erasure::None {
            self.set_erasure(id, Erasure::Unclear);
        }
        let done = self.accept(acceptance, vec![(by, said)])?;
        if self.promises.contains_key(&by) {
            self.set_erasure(id, Erasure::Done);
        }
        Ok(done.and_then(|()| self.destroy_discards()))
    }

    fn set_erasure(&mut self, id: EntryId, erasure: Erasure) {
        if let Some(promise) = self.promises.get_mut(&id) {
            promise.erasure = erasure;
        }
    }

    /// Destroys the bytes of what is erased, as every start does too.
    pub(super) fn destroy_discards(&mut self) -> Result<(), Ended> {
        let discards = self.ledger.ledger().discards().map_err(|_| Ended)?;
        for discard in discards {
            let Some(open) = &self.open else {
                return Err(Ended);
            };
            let destroyed = match discard.place {
                ObjectPlace::Own => open.objects.destroy(discard.object),
                ObjectPlace::Pack { .. } => open.packs.destroy(&discard),
            };
            match destroyed {
                Ok(()) => {}
                Err(error) if error.is_fatal() => return Err(Ended),
                // Tried again at the next start.
                Err(_) => return Ok(()),
            }
            if let Err(error) = self.ledger.discarded(discard.object)
                && error.is_fatal()
            {
                return Err(Ended);
            }
        }
        Ok(())
    }

    fn sequence(&mut self) -> Done {
        let most = 1 + self.random.below(300) as usize;
        let mut random = self.random.clone();
        self.random.bits();
        match self.open()?.register.sequence(most, &mut random) {
            Ok(_) => Ok(Ok(())),
            Err(error) => Ok(after(error.is_fatal())),
        }
    }

    fn integrate(&mut self) -> Done {
        match self.open()?.register.integrate() {
            Ok(_) => Ok(Ok(())),
            Err(error) => Ok(after(error.is_fatal())),
        }
    }

    fn publish(&mut self) -> Done {
        let witnesses = self.witnesses.clone();
        let signed = match self.open()?.register.sign() {
            Ok(None) => return Ok(Ok(())),
            Ok(Some(signed)) => signed,
            Err(SignError::Stopped(stop)) => return Err(format!("signing stopped: {stop}")),
            Err(error) => return Ok(after(error.is_fatal())),
        };
        let head = signed.checkpoint().checkpoint().clone();
        self.note_signed(&head)?;
        let countersigned = signed.countersign(&as_ports(&witnesses));
        // The register is free while witnesses are asked.
        if self.random.once_in(3)
            && let Err(Ended) = self.sequence()?
        {
            return Ok(Err(Ended));
        }
        match self.open()?.register.publish(countersigned) {
            Ok(published) => self.published_size = self.published_size.max(published.size),
            Err(PublishError::Stopped(stop)) => return Err(format!("publishing stopped: {stop}")),
            Err(error) => return Ok(after(error.is_fatal())),
        }
        Ok(Ok(()))
    }

    /// Sequences, tiles and publishes all there is, without a fault.
    pub(super) fn publish_all(&mut self) -> Result<(), Ended> {
        self.destroy_discards()?;
        self.sequence().map_err(|_| Ended)??;
        while self
            .open
            .as_mut()
            .ok_or(Ended)?
            .register
            .integrate()
            .map_err(|_| Ended)?
        {}
        self.publish().map_err(|_| Ended)?
    }

    fn circle(&mut self) -> CircleId {
        let mut bytes = [0; 16];
        bytes[0] = 1 + self.random.below(CIRCLES) as u8;
        CircleId::from_bytes(bytes)
    }

    fn head(&self, circle: CircleId) -> Result<Option<CircleHead>, Wrong> {
        self.ledger
            .ledger()
            .head_of_circle(circle)
            .map_err(|e| e.to_string())
    }
}

fn after(is_fatal: bool) -> Result<(), Ended> {
    if is_fatal { Err(Ended) } else { Ok(()) }
}
