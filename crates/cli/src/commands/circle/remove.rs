//! `mahzar circle remove`: and, where the remover stays a member, a new key at once.

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Remove a member from a circle, or leave it
///
/// What they could read they may have kept. If you stay in the circle, its key is renewed at once, and nothing entered from then on is
/// open to them.
#[derive(Debug, Args)]
pub struct Remove {
    /// The circle, by name or id
    circle: String,

    /// The member, by name or id
    member: String,

    /// Why; the circle can read this
    #[arg(long, value_name = "WORDS")]
    reason: String,
}

/// Removes the member and renews the key.
pub fn run(run: &Run, asked: &Remove) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, Some(&asked.circle))?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let member = run.member(&roster, &asked.member)?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let leaves = member == session.member();
    if leaves {
        office
            .leave_circle(&reader, &asked.reason)
            .map_err(|error| run.membership_fault(&error))?;
    } else {
        let steward = office
            .steward(&session, circle)
            .map_err(|error| run.fault(&error))?;
        office
            .remove_from_circle(&steward, member, &asked.reason)
            .map_err(|error| run.membership_fault(&error))?;
        office
            .renew_epoch(&reader)
            .map_err(|error| run.membership_fault(&error))?;
    }
    run.screen.say(
        say("circle-removed")
            .text("name", &asked.member)
            .text("circle", &asked.circle),
    );
    run.screen.answer(&json!({ "circle": circle.to_string(), "member": member.to_string(), "key_renewed": !leaves }));
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
