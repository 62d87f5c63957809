//! What every import does with its rows: each ends new, changed, there already, empty, left out, or rejected with a reason.

use std::collections::BTreeMap;
use std::io::Write;

use desk::ids::EntityId;
use desk::import::RowDraft;
use office::{DRAFTS_MAX, Draft, Office, Session, StateError, Writer};
use record::ids::CircleId;
use serde_json::json;

use super::ImportTable;
use crate::commands::Run;
use crate::commands::entity::{shown, state_fault};
use crate::failure::{Exit, Failure, malformed};
use crate::words::say;

/// How many rows came to what.
#[derive(Debug, Default)]
pub struct Totals {
    /// All of them.
    pub rows: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    empty: u64,
    rejected: u64,
    /// Those that the desk has no type for, by what they are.
    pub left_out: BTreeMap<String, u64>,
}

/// A row's entity: its id, and whether something came from there before.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its id.
    pub entity: EntityId,
    was_known: bool,
}

/// An import under way.
pub struct Intake<'a> {
    run: &'a Run,
    office: &'a Office,
    writer: Writer<'a>,
    waiting: Vec<(u64, Draft, bool)>,
    beside: Vec<Draft>,
    seen: BTreeMap<String, u64>,
    /// How many rows came to what.
    pub totals: Totals,
    report: Option<std::io::BufWriter<std::fs::File>>,
    dry_run: bool,
}

