//! `mahzar week`

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use desk::model::MODEL;
use office::{Due, Week};
use serde_json::json;

use crate::commands::Run;
use crate::commands::entity::tag;
use crate::failure::{Exit, Failure};
use crate::words::say;
use crate::{files, shown};

/// What to look at this week: check-ins, consents to ask again for, things without a basis, what left, who opened what
#[derive(Debug, Args)]
pub struct WeekAsked {
    /// The circle, by name or id; needed if you are in several
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    /// Write the dates as a calendar here (iCalendar), titled by code only
    #[arg(long, value_name = "FILE.ics")]
    calendar: Option<PathBuf>,
}

/// Shows a circle's week.
pub fn run(run: &Run, asked: &WeekAsked) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let week = office.week(&reader).map_err(|error| run.fault(&error))?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let screen = run.screen;
    for due in &week.due {
        let kind = label(run, due);
        let title = desk::name::visible(&due.line.title_in(tag(screen.language())));
        screen.line(format!(
            "{}  {kind}  {title}  {}",
            due.date, due.line.entity
        ));
    }
    screen.say(
        say("week-counts")
            .n("due", week.due.len())
            .n("undescribed", week.undescribed)
            .n("submitted", week.submitted)
            .n("returned", week.returned),
    );
    for ((recipient, named), count) in &week.disclosed {
        let to = format!("{recipient} {}", desk::name::visible(named));
        screen.say(
            say("week-disclosed")
                .text("to", to.trim())
                .n("count", *count),
        );
    }
    for (member, count) in &week.opened {
        let name = shown::member(&roster, *member);
        screen.say(say("week-opened").text("name", name).n("count", *count));
    }
    screen.answer(&to_json(&week));
    if let Some(path) = &asked.calendar {
        files::write_new(path, calendar(&week).as_bytes())?;
        screen.say(say("week-calendar").text("path", path.display()));
    }
    Ok(Exit::Done)
}

fn label(run: &Run, due: &Due) -> String {
    let language = tag(run.screen.language());
    let model = MODEL.find(&due.line.type_name);
    let field = model.and_then(|model| model.field(due.field));
    let kind = model.map_or("", |model| model.label.in_language(language));
    let field = field.map_or(due.field, |field| field.label.in_language(language));
    format!("{kind}: {field}")
}

fn to_json(week: &Week) -> serde_json::Value {
    let due = week.due.iter().map(|due| {
        json!({
            "entity": due.line.entity.to_string(), "type": due.line.type_name, "title": due.line.title,
            "field": due.field, "date": due.date,
        })
    });
    json!({
        "due": due.collect::<Vec<_>>(), "undescribed": week.undescribed, "submitted": week.submitted, "returned": week.returned,
        "disclosed": week.disclosed.iter().map(|((recipient, named), count)| json!({
            "recipient": recipient, "named": named, "count": count,
        })).collect::<Vec<_>>(),
        "opened": week.opened.iter().map(|(member, count)| json!({ "by": member.to_string(), "count": count })).collect::<Vec<_>>(),
    })
}

/// The dates as RFC 5545. A calendar is shown on lock screens and kept by companies, so it says a type and the beginning of an id, and no more.
fn calendar(week: &Week) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mahzar//week//EN\r\n".to_owned();
    for due in &week.due {
        let id = due.line.entity.to_string();
        let day = gregorian(due.day);
        let code = id.get(..8).unwrap_or(&id);
        let kind = due.line.type_name.replace('_', " ");
        // Writing to a string cannot fail.
        let _written = write!(
            text,
            "BEGIN:VEVENT\r\nUID:{id}-{}@mahzar.invalid\r\nDTSTAMP:{day}T000000Z\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:{kind} {code}\r\nEND:VEVENT\r\n",
            due.field
        );
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

/// A day as `20260921`.
fn gregorian(day: i32) -> String {
    let seconds = u64::try_from(day).unwrap_or(0) * 86_400;
    let moment = record::entry::Timestamp::from_unix_seconds(seconds);
    moment.map_or_else(
        |_| "19700101".to_owned(),
        |moment| {
            moment
                .to_string()
                .get(..10)
                .unwrap_or_default()
                .replace('-', "")
        },
    )
}
