//! `mahzar circle rotate`

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Renew a circle's key: what is entered from now on is closed to whoever left
#[derive(Debug, Args)]
pub struct Rotate {
    /// The circle, by name or id
    circle: String,
}

/// Makes the next epoch.
pub fn run(run: &Run, asked: &Rotate) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, Some(&asked.circle))?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    office
        .renew_epoch(&reader)
        .map_err(|error| run.membership_fault(&error))?;
    run.screen
        .say(say("circle-rotated").text("circle", &asked.circle));
    run.screen
        .answer(&json!({ "circle": circle.to_string(), "key_renewed": true }));
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
