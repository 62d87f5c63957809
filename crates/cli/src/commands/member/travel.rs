//! `mahzar member travel`: an account that opens nothing while its owner crosses a border.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Let an account open nothing while its owner travels, and give it back
#[derive(Debug, Args)]
pub struct Travel {
    #[command(subcommand)]
    step: Step,
}

/// The steps.
#[derive(Debug, Subcommand)]
pub enum Step {
    /// From now on the account holds no key of any circle
    Begin(Named),
    /// A steward or administrator says that the member is back
    End(Named),
    /// A steward of circles gives the member their keys again
    Restore(Named),
}

/// Who travels.
#[derive(Debug, Args)]
pub struct Named {
    /// The member's name or id
    member: String,
}

/// Does one step.
pub fn run(run: &Run, asked: &Travel) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let (Step::Begin(named) | Step::End(named) | Step::Restore(named)) = &asked.step;
    let member = run.member(&roster, &named.member)?;
    let saying = match &asked.step {
        Step::Begin(_) => {
            office
                .begin_travel(&session, member)
                .map_err(|error| run.admit_fault(&error))?;
            say("travel-began").text("name", &named.member)
        }
        Step::End(_) => {
            office
                .end_travel(&session, member)
                .map_err(|error| run.admit_fault(&error))?;
            say("travel-ended").text("name", &named.member)
        }
        Step::Restore(_) => {
            let circles = office
                .restore_wraps(&session, member)
                .map_err(|error| run.fault(&error))?;
            say("travel-restored")
                .text("name", &named.member)
                .n("circles", circles)
        }
    };
    run.screen
        .answer(&json!({ "member": member.to_string(), "travel": saying.key() }));
    run.screen.say(saying);
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
