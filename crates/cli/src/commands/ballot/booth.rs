//! `mahzar ballot booth`: the pages for voters, trustees and auditors, as files.

use std::borrow::Cow;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::files;
use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::files::cannot_write;
use crate::words::say;

/// What the auditor's page looks for beside itself.
const ARCHIVE: &str = "election.bel";

/// What the booth looks for beside itself: the election alone, which is small.
const ELECTION: &str = "election.json";

/// Write the booth, the trustee's page and the auditor's page, for a web server or a stick
///
/// The pages are static and work offline. Nothing is written over: name a folder that has none of these files.
#[derive(Debug, Args)]
pub struct Booth {
    /// The folder to write them into; it is made if it is not there
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,

    /// An archive that holds, to be put beside them: a web server's visitors then need not choose the file
    #[arg(long, value_name = "ELECTION.bel")]
    election: Option<PathBuf>,
}

/// Writes the pages.
pub fn booth(run: &Run, asked: &Booth) -> Result<Exit, Failure> {
    let mut pages: Vec<(&str, Cow<'static, [u8]>)> = web::booth_files()
        .map(|(name, bytes)| (name, Cow::from(bytes)))
        .collect();
    if let Some(path) = &asked.election {
        let bytes = files::bytes(path)?;
        let opened = files::opened(run, &bytes)?;
        pages.push((ELECTION, opened.election.text().into_bytes().into()));
        pages.push((ARCHIVE, bytes.into()));
    }
    fs::create_dir_all(&asked.to).map_err(|error| cannot_write(&asked.to, &error))?;
    for (name, bytes) in &pages {
        publish(&asked.to.join(name), bytes)?;
    }
    let names: Vec<&str> = pages.iter().map(|(name, _)| *name).collect();
    run.screen
        .say(say("ballot-booth").text("path", asked.to.display()));
    run.screen
        .answer(&json!({ "booth": asked.to, "files": names }));
    Ok(Exit::Done)
}

/// Writes a file that anybody may read. A crash here leaves some of the files; they are written again after it is removed.
fn publish(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| cannot_write(path, &error))
}
