//! What is stored is entered: one entry for each piece, all in one transaction.

use desk::ids::ItemId;
use desk::kinds::ItemEntry;
use record::hash::Hash;
use store::ledger::StoredObject;
use vault::object::{self, Sealed};

use super::{ReceiveError, Wrapping, unwritten};
use crate::Office;
use crate::entering::{Accepted, Said, Saying, Stored, Together, Under};
use crate::fault::Fault;
use crate::house::TRIES_MAX;
use crate::permission::Writer;

/// Material that is encrypted and durable, and not entered yet.
pub(super) struct Incoming {
    pub(super) entry: ItemEntry,
    pub(super) sealed: Sealed,
    pub(super) stored: StoredObject,
}

impl Office {
    /// Enters what is stored. If the circle's membership changes meanwhile, the headers are wrapped to its new epoch.
    pub(super) fn enter_received(
        &self,
        writer: &Writer<'_>,
        received: &[Incoming],
        wrapping: &Wrapping,
        item: ItemId,
    ) -> Result<Vec<Accepted>, ReceiveError> {
        let session = writer.reader.session;
        let circle = writer.reader.circle;
        for attempt in 0..TRIES_MAX {
            let again = (attempt > 0)
                .then(|| self.writer(session, circle))
                .transpose()
                .map_err(unwritten)?;
            let now = again.as_ref().unwrap_or(writer);
            let together = self.compose(writer, now, received, wrapping, item)?;
            match self.enter(together) {
                Err(Fault::Moved) => continue,
                other => return other.map_err(ReceiveError::Fault),
            }
        }
        Err(ReceiveError::Fault(Fault::Moved))
    }

    fn compose(
        &self,
        sealed_by: &Writer<'_>,
        now: &Writer<'_>,
        received: &[Incoming],
        wrapping: &Wrapping,
        item: ItemId,
    ) -> Result<Together, ReceiveError> {
        let seen = self
            .ledger()
            .head_of_circle(now.reader.circle)
            .map_err(|e| ReceiveError::Fault(Fault::of_ledger(e)))?;
        let mut together = Together {
            guards: vec![now.guard.clone()],
            ..Together::default()
        };
        for one in received {
            let said = self.say_received(now, one, seen.map(|head| head.commitment))?;
            together.said.push(said);
            together.objects.push(one.stored);
            let header = match wrapping {
                Wrapping::Circle => self.header_for(sealed_by, now, one)?,
                Wrapping::Sealed { .. } => one.sealed.header.clone(),
            };
            together.headers.push((one.stored.object, header));
        }
        if let Wrapping::Sealed { kind, body, .. } = wrapping {
            let saying = Saying::plain(
                now.reader.circle,
                kind,
                body(item),
                seen.map(|head| head.commitment),
            );
            let under = now.under().map_err(ReceiveError::Fault)?;
            together.said.push(
                self.say(&now.reader.session.pen(), &under, saying)
                    .map_err(ReceiveError::Fault)?,
            );
        }
        Ok(together)
    }

    fn say_received(
        &self,
        writer: &Writer<'_>,
        incoming: &Incoming,
        seen: Option<Hash>,
    ) -> Result<Said, ReceiveError> {
        let entry = &incoming.entry;
        let body = entry.body().map_err(ReceiveError::Name)?;
        let mut saying = Saying::plain(writer.reader.circle, entry.kind(), body, seen);
        saying.content = Some(Stored {
            object: incoming.stored.object,
            sha256: Hash::from_bytes(incoming.sealed.sha256),
            size: incoming.sealed.size,
        });
        let under = writer.under().map_err(ReceiveError::Fault)?;
        self.say(&writer.reader.session.pen(), &under, saying)
            .map_err(ReceiveError::Fault)
    }

    fn header_for(
        &self,
        sealed_by: &Writer<'_>,
        now: &Writer<'_>,
        incoming: &Incoming,
    ) -> Result<Vec<u8>, ReceiveError> {
        let Incoming { sealed, stored, .. } = incoming;
        let (old, new) = (sealed_by.reader.ring.epoch, now.reader.ring.epoch);
        if old == new {
            return Ok(sealed.header.clone());
        }
        let failed = |what: &str| ReceiveError::Fault(Fault::Failed(what.to_owned()));
        let secret = now
            .reader
            .ring
            .keyring
            .secret(old)
            .ok_or_else(|| failed("the earlier epoch cannot be reached"))?;
        let binding = self.binding(sealed_by, *stored.object.as_bytes());
        let recipient = [now.reader.chain.recipient().clone()];
        object::rewrap(
            &sealed.header,
            secret.identity(),
            &binding,
            &recipient,
            &binding.in_epoch(new),
        )
        .map_err(|error| failed(&error.to_string()))
    }
}

impl Writer<'_> {
    /// The lock of the current epoch.
    pub(crate) fn under(&self) -> Result<Under, Fault> {
        self.reader
            .ring
            .lock(self.reader.ring.epoch)
            .map(Under::Key)
            .ok_or(Fault::Refused)
    }
}
