//! Statements on their way into the tables.

use rusqlite::{OptionalExtension, params};

use super::title;
use crate::fold::fold;
use crate::ids::EntityId;
use crate::model::{Field, MODEL, Shape, Type, written_date};
use crate::statement::{Disclosure, EntityEntry, Review, ReviewOutcome, Statement};
use crate::view::apply::{Refusal, Step};
use crate::view::query::Count;

/// How much of an entity's text is indexed, in characters: a long account and all its fields.
const INDEXED_CHARS_MAX: usize = 60_000;
/// Longest title that lists show, in characters.
const TITLE_CHARS_MAX: usize = 200;

type Applying = rusqlite::Result<Result<(), Refusal>>;

fn refused(why: &str) -> Applying {
    Ok(Err(why.to_owned()))
}

impl Step<'_, '_> {
    pub(in crate::view) fn apply_to_entity(&self, said: &EntityEntry) -> Applying {
        match said {
            EntityEntry::Stated(statement) => self.state(statement),
            EntityEntry::Reviewed(review) => self.review(review),
            EntityEntry::Disclosed(disclosure) => self.disclose(disclosure),
            EntityEntry::Erased { entity, reason } => self.erase_entity(*entity, reason),
        }
    }

    fn state(&self, statement: &Statement) -> Applying {
        let Some(model) = MODEL.find(&statement.type_name) else {
            return refused("a type that this version does not know");
        };
        let (of, model) = match self.entity_of(statement.entity)? {
            // Its type is that of the first statement; a later one that names another changes nothing of that.
            Some((of, type_name)) => (of, MODEL.find(&type_name).unwrap_or(model)),
            None if self.is_entity_erased(statement.entity)? => {
                return refused("the entity was erased; its id is never used again");
            }
            None => (self.insert_entity(statement)?, model),
        };
        self.insert_statement(of, statement)?;
        for (field, values) in &statement.set {
            self.replace_facts(of, field, statement.seen, values, model)?;
        }
        self.describe(of, model)?;
        Ok(Ok(()))
    }

    fn insert_entity(&self, statement: &Statement) -> rusqlite::Result<u64> {
        const INSERT_ENTITY: &str =
            "INSERT INTO entities (seq, entity, type, title, sort_title, state, changed, at, by)
            VALUES (?1, ?2, ?3, '', '', 'draft', ?1, ?4, ?5)";
        self.transaction
            .prepare_cached(INSERT_ENTITY)?
            .execute(params![
                Count(self.seq),
                statement.entity.as_bytes(),
                statement.type_name,
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
            ])?;
        Ok(self.seq)
    }

    fn insert_statement(&self, of: u64, statement: &Statement) -> rusqlite::Result<()> {
        const INSERT_STATEMENT: &str =
            "INSERT INTO statements (seq, of, seen, version, reason, origin, at, by, commitment)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        self.transaction
            .prepare_cached(INSERT_STATEMENT)?
            .execute(params![
                Count(self.seq),
                Count(of),
                statement.seen.map(Count),
                statement.version,
                statement.reason,
                statement.origin,
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
                self.context.commitment.as_bytes(),
            ])?;
        let mut insert = self.transaction.prepare_cached(
            "INSERT INTO stated (seq, field, place, value) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (field, values) in &statement.set {
            if values.is_empty() {
                insert.execute(params![Count(self.seq), field, -1, ""])?;
            }
            for (place, value) in (0_i64..).zip(values) {
                insert.execute(params![Count(self.seq), field, place, value])?;
            }
        }
        Ok(())
    }

    /// What the writer had seen is replaced; what others stated meanwhile stays beside it.
    fn replace_facts(
        &self,
        of: u64,
        field: &str,
        seen: Option<u64>,
        values: &[String],
        model: &Type,
    ) -> rusqlite::Result<()> {
        const INSERT_FACT: &str =
            "INSERT INTO facts (of, field, seq, place, value, target, first_day, last_day)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.transaction
            .prepare_cached("DELETE FROM facts WHERE of = ?1 AND field = ?2 AND seq <= ?3")?
            .execute(params![Count(of), field, seen.map(Count)])?;
        if self.standing_values(of, field)? == values {
            return Ok(());
        }
        let shape = model.field(field).map(|field| &field.shape);
        let mut insert = self.transaction.prepare_cached(INSERT_FACT)?;
        for (place, value) in (0_i64..).zip(values) {
            let target = target(shape, value);
            let days = days(shape, value);
            insert.execute(params![
                Count(of),
                field,
                Count(self.seq),
                place,
                value,
                target.as_ref().map(|id| id.as_slice()),
                days.map(|(first, _)| first),
                days.map(|(_, last)| last),
            ])?;
        }
        Ok(())
    }

