//! Material is taken in: hashed and encrypted in one pass, durable, then entered.

use std::io::{self, Read};

use desk::ids::{ItemId, ObjectId as DeskObject};
use desk::kinds::{BodyError, ItemEntry, Received};
use record::hash::{Hash, sha256};
use store::ledger::{ObjectId, StoredObject};
use vault::binding::{Binding, ObjectId as VaultObject, Purpose};
use vault::keys::Recipient;
use vault::object::{self, SealError, Sealed};
use vault::small::{self, Small};

use crate::entering::{Accepted, Said, Saying, Stored, Together, Under};
use crate::fault::Fault;
use crate::house::TRIES_MAX;
use crate::permission::{WriteError, Writer};
use crate::{Office, disclosure, held};

/// Up to this size material is encrypted in memory and lies in a pack with others: header and padding must fit a pack's 64 KiB.
pub const SMALL_MATERIAL_BYTES_MAX: usize = 56 * 1024;

/// How much of the beginning is looked at for the media type.
const SNIFFED_BYTES: usize = 8 * 1024;

/// The program that takes things in, as custody names it.
const TOOL: &str = concat!("mahzar ", env!("CARGO_PKG_VERSION"));

/// Threads that encrypt small material beside each other.
const SEALING_THREADS: usize = 2;

/// Material of any size.
pub struct Material<R> {
    /// Its bytes, read once.
    pub content: R,
    /// The folder in which it came, relative to what was taken in, `/` between names; empty if it came alone.
    pub folder: String,
    /// The file name as it came.
    pub file_name: String,
}

/// Material of at most [`SMALL_MATERIAL_BYTES_MAX`] bytes.
pub struct SmallMaterial {
    /// Its bytes.
    pub content: Vec<u8>,
    /// As in [`Material`].
    pub folder: String,
    /// As in [`Material`].
    pub file_name: String,
}

/// What became of material that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It is a new item.
    New {
        /// The item.
        item: ItemId,
        /// Its entry.
        entry: Accepted,
        /// Bytes.
        size: u64,
        /// Its digest.
        sha256: Hash,
    },
    /// The circle has the same bytes already; nothing was stored.
    Duplicate {
        /// The item that has them.
        of: ItemId,
        /// Their digest.
        sha256: Hash,
    },
}

