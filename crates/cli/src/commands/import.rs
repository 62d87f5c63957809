//! `mahzar import`: a table's rows are stated. Every row ends new, changed, there already, empty, or rejected with a reason.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use desk::import::{Import, Mapping, RowDraft};
use office::{DRAFTS_MAX, Draft, Office, Session, StateError, Writer};
use record::ids::CircleId;
use serde::Deserialize;
use serde_json::json;

use crate::commands::Run;
use crate::commands::entity::{shown, state_fault};
use crate::failure::{Exit, Failure, malformed};
use crate::sheet;
use crate::words::say;

/// State what a table holds: CSV or Excel
///
/// A column whose heading is a field's name, or its label in English, Persian, Arabic or French, goes into that field; say --map for
/// others. Look first with --dry-run. The same table can be imported again: rows that are there already change nothing.
#[derive(Debug, Args)]
pub struct ImportTable {
    /// The table: .csv, .tsv or .xlsx
    #[arg(value_name = "FILE")]
    path: PathBuf,

    /// What a row is: person, account, act …
    #[arg(long = "type", value_name = "TYPE")]
    type_name: Option<String>,

    /// The table's name, under which its rows are known again; the file's name, if none is given
    #[arg(long, value_name = "NAME")]
    source: Option<String>,

    /// The column that tells rows apart
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,

    /// A field and the column that goes into it; may be given several times
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    columns: Vec<String>,

    /// A field and the value that every row has
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    constants: Vec<String>,

    /// What parts several values in one cell
    #[arg(long, value_name = "TEXT")]
    separator: Option<String>,

    /// All of this in a file, and what cells mean: docs/spec/desk.md
    #[arg(long, value_name = "FILE.toml")]
    mapping: Option<PathBuf>,

    /// The encoding of a CSV file that is not UTF-8, such as windows-1256
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,

    /// The sheet of an Excel file; the first, if none is named
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,

    /// The circle that may read it, by name or id; needed if you are in several
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    /// Enter nothing; say what would become of each row
    #[arg(long)]
    dry_run: bool,

    /// Write what became of each row here, as JSON lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// A mapping as a file says it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MappingFile {
    #[serde(rename = "type")]
    type_name: Option<String>,
    source: Option<String>,
    id: Option<String>,
    separator: Option<String>,
    columns: BTreeMap<String, OneOrMore>,
    constants: BTreeMap<String, OneOrMore>,
    terms: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl From<OneOrMore> for Vec<String> {
    fn from(given: OneOrMore) -> Vec<String> {
        match given {
            OneOrMore::One(text) => vec![text],
            OneOrMore::More(texts) => texts,
        }
    }
}

/// How many rows came to what.
#[derive(Debug, Default)]
struct Totals {
    rows: u64,
    new: u64,
    changed: u64,
    unchanged: u64,
    empty: u64,
    rejected: u64,
}

/// Imports a table.
pub fn run(run: &Run, asked: &ImportTable) -> Result<Exit, Failure> {
    let mapping = mapping(asked)?;
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let mut intake = Intake::new(run, &office, &session, circle, asked, mapping)?;
    let read = sheet::rows(
        &asked.path,
        asked.encoding.as_deref(),
        asked.sheet.as_deref(),
        &mut |number, cells| intake.take(number, cells),
    );
    if let Some(failure) = intake.failure.take() {
        return Err(failure);
    }
    // What was read before the table broke off is entered and accounted for; then the break is told.
    intake.enter_waiting_rows()?;
    if !asked.dry_run {
        run.enter_waiting(&office)?;
    }
    intake.tell()?;
    read.map_err(|why| {
        malformed("fault-import-source")
            .text("path", asked.path.display())
            .because(why)
    })?;
    Ok(if intake.totals.rejected == 0 {
        Exit::Done
    } else {
        Exit::Failed
    })
}

fn mapping(asked: &ImportTable) -> Result<Mapping, Failure> {
    let file = match &asked.mapping {
        None => MappingFile::default(),
        Some(path) => {
            let unreadable = |why: String| {
                malformed("fault-import-mapping")
                    .text("path", path.display())
                    .because(why)
            };
            let text =
                std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
            toml::from_str(&text).map_err(|error| unreadable(error.to_string()))?
        }
    };
    let named = asked.type_name.clone().or(file.type_name);
    let stem = asked
        .path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let lists = |given: BTreeMap<String, OneOrMore>| {
        given
            .into_iter()
            .map(|(field, one)| (field, one.into()))
            .collect()
    };
    let mut mapping = Mapping {
        type_name: named
            .map(|name| name.replace('-', "_"))
            .ok_or_else(|| malformed("fault-import-type"))?,
        source: asked
            .source
            .clone()
            .or(file.source)
            .or(stem)
            .unwrap_or_default(),
        id_column: asked.id.clone().or(file.id),
        separator: asked.separator.clone().or(file.separator),
        columns: lists(file.columns),
        constants: lists(file.constants),
        terms: file.terms,
    };
    pairs(&asked.columns, &mut mapping.columns)?;
    pairs(&asked.constants, &mut mapping.constants)?;
    Ok(mapping)
}

fn pairs(given: &[String], into: &mut BTreeMap<String, Vec<String>>) -> Result<(), Failure> {
    for one in given {
        let (field, value) = one
            .split_once('=')
            .ok_or_else(|| malformed("fault-field-form").text("argument", one))?;
        into.entry(field.trim().to_owned())
            .or_default()
            .push(value.to_owned());
    }
    Ok(())
}

/// An import under way.
struct Intake<'a> {
    run: &'a Run,
    office: &'a Office,
    writer: Writer<'a>,
    mapping: Option<Mapping>,
    import: Option<Import>,
    waiting: Vec<(u64, Draft, bool)>,
    seen: BTreeMap<String, u64>,
    totals: Totals,
    report: Option<std::io::BufWriter<std::fs::File>>,
    dry_run: bool,
    path: &'a Path,
    failure: Option<Failure>,
}

