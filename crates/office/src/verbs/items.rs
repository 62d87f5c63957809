//! What a circle has: its items, each with its custody, its accesses and its mark.

use desk::ids::ItemId;
use desk::{Access, CustodyEvent, Item, ItemQuery, ItemState, ItemsPage};
use record::ids::CircleId;

use crate::fault::Fault;
use crate::mark::{Mark, mark_of};
use crate::permission::Reader;
use crate::session::Session;
use crate::{Office, held};

/// A page of items, each with its mark.
#[derive(Clone, Debug)]
pub struct ItemsOnPage {
    /// The page, as the view gives it.
    pub page: ItemsPage,
    /// The marks, in the order of the page's items.
    pub marks: Vec<Mark>,
}

/// One item with everything that is known of it.
#[derive(Clone, Debug)]
pub struct ItemSheet {
    /// Its circle.
    pub circle: CircleId,
    /// The item, or what is left of it.
    pub state: ItemState,
    /// What happened to the original.
    pub custody: Vec<CustodyEvent>,
    /// Who saw a copy, when and what for.
    pub accesses: Vec<Access>,
    /// How far its entry has come.
    pub mark: Mark,
}

impl Office {
    /// Items of a circle.
    pub fn items(&self, reader: &Reader<'_>, query: &ItemQuery) -> Result<ItemsOnPage, Fault> {
        let page = held(&*self.view(reader)?)
            .items(query)
            .map_err(|error| Fault::Failed(error.to_string()))?;
        let head = self.head()?;
        let mark = |item: &Item| {
            let row = self
                .ledger()
                .entry_at(reader.circle, item.seq)
                .map_err(Fault::of_ledger)?;
            Ok(mark_of(row.and_then(|row| row.leaf_index), head.as_ref()))
        };
        let marks = page.items.iter().map(mark).collect::<Result<_, Fault>>()?;
        Ok(ItemsOnPage { page, marks })
    }

    /// One item of a circle; refused if the circle has none of this id.
    pub fn item(&self, reader: &Reader<'_>, item: ItemId) -> Result<ItemSheet, Fault> {
        let view = self.view(reader)?;
        let view = held(&view);
        let failed = |error: desk::QueryError| Fault::Failed(error.to_string());
        let state = view.item(item).map_err(failed)?.ok_or(Fault::Refused)?;
        let seq = match &state {
            ItemState::Held(item) => item.seq,
            ItemState::Erased(erased) => erased.seq,
        };
        let row = self
            .ledger()
            .entry_at(reader.circle, seq)
            .map_err(Fault::of_ledger)?;
        Ok(ItemSheet {
            circle: reader.circle,
            custody: view.custody(item).map_err(failed)?,
            accesses: view.accesses(item).map_err(failed)?,
            mark: mark_of(row.and_then(|row| row.leaf_index), self.head()?.as_ref()),
            state,
        })
    }

    /// In which of the member's circles an item lies; refused if in none.
    pub fn circle_of_item(&self, session: &Session, item: ItemId) -> Result<CircleId, Fault> {
        for circle in self.all_circles()? {
            let reader = match self.reader(session, circle) {
                Ok(reader) => reader,
                Err(Fault::Refused) => continue,
                Err(error) => return Err(error),
            };
            let found = held(&*self.view(&reader)?)
                .item(item)
                .map_err(|error| Fault::Failed(error.to_string()))?;
            if found.is_some() {
                return Ok(circle);
            }
        }
        Err(Fault::Refused)
    }

    /// The item, if its content is held.
    pub(crate) fn held_item(&self, reader: &Reader<'_>, item: ItemId) -> Result<Item, Fault> {
        let found = held(&*self.view(reader)?)
            .item(item)
            .map_err(|error| Fault::Failed(error.to_string()))?;
        match found {
            Some(ItemState::Held(item)) => Ok(item),
            _ => Err(Fault::Refused),
        }
    }
}