/// Why material was not received. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Somebody left the circle; renew its key first.
    #[error(
        "somebody left this circle; a member must renew its key before anything new is entered"
    )]
    RotationDue,
    /// The file name or folder cannot be entered as it is.
    #[error("{0}")]
    Name(#[source] BodyError),
    /// The source broke off.
    #[error("could not read the material: {0}")]
    Source(#[source] io::Error),
    /// Over the size that this call takes.
    #[error("this material is too large to be taken in as small")]
    TooLarge,
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

/// To whom material is encrypted.
pub(crate) enum Wrapping {
    /// To the circle's current epoch.
    Circle,
    /// To a key that exists only in shares; a second entry says which.
    Sealed {
        recipient: Recipient,
        object: [u8; 16],
        kind: &'static str,
        body: Box<dyn Fn(ItemId) -> record::canonical::Map>,
    },
}

struct Drawn {
    item: ItemId,
    object: [u8; 16],
}

impl Office {
    /// Takes one piece of material in, of any size and in constant memory. When this returns, it is durable and accepted.
    pub fn receive<R: Read + Send>(
        &self,
        writer: &Writer<'_>,
        material: Material<R>,
    ) -> Result<Receipt, ReceiveError> {
        self.receive_wrapped(writer, material, Wrapping::Circle)
    }

    pub(crate) fn receive_wrapped<R: Read + Send>(
        &self,
        writer: &Writer<'_>,
        material: Material<R>,
        wrapping: Wrapping,
    ) -> Result<Receipt, ReceiveError> {
        let mut drawn = self.draw();
        let (recipient, binding) = match &wrapping {
            Wrapping::Circle => (
                writer.reader.chain.recipient().clone(),
                self.binding(writer, drawn.object),
            ),
            Wrapping::Sealed {
                recipient, object, ..
            } => {
                drawn.object = *object;
                let binding = Binding {
                    epoch: 0,
                    purpose: Purpose::Sealed,
                    ..self.binding(writer, *object)
                };
                (recipient.clone(), binding)
            }
        };
        let mut content = material.content;
        let start = read_start(&mut content).map_err(ReceiveError::Source)?;
        let media_type = disclosure::media_type(&start);
        let named = |sealed: &Sealed| {
            received(
                &drawn,
                &material.folder,
                &material.file_name,
                media_type,
                sealed,
            )
        };
        // A name that cannot be entered is refused before a film has been read.
        named(&nothing()).body().map_err(ReceiveError::Name)?;
        let object = ObjectId::from_bytes(drawn.object);
        let mut place = self
            .objects
            .begin(object)
            .map_err(|error| ReceiveError::Fault(Fault::of_disk(error)))?;
        let whole = io::Cursor::new(start).chain(content);
        let sealed = object::seal(
            whole,
            &mut place,
            &[recipient],
            &binding,
            &mut self.setting.dice(),
        )
        .map_err(unsealed)?;
        let digest = Hash::from_bytes(sealed.sha256);
        if let Some(of) = self.same_bytes(writer, digest)? {
            return Ok(Receipt::Duplicate { of, sha256: digest });
        }
        let stored = place
            .finish()
            .map_err(|error| ReceiveError::Fault(Fault::of_disk(error)))?;
        let entry = self.enter_received(
            writer,
            &[(named(&sealed), sealed.clone(), stored)],
            &wrapping,
            drawn.item,
        );
        let entry = match entry {
            Ok(accepted) => crate::house::only(accepted).map_err(ReceiveError::Fault)?,
            Err(error) => {
                // Nothing names it; if it cannot be removed now, fsck will.
                let _ = self.objects.destroy(object);
                return Err(error);
            }
        };
        Ok(Receipt::New {
            item: drawn.item,
            entry,
            size: sealed.size,
            sha256: digest,
        })
    }

    /// Takes many small pieces in with one fsync of the pack and one of the ledger; the receipts are in their order.
    pub fn receive_small(
        &self,
        writer: &Writer<'_>,
        batch: &[SmallMaterial],
    ) -> Result<Vec<Receipt>, ReceiveError> {
        if batch
            .iter()
            .any(|one| one.content.len() > SMALL_MATERIAL_BYTES_MAX)
        {
            return Err(ReceiveError::TooLarge);
        }
        let digests: Vec<Hash> = batch.iter().map(|one| sha256(&one.content)).collect();
        let drawn: Vec<Drawn> = batch.iter().map(|_| self.draw()).collect();
        let receipts = self.known_bytes(writer, &digests, &drawn)?;
        let new: Vec<usize> = (0..batch.len())
            .filter(|at| receipts[*at].is_none())
            .collect();
        let entered = self.store_small(writer, batch, &drawn, &new)?;
        let mut entered = entered.into_iter();
        let whole = receipts
            .into_iter()
            .enumerate()
            .map(|(at, known)| match known {
                Some(of) => Some(Receipt::Duplicate {
                    of,
                    sha256: digests[at],
                }),
                None => entered.next().map(|entry| Receipt::New {
                    item: drawn[at].item,
                    entry,
                    size: batch[at].content.len() as u64,
                    sha256: digests[at],
                }),
            });
        whole
            .collect::<Option<Vec<_>>>()
            .ok_or(ReceiveError::Fault(Fault::Failed(
                "a receipt is missing".to_owned(),
            )))
    }

    fn store_small(
        &self,
        writer: &Writer<'_>,
        batch: &[SmallMaterial],
        drawn: &[Drawn],
        new: &[usize],
    ) -> Result<Vec<Accepted>, ReceiveError> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let bindings: Vec<Binding> = new
            .iter()
            .map(|at| self.binding(writer, drawn[*at].object))
            .collect();
        let small: Vec<Small<'_>> = new
            .iter()
            .zip(&bindings)
            .map(|(at, binding)| Small {
                plaintext: &batch[*at].content,
                binding,
            })
            .collect();
        let recipient = [writer.reader.chain.recipient().clone()];
        let sealed = small::seal_batch(
            &small,
            &recipient,
            SEALING_THREADS,
            &mut self.setting.dice(),
        )
        .map_err(|error| ReceiveError::Fault(Fault::Failed(error.to_string())))?;
        let entries: Vec<ItemEntry> = new
            .iter()
            .zip(&sealed)
            .map(|(at, small)| {
                let one = &batch[*at];
                received(
                    &drawn[*at],
                    &one.folder,
                    &one.file_name,
                    disclosure::media_type(sniffed(&one.content)),
                    &small.sealed,
                )
            })
            .collect();
        entries
            .iter()
            .try_for_each(|entry| entry.body().map(drop))
            .map_err(ReceiveError::Name)?;
        let payloads: Vec<(ObjectId, &[u8])> = new
            .iter()
            .zip(&sealed)
            .map(|(at, small)| (ObjectId::from_bytes(drawn[*at].object), &small.payload[..]))
            .collect();
        let stored = self
            .packs
            .store(&payloads)
            .map_err(|error| ReceiveError::Fault(Fault::of_disk(error)))?;
        let whole: Vec<(ItemEntry, Sealed, StoredObject)> = entries
            .into_iter()
            .zip(sealed)
            .zip(stored)
            .map(|((entry, small), stored)| (entry, small.sealed, stored))
            .collect();
        // Small material is never sealed, so no item needs to be named.
        self.enter_received(
            writer,
            &whole,
            &Wrapping::Circle,
            ItemId::from_bytes([0; 16]),
        )
    }

    /// Enters what is stored. If the circle's membership changes meanwhile, the headers are wrapped to its new epoch.
    fn enter_received(
        &self,
        writer: &Writer<'_>,
        received: &[(ItemEntry, Sealed, StoredObject)],
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
        received: &[(ItemEntry, Sealed, StoredObject)],
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
        for (entry, sealed, stored) in received {
            let said =
                self.say_received(now, entry, sealed, stored, seen.map(|head| head.commitment))?;
            together.said.push(said);
            together.objects.push(*stored);
            let header = match wrapping {
                Wrapping::Circle => self.header_for(sealed_by, now, sealed, stored)?,
                Wrapping::Sealed { .. } => sealed.header.clone(),
            };
            together.headers.push((stored.object, header));
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
        entry: &ItemEntry,
        sealed: &Sealed,
        stored: &StoredObject,
        seen: Option<Hash>,
    ) -> Result<Said, ReceiveError> {
        let body = entry.body().map_err(ReceiveError::Name)?;
        let mut saying = Saying::plain(writer.reader.circle, entry.kind(), body, seen);
        saying.content = Some(Stored {
            object: stored.object,
            sha256: Hash::from_bytes(sealed.sha256),
            size: sealed.size,
        });
        let under = writer.under().map_err(ReceiveError::Fault)?;
        self.say(&writer.reader.session.pen(), &under, saying)
            .map_err(ReceiveError::Fault)
    }

    fn header_for(
        &self,
        sealed_by: &Writer<'_>,
        now: &Writer<'_>,
        sealed: &Sealed,
        stored: &StoredObject,
    ) -> Result<Vec<u8>, ReceiveError> {
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

    fn same_bytes(
        &self,
        writer: &Writer<'_>,
        digest: Hash,
    ) -> Result<Option<ItemId>, ReceiveError> {
        let view = self.view(&writer.reader).map_err(ReceiveError::Fault)?;
        let found = held(&view).items_with_digest(digest);
        let found = found.map_err(|error| ReceiveError::Fault(Fault::Failed(error.to_string())))?;
        Ok(found.first().map(|item| item.item))
    }

    /// For each piece the item that has its bytes, be it in the circle or earlier in the batch.
    fn known_bytes(
        &self,
        writer: &Writer<'_>,
        digests: &[Hash],
        drawn: &[Drawn],
    ) -> Result<Vec<Option<ItemId>>, ReceiveError> {
        let view = self.view(&writer.reader).map_err(ReceiveError::Fault)?;
        let view = held(&view);
        let mut first = std::collections::HashMap::new();
        let mut known = Vec::with_capacity(digests.len());
        for (digest, drawn) in digests.iter().zip(drawn) {
            if let Some(of) = first.get(digest) {
                known.push(Some(*of));
                continue;
            }
            let found = view.items_with_digest(*digest);
            let found =
                found.map_err(|error| ReceiveError::Fault(Fault::Failed(error.to_string())))?;
            let of = found.first().map(|item| item.item);
            first.insert(*digest, of.unwrap_or(drawn.item));
            known.push(of);
        }
        Ok(known)
    }

    fn draw(&self) -> Drawn {
        let dice = self.setting.dice();
        Drawn {
            item: ItemId::from_bytes(dice.bytes()),
            object: dice.bytes(),
        }
    }

    fn binding(&self, writer: &Writer<'_>, object: [u8; 16]) -> Binding {
        Binding {
            office: self.home.clone(),
            circle: writer.reader.circle,
            epoch: writer.reader.ring.epoch,
            object: VaultObject::from_bytes(object),
            purpose: Purpose::Object,
        }
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

fn received(
    drawn: &Drawn,
    folder: &str,
    file_name: &str,
    media_type: &str,
    sealed: &Sealed,
) -> ItemEntry {
    ItemEntry::Received(Received {
        item: drawn.item,
        object: DeskObject::from_bytes(drawn.object),
        folder: folder.to_owned(),
        file_name: file_name.to_owned(),
        media_type: media_type.to_owned(),
        size_bytes: sealed.size,
        sha256: Hash::from_bytes(sealed.sha256),
        tool: TOOL.to_owned(),
    })
}

fn nothing() -> Sealed {
    Sealed {
        header: Vec::new(),
        sha256: [0; 32],
        size: 0,
        payload_sha256: [0; 32],
        payload_size: 0,
    }
}

fn sniffed(content: &[u8]) -> &[u8] {
    &content[..content.len().min(SNIFFED_BYTES)]
}

fn read_start(content: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(SNIFFED_BYTES);
    content.take(SNIFFED_BYTES as u64).read_to_end(&mut start)?;
    Ok(start)
}

fn unsealed(error: SealError) -> ReceiveError {
    match error {
        SealError::Read(error) => ReceiveError::Source(error),
        SealError::Write(error) => ReceiveError::Fault(Fault::of_io(error)),
        SealError::Recipients(error) => ReceiveError::Fault(Fault::Failed(error.to_string())),
    }
}

fn unwritten(error: WriteError) -> ReceiveError {
    match error {
        WriteError::RotationDue => ReceiveError::RotationDue,
        WriteError::Fault(fault) => ReceiveError::Fault(fault),
    }
}