    fn standing_values(&self, of: u64, field: &str) -> rusqlite::Result<Vec<String>> {
        self.transaction
            .prepare_cached(
                "SELECT value FROM facts WHERE of = ?1 AND field = ?2 ORDER BY seq, place",
            )?
            .query_map(params![Count(of), field], |row| row.get(0))?
            .collect()
    }

    /// Title, words and sounds follow from what stands now; whatever was reviewed before is a draft again.
    fn describe(&self, of: u64, model: &Type) -> rusqlite::Result<()> {
        let mut facts = self.transaction.prepare_cached(
            "SELECT field, value FROM facts WHERE of = ?1 ORDER BY field, seq, place",
        )?;
        let facts: Vec<(String, String)> = facts
            .query_map([Count(of)], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let words = Words::of(model, &facts);
        self.transaction
            .prepare_cached("UPDATE entities SET title = ?2, sort_title = ?3, state = 'draft', changed = ?4 WHERE seq = ?1")?
            .execute(params![Count(of), words.title, fold(&words.title), Count(self.seq)])?;
        if of != self.seq {
            self.transaction
                .prepare_cached("DELETE FROM entity_words WHERE rowid = ?1")?
                .execute([Count(of)])?;
        }
        self.transaction
            .prepare_cached("INSERT INTO entity_words (rowid, folded, sounds) VALUES (?1, ?2, ?3)")?
            .execute(params![Count(of), words.folded, words.sounds])?;
        Ok(())
    }

    fn review(&self, review: &Review) -> Applying {
        let Some((of, _)) = self.entity_of(review.entity)? else {
            return refused("there is no such entity");
        };
        self.transaction
            .prepare_cached("INSERT INTO reviews (seq, of, seen, outcome, comment, at, by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?
            .execute(params![
                Count(self.seq),
                Count(of),
                Count(review.seen),
                review.outcome.to_string(),
                review.comment,
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
            ])?;
        // Nobody reviews their own words. The step is shown for what it is, and changes nothing.
        if review.outcome == ReviewOutcome::Reviewed && self.has_stated(of)? {
            return Ok(Ok(()));
        }
        // Words that the reviewer did not see are not reviewed by them.
        self.transaction
            .prepare_cached("UPDATE entities SET state = ?2 WHERE seq = ?1 AND changed <= ?3")?
            .execute(params![
                Count(of),
                review.outcome.to_string(),
                Count(review.seen)
            ])?;
        Ok(Ok(()))
    }

    /// Whether the entry's signer made any of the statements that stand.
    fn has_stated(&self, of: u64) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT 1 FROM statements WHERE of = ?1 AND by = ?2 AND seq IN (SELECT seq FROM facts WHERE of = ?1)")?
            .exists(params![Count(of), self.entry.by.as_bytes()])
    }

    fn disclose(&self, disclosure: &Disclosure) -> Applying {
        const INSERT_DISCLOSURE: &str = "INSERT INTO disclosures
            (seq, entity, seen, purpose, recipient, named, level, grounds, fields, at, by)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        self.transaction
            .prepare_cached(INSERT_DISCLOSURE)?
            .execute(params![
                Count(self.seq),
                disclosure.entity.as_bytes(),
                Count(disclosure.seen),
                disclosure.purpose,
                disclosure.recipient,
                disclosure.named,
                disclosure.level,
                disclosure.grounds.join("\n"),
                disclosure.fields.join(" "),
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
            ])?;
        Ok(Ok(()))
    }

    fn erase_entity(&self, entity: EntityId, reason: &str) -> Applying {
        if self.is_entity_erased(entity)? {
            return refused("the entity was erased before");
        }
        if let Some((of, _)) = self.entity_of(entity)? {
            for statement in FORGET {
                self.transaction
                    .prepare_cached(statement)?
                    .execute([Count(of)])?;
            }
        }
        self.transaction.execute(
            "INSERT INTO entity_erasures (entity, seq, at, by, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                entity.as_bytes(),
                Count(self.seq),
                self.entry.at.to_string(),
                self.entry.by.as_bytes(),
                reason
            ],
        )?;
        Ok(Ok(()))
    }

