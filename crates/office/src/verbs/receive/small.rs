//! Many small pieces at once: encrypted in memory, beside each other in a pack, entered in one transaction.

use desk::ids::ItemId;
use desk::kinds::ItemEntry;
use record::hash::{Hash, sha256};
use store::ledger::ObjectId;
use vault::binding::Binding;
use vault::small::{self, Small, SmallSealed};

use super::enter::Incoming;
use super::{Drawn, Named, Receipt, ReceiveError, SNIFFED_BYTES, Wrapping, on_disk};
use crate::entering::Accepted;
use crate::fault::Fault;
use crate::permission::Writer;
use crate::{Office, disclosure, held};

/// Up to this size material is encrypted in memory and lies in a pack with others: header and padding must fit a pack's 64 KiB.
pub const SMALL_MATERIAL_BYTES_MAX: usize = 56 * 1024;

/// Threads that encrypt beside each other.
const SEALING_THREADS: usize = 2;

/// Material of at most [`SMALL_MATERIAL_BYTES_MAX`] bytes.
pub struct SmallMaterial {
    /// Its bytes.
    pub content: Vec<u8>,
    /// As in [`Material`](super::Material).
    pub folder: String,
    /// As in [`Material`](super::Material).
    pub file_name: String,
}

impl Office {
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
        let new: Vec<(&SmallMaterial, &Drawn)> = batch
            .iter()
            .zip(&drawn)
            .zip(&receipts)
            .filter_map(|(piece, known)| known.is_none().then_some(piece))
            .collect();
        let entered = self.store_small(writer, &new)?;
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
        new: &[(&SmallMaterial, &Drawn)],
    ) -> Result<Vec<Accepted>, ReceiveError> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let sealed = self.seal_small(writer, new)?;
        let entries: Vec<ItemEntry> = new
            .iter()
            .zip(&sealed)
            .map(|((material, drawn), small)| named(material).received(drawn, &small.sealed))
            .collect();
        entries
            .iter()
            .try_for_each(|entry| entry.body().map(drop))
            .map_err(ReceiveError::Name)?;
        let payloads: Vec<(ObjectId, &[u8])> = new
            .iter()
            .zip(&sealed)
            .map(|((_, drawn), small)| (ObjectId::from_bytes(drawn.object), &small.payload[..]))
            .collect();
        let stored = self.packs.store(&payloads).map_err(on_disk)?;
        let incoming: Vec<Incoming> = entries
            .into_iter()
            .zip(sealed)
            .zip(stored)
            .map(|((entry, small), stored)| Incoming {
                entry,
                sealed: small.sealed,
                stored,
            })
            .collect();
        // Small material is never sealed, so no item needs to be named.
        let no_item = ItemId::from_bytes([0; 16]);
        self.enter_received(writer, &incoming, &Wrapping::Circle, no_item)
    }

    fn seal_small(
        &self,
        writer: &Writer<'_>,
        new: &[(&SmallMaterial, &Drawn)],
    ) -> Result<Vec<SmallSealed>, ReceiveError> {
        let bindings: Vec<Binding> = new
            .iter()
            .map(|(_, drawn)| self.binding(writer, drawn.object))
            .collect();
        let small: Vec<Small<'_>> = new
            .iter()
            .zip(&bindings)
            .map(|((material, _), binding)| Small {
                plaintext: &material.content,
                binding,
            })
            .collect();
        let recipient = [writer.reader.chain.recipient().clone()];
        let dice = &mut self.setting.dice();
        small::seal_batch(&small, &recipient, SEALING_THREADS, dice)
            .map_err(|error| ReceiveError::Fault(Fault::Failed(error.to_string())))
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
}

fn sniffed(content: &[u8]) -> &[u8] {
    &content[..content.len().min(SNIFFED_BYTES)]
}

fn named(material: &SmallMaterial) -> Named<'_> {
    Named {
        folder: &material.folder,
        file_name: &material.file_name,
        media_type: disclosure::media_type(sniffed(&material.content)),
    }
}
