//! `mahzar circle show`

use clap::Args;
use office::CircleSummary;
use office::roster::Roster;
use serde_json::{Value, json};

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::shown;
use crate::words::say;

/// Show a circle, or all of yours
#[derive(Debug, Args)]
pub struct Show {
    /// The circle, by name or id; without it, all that you are in
    circle: Option<String>,
}

/// Shows members, stewards and whether the key is current.
pub fn run(run: &Run, asked: &Show) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let only = asked
        .circle
        .as_deref()
        .map(|name| run.circle(&office, &session, Some(name)))
        .transpose()?;
    let circles = office
        .circles(&session)
        .map_err(|error| run.fault(&error))?;
    for circle in circles
        .iter()
        .filter(|circle| only.is_none_or(|only| circle.id == only))
    {
        tell(run, &roster, circle);
        run.screen.answer(&to_json(&roster, circle));
    }
    Ok(Exit::Done)
}

fn tell(run: &Run, roster: &Roster, circle: &CircleSummary) {
    let screen = run.screen;
    screen.line(format!(
        "{}  {}",
        circle.id,
        desk::name::visible(&circle.name)
    ));
    screen.say(say("circle-epoch").n("epoch", circle.epoch));
    if circle.rotation_due {
        screen.say(say("circle-rotation-due"));
    }
    for (member, steward) in &circle.members {
        let name = shown::member(roster, *member);
        let rank = if *steward {
            say("circle-steward")
        } else {
            say("circle-member")
        };
        screen.line(format!(
            "  {member}  {name}  {}",
            rank.in_language(screen.language())
        ));
    }
}

fn to_json(roster: &Roster, circle: &CircleSummary) -> Value {
    let members = circle.members.iter().map(|(member, steward)| {
        json!({ "member": member.to_string(), "name": shown::member(roster, *member), "steward": steward })
    });
    json!({
        "circle": circle.id.to_string(),
        "name": circle.name,
        "epoch": circle.epoch,
        "rotation_due": circle.rotation_due,
        "members": members.collect::<Value>(),
    })
}