impl<'a> Intake<'a> {
    fn new(
        run: &'a Run,
        office: &'a Office,
        session: &'a Session,
        circle: CircleId,
        asked: &'a ImportTable,
        mapping: Mapping,
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
            mapping: Some(mapping),
            import: None,
            waiting: Vec::new(),
            seen: BTreeMap::new(),
            totals: Totals::default(),
            report,
            dry_run: asked.dry_run,
            path: &asked.path,
            failure: None,
        })
    }

    /// Takes a row; an error ends the reading, and the failure tells why.
    fn take(&mut self, number: u64, cells: Result<Vec<String>, String>) -> Result<(), String> {
        let taken = match self.mapping.take() {
            Some(mapping) => self.take_headings(mapping, cells),
            None => self.take_row(number, cells),
        };
        taken.map_err(|failure| {
            self.failure = Some(failure);
            String::new()
        })
    }

    fn take_headings(
        &mut self,
        mapping: Mapping,
        cells: Result<Vec<String>, String>,
    ) -> Result<(), Failure> {
        let unfit = |why: String| {
            malformed("fault-import-source")
                .text("path", self.path.display())
                .because(why)
        };
        let headings = cells.map_err(unfit)?;
        let import = Import::new(mapping, &headings).map_err(|error| unfit(error.to_string()))?;
        for (field, columns) in import.plan() {
            let columns = desk::name::visible(&columns.join(", "));
            self.run.screen.say(
                say("import-column")
                    .text("columns", columns)
                    .text("field", field),
            );
        }
        let left_out = import.left_out();
        if !left_out.is_empty() {
            let columns = desk::name::visible(&left_out.join(", "));
            self.run
                .screen
                .say(say("import-left-out").text("columns", columns));
        }
        self.import = Some(import);
        Ok(())
    }

    fn take_row(&mut self, number: u64, cells: Result<Vec<String>, String>) -> Result<(), Failure> {
        self.totals.rows += 1;
        let Some(import) = &self.import else {
            return Ok(());
        };
        let row = match cells.map(|cells| import.row(number, &cells)) {
            Ok(Ok(row)) => row,
            Ok(Err(desk::import::RowError::Empty)) => {
                self.totals.empty += 1;
                return self.note(number, "empty", None, "");
            }
            Ok(Err(error)) => return self.reject(number, &error.to_string()),
            Err(why) => return self.reject(number, &why),
        };
        if let Some(first) = self.seen.insert(row.origin.clone(), number) {
            return self.reject(number, &format!("its id stands in row {first} already"));
        }
        let draft = self.draft(row)?;
        self.waiting.push((number, draft.0, draft.1));
        if self.waiting.len() >= DRAFTS_MAX {
            self.enter_waiting_rows()?;
        }
        Ok(())
    }

    /// The row as a draft, and whether something came from there before.
    fn draft(&self, row: RowDraft) -> Result<(Draft, bool), Failure> {
        let known = self
            .office
            .entity_of_origin(self.writer.reader(), &row.origin)
            .map_err(|error| self.run.fault(&error))?;
        let type_name = self
            .import
            .as_ref()
            .map_or("", |import| import.model().name);
        let draft = Draft {
            entity: Some(known.unwrap_or_else(|| self.office.new_entity_id())),
            type_name: type_name.to_owned(),
            set: row.set,
            origin: row.origin,
            ..Draft::default()
        };
        Ok((draft, known.is_some()))
    }

    fn enter_waiting_rows(&mut self) -> Result<(), Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        let drafts = waiting.iter().map(|(_, draft, _)| draft.clone()).collect();
        let outcomes = if self.dry_run {
            self.office.check_each(self.writer.reader(), drafts)
        } else {
            self.office.state_each(&self.writer, drafts)
        };
        let outcomes = outcomes.map_err(|error| state_fault(self.run, error))?;
        for ((number, _, was_known), outcome) in waiting.into_iter().zip(outcomes) {
            match outcome {
                Ok(entity) if was_known => {
                    self.totals.changed += 1;
                    self.note(number, "changed", Some(entity.to_string()), "")?;
                }
                Ok(entity) => {
                    self.totals.new += 1;
                    self.note(number, "new", Some(entity.to_string()), "")?;
                }
                Err(StateError::Unchanged) => {
                    self.totals.unchanged += 1;
                    self.note(number, "unchanged", None, "")?;
                }
                Err(StateError::Fields(faults)) => {
                    let told: Vec<String> = faults.iter().map(shown::field_fault).collect();
                    self.reject(number, &told.join("; "))?;
                }
                Err(error) => self.reject(number, &error.to_string())?,
            }
        }
        Ok(())
    }

    fn reject(&mut self, number: u64, why: &str) -> Result<(), Failure> {
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

    fn tell(&mut self) -> Result<(), Failure> {
        if let Some(mut report) = self.report.take() {
            report.flush().map_err(|error| {
                malformed("fault-write")
                    .text("path", "--report")
                    .because(error)
            })?;
        }
        let totals = &self.totals;
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
            "empty": totals.empty, "rejected": totals.rejected, "dry_run": self.dry_run,
        }));
        Ok(())
    }
}
