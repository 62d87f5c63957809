//! `mahzar ballot audit`: what `mahzar-verify` says of an archive, and that it grew out of an earlier one.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use ballot::verify::{Options, verify};
use clap::Args;
use serde_json::json;

use super::{counting, files};
use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::files::cannot_read;
use crate::words::say;

/// Bytes compared at once.
const COMPARED_BYTES: usize = 64 * 1024;

/// Check everything in an archive; names each failure with its place
#[derive(Debug, Args)]
pub struct Audit {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,

    /// A copy that was taken earlier: nothing of it may have gone
    #[arg(long, value_name = "EARLIER.bel")]
    earlier: Option<PathBuf>,

    #[command(flatten)]
    counting: counting::Counting,
}

/// Audits.
pub fn audit(run: &Run, asked: &Audit) -> Result<Exit, Failure> {
    if let Some(earlier) = &asked.earlier
        && !begins_with(&asked.archive, earlier)?
    {
        return Err(files::refused(
            "something of the earlier copy is gone or changed",
        ));
    }
    let length = std::fs::metadata(&asked.archive).map_or(0, |about| about.len());
    let bar = run.screen.bytes_bar(length);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let source = BufReader::new(open(&asked.archive)?);
    let report = verify(source, &Options { threads }, &mut |progress| {
        bar.set_position(progress.bytes)
    });
    bar.finish_and_clear();
    let report = report.map_err(|error| cannot_read(&asked.archive, &error))?;
    for failure in &report.failures {
        run.screen.line(format!(
            "{}@{} {}: {} [{}]",
            failure.place.record,
            failure.place.offset,
            failure.place.part,
            failure.reason,
            failure.reason.code()
        ));
        run.screen.answer(&json!({
            "failure": failure.reason.code(), "record": failure.place.record, "offset": failure.place.offset, "part": failure.place.part,
        }));
    }
    let counts = json!({
        "holds": report.holds(), "fingerprint": report.fingerprint, "voters": report.voters, "ballots": report.ballots,
        "tallied": report.tallied, "weight": report.weight, "failures": report.failures.len() as u64 + report.failures_omitted,
    });
    run.screen.answer(&counts);
    match (report.holds(), report.is_malformed()) {
        (true, _) => {
            run.screen.say(
                say("ballot-holds")
                    .text("ballots", report.ballots)
                    .text("fingerprint", &report.fingerprint),
            );
            let result = report.result.as_deref().unwrap_or_default();
            counting::tell(run, &report.questions, result, &asked.counting);
            Ok(Exit::Done)
        }
        (false, false) => Ok(Exit::Failed),
        (false, true) => Ok(Exit::Malformed),
    }
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| cannot_read(path, &error))
}

/// Whether a file begins with all of another.
fn begins_with(later: &Path, earlier: &Path) -> Result<bool, Failure> {
    let (mut now, mut before) = (BufReader::new(open(later)?), BufReader::new(open(earlier)?));
    let (mut left, mut right) = (vec![0; COMPARED_BYTES], vec![0; COMPARED_BYTES]);
    loop {
        let length = before
            .read(&mut right)
            .map_err(|error| cannot_read(earlier, &error))?;
        if length == 0 {
            return Ok(true);
        }
        if now.read_exact(&mut left[..length]).is_err() || left[..length] != right[..length] {
            return Ok(false);
        }
    }
}