impl<'a> Intake<'a> {
    /// An import into a circle.
    pub fn new(
        run: &'a Run,
        office: &'a Office,
        session: &'a Session,
        circle: CircleId,
        asked: &ImportTable,
    ) -> Result<Intake<'a>, Failure> {
        let report = match &asked.report {
            None => None,
            Some(path) => {
                let file = std::fs::File::create_new(path);
                let file = file.map_err(|error| {
                    malformed("fault-write")
                        .text("path", path.display())
                        .because(error)
                })?;
                Some(std::io::BufWriter::new(file))
            }
        };
        Ok(Intake {
            run,
            office,
            writer: office
                .writer(session, circle)
                .map_err(|error| run.write_fault(error))?,
            waiting: Vec::new(),
            beside: Vec::new(),
            seen: BTreeMap::new(),
            totals: Totals::default(),
            report,
            dry_run: asked.dry_run,
        })
    }

    /// The entity of an origin: the one that came from there before, or a new one.
    pub fn entity(&self, origin: &str) -> Result<Known, Failure> {
        let known = self
            .office
            .entity_of_origin(self.writer.reader(), origin)
            .map_err(|error| self.run.fault(&error))?;
        Ok(Known {
            entity: known.unwrap_or_else(|| self.office.new_entity_id()),
            was_known: known.is_some(),
        })
    }

    /// Puts a row among those that wait to be entered together.
    pub fn wait(
        &mut self,
        number: u64,
        known: Known,
        type_name: &str,
        row: RowDraft,
    ) -> Result<(), Failure> {
        if let Some(first) = self.seen.insert(row.origin.clone(), number) {
            return self.reject(number, &format!("its id stands in row {first} already"));
        }
        let draft = Draft {
            entity: Some(known.entity),
            type_name: type_name.to_owned(),
            set: row.set,
            origin: row.origin,
            ..Draft::default()
        };
        self.waiting.push((number, draft, known.was_known));
        if self.waiting.len() + self.beside.len() >= DRAFTS_MAX - 2 {
            self.flush()?;
        }
        Ok(())
    }

    /// In a dry run: what a row points to counts as there, though nothing of it was entered.
    pub fn assume(&mut self, entity: EntityId, type_name: &str) {
        if self.dry_run {
            self.beside.push(Draft {
                entity: Some(entity),
                type_name: type_name.to_owned(),
                ..Draft::default()
            });
        }
    }

    /// Enters what waits.
    pub fn flush(&mut self) -> Result<(), Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        let beside = std::mem::take(&mut self.beside);
        if waiting.is_empty() {
            return Ok(());
        }
        let drafts = waiting.iter().map(|(_, draft, _)| draft.clone());
        let outcomes = if self.dry_run {
            let drafts = drafts.chain(beside).collect();
            self.office.check_each(self.writer.reader(), drafts)
        } else {
            self.office.state_each(&self.writer, drafts.collect())
        };
        let outcomes = outcomes.map_err(|error| state_fault(self.run, error))?;
        for ((number, _, was_known), outcome) in waiting.into_iter().zip(outcomes) {
            self.account(number, was_known, outcome)?;
        }
        Ok(())
    }

    fn account(
        &mut self,
        number: u64,
        was_known: bool,
        outcome: Result<EntityId, StateError>,
    ) -> Result<(), Failure> {
        match outcome {
            Ok(entity) if was_known => {
                self.totals.changed += 1;
                self.note(number, "changed", Some(entity.to_string()), "")
            }
            Ok(entity) => {
                self.totals.new += 1;
                self.note(number, "new", Some(entity.to_string()), "")
            }
            Err(StateError::Unchanged) => {
                self.totals.unchanged += 1;
                self.note(number, "unchanged", None, "")
            }
            Err(StateError::Fields(faults)) => {
                let told: Vec<String> = faults.iter().map(shown::field_fault).collect();
                self.reject(number, &told.join("; "))
            }
            Err(error) => self.reject(number, &error.to_string()),
        }
    }

    /// A row that says nothing.
    pub fn empty(&mut self, number: u64) -> Result<(), Failure> {
        self.totals.empty += 1;
        self.note(number, "empty", None, "")
    }

    /// A row of something that the desk has no type for.
    pub fn leave_out(&mut self, number: u64, what: &str) -> Result<(), Failure> {
        *self.totals.left_out.entry(what.to_owned()).or_default() += 1;
        self.note(number, "left_out", None, what)
    }

    /// A row that cannot be stated.
    pub fn reject(&mut self, number: u64, why: &str) -> Result<(), Failure> {
        self.totals.rejected += 1;
        self.run.screen.say(
            say("import-rejected")
                .n("row", number)
                .text("why", desk::name::visible(why)),
        );
        self.note(number, "rejected", None, why)
    }

    fn note(
        &mut self,
        number: u64,
        outcome: &str,
        entity: Option<String>,
        why: &str,
    ) -> Result<(), Failure> {
        let Some(report) = &mut self.report else {
            return Ok(());
        };
        let line = json!({ "row": number, "outcome": outcome, "entity": entity, "why": why });
        writeln!(report, "{line}").map_err(|error| {
            malformed("fault-write")
                .text("path", "--report")
                .because(error)
        })
    }

    /// Enters what still waits, and tells the totals.
    pub fn finish(&mut self) -> Result<Exit, Failure> {
        self.flush()?;
        if !self.dry_run {
            self.run.enter_waiting(self.office)?;
        }
        if let Some(mut report) = self.report.take() {
            report.flush().map_err(|error| {
                malformed("fault-write")
                    .text("path", "--report")
                    .because(error)
            })?;
        }
        self.tell();
        Ok(if self.totals.rejected == 0 {
            Exit::Done
        } else {
            Exit::Failed
        })
    }

    fn tell(&self) {
        let totals = &self.totals;
        for (what, count) in &totals.left_out {
            let saying = say("import-no-type").n("count", *count);
            let what = desk::name::visible(what);
            self.run.screen.say(saying.text("schema", what));
        }
        let key = if self.dry_run {
            say("import-would")
        } else {
            say("import-done")
        };
        self.run.screen.say(
            key.n("rows", totals.rows)
                .n("new", totals.new)
                .n("changed", totals.changed)
                .n("unchanged", totals.unchanged)
                .n("empty", totals.empty)
                .n("rejected", totals.rejected),
        );
        self.run.screen.answer(&json!({
            "rows": totals.rows, "new": totals.new, "changed": totals.changed, "unchanged": totals.unchanged,
            "empty": totals.empty, "rejected": totals.rejected, "left_out": totals.left_out.values().sum::<u64>(),
            "dry_run": self.dry_run,
        }));
    }
}
