//! Entities: what stands of each, its history, and the lists that searches give.

use record::entry::Timestamp;
use record::hash::Hash;
use record::ids::MemberId;
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use super::query::{Bytes, Count, Parsed};
use super::{QueryError, View};
use crate::ids::EntityId;

mod apply;
mod search;
mod title;

pub use search::{
    EntityCursor, EntityPage, EntityQuery, EntitySort, Facet, Filter, PAGE_ENTITIES_MAX, TOTAL_MAX,
};

/// An entity as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityLine {
    /// Its id.
    pub entity: EntityId,
    /// Its type.
    pub type_name: String,
    /// What it is called, in English where a part of it is a term; empty if nothing that names it stands.
    pub title: String,
    stored_title: String,
    /// `draft`, `submitted`, `reviewed` or `returned`.
    pub state: String,
    /// The number of the first statement about it in the circle.
    pub seq: u64,
    /// The number of the last one.
    pub changed: u64,
    /// When it was first stated.
    pub at: Timestamp,
    /// Who stated it first.
    pub by: MemberId,
}

/// One value that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The field.
    pub field: String,
    /// The statement that it comes from; where a field has facts of several, they contradict each other.
    pub seq: u64,
    /// The value, in the form of the field's shape.
    pub value: String,
    /// Who stated it.
    pub by: MemberId,
    /// When.
    pub at: Timestamp,
}

/// An entity with everything that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its line.
    pub line: EntityLine,
    /// What stands, by field, statement and place.
    pub facts: Vec<Fact>,
}

impl Entity {
    /// The values of a field that stand.
    pub fn values<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let of_field = self.facts.iter().filter(move |fact| fact.field == field);
        of_field.map(|fact| fact.value.as_str())
    }

    /// Whether two people stated a field without having seen one another's words.
    #[must_use]
    pub fn is_contested(&self, field: &str) -> bool {
        let mut seqs = self
            .facts
            .iter()
            .filter(|fact| fact.field == field)
            .map(|fact| fact.seq);
        seqs.next()
            .is_some_and(|first| seqs.any(|other| other != first))
    }
}

/// A statement as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementMade {
    /// Its number in the circle.
    pub seq: u64,
    /// The last statement that its writer had seen.
    pub seen: Option<u64>,
    /// The version of the vocabularies that its codes are of.
    pub version: u32,
    /// Why, if they said so.
    pub reason: String,
    /// Where it came from, if it was not stated here first.
    pub origin: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: MemberId,
    /// The entry's commitment.
    pub commitment: Hash,
    /// The fields that it set, with their values in order.
    pub set: Vec<(String, Vec<String>)>,
}

/// A step of review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewStep {
    /// Its number in the circle.
    pub seq: u64,
    /// `submitted`, `reviewed` or `returned`.
    pub outcome: String,
    /// What the reviewer said.
    pub comment: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: MemberId,
}

/// Something of an entity that left the circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisclosureMade {
    /// Its number in the circle.
    pub seq: u64,
    /// The entity.
    pub entity: EntityId,
    /// What for.
    pub purpose: String,
    /// To whom, as a class.
    pub recipient: String,
    /// To whom, by name; may be empty.
    pub named: String,
    /// In what detail.
    pub level: String,
    /// What allowed it: codes of consents, ids of risk decisions.
    pub grounds: Vec<String>,
    /// The fields that went.
    pub fields: Vec<String>,
    /// When.
    pub at: Timestamp,
    /// Who handed it over.
    pub by: MemberId,
}

/// How many entities of a type point here with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Their type.
    pub type_name: String,
    /// The field with which they point here.
    pub field: String,
    /// How many.
    pub count: u64,
}

/// The columns of a line, in the order that [`read_line`] takes them.
const LINE: &str = "entity, type, title, state, seq, changed, at, by";

impl EntityLine {
    /// What it is called in a language, by its tag; empty if nothing that names it stands.
    #[must_use]
    pub fn title_in(&self, tag: &str) -> String {
        title::in_language(&self.stored_title, tag)
    }
}

fn read_line(row: &Row<'_>) -> rusqlite::Result<EntityLine> {
    let stored_title: String = row.get(2)?;
    Ok(EntityLine {
        entity: EntityId::from_bytes(row.get::<_, Bytes<16>>(0)?.0),
        type_name: row.get(1)?,
        title: title::in_language(&stored_title, "en"),
        stored_title,
        state: row.get(3)?,
        seq: row.get::<_, Count>(4)?.0,
        changed: row.get::<_, Count>(5)?.0,
        at: row.get::<_, Parsed<_>>(6)?.0,
        by: member(row, 7)?,
    })
}

