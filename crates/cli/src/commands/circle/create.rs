//! `mahzar circle create`

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Create a circle; whoever does it is its first member and steward
#[derive(Debug, Args)]
pub struct Create {
    /// What it is called
    name: String,
}

/// Creates the circle.
pub fn run(run: &Run, asked: &Create) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = office
        .create_circle(&session, &asked.name)
        .map_err(|error| run.membership_fault(&error))?;
    run.screen.say(
        say("circle-created")
            .text("name", &asked.name)
            .text("circle", circle),
    );
    run.screen
        .answer(&json!({ "circle": circle.to_string(), "name": asked.name }));
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
