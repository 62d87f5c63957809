//! `mahzar member revoke`

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Cut a member off for good: keys, circles and sessions, at once
#[derive(Debug, Args)]
pub struct Revoke {
    /// The member's name or id
    member: String,

    /// Why; the administrators and the member's circles can read this
    #[arg(long, value_name = "WORDS")]
    reason: String,
}

/// Revokes the member. Their circles are then due for a new key.
pub fn run(run: &Run, asked: &Revoke) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let administrator = office
        .administrator(&session)
        .map_err(|error| run.fault(&error))?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let member = run.member(&roster, &asked.member)?;
    let accepted = office
        .revoke_member(&administrator, member, &asked.reason)
        .map_err(|error| run.admit_fault(&error))?;
    run.screen
        .say(say("member-revoked").text("name", &asked.member));
    run.screen.answer(
        &json!({ "member": member.to_string(), "revoked": true, "entry": accepted.id.to_string() }),
    );
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
