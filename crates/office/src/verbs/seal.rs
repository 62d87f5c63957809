//! The sealed tier: material that opens only when several key-holders together, for a warrant in the record, give their shares.
//!
//! The office holds the encrypted material and the encrypted shares, and no key that opens either.

use std::io::{self, Read, Write};

use desk::ids::ItemId;
use record::canonical::{self, Fields, Value};
use record::checkpoint::SignedCheckpoint;
use record::encoding::{base64_bytes, base64_text};
use record::entry::Timestamp;
use record::hash::Hash;
use record::ids::{CircleId, EntryId};
use record::map;
use record::proof::{Extra, Proof};
use store::ledger::{ObjectId, ObjectPlace};
use vault::binding::{Binding, ObjectId as VaultObject, Purpose};
use vault::hybrid;
use vault::keys::Recipient;
use vault::share::{self, SharePlace, Split};
use vault::warrant::{CONTINUED_KIND, Warrant, WarrantFile};

use crate::Office;
use crate::entering::{Accepted, Saying, Together};
use crate::fault::Fault;
use crate::house::only;
use crate::permission::{Reader, Steward, WriteError, Writer};
use crate::roster::KeyHolder;
use crate::verbs::receive::{Material, Receipt, ReceiveError, Wrapping};

/// The most key-holders of one item: all their shares, encrypted for decades, stand in one entry.
pub const KEY_HOLDERS_MAX: usize = 8;

