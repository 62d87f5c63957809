//! The desk: material and its custody, as the members of one circle see it.
//!
//! The desk's entries say what was taken in, who opened it and why, what was published, checked, erased. A [`View`] is those
//! entries applied in order into tables that can be searched: one SQLCipher file for a circle, under a key that the
//! caller gives. A view is a cache. Whoever doubts one deletes it and applies the circle's entries again, and gets the same
//! [`dump`](View::dump).
//!
//! Deliberately absent: keys and how they are kept, signatures (checked before an entry is accepted), the clock, permission.
//!
//! ```
//! use desk::{Arrival, View, ViewKey};
//! use record::hash::Hash;
//!
//! let folder = tempfile::tempdir()?;
//! let mut view = View::open(&folder.path().join("circle"), &ViewKey::new([7; 32]))?;
//! view.apply_all([(0, Arrival::Erased)])?;
//! assert_eq!(view.next_seq()?, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod consent;
pub mod fold;
pub mod ids;
pub mod import;
pub mod kinds;
pub mod model;
pub mod name;
pub mod statement;
mod view;

pub use view::{
    Access, Applied, ApplyError, Arrival, Context, Cursor, CustodyEvent, DisclosureMade, Entity,
    EntityCursor, EntityLine, EntityPage, EntityQuery, EntitySort, ErasedItem, Facet, Fact, Filter,
    Item, ItemQuery, ItemState, ItemsPage, OpenError, PAGE_ENTITIES_MAX, PAGE_ITEMS_MAX,
    PremisEvent, QueryError, Relation, ReviewStep, Sort, StatementMade, TOTAL_MAX, View, ViewKey,
};
