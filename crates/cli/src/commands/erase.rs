//! `mahzar erase`

use clap::Args;
use desk::ItemState;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::screen::size;
use crate::words::say;

/// Destroy an item's content for good
///
/// The record keeps a commitment that says nothing; an entry says that the content was erased, by whom and why. Copies that were taken out,
/// publications, and backups that still hold its key are not reached by this.
#[derive(Debug, Args)]
pub struct Erase {
    /// The item's id
    #[arg(value_name = "ID")]
    item: String,

    /// Why; this stays for good, so it should not repeat what is erased
    #[arg(long, value_name = "WORDS")]
    reason: String,

    /// Do not ask
    #[arg(long)]
    yes: bool,
}

/// Shows what will be destroyed, asks, and destroys it.
pub fn run(run: &Run, asked: &Erase) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (item, circle) = run.item(&office, &session, &asked.item)?;
    let steward = office
        .steward(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let sheet = office
        .item(steward.reader(), item)
        .map_err(|error| run.fault(&error))?;
    if let ItemState::Held(held) = &sheet.state {
        let name = desk::name::visible(&held.file_name);
        run.screen.say(
            say("erase-plan")
                .text("item", item)
                .text("name", name)
                .text("size", size(held.size_bytes)),
        );
    }
    if !asked.yes && !run.screen.agreed(say("erase-question")) {
        return Err(fault("fault-not-agreed"));
    }
    let accepted = office
        .erase(&steward, item, &asked.reason)
        .map_err(|error| run.write_fault(error))?;
    run.enter_waiting(&office)?;
    run.screen.say(say("erase-done").text("item", item));
    run.screen.answer(
        &json!({ "item": item.to_string(), "erased": true, "entry": accepted.id.to_string() }),
    );
    Ok(Exit::Done)
}
