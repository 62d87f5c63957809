//! `mahzar TYPE review` and `mahzar TYPE erase`

use clap::Args;
use desk::model::Type;
use desk::statement::ReviewOutcome;
use serde_json::json;

use super::{located, state_fault};
use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::words::say;

/// Submit, review or return one
#[derive(Debug, Args)]
pub struct Review {
    /// The entity's id
    #[arg(value_name = "ID")]
    entity: String,

    /// submitted, reviewed or returned; nobody reviews what they stated themselves
    #[arg(value_name = "OUTCOME")]
    outcome: ReviewOutcome,

    /// What to say to the writer
    #[arg(long, value_name = "WORDS", default_value = "")]
    comment: String,
}

/// Destroy everything stated about one
///
/// The record keeps commitments that say nothing; an entry says that it was erased, by whom and why.
#[derive(Debug, Args)]
pub struct Erase {
    /// The entity's id
    #[arg(value_name = "ID")]
    entity: String,

    /// Why; this stays for good, so it should not repeat what is erased
    #[arg(long, value_name = "WORDS")]
    reason: String,

    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Moves an entity through review.
pub fn review(run: &Run, _model: &Type, asked: &Review) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (entity, circle) = located(run, &office, &session, &asked.entity)?;
    let writer = office
        .writer(&session, circle)
        .map_err(|error| run.write_fault(error))?;
    let accepted = office
        .review(&writer, entity, asked.outcome, &asked.comment)
        .map_err(|error| state_fault(run, error))?;
    run.enter_waiting(&office)?;
    run.screen.say(say("entity-stated").text("entity", entity));
    run.screen.answer(&json!({
        "entity": entity.to_string(), "outcome": asked.outcome.to_string(), "entry": accepted.id.to_string(),
    }));
    Ok(Exit::Done)
}

/// Shows what will be destroyed, asks, and destroys it.
pub fn erase(run: &Run, _model: &Type, asked: &Erase) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (entity, circle) = located(run, &office, &session, &asked.entity)?;
    let steward = office
        .steward(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let sheet = office
        .entity(steward.reader(), entity)
        .map_err(|error| run.fault(&error))?;
    run.screen.say(
        say("entity-erase-plan")
            .text("title", desk::name::visible(&sheet.entity.line.title))
            .n("statements", sheet.history.len()),
    );
    if !asked.yes && !run.screen.agreed(say("erase-question")) {
        return Err(fault("fault-not-agreed"));
    }
    let accepted = office
        .erase_entity(&steward, entity, &asked.reason)
        .map_err(|error| state_fault(run, error))?;
    run.enter_waiting(&office)?;
    run.screen.say(say("erase-done").text("item", entity));
    run.screen.answer(&json!({
        "entity": entity.to_string(), "erased": true, "entry": accepted.id.to_string(),
    }));
    Ok(Exit::Done)
}
