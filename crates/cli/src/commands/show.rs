//! `mahzar show`

use clap::Args;
use desk::ItemState;
use office::ItemSheet;
use office::roster::Roster;
use serde_json::{Value, json};

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::screen::size;
use crate::shown;
use crate::words::say;

/// Show an item with its custody and who opened it
#[derive(Debug, Args)]
pub struct Show {
    /// The item's id
    #[arg(value_name = "ID")]
    item: String,
}

/// Shows everything that is known of an item.
pub fn run(run: &Run, asked: &Show) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (item, circle) = run.item(&office, &session, &asked.item)?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let sheet = office
        .item(&reader, item)
        .map_err(|error| run.fault(&error))?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    tell(run, &roster, &sheet);
    run.screen.answer(&to_json(&sheet));
    Ok(Exit::Done)
}

/// Shows a sheet to a person.
pub fn tell(run: &Run, roster: &Roster, sheet: &ItemSheet) {
    let screen = run.screen;
    match &sheet.state {
        ItemState::Held(item) => {
            screen.line(format!(
                "{}  {}",
                item.item,
                desk::name::visible(&item.file_name)
            ));
            screen.line(format!(
                "  {}  {}  sha256 {}",
                item.media_type,
                size(item.size_bytes),
                item.sha256
            ));
        }
        ItemState::Erased(erased) => {
            let reason = desk::name::visible(&erased.reason);
            let by = shown::member(roster, erased.by);
            screen.say(
                say("show-erased")
                    .text("item", erased.item)
                    .text("at", erased.at)
                    .text("by", by)
                    .text("reason", reason),
            );
        }
    }
    screen.line(format!(
        "  {}",
        shown::mark(&sheet.mark).in_language(screen.language())
    ));
    screen.say(say("show-custody"));
    for event in &sheet.custody {
        let by = shown::member(roster, event.by);
        screen.line(format!(
            "  {}  {}  {by}  {}",
            event.at,
            event.event,
            desk::name::visible(&event.detail)
        ));
    }
    screen.say(say("show-accesses").n("count", sheet.accesses.len()));
    for access in &sheet.accesses {
        let by = shown::member(roster, access.by);
        screen.line(format!(
            "  {}  {by}  {}: {}",
            access.at,
            access.mode,
            desk::name::visible(&access.purpose)
        ));
    }
}

fn to_json(sheet: &ItemSheet) -> Value {
    let mut value = match &sheet.state {
        ItemState::Held(item) => shown::item_json(item, &sheet.mark),
        ItemState::Erased(erased) => json!({
            "item": erased.item.to_string(),
            "erased": { "at": erased.at.to_string(), "by": erased.by.to_string(), "reason": erased.reason },
            "mark": shown::mark_json(&sheet.mark),
        }),
    };
    value["circle"] = json!(sheet.circle.to_string());
    value["custody"] = sheet.custody.iter().map(shown::event_json).collect();
    value["accesses"] = sheet.accesses.iter().map(shown::access_json).collect();
    value
}