/// Why material was not sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealItemError {
    /// There are fewer key-holders than must open together, or more than fit.
    #[error(
        "{named} key-holders are named; sealing takes at least {threshold} of them, and {KEY_HOLDERS_MAX} at most"
    )]
    KeyHolders {
        /// How many are named.
        named: usize,
        /// How many must open together.
        threshold: u8,
    },
    /// So many key-holders of one jurisdiction could open together, or be made to.
    #[error("{0} could open alone: name key-holders elsewhere")]
    OneJurisdiction(String),
    /// It was not received.
    #[error("{0}")]
    Receive(#[source] ReceiveError),
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

/// What was sealed.
#[derive(Clone, Debug)]
pub struct SealedItem {
    /// What became of it.
    pub receipt: Receipt,
    /// Who holds a share.
    pub key_holders: Vec<String>,
    /// How many must open together.
    pub threshold: u8,
}

/// A sealed item as the office knows it: who holds which share, still encrypted.
#[derive(Clone, Debug)]
pub struct Sealing {
    /// How many must open together.
    pub threshold: u8,
    /// The recipient to whom the material is encrypted; its key exists only in shares.
    pub recipient: hybrid::Recipient,
    /// What the shares belong to.
    pub place: SharePlace,
    /// The digest of each share, in their order: by it a wrong one is named before anything is put together.
    pub digests: Vec<Hash>,
    /// Key-holder and share.
    pub shares: Vec<(String, Vec<u8>)>,
}

impl Office {
    /// Takes material in so that only `threshold` key-holders together can open it. Not even its circle can: the circle sees
    /// that it is there, its name and size, and may issue a warrant.
    pub fn receive_sealed<R: Read + Send>(
        &self,
        writer: &Writer<'_>,
        material: Material<R>,
        threshold: u8,
    ) -> Result<SealedItem, SealItemError> {
        let holders: Vec<KeyHolder> = self
            .roster()
            .map_err(SealItemError::Fault)?
            .key_holders()
            .cloned()
            .collect();
        check_holders(&holders, threshold)?;
        let recipients = holders
            .iter()
            .map(hybrid_recipient)
            .collect::<Result<Vec<_>, _>>()
            .map_err(SealItemError::Fault)?;
        let mut dice = self.setting.dice();
        let identity = hybrid::Identity::generate(&mut dice);
        let object: [u8; 16] = dice.bytes();
        let place = SharePlace {
            office: self.home.clone(),
            circle: writer.reader.circle,
            object: VaultObject::from_bytes(object),
        };
        let (split, shares) = share::split(&identity, &place, threshold, &recipients, &mut dice)
            .map_err(|error| SealItemError::Fault(Fault::Failed(error.to_string())))?;
        let sealing = Sealing {
            threshold,
            recipient: identity.to_recipient(),
            place,
            digests: split.digests,
            shares: holders
                .iter()
                .map(|holder| holder.name.clone())
                .zip(shares)
                .collect(),
        };
        let body = sealing.body();
        let wrapping = Wrapping::Sealed {
            recipient: Recipient::Hybrid(Box::new(identity.to_recipient())),
            object,
            kind: KIND,
            body: Box::new(move |item| {
                let mut body = body.clone();
                body.insert("item".to_owned(), Value::from(item.to_string()));
                body
            }),
        };
        let receipt = self
            .receive_wrapped(writer, material, wrapping)
            .map_err(SealItemError::Receive)?;
        let key_holders = holders.into_iter().map(|holder| holder.name).collect();
        Ok(SealedItem {
            receipt,
            key_holders,
            threshold,
        })
    }

    /// How an item is sealed; refused if it is not, or not there.
    pub fn sealing(&self, reader: &Reader<'_>, item: ItemId) -> Result<Sealing, Fault> {
        let found = self.held_item(reader, item)?;
        self.sealing_of(reader, found.seq)?.ok_or(Fault::Refused)
    }

    /// The sealing stands right behind the entry that took the item in.
    pub(crate) fn sealing_of(
        &self,
        reader: &Reader<'_>,
        received_seq: u64,
    ) -> Result<Option<Sealing>, Fault> {
        let row = self
            .ledger()
            .entry_at(reader.circle, received_seq + 1)
            .map_err(Fault::of_ledger)?;
        let Some(row) = row else { return Ok(None) };
        match self.read_for(reader, row)? {
            crate::reading::Read::Entry(opened)
                if opened.envelope.entry().kind.as_str() == KIND =>
            {
                let object = VaultObject::from_bytes(
                    *self.object_at(reader.circle, received_seq)?.as_bytes(),
                );
                let place = SharePlace {
                    office: self.home.clone(),
                    circle: reader.circle,
                    object,
                };
                Sealing::read(opened.envelope.entry().body.clone(), place).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn object_at(&self, circle: CircleId, seq: u64) -> Result<ObjectId, Fault> {
        let row = self
            .ledger()
            .entry_at(circle, seq)
            .map_err(Fault::of_ledger)?;
        row.and_then(|row| row.object).ok_or(Fault::Refused)
    }

    /// Issues a warrant: who may open a sealed item, why, and until when. No share moves before it is countersigned.
    pub fn issue_warrant(
        &self,
        steward: &Steward<'_>,
        item: ItemId,
        reason: &str,
        requester: hybrid::Recipient,
        expires: Timestamp,
    ) -> Result<Accepted, WriteError> {
        let reader = &steward.reader;
        let found = self.held_item(reader, item).map_err(WriteError::Fault)?;
        let sealing = self
            .sealing_of(reader, found.seq)
            .map_err(WriteError::Fault)?
            .ok_or(WriteError::Fault(Fault::Refused))?;
        let warrant = Warrant {
            object: sealing.place.object,
            commitment: found.commitment,
            reason: reason.to_owned(),
            requester,
            expires,
            threshold: sealing.threshold,
        };
        for _ in 0..crate::house::TRIES_MAX {
            let writer = self.writer(reader.session, reader.circle)?;
            let seen = self
                .ledger()
                .head_of_circle(reader.circle)
                .map_err(Fault::of_ledger)
                .map_err(WriteError::Fault)?;
            let seen = seen.map(|head| head.commitment);
            let saying =
                Saying::plain(reader.circle, vault::warrant::KIND, warrant.to_body(), seen);
            let under = writer.under().map_err(WriteError::Fault)?;
            let said = self
                .say(&reader.session.pen(), &under, saying)
                .map_err(WriteError::Fault)?;
            let together = Together {
                said: vec![said],
                guards: vec![writer.guard.clone()],
                ..Together::default()
            };
            match self.enter(together) {
                Err(Fault::Moved) => continue,
                other => return other.and_then(only).map_err(WriteError::Fault),
            }
        }
        Err(WriteError::Fault(Fault::Moved))
    }

    /// The warrant as key-holders get it, with its proof; `None` while no published head covers it.
    pub fn warrant_file(
        &self,
        reader: &Reader<'_>,
        warrant: EntryId,
    ) -> Result<Option<WarrantFile>, Fault> {
        let row = self
            .ledger()
            .entry(warrant)
            .map_err(Fault::of_ledger)?
            .filter(|row| row.circle == reader.circle);
        let row = row.ok_or(Fault::Refused)?;
        let crate::reading::Read::Entry(opened) = self.read_for(reader, row)? else {
            return Err(Fault::Refused);
        };
        let (Some(index), Some(head)) = (opened.row.leaf_index, self.head()?) else {
            return Ok(None);
        };
        if index >= head.checkpoint.checkpoint().size {
            return Ok(None);
        }
        let opening = opened.opening.ok_or(Fault::Refused)?;
        Ok(Some(WarrantFile {
            place: record::commitment::Place {
                circle: opened.row.circle,
                seq: opened.row.seq,
                prev: opened.row.prev,
            },
            envelope: opened.envelope,
            salt1: opening.salt1,
            c_content: opening.content.commitment(),
            proof: self.proof_under(&head.checkpoint, index, None)?,
            continued: self.continuation(&head.checkpoint)?,
        }))
    }

    /// What ties the record's present name to that of the founding, where they differ.
    fn continuation(&self, checkpoint: &SignedCheckpoint) -> Result<Option<Proof>, Fault> {
        let origin = &checkpoint.checkpoint().origin;
        if *origin == self.home {
            return Ok(None);
        }
        let (index, envelope) = self.public_entry(|envelope| {
            let entry = envelope.entry();
            entry.kind.as_str() == CONTINUED_KIND && entry.office == *origin
        })?;
        let extra = Extra::Public(Box::new(envelope));
        self.proof_under(checkpoint, index, Some(extra)).map(Some)
    }

    /// Writes the sealed material as one age file, as closed as it is here. Returns its true size: what follows is padding.
    pub fn export_sealed(
        &self,
        reader: &Reader<'_>,
        item: ItemId,
        mut out: impl Write,
    ) -> Result<u64, Fault> {
        let found = self.held_item(reader, item)?;
        self.sealing_of(reader, found.seq)?.ok_or(Fault::Refused)?;
        let object = ObjectId::from_bytes(*found.object.as_bytes());
        let header = self.ledger().header(object).map_err(Fault::of_ledger)?;
        let header = header.ok_or_else(|| Fault::damaged("the header of an object is missing"))?;
        let stored = self.ledger().object(object).map_err(Fault::of_ledger)?;
        let stored = stored.ok_or_else(|| Fault::damaged("an object is missing"))?;
        out.write_all(&header).map_err(Fault::of_io)?;
        match stored.place {
            ObjectPlace::Own => {
                let mut payload = self.objects.open(&stored).map_err(Fault::of_disk)?;
                io::copy(&mut payload, &mut out).map_err(Fault::of_io)?;
            }
            ObjectPlace::Pack { .. } => {
                let payload = self.packs.read(&stored).map_err(Fault::damaged)?;
                out.write_all(&payload).map_err(Fault::of_io)?;
            }
        }
        out.flush().map_err(Fault::of_io)?;
        Ok(found.size_bytes)
    }
}

/// What the sealed material of an item is bound to, for whoever opens it with the shares.
pub fn sealed_binding(place: &SharePlace) -> Binding {
    Binding {
        office: place.office.clone(),
        circle: place.circle,
        epoch: 0,
        object: place.object,
        purpose: Purpose::Sealed,
    }
}

pub(crate) const KIND: &str = "item.sealed";

impl Sealing {
    /// What is known of the split without any share.
    pub fn split(&self) -> Split {
        Split::published(
            self.place.clone(),
            self.threshold,
            &self.recipient,
            self.digests.clone(),
        )
    }

    fn body(&self) -> canonical::Map {
        let digests = self
            .digests
            .iter()
            .map(|digest| Value::from(digest.to_string()))
            .collect::<Vec<_>>();
        let shares = self.shares.iter().map(|(holder, share)| {
            Value::Map(map! { "key_holder" => holder.as_str(), "share" => base64_text(share) })
        });
        map! {
            "threshold" => i64::from(self.threshold),
            "recipient" => self.recipient.to_string(),
            "digests" => digests,
            "shares" => shares.collect::<Vec<_>>(),
        }
    }

    fn read(body: canonical::Map, place: SharePlace) -> Result<Sealing, Fault> {
        let damaged = |error: canonical::FieldError| Fault::Damaged(format!("a sealing: {error}"));
        let mut fields = Fields::new(body);
        let _: ItemId = fields.parsed("item").map_err(damaged)?;
        let threshold =
            u8::try_from(fields.count("threshold").map_err(damaged)?).map_err(Fault::damaged)?;
        let recipient = fields.parsed("recipient").map_err(damaged)?;
        let digests = share::digests(&mut fields).map_err(damaged)?;
        let shares = fields.list_of_fields("shares").map_err(damaged)?;
        let shares = shares.into_iter().map(|mut fields| {
            let holder = fields.text("key_holder").map_err(damaged)?;
            let share = fields.text("share").map_err(damaged)?;
            Ok((holder, base64_bytes(&share).map_err(Fault::damaged)?))
        });
        let shares = shares.collect::<Result<Vec<_>, Fault>>()?;
        Ok(Sealing {
            threshold,
            recipient,
            place,
            digests,
            shares,
        })
    }
}

fn check_holders(holders: &[KeyHolder], threshold: u8) -> Result<(), SealItemError> {
    let named = holders.len();
    if threshold < 2 || named < usize::from(threshold) || named > KEY_HOLDERS_MAX {
        return Err(SealItemError::KeyHolders { named, threshold });
    }
    for holder in holders {
        let together = holders
            .iter()
            .filter(|other| other.jurisdiction == holder.jurisdiction)
            .count();
        if together >= usize::from(threshold) {
            return Err(SealItemError::OneJurisdiction(holder.jurisdiction.clone()));
        }
    }
    Ok(())
}

fn hybrid_recipient(holder: &KeyHolder) -> Result<hybrid::Recipient, Fault> {
    match holder.recipient.parse() {
        Ok(Recipient::Hybrid(recipient)) => Ok(*recipient),
        _ => Err(Fault::damaged("a key-holder's recipient")),
    }
}
