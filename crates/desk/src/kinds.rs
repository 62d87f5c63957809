//! The kinds of entry that are the desk's, and their bodies (docs/spec/kinds.md).
//!
//! A body is built and read here only. Reading refuses fields that are missing, unknown or outside their limits, so a body
//! means one thing.

use core::fmt;
use core::str::FromStr;

use record::canonical::{FieldError, Fields, Map};
use record::hash::Hash;
use record::ids::EntryId;
use record::map;

use crate::ids::{ItemId, ObjectId};

mod limits;

pub use limits::{
    FILE_NAME_BYTES_MAX, FOLDER_BYTES_MAX, MEDIA_TYPE_BYTES_MAX, PURPOSE_CHARS_MAX,
    REASON_CHARS_MAX, TOOL_CHARS_MAX,
};

/// The kind of an entry that takes material in.
pub const ITEM_RECEIVED: &str = "item.received";
/// The kind of an entry made before a copy is shown or handed out.
pub const ITEM_OPENED: &str = "item.opened";
/// The kind of an entry that says in which publication an item went out.
pub const ITEM_PUBLISHED: &str = "item.published";
/// The kind of an entry that destroys an item's content.
pub const ITEM_ERASED: &str = "item.erased";
/// The kind of an entry that says how an item's bytes were found.
pub const ITEM_CHECKED: &str = "item.checked";

/// What an entry of the desk says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemEntry {
    /// Material was taken in.
    Received(Received),
    /// A copy was asked for.
    Opened(Opened),
    /// The item is part of a publication.
    Published(Published),
    /// The content was destroyed.
    Erased(Erased),
    /// The bytes were read again and compared.
    Checked(Checked),
}

/// `item.received`: the material as it came, and where its bytes lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The new item.
    pub item: ItemId,
    /// Its encrypted bytes.
    pub object: ObjectId,
    /// The folder in which it came, relative to what was taken in, `/` between names; empty if it came alone.
    pub folder: String,
    /// The file name as it came, unchanged: it is evidence. Show it only through [`crate::name::visible`].
    pub file_name: String,
    /// What it looked like on arrival, such as `image/jpeg`.
    pub media_type: String,
    /// The plaintext's size.
    pub size_bytes: u64,
    /// The plaintext's SHA-256.
    pub sha256: Hash,
    /// The program and version that took it in.
    pub tool: String,
}

/// `item.opened`: durable before the first byte leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The item.
    pub item: ItemId,
    /// What the member said they need it for.
    pub purpose: String,
    /// How it left the vault.
    pub mode: Mode,
}

/// How a copy left the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Shown in a page; the reader may still have kept it.
    View,
    /// Handed out as a file.
    Copy,
}

/// `item.published`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The item.
    pub item: ItemId,
    /// The public entry `publication.made`.
    pub publication: EntryId,
}

/// `item.erased`: with it the ledger deletes the item's `item.received` entry, its keys and its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The item.
    pub item: ItemId,
    /// Why; it stays for good, so it should not repeat what is erased.
    pub reason: String,
}

/// `item.checked`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The item.
    pub item: ItemId,
    /// What was found.
    pub outcome: Outcome,
}

/// How an item's bytes were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They open, and their digest is that of `item.received`.
    Unaltered,
    /// They do not open, or their digest differs.
    Altered,
    /// There are none.
    Missing,
}

/// Why a body is not one of the desk's. The entry was made by a broken or a newer program; nothing of it is applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body of {kind} is refused: {reason}")]
pub struct BodyError {
    /// The kind of the entry.
    pub kind: String,
    /// The field that is wrong.
    #[source]
    pub reason: FieldError,
}

impl ItemEntry {
    /// Reads a body; `None` if `kind` is not the desk's.
    pub fn parse(kind: &str, body: &Map) -> Result<Option<ItemEntry>, BodyError> {
        let fields = Fields::new(body.clone());
        let parsed = match kind {
            ITEM_RECEIVED => Received::parse(fields).map(ItemEntry::Received),
            ITEM_OPENED => Opened::parse(fields).map(ItemEntry::Opened),
            ITEM_PUBLISHED => Published::parse(fields).map(ItemEntry::Published),
            ITEM_ERASED => Erased::parse(fields).map(ItemEntry::Erased),
            ITEM_CHECKED => Checked::parse(fields).map(ItemEntry::Checked),
            _ => return Ok(None),
        };
        match parsed {
            Ok(entry) => Ok(Some(entry)),
            Err(reason) => Err(BodyError {
                kind: kind.to_owned(),
                reason,
            }),
        }
    }