    fn entity_of(&self, entity: EntityId) -> rusqlite::Result<Option<(u64, String)>> {
        self.transaction
            .prepare_cached("SELECT seq, type FROM entities WHERE entity = ?1")?
            .query_row([entity.as_bytes()], |row| {
                Ok((row.get::<_, Count>(0)?.0, row.get(1)?))
            })
            .optional()
    }

    fn is_entity_erased(&self, entity: EntityId) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT 1 FROM entity_erasures WHERE entity = ?1")?
            .exists([entity.as_bytes()])
    }
}

/// Everything of an entity, in the order that the references between the tables ask for.
const FORGET: [&str; 6] = [
    "DELETE FROM entity_words WHERE rowid = ?1",
    "DELETE FROM facts WHERE of = ?1",
    "DELETE FROM stated WHERE seq IN (SELECT seq FROM statements WHERE of = ?1)",
    "DELETE FROM reviews WHERE of = ?1",
    "DELETE FROM statements WHERE of = ?1",
    "DELETE FROM entities WHERE seq = ?1",
];

fn target(shape: Option<&Shape>, value: &str) -> Option<[u8; 16]> {
    match shape {
        Some(Shape::Reference(_) | Shape::Item) => {
            value.parse().ok().map(|id: EntityId| *id.as_bytes())
        }
        _ => None,
    }
}

fn days(shape: Option<&Shape>, value: &str) -> Option<(i32, i32)> {
    match shape {
        Some(Shape::Date) => written_date(value)
            .ok()
            .map(|(_, span)| (span.first, span.last)),
        _ => None,
    }
}

/// What an entity is called, found by and sounds like.
struct Words {
    title: String,
    folded: String,
    sounds: String,
}

impl Words {
    fn of(model: &Type, facts: &[(String, String)]) -> Words {
        let parts: Vec<String> = model
            .titles()
            .filter_map(|field| title_part(field, facts))
            .collect();
        let mut folded = String::new();
        let mut sounds = String::new();
        for (name, value) in facts {
            let Some(field) = model.field(name) else {
                continue;
            };
            if folded.len() < INDEXED_CHARS_MAX {
                index(&mut folded, &field.shape, value);
            }
            if field.name_of_person {
                sounded(value)
                    .iter()
                    .for_each(|sound| push_word(&mut sounds, sound));
            }
        }
        Words {
            title: parts.join(title::BETWEEN),
            folded,
            sounds,
        }
    }
}

/// The first value of a title's field, short and on one line.
fn title_part(field: &Field, facts: &[(String, String)]) -> Option<String> {
    let (_, value) = facts.iter().find(|(name, _)| name == field.name)?;
    let short: String = value.chars().take(TITLE_CHARS_MAX).collect();
    Some(title::part(field, &short.replace(char::is_control, " ")))
}

/// Texts are found by their words, terms by what they are called in each language.
fn index(folded: &mut String, shape: &Shape, value: &str) {
    match shape {
        Shape::Text | Shape::Narrative => {
            push_word(folded, &crate::fold::fold_whole(value, INDEXED_CHARS_MAX));
        }
        Shape::Term(vocabulary) => {
            let term = MODEL.vocabulary(vocabulary).and_then(|one| one.term(value));
            let labels = term.map(|term| term.label.all()).into_iter().flatten();
            labels.for_each(|label| push_word(folded, &fold(label)));
        }
        _ => {}
    }
}

fn push_word(text: &mut String, word: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(word);
}

/// How the parts of a name sound, each as one word: the same for محمد علی‌پور, محمدعلي پور and Mohammad Alipour.
pub(super) fn sounded(name: &str) -> Vec<String> {
    count::name::Name::read(name)
        .parts
        .iter()
        .map(|part| {
            String::from_utf8_lossy(&part.skeleton())
                .trim()
                .replace('S', "c")
        })
        .collect()
}
