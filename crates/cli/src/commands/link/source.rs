//! Lists as files: CSV, JSON lines, Parquet. A row that cannot be read is named, and nothing is guessed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use count::table::Builder;
use indicatif::ProgressBar;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

use super::configuration::Configuration;
use super::output::Gold;
use crate::failure::{Failure, malformed};
use crate::sheet::{open, separator, utf8};

/// Reads a list into the table.
pub fn read(
    path: &Path,
    list: &str,
    configuration: &Configuration,
    builder: &mut Builder,
    gold: &mut Gold,
    bar: &ProgressBar,
) -> Result<(), Failure> {
    let mut intake = Intake {
        list,
        configuration,
        builder,
        gold,
        columns: Columns::default(),
        row: 0,
    };
    let extension = path
        .extension()
        .map(|end| end.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let read = match extension.as_str() {
        "parquet" => from_parquet(path, &mut intake),
        "jsonl" | "ndjson" | "json" => from_json_lines(path, &mut intake, bar),
        _ => from_csv(path, &mut intake, bar),
    };
    read.map_err(|why| {
        malformed("fault-link-source")
            .text("path", path.display())
            .because(why)
    })
}

/// Where in a row each thing stands.
#[derive(Default)]
struct Columns {
    id: Option<usize>,
    gold: Option<usize>,
    fields: Vec<Vec<usize>>,
}

struct Intake<'a> {
    list: &'a str,
    configuration: &'a Configuration,
    builder: &'a mut Builder,
    gold: &'a mut Gold,
    columns: Columns,
    row: u64,
}

impl Intake<'_> {
    /// Finds the columns by their names.
    fn head(&mut self, names: &[String]) -> Result<(), String> {
        let place = |name: &str| names.iter().position(|one| one.trim() == name);
        let wanted = |name: &str| {
            place(name)
                .ok_or_else(|| format!("no column {name:?}; there are: {}", names.join(", ")))
        };
        let fields: Result<Vec<Vec<usize>>, String> = self
            .builder
            .fields()
            .map(|field| {
                self.configuration
                    .columns(self.list, &field.name)
                    .iter()
                    .map(|name| wanted(name))
                    .collect()
            })
            .collect();
        let id = self
            .configuration
            .id_column(self.list)
            .map(wanted)
            .transpose()?;
        let gold = self.configuration.gold.as_deref().and_then(place);
        self.columns = Columns {
            id,
            gold,
            fields: fields?,
        };
        Ok(())
    }

    fn take(&mut self, cells: &[String]) -> Result<(), String> {
        self.row += 1;
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let id = match self.columns.id.map(cell) {
            Some("") => return Err(format!("row {}: the id is empty", self.row)),
            Some(id) => id.to_owned(),
            None => self.row.to_string(),
        };
        let joined: Vec<String> = self
            .columns
            .fields
            .iter()
            .map(|places| {
                places
                    .iter()
                    .map(|at| cell(*at).trim())
                    .filter(|cell| !cell.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect();
        if let Some(person) = self
            .columns
            .gold
            .map(cell)
            .filter(|person| !person.is_empty())
        {
            self.gold.put(self.list, &id, person);
        }
        self.builder
            .push(self.list, &id, joined.iter().map(String::as_str))
            .map_err(|error| format!("row {}: {error}", self.row))
    }
}

fn from_csv(path: &Path, intake: &mut Intake<'_>, bar: &ProgressBar) -> Result<(), String> {
    let encoding = intake
        .configuration
        .encoding_of(intake.list)
        .map(str::to_owned);
    let text = open(path, encoding.as_deref())?;
    let mut text = BufReader::with_capacity(1 << 20, text);
    let separator = separator(text.fill_buf().map_err(|error| error.to_string())?);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .from_reader(bar.wrap_read(text));
    let head = reader
        .byte_headers()
        .map_err(|error| error.to_string())?
        .clone();
    let head: Result<Vec<String>, String> = head.iter().map(|cell| utf8(cell, 1)).collect();
    intake.head(&head?)?;
    let mut record = csv::ByteRecord::new();
    while reader
        .read_byte_record(&mut record)
        .map_err(|error| error.to_string())?
    {
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Result<Vec<String>, String> =
            record.iter().map(|cell| utf8(cell, line)).collect();
        intake.take(&cells?)?;
    }
    Ok(())
}

fn from_json_lines(path: &Path, intake: &mut Intake<'_>, bar: &ProgressBar) -> Result<(), String> {
    let text = BufReader::new(bar.wrap_read(open(path, None)?));
    let names = wanted_names(intake);
    intake.head(&names)?;
    for (at, line) in text.lines().enumerate() {
        let line = line.map_err(|error| format!("line {}: {error}", at + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let value: Value =
            serde_json::from_str(&line).map_err(|error| format!("line {}: {error}", at + 1))?;
        let object = value
            .as_object()
            .ok_or_else(|| format!("line {}: not an object", at + 1))?;
        let cells: Vec<String> = names
            .iter()
            .map(|name| object.get(name).map_or_else(String::new, cell))
            .collect();
        intake.take(&cells)?;
    }
    Ok(())
}

/// The columns that the configuration names: an object need not have them all.
fn wanted_names(intake: &Intake<'_>) -> Vec<String> {
    let fields = intake
        .builder
        .fields()
        .flat_map(|field| intake.configuration.columns(intake.list, &field.name));
    let others = [
        intake.configuration.id_column(intake.list),
        intake.configuration.gold.as_deref(),
    ];
    let mut names: Vec<String> = fields
        .chain(others.into_iter().flatten().map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    names
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join(" | "),
        other => other.to_string(),
    }
}

fn parquet_cell(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        other => other.to_string(),
    }
}

fn from_parquet(path: &Path, intake: &mut Intake<'_>) -> Result<(), String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let reader = SerializedFileReader::new(file).map_err(|error| error.to_string())?;
    let names: Vec<String> = reader
        .metadata()
        .file_metadata()
        .schema()
        .get_fields()
        .iter()
        .map(|field| field.name().to_owned())
        .collect();
    intake.head(&names)?;
    let rows = reader
        .get_row_iter(None)
        .map_err(|error| error.to_string())?;
    for (at, row) in rows.enumerate() {
        let row = row.map_err(|error| format!("row {}: {error}", at + 1))?;
        let cells: Vec<String> = row
            .get_column_iter()
            .map(|(_, field)| parquet_cell(field))
            .collect();
        intake.take(&cells)?;
    }
    Ok(())
}