fn member(row: &Row<'_>, column: usize) -> rusqlite::Result<MemberId> {
    row.get::<_, Bytes<16>>(column)
        .map(|bytes| MemberId::from_bytes(bytes.0))
}

impl View {
    /// An entity by its id; `None` if the circle has none, or it was erased.
    pub fn entity(&self, entity: EntityId) -> Result<Option<Entity>, QueryError> {
        let found = || -> rusqlite::Result<Option<Entity>> {
            let line = self
                .connection
                .prepare_cached(&format!("SELECT {LINE} FROM entities WHERE entity = ?1"))?
                .query_row([entity.as_bytes()], read_line)
                .optional()?;
            let Some(line) = line else {
                return Ok(None);
            };
            let facts = self
                .connection
                .prepare_cached(
                    "SELECT facts.field, facts.seq, facts.value, statements.by, statements.at
                     FROM facts JOIN statements ON statements.seq = facts.seq
                     WHERE facts.of = ?1 ORDER BY facts.field, facts.seq, facts.place",
                )?
                .query_map([Count(line.seq)], |row| {
                    Ok(Fact {
                        field: row.get(0)?,
                        seq: row.get::<_, Count>(1)?.0,
                        value: row.get(2)?,
                        by: member(row, 3)?,
                        at: row.get::<_, Parsed<_>>(4)?.0,
                    })
                })?
                .collect::<rusqlite::Result<_>>()?;
            Ok(Some(Entity { line, facts }))
        };
        found().map_err(|error| QueryError::from_sql("look an entity up", error))
    }

    /// The lines of several entities, for the titles of what one points to; those that are not there are left out.
    pub fn entity_lines(&self, entities: &[EntityId]) -> Result<Vec<EntityLine>, QueryError> {
        let lines = || -> rusqlite::Result<Vec<EntityLine>> {
            let mut select = self
                .connection
                .prepare_cached(&format!("SELECT {LINE} FROM entities WHERE entity = ?1"))?;
            let mut lines = Vec::new();
            for entity in entities {
                lines.extend(
                    select
                        .query_row([entity.as_bytes()], read_line)
                        .optional()?,
                );
            }
            Ok(lines)
        };
        lines().map_err(|error| QueryError::from_sql("look entities up", error))
    }

