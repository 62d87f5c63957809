//! Searches: one box, filters on fields, counts by field. What is found is always a page.

use core::fmt;
use core::num::ParseIntError;
use core::str::FromStr;

use rusqlite::types::Value as Sql;

use super::apply::sounded;
use super::{EntityLine, LINE, bound, read_line};
use crate::fold;
use crate::ids::EntityId;
use crate::view::query::Count;
use crate::view::{QueryError, View};

/// The most entities on one page.
pub const PAGE_ENTITIES_MAX: u32 = 500;
/// How far a list is counted; a longer one is "more than".
pub const TOTAL_MAX: u64 = 10_000;
/// The most values that a facet counts.
const FACET_VALUES_MAX: u32 = 50;

/// What is asked of the circle's entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityQuery {
    /// Only of this type.
    pub type_name: Option<String>,
    /// Words that must all be found as beginnings of words, or names by how they sound; empty finds all.
    pub text: String,
    /// What else must be so.
    pub filters: Vec<Filter>,
    /// The order.
    pub sort: EntitySort,
    /// How many on a page, at most [`PAGE_ENTITIES_MAX`].
    pub limit: u32,
    /// Where the page before ended.
    pub after: Option<EntityCursor>,
}

/// A condition on an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// A field holds exactly this value, which has at most 60 characters: a code, a date, an id, a short text.
    Value {
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
    /// A field points to this entity or item; any field, if none is named.
    Refers {
        /// The field.
        field: Option<String>,
        /// What it points to.
        target: EntityId,
    },
    /// A date of the field can be on one of these days, counted from 1970-01-01.
    Between {
        /// The field; any date if none is named.
        field: Option<String>,
        /// The first day.
        first: i32,
        /// The last day.
        last: i32,
    },
    /// Nothing stands in the field.
    Missing {
        /// The field.
        field: String,
    },
    /// It is in this state of review.
    State(String),
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntitySort {
    /// Last stated first.
    #[default]
    Newest,
    /// First stated first.
    Oldest,
    /// By folded title.
    Title,
}

/// The end of a page. It tells no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntityCursor(u64);

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityPage {
    /// The entities of this page.
    pub entities: Vec<EntityLine>,
    /// How many the whole list has; [`TOTAL_MAX`] + 1 stands for more.
    pub total: u64,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<EntityCursor>,
}

/// How many of what is found have a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The value: a code, or the name of a type.
    pub value: String,
    /// How many entities.
    pub count: u64,
}

impl Default for EntityQuery {
    fn default() -> EntityQuery {
        EntityQuery {
            type_name: None,
            text: String::new(),
            filters: Vec::new(),
            sort: EntitySort::Newest,
            limit: 50,
            after: None,
        }
    }
}

/// How a condition begins that lists the numbers of entities.
const LIST: &str = "seq IN (";

/// The condition of a query as SQL made of fixed pieces, and what is bound to it.
struct Condition {
    text: String,
    bound: Vec<Sql>,
}

impl Condition {
    fn and(&mut self, piece: &str, values: impl IntoIterator<Item = Sql>) {
        // One list of numbers finds the entities, any other is only asked: with two, SQLite would try each of the one with each of the
        // other through the index of types.
        let is_second_list = piece.starts_with(LIST) && self.text.contains(LIST);
        self.text
            .push_str(if is_second_list { " AND +" } else { " AND " });
        self.text.push_str(piece);
        self.bound.extend(values);
    }
}

impl EntityQuery {
    /// `None` if no entity can match: a search of signs only.
    fn condition(&self) -> Option<Condition> {
        let mut condition = Condition {
            text: "1".to_owned(),
            bound: Vec::new(),
        };
        if !self.text.trim().is_empty() {
            let matching = matching(&self.text)?;
            condition.and(
                "seq IN (SELECT rowid FROM entity_words WHERE entity_words MATCH ?)",
                [Sql::Text(matching)],
            );
        }
        if let Some(name) = &self.type_name {
            condition.and("type = ?", [Sql::Text(name.clone())]);
        }
        self.filters
            .iter()
            .for_each(|filter| filter.narrow(&mut condition));
        Some(condition)
    }
}

impl Filter {
    fn narrow(&self, condition: &mut Condition) {
        let text = |value: &String| Sql::Text(value.clone());
        let day = |day: &i32| Sql::Integer(i64::from(*day));
        match self {
            Filter::Value { field, value } => condition.and(
                "seq IN (SELECT of FROM facts WHERE field = ? AND value = ? AND length(value) <= 60)",
                [text(field), text(value)],
            ),
            Filter::Refers { field: None, target } => condition.and(
                "seq IN (SELECT of FROM facts WHERE target = ?)",
                [Sql::Blob(target.as_bytes().to_vec())],
            ),
            Filter::Refers { field: Some(field), target } => condition.and(
                "seq IN (SELECT of FROM facts WHERE target = ? AND field = ?)",
                [Sql::Blob(target.as_bytes().to_vec()), text(field)],
            ),
            Filter::Between { field: None, first, last } => condition.and(
                "seq IN (SELECT of FROM facts WHERE first_day <= ? AND last_day >= ?)",
                [day(last), day(first)],
            ),
            Filter::Between { field: Some(field), first, last } => condition.and(
                "seq IN (SELECT of FROM facts WHERE field = ? AND first_day <= ? AND last_day >= ?)",
                [text(field), day(last), day(first)],
            ),
            Filter::Missing { field } => condition.and(
                "NOT EXISTS (SELECT 1 FROM facts WHERE facts.of = entities.seq AND field = ?)",
                [text(field)],
            ),
            Filter::State(state) => condition.and("state = ?", [text(state)]),
        }
    }
}

