//! Items: one by its id, or pages of them.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use record::entry::Timestamp;
use record::hash::Hash;
use record::ids::MemberId;
use rusqlite::{OptionalExtension, Row, params};

use super::query::{Bytes, Count, Parsed};
use super::{QueryError, View};
use crate::fold;
use crate::ids::{ItemId, ObjectId};

/// The most items on a page; a larger wish is cut to this. A page of HTML of this size stays readable.
pub const PAGE_ITEMS_MAX: u32 = 1_000;

/// What the circle holds now, as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The item.
    pub item: ItemId,
    /// The number in the circle of the entry that received it.
    pub seq: u64,
    /// Its encrypted bytes.
    pub object: ObjectId,
    /// The folder in which it came; empty if it came alone.
    pub folder: String,
    /// The file name as it came. Show it only through [`crate::name::visible`].
    pub file_name: String,
    /// What it looked like on arrival.
    pub media_type: String,
    /// The plaintext's size.
    pub size_bytes: u64,
    /// The plaintext's SHA-256.
    pub sha256: Hash,
    /// The program that took it in.
    pub tool: String,
    /// When it was received, by the clock of whoever received it.
    pub at: Timestamp,
    /// Who received it.
    pub by: MemberId,
    /// The commitment of its `item.received`.
    pub commitment: Hash,
}

/// An item whose content was destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedItem {
    /// The item.
    pub item: ItemId,
    /// The number in the circle of the entry that erased it.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: MemberId,
    /// Why.
    pub reason: String,
    /// The commitment of its `item.erased`.
    pub commitment: Hash,
}

/// An item, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// It is held.
    Held(Item),
    /// Its content was destroyed.
    Erased(ErasedItem),
}

/// Which items, in which order, from where on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemQuery {
    /// Words that must all be found in the name or folder, each as the beginning of a word; empty for all items.
    pub text: String,
    /// A media type (`image/jpeg`) or a class of them (`image`); `None` for all.
    pub media_type: Option<String>,
    /// In which order.
    pub sort: Sort,
    /// How many at most, up to [`PAGE_ITEMS_MAX`].
    pub limit: u32,
    /// Where the page before ended; `None` for the first page.
    pub after: Option<Cursor>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Last received first.
    #[default]
    Newest,
    /// First received first.
    Oldest,
    /// By folded file name.
    Name,
    /// Largest first.
    Size,
}

/// The end of a page, to continue from. It can stand in an address: it tells no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(u64);

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemsPage {
    /// The items of this page.
    pub items: Vec<Item>,
    /// How many the whole list has.
    pub total: u64,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<Cursor>,
}

impl Default for ItemQuery {
    fn default() -> ItemQuery {
        ItemQuery {
            text: String::new(),
            media_type: None,
            sort: Sort::Newest,
            limit: 50,
            after: None,
        }
    }
}

impl View {
    /// An item by its id, `None` if the circle never had it.
    pub fn item(&self, item: ItemId) -> Result<Option<ItemState>, QueryError> {
        let held = || -> rusqlite::Result<Option<ItemState>> {
            let row = self
                .connection
                .prepare_cached(SELECT_ITEM)?
                .query_row([item.as_bytes()], read_item)
                .optional()?;
            match row {
                Some(item) => Ok(Some(ItemState::Held(item))),
                None => Ok(self.erased_item(item)?.map(ItemState::Erased)),
            }
        };
        held().map_err(|error| QueryError::from_sql("look an item up", error))
    }

    /// The items that hold exactly these bytes, first received first.
    pub fn items_with_digest(&self, sha256: Hash) -> Result<Vec<Item>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<Item>> {
            self.connection
                .prepare_cached(SELECT_BY_DIGEST)?
                .query_map([sha256.as_bytes()], read_item)?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("look for copies of an item", error))
    }

    /// The erased items, last erased first.
    pub fn erased_items(&self) -> Result<Vec<ErasedItem>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<ErasedItem>> {
            self.connection
                .prepare_cached(SELECT_ERASURES)?
                .query_map([], read_erased)?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("list the erased items", error))
    }

    /// One page of a list of items.
    pub fn items(&self, query: &ItemQuery) -> Result<ItemsPage, QueryError> {
        let Some(matching) = matching(&query.text) else {
            return Ok(ItemsPage {
                items: Vec::new(),
                total: 0,
                next: None,
            });
        };
        self.refuse_lost_cursor(query.after)?;
        let page = || -> rusqlite::Result<ItemsPage> {
            let limit = query.limit.clamp(1, PAGE_ITEMS_MAX);
            let mut items = self.page(query, matching.as_deref(), limit + 1)?;
            let more = items.len() > limit as usize;
            items.truncate(limit as usize);
            let next = items.last().filter(|_| more).map(|last| Cursor(last.seq));
            let total = self.total(query, matching.as_deref())?;
            Ok(ItemsPage { items, total, next })
        };
        page().map_err(|error| QueryError::from_sql("list the items", error))
    }

    fn page(
        &self,
        query: &ItemQuery,
        matching: Option<&str>,
        limit: u32,
    ) -> rusqlite::Result<Vec<Item>> {
        let after = query.after.map(|cursor| Count(cursor.0));
        let select = format!(
            "{SELECT_MATCHING} AND (?3 IS NULL OR {}) ORDER BY {} LIMIT ?4",
            query.sort.beyond(),
            query.sort.order()
        );
        self.connection
            .prepare_cached(&select)?
            .query_map(params![matching, query.media_type, after, limit], read_item)?
            .collect()
    }

    fn total(&self, query: &ItemQuery, matching: Option<&str>) -> rusqlite::Result<u64> {
        self.connection
            .prepare_cached(COUNT_MATCHING)?
            .query_row(params![matching, query.media_type], |row| row.get(0))
            .map(|Count(total)| total)
    }

    fn refuse_lost_cursor(&self, after: Option<Cursor>) -> Result<(), QueryError> {
        let Some(Cursor(seq)) = after else {
            return Ok(());
        };
        let exists = || {
            self.connection
                .prepare_cached("SELECT 1 FROM items WHERE seq = ?1")?
                .exists([Count(seq)])
        };
        match exists() {
            Ok(true) => Ok(()),
            Ok(false) => Err(QueryError::CursorGone),
            Err(error) => Err(QueryError::from_sql(
                "find where the page before ended",
                error,
            )),
        }
    }

    fn erased_item(&self, item: ItemId) -> rusqlite::Result<Option<ErasedItem>> {
        self.connection
            .prepare_cached(SELECT_ERASURE)?
            .query_row([item.as_bytes()], read_erased)
            .optional()
    }
}

