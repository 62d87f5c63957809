//! What is stated about an entity, and how an entry says it (docs/spec/desk.md).
//!
//! An entity has no record of its own that somebody could overwrite: it is what the statements about it, in their order, leave
//! standing. Two people who state the same field without having seen one another's words are both kept.

use core::fmt;
use core::str::FromStr;
use std::collections::BTreeMap;

use record::canonical::{FieldError, Fields, Map, Value};
use record::map;

use crate::ids::EntityId;
use crate::kinds::BodyError;

/// The kind of an entry that states fields of an entity; the first one makes it.
pub const ENTITY_STATED: &str = "entity.stated";
/// The kind of an entry that moves an entity through review.
pub const ENTITY_REVIEWED: &str = "entity.reviewed";
/// The kind of an entry that says what left the circle, to whom and what for.
pub const ENTITY_DISCLOSED: &str = "entity.disclosed";
/// The kind of an entry that destroys everything that was stated about an entity.
pub const ENTITY_ERASED: &str = "entity.erased";

/// Longest name of a type or field.
const NAME_BYTES_MAX: usize = 40;
/// Most fields that one statement sets.
pub const FIELDS_MAX: usize = 200;
/// Most values of one field.
pub const VALUES_MAX: usize = 500;
/// Longest value, in bytes: what an entry can hold at all.
const VALUE_BYTES_MAX: usize = 45_000;
/// Longest reason or comment, in characters.
pub const REASON_CHARS_MAX: usize = 1_000;

/// What an entry says about an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityEntry {
    /// Fields were stated.
    Stated(Statement),
    /// It moved through review.
    Reviewed(Review),
    /// Something of it left the circle.
    Disclosed(Disclosure),
    /// Everything stated about it was destroyed.
    Erased {
        /// The entity.
        entity: EntityId,
        /// Why; it stays for good.
        reason: String,
    },
}

/// `entity.stated`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The entity.
    pub entity: EntityId,
    /// Its type, such as `person`; always the same for one entity.
    pub type_name: String,
    /// The last statement about it that the writer saw, by its number in the circle; `None` for the first.
    pub seen: Option<u64>,
    /// The version of the vocabularies that the codes are of.
    pub version: u32,
    /// The fields that are set, each with all its values; no values means that the field is empty from now on.
    pub set: BTreeMap<String, Vec<String>>,
    /// Why, where something that stood there was changed; may be empty.
    pub reason: String,
    /// Where it came from, if it was not stated here first: a circle's share, an import and its row; may be empty.
    pub origin: String,
}

/// `entity.reviewed`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The entity.
    pub entity: EntityId,
    /// The last statement that the reviewer saw.
    pub seen: u64,
    /// What came of it.
    pub outcome: ReviewOutcome,
    /// What the reviewer says to the writer; may be empty.
    pub comment: String,
}

/// A step of review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewOutcome {
    /// The writer asks for review.
    Submitted,
    /// Somebody else has checked it.
    Reviewed,
    /// It goes back to the writer.
    Returned,
}

/// `entity.disclosed`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The entity.
    pub entity: EntityId,
    /// The last statement that went with it.
    pub seen: u64,
    /// What for, a code of the vocabulary `purpose`.
    pub purpose: String,
    /// To whom: a code of the vocabulary `recipient`.
    pub recipient: String,
    /// The recipient's name, or the id of the circle that got a copy; may be empty.
    pub named: String,
    /// In what detail, a code of the vocabulary `level`.
    pub level: String,
    /// What allowed it: the codes of consents and the ids of risk decisions.
    pub grounds: Vec<String>,
    /// The fields that went.
    pub fields: Vec<String>,
}

impl EntityEntry {
    /// Reads a body; `None` if `kind` is not of an entity.
    pub fn parse(kind: &str, body: &Map) -> Result<Option<EntityEntry>, BodyError> {
        let fields = Fields::new(body.clone());
        let parsed = match kind {
            ENTITY_STATED => Statement::parse(fields).map(EntityEntry::Stated),
            ENTITY_REVIEWED => Review::parse(fields).map(EntityEntry::Reviewed),
            ENTITY_DISCLOSED => Disclosure::parse(fields).map(EntityEntry::Disclosed),
            ENTITY_ERASED => erased(fields),
            _ => return Ok(None),
        };
        parsed.map(Some).map_err(|reason| BodyError {
            kind: kind.to_owned(),
            reason,
        })
    }

    /// The kind under which this body is entered.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            EntityEntry::Stated(_) => ENTITY_STATED,
            EntityEntry::Reviewed(_) => ENTITY_REVIEWED,
            EntityEntry::Disclosed(_) => ENTITY_DISCLOSED,
            EntityEntry::Erased { .. } => ENTITY_ERASED,
        }
    }

    /// The body to enter, refused where a field breaks the limits that a reader holds.
    pub fn body(&self) -> Result<Map, BodyError> {
        let body = match self {
            EntityEntry::Stated(statement) => statement.write(),
            EntityEntry::Reviewed(review) => review.write(),
            EntityEntry::Disclosed(disclosure) => disclosure.write(),
            EntityEntry::Erased { entity, reason } => map! {
                "entity" => entity.to_string(),
                "reason" => reason.as_str(),
            },
        };
        EntityEntry::parse(self.kind(), &body).map(|_| body)
    }
}

fn erased(mut fields: Fields) -> Result<EntityEntry, FieldError> {
    let entity = fields.parsed("entity")?;
    let reason = sentence("reason", fields.text("reason")?)?;
    fields.finish()?;
    Ok(EntityEntry::Erased { entity, reason })
}

