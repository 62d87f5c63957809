//! `mahzar backup`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::screen::size;
use crate::words::say;

/// Write a backup into a new folder, while the office is in use
///
/// Whoever has it needs the unlock secret to read anything of it, and members' passphrases to read their circles. The keys of entries lie
/// in a part of their own, keys.db: what is erased in the office can be read from the backup for as long as that part exists, so do not keep
/// it for long.
#[derive(Debug, Args)]
pub struct Backup {
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Backs the office up.
pub fn run(run: &Run, asked: &Backup) -> Result<Exit, Failure> {
    let office = run.office()?;
    let bar = run.screen.spinner(say("backup-working"));
    let done = office.back_up(&asked.to, &|bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    let done = done.map_err(|error| fault("fault-backup").because(error))?;
    run.screen.say(
        say("backup-done")
            .text("path", asked.to.display())
            .n("files", done.files)
            .text("size", size(done.size_bytes)),
    );
    run.screen.answer(&json!({ "backup": asked.to, "files": done.files, "size": done.size_bytes, "leaves": done.leaves }));
    Ok(Exit::Done)
}
