//! `mahzar share`: another circle gets a copy, as far as consent allows.

use clap::Args;
use desk::ids::EntityId;
use office::ShareError;
use serde_json::json;

use super::{Leaving, Request, tell_plan};
use crate::commands::Run;
use crate::commands::entity::state_fault;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::words::say;

/// Give another circle a copy, as far as consent allows
///
/// What identifies a source stays; closed fields stay. What goes is entered in both circles. Share what a thing points to first, so that
/// the copy can point to its copies.
#[derive(Debug, Args)]
pub struct Share {
    /// The entities' ids
    #[arg(value_name = "ID", required = true)]
    entities: Vec<String>,

    /// The circle that gets it, by name or id
    #[arg(long = "with", value_name = "CIRCLE")]
    with: String,

    #[command(flatten)]
    leaving: Leaving,
}

/// Shares entities.
pub fn run(run: &Run, asked: &Share) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let request = Request::read(&office, &asked.leaving, "other_circle", None)?;
    let target = run.circle(&office, &session, Some(&asked.with))?;
    let mut withheld = false;
    for id in &asked.entities {
        let entity: EntityId = id
            .trim()
            .parse()
            .map_err(|_| malformed("fault-id-form").text("id", id))?;
        let circle = office
            .circle_of_entity(&session, entity)
            .map_err(|error| run.fault(&error))?;
        let from = office
            .writer(&session, circle)
            .map_err(|error| run.write_fault(error))?;
        let to = office
            .writer(&session, target)
            .map_err(|error| run.write_fault(error))?;
        let plan = office
            .judge_each(&from, &[entity], &request.asked())
            .map_err(|error| run.fault(&error))?;
        if asked.leaving.plan || plan.iter().any(|one| one.released.is_none()) {
            tell_plan(run, &plan);
            withheld |= plan.iter().any(|one| one.released.is_none());
            continue;
        }
        match office.share(&from, &to, entity, &request.asked()) {
            Ok(copy) => {
                run.screen.say(
                    say("leaving-shared")
                        .text("entity", entity)
                        .text("copy", copy),
                );
                run.screen
                    .answer(&json!({ "entity": entity.to_string(), "copy": copy.to_string() }));
            }
            Err(ShareError::There(copy)) => {
                run.screen.say(say("leaving-there").text("copy", copy));
                run.screen
                    .answer(&json!({ "entity": entity.to_string(), "copy": copy.to_string() }));
            }
            Err(ShareError::State(error)) => return Err(state_fault(run, error)),
            Err(other) => return Err(fault("fault-failed").because(other)),
        }
    }
    run.enter_waiting(&office)?;
    Ok(if withheld { Exit::Failed } else { Exit::Done })
}
