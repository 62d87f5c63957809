//! `mahzar import`: a table's rows are stated. Every row ends new, changed, there already, empty, or rejected with a reason.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use desk::import::Mapping;
use serde::Deserialize;

use crate::commands::Run;
use crate::failure::{Exit, Failure, malformed};

mod ftm;
mod intake;
mod table;

/// State what a table holds: CSV, Excel, or FollowTheMoney's JSON lines
///
/// A column whose heading is a field's name, or its label in English, Persian, Arabic or French, goes into that field; say --map for
/// others. Look first with --dry-run. The same table can be imported again: rows that are there already change nothing.
#[derive(Debug, Args)]
pub struct ImportTable {
    /// The table: .csv, .tsv, .xlsx or .ftm.json
    #[arg(value_name = "FILE")]
    path: PathBuf,

    /// What the file is, if its name does not end with what it is
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,

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

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Rows and columns: CSV or Excel
    Table,
    /// FollowTheMoney: one JSON object a line
    Ftm,
}

/// Imports a file.
pub fn run(run: &Run, asked: &ImportTable) -> Result<Exit, Failure> {
    let name = asked.path.file_name().unwrap_or_default();
    let is_ftm = name.to_string_lossy().to_lowercase().ends_with("ftm.json");
    match asked.format {
        Some(Format::Ftm) => ftm::run(run, asked),
        None if is_ftm => ftm::run(run, asked),
        _ => table::run(run, asked, mapping(asked)?),
    }
}

/// The name under which rows are known again: the one given, or the file's.
fn source_of(asked: &ImportTable) -> String {
    let stem = asked
        .path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    asked.source.clone().or(stem).unwrap_or_default()
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
        source: match (&asked.source, file.source) {
            (None, Some(source)) => source,
            _ => source_of(asked),
        },
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
