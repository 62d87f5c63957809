//! `mahzar open`: a copy leaves the vault, after the purpose was entered.

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::Args;
use desk::kinds::Mode;
use office::{Content, OpenItemError};
use record::hash::Hasher;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::files;
use crate::words::say;

/// How much is held at a time.
const PIECE_BYTES: usize = 256 * 1024;

/// Take a copy out, for a stated purpose; entered before the first byte leaves
#[derive(Debug, Args)]
pub struct Open {
    /// The item's id
    #[arg(value_name = "ID")]
    item: String,

    /// Where to write the copy: a new file, readable by you alone
    #[arg(long, value_name = "FILE")]
    to: PathBuf,

    /// What it is needed for; everybody in the circle can read this
    #[arg(long, value_name = "WORDS")]
    purpose: String,
}

/// Enters the purpose, then writes the copy.
pub fn run(run: &Run, asked: &Open) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (item, circle) = run.item(&office, &session, &asked.item)?;
    let writer = office
        .writer(&session, circle)
        .map_err(|error| run.write_fault(error))?;
    // Made first: a purpose is not entered for a copy that has nowhere to go.
    let mut file = files::create_new(&asked.to)?;
    let written = office
        .open_item(&writer, item, &asked.purpose, Mode::Copy)
        .map_err(|error| refused(run, &error))
        .and_then(|content| copy(run, content, &mut file, asked));
    if written.is_err() {
        // Half a copy helps nobody; what matters is the error above.
        let _left = fs::remove_file(&asked.to);
    }
    let size = written?;
    run.enter_waiting(&office)?;
    run.screen
        .say(say("open-done").text("path", asked.to.display()));
    run.screen
        .answer(&json!({ "item": item.to_string(), "path": asked.to, "size": size }));
    Ok(Exit::Done)
}

fn copy(
    run: &Run,
    mut content: Content,
    file: &mut fs::File,
    asked: &Open,
) -> Result<u64, Failure> {
    let expected = content.item.sha256;
    let bar = run.screen.bytes_bar(content.item.size_bytes);
    let mut hasher = Hasher::new();
    let mut piece = vec![0; PIECE_BYTES];
    let mut size = 0;
    let unreadable = |error: io::Error| fault("fault-damaged").because(error);
    loop {
        let count = content.read(&mut piece).map_err(unreadable)?;
        if count == 0 {
            break;
        }
        hasher.update(&piece[..count]);
        file.write_all(&piece[..count])
            .map_err(|error| files::cannot_write(&asked.to, &error))?;
        size += count as u64;
        bar.inc(count as u64);
    }
    bar.finish_and_clear();
    file.sync_all()
        .map_err(|error| files::cannot_write(&asked.to, &error))?;
    if hasher.finish() == expected {
        Ok(size)
    } else {
        Err(fault("fault-damaged").because("the digest differs from the one entered"))
    }
}

fn refused(run: &Run, error: &OpenItemError) -> Failure {
    match error {
        OpenItemError::RotationDue => fault("fault-rotation"),
        OpenItemError::Sealed => fault("fault-sealed"),
        OpenItemError::Purpose(reason) => malformed("fault-purpose").because(reason),
        OpenItemError::Fault(fault) => run.fault(fault),
    }
}
