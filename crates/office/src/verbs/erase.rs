//! An item's content is destroyed; the record keeps a commitment that says nothing.

use desk::ids::ItemId;
use desk::kinds::{Erased, ItemEntry};
use store::ledger::ObjectPlace;

use crate::fault::Fault;
use crate::permission::{Steward, WriteError};
use crate::{Accepted, Office};

impl Office {
    /// Erases an item: one entry says so and why; the item's own entry, its keys and its bytes are destroyed. There is no way back,
    /// but from a backup that still has its keys.
    pub fn erase(
        &self,
        steward: &Steward<'_>,
        item: ItemId,
        reason: &str,
    ) -> Result<Accepted, WriteError> {
        let reader = &steward.reader;
        let found = self.held_item(reader, item).map_err(WriteError::Fault)?;
        let writer = self.writer(reader.session, reader.circle)?;
        let entry = ItemEntry::Erased(Erased {
            item,
            reason: reason.to_owned(),
        });
        let accepted = self.enter_item(&writer, &entry, vec![(reader.circle, found.seq)])?;
        self.destroy_discarded().map_err(WriteError::Fault)?;
        Ok(accepted)
    }

    /// Destroys the bytes of what was erased: now, or after a crash came between.
    pub(crate) fn destroy_discarded(&self) -> Result<(), Fault> {
        let discards = self.ledger().discards().map_err(Fault::of_ledger)?;
        if discards.is_empty() {
            return Ok(());
        }
        for discard in discards {
            match discard.place {
                ObjectPlace::Own => self
                    .objects
                    .destroy(discard.object)
                    .map_err(Fault::of_disk)?,
                ObjectPlace::Pack { .. } => self.packs.destroy(&discard).map_err(Fault::of_disk)?,
            }
            self.ledger()
                .discarded(discard.object)
                .map_err(Fault::of_ledger)?;
        }
        self.ledger().settle_log().map_err(Fault::of_ledger)
    }

    /// What every start does before anything else.
    pub(crate) fn tidy_up(&self) -> Result<(), Fault> {
        self.destroy_discarded()?;
        self.finish_reconciling()
    }
}
