//! `mahzar fsck`

use clap::Args;
use office::Check;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::words::say;

/// Threads that hash beside each other.
const THREADS: usize = 2;

/// Re-derive everything and name what does not fit
///
/// Without a member: the record, its leaves, the stored objects, and the entries of the house. With --as, also what that member can open.
#[derive(Debug, Args)]
pub struct Fsck {
    /// Also check every entry that can be opened: place, commitment, signature, right to sign
    #[arg(long)]
    entries: bool,
}

/// Checks, and names every finding.
pub fn run(run: &Run, asked: &Fsck) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run
        .acting
        .is_some()
        .then(|| run.session(&office))
        .transpose()?;
    let sessions: Vec<_> = session.iter().collect();
    let bar = run.screen.spinner(say("fsck-working"));
    let check = office.check(&sessions, asked.entries, THREADS, &|leaves| {
        bar.set_position(leaves)
    });
    bar.finish_and_clear();
    let check = check.map_err(|error| run.fault(&error))?;
    report(run, &check);
    match check.findings.len() {
        0 => Ok(Exit::Done),
        count => Err(fault("fault-found").text("count", count)),
    }
}

/// Tells what was looked at and found.
pub fn report(run: &Run, check: &Check) {
    for finding in &check.findings {
        run.screen
            .line(format!("{}: {}", finding.place, finding.what));
        run.screen
            .answer(&json!({ "place": finding.place, "what": finding.what }));
    }
    for stray in &check.strays {
        run.screen.say(say("fsck-stray").text("path", stray));
    }
    run.screen.say(
        say("fsck-done")
            .n("leaves", check.leaves)
            .n("objects", check.objects)
            .n("entries", check.entries)
            .n("locked", check.locked),
    );
    run.screen.answer(&json!({
        "leaves": check.leaves,
        "objects": check.objects,
        "entries": check.entries,
        "locked": check.locked,
        "erased": check.erased,
        "strays": check.strays,
        "findings": check.findings.len(),
    }));
}
