//! `mahzar circle add`

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Add a member of the office to a circle; they can read all of it, the archive included
///
/// Compare the fingerprint with the member first, by a channel that you trust.
#[derive(Debug, Args)]
pub struct Add {
    /// The circle, by name or id
    circle: String,

    /// The member, by name or id
    member: String,

    /// As a steward, who may add and remove
    #[arg(long)]
    steward: bool,
}

/// Adds the member.
pub fn run(run: &Run, asked: &Add) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, Some(&asked.circle))?;
    let steward = office
        .steward(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let member = run.member(&roster, &asked.member)?;
    let fingerprint = office
        .fingerprint(member)
        .map_err(|error| run.fault(&error))?;
    office
        .add_to_circle(&steward, member, asked.steward)
        .map_err(|error| run.membership_fault(&error))?;
    run.screen.say(
        say("circle-added")
            .text("name", &asked.member)
            .text("circle", &asked.circle),
    );
    run.screen
        .say(say("member-fingerprint").text("fingerprint", &fingerprint));
    run.screen.answer(&json!({ "circle": circle.to_string(), "member": member.to_string(), "fingerprint": fingerprint }));
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
