//! `mahzar keyholder warrant`

use std::path::PathBuf;

use clap::Args;
use desk::ids::ItemId;
use office::{Office, Session};
use record::entry::Timestamp;
use record::ids::{CircleId, EntryId};
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::words::say;
use crate::{files, surroundings};

/// Issue a warrant: who may open a sealed item, why, and until when; no share moves before it is countersigned
///
/// Exit code 3 while no published head covers it; ask again with --entry.
#[derive(Debug, Args)]
pub struct Warrant {
    /// The sealed item's id
    #[arg(value_name = "ID")]
    item: String,

    /// Why; goes to the key-holders
    #[arg(long, value_name = "WORDS", required_unless_present = "entry")]
    reason: Option<String>,

    /// Who may open it: what `mahzar keyholder keygen` showed on the requester's machine
    #[arg(long, value_name = "RECIPIENT", required_unless_present = "entry")]
    requester: Option<String>,

    /// For how many days
    #[arg(long, value_name = "N", default_value_t = 14)]
    days: u64,

    /// A warrant that was issued before, by its entry's id: only write its file
    #[arg(long, value_name = "ENTRY")]
    entry: Option<String>,

    /// Where to write the file for the key-holders
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Issues the warrant, or takes up one that was, and writes its file.
pub fn run(run: &Run, asked: &Warrant) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (item, circle) = run.item(&office, &session, &asked.item)?;
    let entry = match &asked.entry {
        Some(entry) => entry
            .parse::<EntryId>()
            .map_err(|_| malformed("fault-id-form").text("id", entry))?,
        None => issue(run, &office, &session, item, circle, asked)?,
    };
    run.enter_waiting(&office)?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let Some(file) = office
        .warrant_file(&reader, entry)
        .map_err(|error| run.fault(&error))?
    else {
        run.screen.say(say("fault-pending"));
        run.screen
            .answer(&json!({ "entry": entry.to_string(), "pending": true }));
        return Ok(Exit::Pending);
    };
    let bytes = file
        .encode()
        .map_err(|error| fault("fault-failed").because(error))?;
    files::write_new(&asked.to, &bytes)?;
    run.screen
        .say(say("warrant-written").text("path", asked.to.display()));
    run.screen
        .answer(&json!({ "entry": entry.to_string(), "path": asked.to }));
    Ok(Exit::Done)
}

fn issue(
    run: &Run,
    office: &Office,
    session: &Session,
    item: ItemId,
    circle: CircleId,
    asked: &Warrant,
) -> Result<EntryId, Failure> {
    let requester = asked.requester.as_deref().unwrap_or_default();
    let requester = requester
        .parse()
        .map_err(|error| malformed("fault-recipient").because(error))?;
    let until = surroundings::now()
        .unix_seconds()
        .saturating_add(asked.days.saturating_mul(86_400));
    let until = Timestamp::from_unix_seconds(until)
        .map_err(|error| malformed("fault-failed").because(error))?;
    let steward = office
        .steward(session, circle)
        .map_err(|error| run.fault(&error))?;
    let reason = asked.reason.as_deref().unwrap_or_default();
    let issued = office.issue_warrant(&steward, item, reason, requester, until);
    issued
        .map(|accepted| accepted.id)
        .map_err(|error| run.write_fault(error))
}