impl Statement {
    fn parse(mut fields: Fields) -> Result<Statement, FieldError> {
        let statement = Statement {
            entity: fields.parsed("entity")?,
            type_name: name("type", fields.text("type")?)?,
            seen: seen(&mut fields)?,
            version: u32::try_from(fields.count("version")?)
                .map_err(|_| FieldError::value("version", "it is too large"))?,
            set: values(fields.map("set")?)?,
            reason: sentence("reason", fields.text("reason")?)?,
            origin: sentence("origin", fields.text("origin")?)?,
        };
        fields.finish()?;
        Ok(statement)
    }

    fn write(&self) -> Map {
        let list = |values: &Vec<String>| {
            Value::List(values.iter().map(|one| Value::Text(one.clone())).collect())
        };
        let set: Map = self
            .set
            .iter()
            .map(|(field, values)| (field.clone(), list(values)))
            .collect();
        map! {
            "entity" => self.entity.to_string(),
            "type" => self.type_name.as_str(),
            "seen" => self.seen.map_or(Value::Null, |seq| Value::Int(i64::try_from(seq).unwrap_or(i64::MAX))),
            "version" => u64::from(self.version),
            "set" => Value::Map(set),
            "reason" => self.reason.as_str(),
            "origin" => self.origin.as_str(),
        }
    }
}

fn seen(fields: &mut Fields) -> Result<Option<u64>, FieldError> {
    match fields.take("seen")? {
        Value::Null => Ok(None),
        Value::Int(seq) => u64::try_from(seq)
            .map(Some)
            .map_err(|_| FieldError::value("seen", "it is below zero")),
        _ => Err(FieldError::value("seen", "it is neither a number nor null")),
    }
}

fn values(set: Map) -> Result<BTreeMap<String, Vec<String>>, FieldError> {
    if set.is_empty() || set.len() > FIELDS_MAX {
        return Err(FieldError::value("set", "it sets no field, or too many"));
    }
    set.into_iter()
        .map(|(field, value)| Ok((name("set", field)?, texts("set", value)?)))
        .collect()
}

fn texts(field: &'static str, value: Value) -> Result<Vec<String>, FieldError> {
    let Value::List(list) = value else {
        return Err(FieldError::value(field, "a field holds no list"));
    };
    if list.len() > VALUES_MAX {
        return Err(FieldError::value(field, "a field holds too many values"));
    }
    list.into_iter()
        .map(|one| match one {
            Value::Text(text) if !text.is_empty() && text.len() <= VALUE_BYTES_MAX => Ok(text),
            _ => Err(FieldError::value(
                field,
                "a value is empty, too long, or no text",
            )),
        })
        .collect()
}

fn name(field: &'static str, text: String) -> Result<String, FieldError> {
    let is_name = (1..=NAME_BYTES_MAX).contains(&text.len())
        && text
            .bytes()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_');
    if is_name {
        Ok(text)
    } else {
        Err(FieldError::value(field, "a name is not of a-z, 0-9 and _"))
    }
}

fn sentence(field: &'static str, text: String) -> Result<String, FieldError> {
    if text.chars().count() > REASON_CHARS_MAX {
        return Err(FieldError::value(field, "it is too long"));
    }
    Ok(text)
}

impl Review {
    fn parse(mut fields: Fields) -> Result<Review, FieldError> {
        let review = Review {
            entity: fields.parsed("entity")?,
            seen: fields.count("seen")?,
            outcome: fields.parsed("outcome")?,
            comment: sentence("comment", fields.text("comment")?)?,
        };
        fields.finish()?;
        Ok(review)
    }

    fn write(&self) -> Map {
        map! {
            "entity" => self.entity.to_string(),
            "seen" => self.seen,
            "outcome" => self.outcome.to_string(),
            "comment" => self.comment.as_str(),
        }
    }
}

impl Disclosure {
    fn parse(mut fields: Fields) -> Result<Disclosure, FieldError> {
        let disclosure = Disclosure {
            entity: fields.parsed("entity")?,
            seen: fields.count("seen")?,
            purpose: name("purpose", fields.text("purpose")?)?,
            recipient: name("recipient", fields.text("recipient")?)?,
            named: sentence("named", fields.text("named")?)?,
            level: name("level", fields.text("level")?)?,
            grounds: texts("grounds", fields.take("grounds")?)?,
            fields: texts("fields", fields.take("fields")?)?,
        };
        fields.finish()?;
        Ok(disclosure)
    }

    fn write(&self) -> Map {
        let list = |texts: Vec<String>| Value::List(texts.into_iter().map(Value::Text).collect());
        map! {
            "entity" => self.entity.to_string(),
            "seen" => self.seen,
            "purpose" => self.purpose.as_str(),
            "recipient" => self.recipient.as_str(),
            "named" => self.named.as_str(),
            "level" => self.level.as_str(),
            "grounds" => list(self.grounds.clone()),
            "fields" => list(self.fields.clone()),
        }
    }
}

impl fmt::Display for ReviewOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ReviewOutcome::Submitted => "submitted",
            ReviewOutcome::Reviewed => "reviewed",
            ReviewOutcome::Returned => "returned",
        })
    }
}

impl FromStr for ReviewOutcome {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<ReviewOutcome, &'static str> {
        match text {
            "submitted" => Ok(ReviewOutcome::Submitted),
            "reviewed" => Ok(ReviewOutcome::Reviewed),
            "returned" => Ok(ReviewOutcome::Returned),
            _ => Err("an outcome is submitted, reviewed or returned"),
        }
    }
}
