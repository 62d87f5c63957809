//! `mahzar link`

mod configuration;
mod output;
mod source;
mod telling;

use std::path::{Path, PathBuf};

use clap::Args;
use count::decision;
use count::linkage::{self, Linkage, Settings};
use count::table::{Builder, Table};

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};

use configuration::Configuration;
use output::Gold;
use telling::Bars;

/// Link the records of lists: who is the same person
///
/// Reads CSV, JSON lines and Parquet. Names in Arabic, Latin and Cyrillic letters are compared by their sound; what the fields are is
/// said in the configuration (docs/spec/linkage.md). Writes clusters.csv, pairs.jsonl with the weight of each field, review.jsonl,
/// overlap.csv for `mahzar estimate`, model.json and summary.json. The same lists, configuration and decisions give the same result.
#[derive(Debug, Args)]
pub struct Link {
    /// The lists: files, or NAME=FILE; without a name the file's own
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,

    /// What the fields mean and how they are linked, in TOML or JSON
    #[arg(long, value_name = "FILE")]
    config: PathBuf,

    /// Where the results are written
    #[arg(long = "out", value_name = "DIR", default_value = "linked")]
    folder: PathBuf,

    /// How many threads compare; the result is the same
    #[arg(long, value_name = "N", default_value_t = 2)]
    threads: usize,
}

/// Reads the lists, links them, writes what was found.
pub fn run(run: &Run, asked: &Link) -> Result<Exit, Failure> {
    let configuration = Configuration::read(&asked.config)?;
    let (table, gold) = read_lists(run, asked, &configuration)?;
    let settings = settings(asked, &configuration, &table)?;
    let bars = Bars::new(run.screen);
    let linked = linkage::link(&table, &settings, &bars);
    bars.clear();
    let linked = linked.map_err(|error| refused(&configuration, &error, &table))?;
    write(
        run,
        asked,
        &configuration,
        &Linked {
            table: &table,
            gold: &gold,
            settings: &settings,
            linkage: &linked,
        },
    )
}

/// What was linked, and from what.
pub(super) struct Linked<'a> {
    table: &'a Table,
    gold: &'a Gold,
    settings: &'a Settings,
    linkage: &'a Linkage,
}

fn write(
    run: &Run,
    asked: &Link,
    configuration: &Configuration,
    linked: &Linked<'_>,
) -> Result<Exit, Failure> {
    std::fs::create_dir_all(&asked.folder).map_err(|error| unwritable(&asked.folder, error))?;
    output::write(&asked.folder, configuration, linked)?;
    let summary = output::summary(configuration, linked);
    let path = asked.folder.join("summary.json");
    std::fs::write(&path, format!("{summary:#}\n")).map_err(|error| unwritable(&path, error))?;
    telling::tell(run.screen, linked, &asked.folder);
    run.screen.answer(&summary);
    Ok(Exit::Done)
}

fn read_lists(
    run: &Run,
    asked: &Link,
    configuration: &Configuration,
) -> Result<(Table, Gold), Failure> {
    let mut builder = Builder::new(configuration.fields())
        .map_err(|error| malformed("fault-link").because(error))?;
    let mut gold = Gold::default();
    for named in &asked.files {
        let (name, path) = named_list(named);
        let bar = run
            .screen
            .bytes_bar(std::fs::metadata(&path).map_or(0, |data| data.len()));
        source::read(&path, &name, configuration, &mut builder, &mut gold, &bar)?;
        bar.finish_and_clear();
    }
    let table = builder
        .finish()
        .map_err(|error| malformed("fault-link").because(error))?;
    Ok((table, gold))
}

/// `NAME=FILE`, or a file that lends its list its own name.
fn named_list(named: &str) -> (String, PathBuf) {
    match named
        .split_once('=')
        .filter(|(name, _)| !name.is_empty() && !Path::new(named).exists())
    {
        Some((name, path)) => (name.to_owned(), PathBuf::from(path)),
        None => {
            let path = PathBuf::from(named);
            let stem = path.file_stem().map_or_else(
                || named.to_owned(),
                |stem| stem.to_string_lossy().into_owned(),
            );
            (stem, path)
        }
    }
}

fn settings(
    asked: &Link,
    configuration: &Configuration,
    table: &Table,
) -> Result<Settings, Failure> {
    let mut settings = configuration.settings()?;
    settings.threads = asked.threads.clamp(1, 64);
    if let Some(path) = &configuration.decisions {
        let refused = |why: &dyn std::fmt::Display| {
            malformed("fault-link-decisions")
                .text("path", path.display())
                .because(why)
        };
        let text = std::fs::read_to_string(path).map_err(|error| refused(&error))?;
        let decisions = decision::read(&text).map_err(|error| refused(&error))?;
        settings.decided =
            decision::constraints(table, &decisions).map_err(|error| refused(&error))?;
    }
    Ok(settings)
}

fn refused(configuration: &Configuration, error: &linkage::LinkError, table: &Table) -> Failure {
    if let (linkage::LinkError::Contradiction(torn), Some(path)) = (error, &configuration.decisions)
    {
        let name = |row: u32| format!("{}:{}", table.lists()[table.list_of(row)], table.id(row));
        let why = format!("{error}: {} and {}", name(torn.one), name(torn.other));
        return malformed("fault-link-decisions")
            .text("path", path.display())
            .because(why);
    }
    fault("fault-link").because(error)
}

fn unwritable(path: &Path, error: impl std::fmt::Display) -> Failure {
    fault("fault-write")
        .text("path", path.display())
        .because(error)
}
