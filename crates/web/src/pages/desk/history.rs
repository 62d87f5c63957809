//! How an entity came to be as it stands: every statement with who, when and why, and each field before and after.

use desk::StatementMade;
use desk::model::{Field, MODEL, Type};
use office::EntitySheet;
use office::roster::Roster;

use super::standing::Standing;
use super::told::{Titles, Told};
use crate::view::name;
use crate::words::Words;

/// How many statements a sheet shows before somebody asks for all of them.
pub const SHOWN: usize = 10;
/// How many values of one field a line of the history shows.
const VALUES_SHOWN: usize = 12;

/// One statement.
pub struct Change {
    /// Its number in the circle.
    pub seq: u64,
    /// When it was made.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Why, if they said so.
    pub reason: String,
    /// Where it came from, if it was not stated here first.
    pub origin: String,
    /// Whether its writer had not seen the statement before it.
    pub unseen: bool,
    /// Each field before and after.
    pub fields: Vec<ChangedField>,
}

/// A field before and after.
pub struct ChangedField {
    /// What it is called.
    pub label: String,
    /// What stood before.
    pub before: Vec<Told>,
    /// What was stated.
    pub after: Vec<Told>,
}

/// The statements, last made first, and how many earlier ones are left out.
#[must_use]
pub fn changes(
    sheet: &EntitySheet,
    roster: &Roster,
    titles: &Titles,
    whole: bool,
    words: Words,
) -> (Vec<Change>, Option<u64>) {
    let Some(kind) = MODEL.find(&sheet.entity.line.type_name) else {
        return (Vec::new(), None);
    };
    let telling = Telling {
        kind,
        titles,
        words,
    };
    let left_out = match whole {
        true => 0,
        false => sheet.history.len().saturating_sub(SHOWN),
    };
    let mut standing = Standing::default();
    let mut before = None;
    let mut changes = Vec::new();
    for (place, statement) in sheet.history.iter().enumerate() {
        if place >= left_out {
            let by = desk::name::visible(&name(roster, statement.by));
            changes.push(telling.change(statement, &standing, before, by));
        }
        standing.apply(statement);
        before = Some(statement.seq);
    }
    changes.reverse();
    (changes, (left_out > 0).then_some(left_out as u64))
}

/// The version of the vocabularies that a statement was coded with.
#[must_use]
pub fn version_of(history: &[StatementMade], seq: u64) -> Option<u32> {
    let place = history.binary_search_by_key(&seq, |one| one.seq).ok()?;
    history.get(place).map(|statement| statement.version)
}

struct Telling<'a> {
    kind: &'static Type,
    titles: &'a Titles,
    words: Words,
}

impl Telling<'_> {
    fn change(
        &self,
        statement: &StatementMade,
        standing: &Standing,
        before: Option<u64>,
        by: String,
    ) -> Change {
        let fields = statement.set.iter();
        Change {
            seq: statement.seq,
            at: statement.at.to_string(),
            by,
            reason: desk::name::visible(&statement.reason),
            origin: desk::name::visible(&statement.origin),
            unseen: before.is_some_and(|last| statement.seen.is_none_or(|seen| seen < last)),
            fields: fields
                .map(|(name, values)| self.field(name, values, standing, statement.version))
                .collect(),
        }
    }

    fn field(
        &self,
        name: &str,
        values: &[String],
        standing: &Standing,
        version: u32,
    ) -> ChangedField {
        let field = self.kind.field(name);
        let label = field.map_or_else(
            || desk::name::visible(name),
            |field| field.label.in_language(self.words.0.tag()).to_owned(),
        );
        let after = values.iter().map(String::as_str);
        ChangedField {
            label,
            before: self.told(field, standing.values(name), version),
            after: self.told(field, after, version),
        }
    }

    fn told<'a>(
        &self,
        field: Option<&Field>,
        values: impl Iterator<Item = &'a str>,
        version: u32,
    ) -> Vec<Told> {
        let one = |value: &str| match field {
            Some(field) => Told::of(field, value, Some(version), self.titles, self.words).short(),
            None => Told::line(value).short(),
        };
        values.take(VALUES_SHOWN).map(one).collect()
    }
}
