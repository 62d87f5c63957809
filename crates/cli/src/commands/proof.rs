//! `mahzar proof`

use std::path::PathBuf;

use clap::Args;
use office::Proved;
use record::proof::Proof as Proven;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::files;
use crate::words::say;

/// Write the proof that an item is in the record
///
/// The proof discloses digest and size of the content, so that it can be checked against a copy; nothing of who entered it, when and under
/// what name. Exit code 3 while the entry waits for its place in the record.
#[derive(Debug, Args)]
pub struct Proof {
    /// The item's id
    #[arg(value_name = "ID")]
    item: String,

    /// Where to write it: a new file; without it, to stdout
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,

    /// Disclose nothing: prove only that something was entered
    #[arg(long)]
    closed: bool,
}

/// Writes the proof, or says that it is pending.
pub fn run(run: &Run, asked: &Proof) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (item, circle) = run.item(&office, &session, &asked.item)?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    match office
        .prove_item(&reader, item, !asked.closed)
        .map_err(|error| run.fault(&error))?
    {
        Proved::Pending => {
            run.screen.say(say("fault-pending"));
            run.screen
                .answer(&json!({ "item": item.to_string(), "pending": true }));
            Ok(Exit::Pending)
        }
        Proved::Proof(proof) => {
            write(run, &proof, asked.to.as_deref())?;
            Ok(Exit::Done)
        }
    }
}

/// Writes a proof where it was asked for.
pub fn write(run: &Run, proof: &Proven, to: Option<&std::path::Path>) -> Result<(), Failure> {
    let text = proof
        .encode()
        .map_err(|error| fault("fault-failed").because(error))?;
    if let Some(path) = to {
        files::write_new(path, text.as_bytes())?;
        run.screen.say(
            say("proof-written")
                .text("path", path.display())
                .n("number", proof.index),
        );
    } else {
        run.screen.line(text.trim_end_matches('\n'));
    }
    run.screen
        .answer(&json!({ "leaf": proof.index, "path": to, "proof": text }));
    Ok(())
}
