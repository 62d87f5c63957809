//! The clerk gives the lawyer's circle what consent allows, in full or else under codes, and says what is withheld and why.

use desk::consent::{Asked, Class, Level, Purpose};
use desk::ids::EntityId;
use office::{Judged, ShareError, Writer};

use super::super::people::{self, People, not_done};
use super::filling::{Filled, id};
use crate::commands::Run;
use crate::commands::leaving::tell_plan;
use crate::failure::Failure;
use crate::words::say;

/// Shares, tells, and looks from the lawyer's side whether an account can be found.
pub fn share(run: &Run, people: &People, filled: &Filled) -> Result<(), Failure> {
    let clerk = &people.clerk;
    let from = people.office.writer(clerk, people.intake);
    let from = from.map_err(|error| run.write_fault(error))?;
    let to = people.office.writer(clerk, people.legal);
    let to = to.map_err(|error| run.write_fault(error))?;
    run.screen.say(
        say("demo-desk-share")
            .text("name", people::CLERK)
            .text("circle", people::LEGAL),
    );
    let wanted = wanted(filled)?;
    let bar = run.screen.count_bar(
        wanted.len() as u64,
        say("demo-desk-sharing").text("circle", people::LEGAL),
    );
    let mut judged = Vec::new();
    for entity in &wanted {
        judged.push(give(run, people, &from, &to, *entity)?);
        bar.inc(1);
    }
    bar.finish_and_clear();
    tell_plan(run, &judged);
    run.enter_waiting(&people.office)?;
    let went = |entity| {
        judged
            .iter()
            .any(|one| one.entity == entity && one.released.is_some())
    };
    let account = filled
        .lives
        .first()
        .map_or("", |life| life.account.as_str());
    if went(id(account)?)
        || people
            .office
            .circle_of_entity(&people.lawyer, id(account)?)
            .is_ok()
    {
        return Err(not_done(
            "desk",
            "an account that identifies its source left",
        ));
    }
    if !judged.iter().any(|one| one.released.is_some()) {
        return Err(not_done("desk", "nothing could be shared"));
    }
    Ok(())
}

/// First what others point to, so that copies point to copies.
fn wanted(filled: &Filled) -> Result<Vec<EntityId>, Failure> {
    let lives = filled.lives.iter().flat_map(|life| {
        [
            &life.account,
            &life.transcript,
            &life.person,
            &life.event,
            &life.act,
        ]
    });
    let matters = [&filled.matters.capture, &filled.matters.case];
    let all = filled.of_nobody.iter().chain(&filled.commanders);
    all.chain(lives)
        .chain(matters)
        .map(|text| id(text))
        .collect()
}

/// In full if that is allowed, else under codes; what came of it.
fn give(
    run: &Run,
    people: &People,
    from: &Writer<'_>,
    to: &Writer<'_>,
    entity: EntityId,
) -> Result<Judged, Failure> {
    let full = asked(people, Level::Full)?;
    let coded = asked(people, Level::Pseudonymous)?;
    let judge = |asked: &Asked<'_>| -> Result<Judged, Failure> {
        let judged = people.office.judge_each(from, &[entity], asked);
        let judged = judged.map_err(|error| run.fault(&error))?.pop();
        judged.ok_or_else(|| not_done("desk", "nothing was judged"))
    };
    let mut judged = judge(&full)?;
    let mut asked = &full;
    if judged.released.is_none() {
        let under_codes = judge(&coded)?;
        if under_codes.released.is_none() {
            return Ok(judged);
        }
        (judged, asked) = (under_codes, &coded);
    }
    match people.office.share(from, to, entity, asked) {
        Ok(_) | Err(ShareError::There(_)) => Ok(judged),
        Err(error) => Err(not_done("desk", error)),
    }
}

fn asked(people: &People, level: Level) -> Result<Asked<'static>, Failure> {
    let unknown = || not_done("desk", "a code is not known");
    Ok(Asked {
        purpose: Purpose::find("case_building").ok_or_else(unknown)?,
        class: Class::find("other_circle").ok_or_else(unknown)?,
        name: None,
        level,
        day: people.office.setting().today(),
    })
}