    /// The kind under which this body is entered.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            ItemEntry::Received(_) => ITEM_RECEIVED,
            ItemEntry::Opened(_) => ITEM_OPENED,
            ItemEntry::Published(_) => ITEM_PUBLISHED,
            ItemEntry::Erased(_) => ITEM_ERASED,
            ItemEntry::Checked(_) => ITEM_CHECKED,
        }
    }

    /// The body to enter, refused where a field breaks the limits that a reader holds.
    pub fn body(&self) -> Result<Map, BodyError> {
        let body = self.write();
        match ItemEntry::parse(self.kind(), &body) {
            Ok(_) => Ok(body),
            Err(error) => Err(error),
        }
    }

    fn write(&self) -> Map {
        match self {
            ItemEntry::Received(received) => received.write(),
            ItemEntry::Opened(opened) => map! {
                "item" => opened.item.to_string(),
                "purpose" => opened.purpose.as_str(),
                "mode" => opened.mode.to_string(),
            },
            ItemEntry::Published(published) => map! {
                "item" => published.item.to_string(),
                "publication" => published.publication.to_string(),
            },
            ItemEntry::Erased(erased) => map! {
                "item" => erased.item.to_string(),
                "reason" => erased.reason.as_str(),
            },
            ItemEntry::Checked(checked) => map! {
                "item" => checked.item.to_string(),
                "outcome" => checked.outcome.to_string(),
            },
        }
    }
}

impl Received {
    fn parse(mut fields: Fields) -> Result<Received, FieldError> {
        let received = Received {
            item: fields.parsed("item")?,
            object: fields.parsed("object")?,
            folder: limits::folder(fields.text("folder")?)?,
            file_name: limits::file_name(fields.text("file_name")?)?,
            media_type: limits::media_type(fields.text("media_type")?)?,
            size_bytes: fields.count("size")?,
            sha256: fields.hash("sha256")?,
            tool: limits::sentence("tool", TOOL_CHARS_MAX, fields.text("tool")?)?,
        };
        fields.finish()?;
        Ok(received)
    }

    fn write(&self) -> Map {
        map! {
            "item" => self.item.to_string(),
            "object" => self.object.to_string(),
            "folder" => self.folder.as_str(),
            "file_name" => self.file_name.as_str(),
            "media_type" => self.media_type.as_str(),
            "size" => self.size_bytes,
            "sha256" => self.sha256.to_string(),
            "tool" => self.tool.as_str(),
        }
    }
}

impl Opened {
    fn parse(mut fields: Fields) -> Result<Opened, FieldError> {
        let opened = Opened {
            item: fields.parsed("item")?,
            purpose: limits::sentence("purpose", PURPOSE_CHARS_MAX, fields.text("purpose")?)?,
            mode: fields.parsed("mode")?,
        };
        fields.finish()?;
        Ok(opened)
    }
}

impl Published {
    fn parse(mut fields: Fields) -> Result<Published, FieldError> {
        let published = Published {
            item: fields.parsed("item")?,
            publication: fields.parsed("publication")?,
        };
        fields.finish()?;
        Ok(published)
    }
}

impl Erased {
    fn parse(mut fields: Fields) -> Result<Erased, FieldError> {
        let erased = Erased {
            item: fields.parsed("item")?,
            reason: limits::sentence("reason", REASON_CHARS_MAX, fields.text("reason")?)?,
        };
        fields.finish()?;
        Ok(erased)
    }
}

impl Checked {
    fn parse(mut fields: Fields) -> Result<Checked, FieldError> {
        let checked = Checked {
            item: fields.parsed("item")?,
            outcome: fields.parsed("outcome")?,
        };
        fields.finish()?;
        Ok(checked)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::View => "view",
            Mode::Copy => "copy",
        })
    }
}

impl FromStr for Mode {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Mode, &'static str> {
        match text {
            "view" => Ok(Mode::View),
            "copy" => Ok(Mode::Copy),
            _ => Err("a mode is view or copy"),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Unaltered => "unaltered",
            Outcome::Altered => "altered",
            Outcome::Missing => "missing",
        })
    }
}

impl FromStr for Outcome {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Outcome, &'static str> {
        match text {
            "unaltered" => Ok(Outcome::Unaltered),
            "altered" => Ok(Outcome::Altered),
            "missing" => Ok(Outcome::Missing),
            _ => Err("an outcome is unaltered, altered or missing"),
        }
    }
}

#[cfg(test)]
mod tests;