const SELECT_ITEM: &str = "SELECT item, seq, object, folder, file_name, media_type, size_bytes, sha256, tool, at, by, commitment
    FROM items WHERE item = ?1";

const SELECT_BY_DIGEST: &str = "SELECT item, seq, object, folder, file_name, media_type, size_bytes, sha256, tool, at, by, commitment
    FROM items WHERE sha256 = ?1 ORDER BY seq";

/// ?1: an FTS5 expression or null; ?2: a media type, a class of them, or null.
const SELECT_MATCHING: &str = "SELECT item, seq, object, folder, file_name, media_type, size_bytes, sha256, tool, at, by, commitment
    FROM items
    WHERE (?1 IS NULL OR seq IN (SELECT rowid FROM item_words WHERE item_words MATCH ?1))
    AND (?2 IS NULL OR media_type = ?2 OR substr(media_type, 1, length(?2) + 1) = ?2 || '/')";

const COUNT_MATCHING: &str = "SELECT count(*) FROM items
    WHERE (?1 IS NULL OR seq IN (SELECT rowid FROM item_words WHERE item_words MATCH ?1))
    AND (?2 IS NULL OR media_type = ?2 OR substr(media_type, 1, length(?2) + 1) = ?2 || '/')";

const SELECT_ERASURE: &str =
    "SELECT item, seq, at, by, reason, commitment FROM erasures WHERE item = ?1";

const SELECT_ERASURES: &str =
    "SELECT item, seq, at, by, reason, commitment FROM erasures ORDER BY seq DESC";

impl Sort {
    /// What is beyond the cursor ?3 in this order.
    fn beyond(self) -> &'static str {
        match self {
            Sort::Newest => "seq < ?3",
            Sort::Oldest => "seq > ?3",
            Sort::Name => "(sort_name, seq) > (SELECT sort_name, seq FROM items WHERE seq = ?3)",
            Sort::Size => "(size_bytes, seq) < (SELECT size_bytes, seq FROM items WHERE seq = ?3)",
        }
    }

    fn order(self) -> &'static str {
        match self {
            Sort::Newest => "seq DESC",
            Sort::Oldest => "seq",
            Sort::Name => "sort_name, seq",
            Sort::Size => "size_bytes DESC, seq DESC",
        }
    }
}

/// The FTS5 expression of a search: `Some(None)` for an empty one, which finds all; `None` for one without any word, which finds
/// nothing. Words are letters and digits only, so nothing of FTS5's own language gets through.
#[expect(
    clippy::option_option,
    reason = "no condition and an impossible condition are different answers"
)]
fn matching(text: &str) -> Option<Option<String>> {
    if text.trim().is_empty() {
        return Some(None);
    }
    let words = fold::words(text);
    if words.is_empty() {
        return None;
    }
    let terms: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    Some(Some(terms.join(" ")))
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        item: ItemId::from_bytes(row.get::<_, Bytes<16>>(0)?.0),
        seq: row.get::<_, Count>(1)?.0,
        object: ObjectId::from_bytes(row.get::<_, Bytes<16>>(2)?.0),
        folder: row.get(3)?,
        file_name: row.get(4)?,
        media_type: row.get(5)?,
        size_bytes: row.get::<_, Count>(6)?.0,
        sha256: Hash::from_bytes(row.get::<_, Bytes<32>>(7)?.0),
        tool: row.get(8)?,
        at: row.get::<_, Parsed<_>>(9)?.0,
        by: MemberId::from_bytes(row.get::<_, Bytes<16>>(10)?.0),
        commitment: Hash::from_bytes(row.get::<_, Bytes<32>>(11)?.0),
    })
}

fn read_erased(row: &Row<'_>) -> rusqlite::Result<ErasedItem> {
    Ok(ErasedItem {
        item: ItemId::from_bytes(row.get::<_, Bytes<16>>(0)?.0),
        seq: row.get::<_, Count>(1)?.0,
        at: row.get::<_, Parsed<_>>(2)?.0,
        by: MemberId::from_bytes(row.get::<_, Bytes<16>>(3)?.0),
        reason: row.get(4)?,
        commitment: Hash::from_bytes(row.get::<_, Bytes<32>>(5)?.0),
    })
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Cursor {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Cursor, ParseIntError> {
        text.parse().map(Cursor)
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sort::Newest => "newest",
            Sort::Oldest => "oldest",
            Sort::Name => "name",
            Sort::Size => "size",
        })
    }
}

impl FromStr for Sort {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Sort, &'static str> {
        match text {
            "newest" => Ok(Sort::Newest),
            "oldest" => Ok(Sort::Oldest),
            "name" => Ok(Sort::Name),
            "size" => Ok(Sort::Size),
            _ => Err("an order is newest, oldest, name or size"),
        }
    }
}