    /// Every statement about an entity, first made first.
    pub fn history(&self, entity: EntityId) -> Result<Vec<StatementMade>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<StatementMade>> {
            let mut made: Vec<StatementMade> = self
                .connection
                .prepare_cached(
                    "SELECT seq, seen, version, reason, origin, at, by, commitment FROM statements
                     WHERE of = (SELECT seq FROM entities WHERE entity = ?1) ORDER BY seq",
                )?
                .query_map([entity.as_bytes()], read_statement)?
                .collect::<rusqlite::Result<_>>()?;
            for one in &mut made {
                one.set = self.stated(one.seq)?;
            }
            Ok(made)
        };
        rows().map_err(|error| QueryError::from_sql("read the history of an entity", error))
    }

    fn stated(&self, seq: u64) -> rusqlite::Result<Vec<(String, Vec<String>)>> {
        let mut set: Vec<(String, Vec<String>)> = Vec::new();
        let mut select = self.connection.prepare_cached(
            "SELECT field, place, value FROM stated WHERE seq = ?1 ORDER BY field, place",
        )?;
        let mut rows = select.query([Count(seq)])?;
        while let Some(row) = rows.next()? {
            let (field, place, value): (String, i64, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            let values = match set.last_mut() {
                Some((last, values)) if *last == field => values,
                _ => {
                    set.push((field, Vec::new()));
                    let Some((_, values)) = set.last_mut() else {
                        continue;
                    };
                    values
                }
            };
            if place >= 0 {
                values.push(value);
            }
        }
        Ok(set)
    }

    /// The steps of an entity's review, first made first.
    pub fn reviews(&self, entity: EntityId) -> Result<Vec<ReviewStep>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<ReviewStep>> {
            self.connection
                .prepare_cached(
                    "SELECT seq, outcome, comment, at, by FROM reviews
                     WHERE of = (SELECT seq FROM entities WHERE entity = ?1) ORDER BY seq",
                )?
                .query_map([entity.as_bytes()], |row| {
                    Ok(ReviewStep {
                        seq: row.get::<_, Count>(0)?.0,
                        outcome: row.get(1)?,
                        comment: row.get(2)?,
                        at: row.get::<_, Parsed<_>>(3)?.0,
                        by: member(row, 4)?,
                    })
                })?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("read the review of an entity", error))
    }

    /// What left the circle, last first: of one entity, or of all.
    pub fn disclosures(
        &self,
        entity: Option<EntityId>,
        limit: u32,
    ) -> Result<Vec<DisclosureMade>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<DisclosureMade>> {
            self.connection
                .prepare_cached(
                    "SELECT seq, entity, purpose, recipient, named, level, grounds, fields, at, by FROM disclosures
                     WHERE ?1 IS NULL OR entity = ?1 ORDER BY seq DESC LIMIT ?2",
                )?
                .query_map(params![entity.map(|id| *id.as_bytes()), limit], read_disclosure)?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("list what left the circle", error))
    }

    /// Which entities point to this one, counted by type and field.
    pub fn relations(&self, entity: EntityId) -> Result<Vec<Relation>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<Relation>> {
            self.connection
                .prepare_cached(
                    "SELECT entities.type, facts.field, count(DISTINCT facts.of) FROM facts JOIN entities ON entities.seq = facts.of
                     WHERE facts.target = ?1 GROUP BY entities.type, facts.field ORDER BY entities.type, facts.field",
                )?
                .query_map([entity.as_bytes()], |row| {
                    Ok(Relation {
                        type_name: row.get(0)?,
                        field: row.get(1)?,
                        count: row.get::<_, Count>(2)?.0,
                    })
                })?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("count what points to an entity", error))
    }

    /// The entity that came from there, if any did: how an import that is run again finds what it made before.
    pub fn entity_of_origin(&self, origin: &str) -> Result<Option<EntityId>, QueryError> {
        let found = || -> rusqlite::Result<Option<EntityId>> {
            self.connection
                .prepare_cached(
                    "SELECT entities.entity FROM statements JOIN entities ON entities.seq = statements.of
                     WHERE statements.origin = ?1 AND origin <> '' ORDER BY statements.seq LIMIT 1",
                )?
                .query_row([origin], |row| row.get::<_, Bytes<16>>(0))
                .optional()
                .map(|found| found.map(|bytes| EntityId::from_bytes(bytes.0)))
        };
        found().map_err(|error| QueryError::from_sql("find what came from there", error))
    }

    /// The numbers of all entries that hold something of an entity: what its erasure destroys.
    pub fn entries_of_entity(&self, entity: EntityId) -> Result<Vec<u64>, QueryError> {
        let rows = || -> rusqlite::Result<Vec<u64>> {
            self.connection
                .prepare_cached(
                    "SELECT seq FROM statements WHERE of = (SELECT seq FROM entities WHERE entity = ?1)
                     UNION SELECT seq FROM reviews WHERE of = (SELECT seq FROM entities WHERE entity = ?1) ORDER BY seq",
                )?
                .query_map([entity.as_bytes()], |row| row.get::<_, Count>(0).map(|seq| seq.0))?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("list the entries of an entity", error))
    }
}

fn read_statement(row: &Row<'_>) -> rusqlite::Result<StatementMade> {
    Ok(StatementMade {
        seq: row.get::<_, Count>(0)?.0,
        seen: row.get::<_, Option<Count>>(1)?.map(|seq| seq.0),
        version: row.get(2)?,
        reason: row.get(3)?,
        origin: row.get(4)?,
        at: row.get::<_, Parsed<_>>(5)?.0,
        by: member(row, 6)?,
        commitment: Hash::from_bytes(row.get::<_, Bytes<32>>(7)?.0),
        set: Vec::new(),
    })
}

fn read_disclosure(row: &Row<'_>) -> rusqlite::Result<DisclosureMade> {
    let (grounds, fields): (String, String) = (row.get(6)?, row.get(7)?);
    Ok(DisclosureMade {
        seq: row.get::<_, Count>(0)?.0,
        entity: EntityId::from_bytes(row.get::<_, Bytes<16>>(1)?.0),
        purpose: row.get(2)?,
        recipient: row.get(3)?,
        named: row.get(4)?,
        level: row.get(5)?,
        grounds: grounds.lines().map(str::to_owned).collect(),
        fields: fields.split_whitespace().map(str::to_owned).collect(),
        at: row.get::<_, Parsed<_>>(8)?.0,
        by: member(row, 9)?,
    })
}

/// A statement's parameters, numbered as they come.
fn bound(parameters: &[Sql]) -> impl rusqlite::Params + '_ {
    params_from_iter(parameters.iter())
}
