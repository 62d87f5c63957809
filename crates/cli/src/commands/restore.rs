//! `mahzar restore`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::words::say;

/// Make an office from a backup, in the folder that --office names
///
/// It signs nothing before its outside offices have said that they know no later head, or `mahzar record reconcile --accept-loss` begins a new
/// record.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

/// Restores; needs no secret, since everything stays encrypted.
pub fn run(run: &Run, asked: &Restore) -> Result<Exit, Failure> {
    let bar = run.screen.spinner(say("restore-working"));
    let done = office::restore(&asked.from, &run.office_folder, &|bytes| {
        bar.set_position(bytes)
    });
    bar.finish_and_clear();
    let done = done.map_err(|error| fault("fault-restore").because(error))?;
    run.screen.say(
        say("restore-done")
            .text("folder", run.office_folder.display())
            .n("size", done.leaves)
            .text("origin", &done.origin),
    );
    run.screen.answer(&json!({ "office": run.office_folder, "leaves": done.leaves, "origin": done.origin.to_string(), "has_keys": done.has_keys, "signing": false }));
    Ok(Exit::Done)
}