impl View {
    /// One page of the entities that a query finds.
    pub fn entities(&self, query: &EntityQuery) -> Result<EntityPage, QueryError> {
        let Some(condition) = query.condition() else {
            return Ok(EntityPage {
                entities: Vec::new(),
                total: 0,
                next: None,
            });
        };
        let found = || -> rusqlite::Result<EntityPage> {
            let total = self.count(&condition)?;
            let limit = query.limit.clamp(1, PAGE_ENTITIES_MAX);
            let mut entities = self.page_of_entities(query, condition, limit + 1)?;
            let more = entities.len() > limit as usize;
            entities.truncate(limit as usize);
            let next = entities
                .last()
                .filter(|_| more)
                .map(|last| EntityCursor(last.seq));
            Ok(EntityPage {
                entities,
                total,
                next,
            })
        };
        found().map_err(|error| QueryError::from_sql("search the entities", error))
    }

    fn page_of_entities(
        &self,
        query: &EntityQuery,
        mut condition: Condition,
        limit: u32,
    ) -> rusqlite::Result<Vec<EntityLine>> {
        if let Some(EntityCursor(seq)) = query.after {
            let seq = Sql::Integer(i64::try_from(seq).unwrap_or(i64::MAX));
            condition.and(query.sort.beyond(), [seq]);
        }
        let select = format!(
            "SELECT {LINE} FROM entities WHERE {} ORDER BY {} LIMIT {limit}",
            condition.text,
            query.sort.order()
        );
        self.connection
            .prepare_cached(&select)?
            .query_map(bound(&condition.bound), read_line)?
            .collect()
    }

    fn count(&self, condition: &Condition) -> rusqlite::Result<u64> {
        let select = format!(
            "SELECT count(*) FROM (SELECT 1 FROM entities WHERE {} LIMIT {})",
            condition.text,
            TOTAL_MAX + 1
        );
        self.connection
            .prepare_cached(&select)?
            .query_row(bound(&condition.bound), |row| row.get::<_, Count>(0))
            .map(|count| count.0)
    }

    /// How many of what a query finds are of each type; the query's own type is left out of account.
    pub fn types_found(&self, query: &EntityQuery) -> Result<Vec<Facet>, QueryError> {
        let query = EntityQuery {
            type_name: None,
            ..query.clone()
        };
        self.facet_of(
            &query,
            "SELECT type, count(*) FROM entities WHERE {} GROUP BY type ORDER BY 2 DESC, 1",
        )
    }

    /// How many of what a query finds have each value of a field, most frequent first.
    pub fn facet(&self, query: &EntityQuery, field: &str) -> Result<Vec<Facet>, QueryError> {
        let is_name = field
            .bytes()
            .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'_');
        if !is_name {
            return Ok(Vec::new());
        }
        let select = format!(
            "SELECT value, count(DISTINCT of) FROM facts WHERE field = '{field}' AND length(value) <= 60 AND of IN (SELECT seq FROM entities WHERE {{}})
             GROUP BY value ORDER BY 2 DESC, 1 LIMIT {FACET_VALUES_MAX}"
        );
        self.facet_of(query, &select)
    }

    fn facet_of(&self, query: &EntityQuery, select: &str) -> Result<Vec<Facet>, QueryError> {
        let Some(condition) = query.condition() else {
            return Ok(Vec::new());
        };
        let rows = || -> rusqlite::Result<Vec<Facet>> {
            self.connection
                .prepare_cached(&select.replace("{}", &condition.text))?
                .query_map(bound(&condition.bound), |row| {
                    Ok(Facet {
                        value: row.get(0)?,
                        count: row.get::<_, Count>(1)?.0,
                    })
                })?
                .collect()
        };
        rows().map_err(|error| QueryError::from_sql("count what was found", error))
    }
}

/// The FTS5 expression of a search; `None` if it has no word. Words are letters and digits only, sounds are ASCII letters, so
/// nothing of FTS5's own language gets through.
fn matching(text: &str) -> Option<String> {
    let words = fold::words(text);
    if words.is_empty() {
        return None;
    }
    let quoted = |words: &[String], ending: &str| -> String {
        let quoted: Vec<String> = words
            .iter()
            .map(|word| format!("\"{word}\"{ending}"))
            .collect();
        quoted.join(" AND ")
    };
    let sounds: Vec<String> = sounded(text)
        .into_iter()
        .filter(|sound| !sound.is_empty())
        .collect();
    let written = format!("(folded : ({}))", quoted(&words, "*"));
    if sounds.is_empty() {
        return Some(written);
    }
    Some(format!("{written} OR (sounds : ({}))", quoted(&sounds, "")))
}

impl EntitySort {
    fn beyond(self) -> &'static str {
        match self {
            EntitySort::Newest => "seq < ?",
            EntitySort::Oldest => "seq > ?",
            EntitySort::Title => {
                "(sort_title, seq) > (SELECT sort_title, seq FROM entities WHERE seq = ?)"
            }
        }
    }

    fn order(self) -> &'static str {
        match self {
            EntitySort::Newest => "seq DESC",
            EntitySort::Oldest => "seq",
            EntitySort::Title => "sort_title, seq",
        }
    }
}

impl fmt::Display for EntitySort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EntitySort::Newest => "newest",
            EntitySort::Oldest => "oldest",
            EntitySort::Title => "title",
        })
    }
}

impl FromStr for EntitySort {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<EntitySort, &'static str> {
        match text {
            "newest" => Ok(EntitySort::Newest),
            "oldest" => Ok(EntitySort::Oldest),
            "title" => Ok(EntitySort::Title),
            _ => Err("an order is newest, oldest or title"),
        }
    }
}

impl fmt::Display for EntityCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EntityCursor {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<EntityCursor, ParseIntError> {
        text.parse().map(EntityCursor)
    }
}
