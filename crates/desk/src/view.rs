//! One circle's entries as tables.

use std::path::Path;

use rusqlite::Connection;

mod apply;
mod custody;
mod entities;
mod file;
mod items;
mod query;
mod schema;

pub use apply::{Applied, ApplyError, Arrival, Context};
pub use custody::{Access, CustodyEvent, PremisEvent};
pub use entities::{
    DisclosureMade, Entity, EntityCursor, EntityLine, EntityPage, EntityQuery, EntitySort, Facet,
    Fact, Filter, PAGE_ENTITIES_MAX, Relation, ReviewStep, StatementMade, TOTAL_MAX,
};
pub use file::{OpenError, ViewKey};
pub use items::{Cursor, ErasedItem, Item, ItemQuery, ItemState, ItemsPage, PAGE_ITEMS_MAX, Sort};
pub use query::QueryError;

/// The view of one circle: a SQLCipher file, opened with its key.
///
/// Entries are applied in order of their sequence numbers, each together with `applied_seq` in one transaction, so that a
/// crash leaves the view at some earlier entry and never between two. Two processes may hold the same view: the one that
/// comes second finds its entries applied.
#[derive(Debug)]
pub struct View {
    connection: Connection,
}

impl View {
    /// Opens the view at `path`, or makes an empty one there.
    ///
    /// A file that cannot be read with this key, is damaged, or was made by another version is
    /// [`OpenError::Unreadable`]: delete it with [`View::delete`] and apply the circle's entries again.
    pub fn open(path: &Path, key: &ViewKey) -> Result<View, OpenError> {
        file::open(path, key).map(|connection| View { connection })
    }

    /// An empty view in memory, for a machine whose disk takes no view. It answers as any other and ends with the process.
    pub fn in_memory() -> Result<View, OpenError> {
        file::in_memory().map(|connection| View { connection })
    }

    /// Deletes the view's files at `path`, if there are any.
    pub fn delete(path: &Path) -> std::io::Result<()> {
        file::delete(path)
    }

    /// The sequence number of the last entry applied; `None` while there is none.
    pub fn applied_seq(&self) -> Result<Option<u64>, QueryError> {
        Ok(self.next_seq()?.checked_sub(1))
    }

    /// The sequence number of the entry to apply next.
    pub fn next_seq(&self) -> Result<u64, QueryError> {
        apply::next_seq(&self.connection)
            .map_err(|error| QueryError::from_sql("read how far the view has come", error))
    }

    /// Everything the view holds, line by line in a fixed order: equal for equal entries, whenever they were applied.
    pub fn dump(&self) -> Result<String, QueryError> {
        query::dump(&self.connection)
    }
}
