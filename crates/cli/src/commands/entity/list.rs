//! `mahzar TYPE list`, `show` and `history`, and `mahzar search`

use clap::Args;
use desk::model::{Type, written_date};
use desk::{EntityQuery, EntitySort, Filter, PAGE_ENTITIES_MAX, TOTAL_MAX};
use office::roster::Roster;
use office::{EntitySheet, Office, Reader};
use serde_json::json;

use super::{located, shown};
use crate::commands::Run;
use crate::failure::{Exit, Failure, malformed};
use crate::words::say;

/// Search
#[derive(Debug, Args)]
pub struct List {
    /// Only what has these words; spellings of Persian and Arabic meet, and names by how they sound
    #[arg(value_name = "WORDS", default_value = "")]
    words: Vec<String>,

    /// The circle, by name or id; all that you can read, if none is named
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    /// Only where a field holds this value
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    conditions: Vec<String>,

    /// Only where nothing stands in a field
    #[arg(long, value_name = "FIELD")]
    missing: Vec<String>,

    /// Only what points to this entity or item
    #[arg(long, value_name = "ID")]
    about: Option<String>,

    /// Only what can be dated in this time, in any calendar: 2022-09, sh:1401, 2021/2022
    #[arg(long, value_name = "DATE")]
    when: Option<String>,

    /// draft, submitted, reviewed or returned
    #[arg(long, value_name = "STATE")]
    state: Option<String>,

    /// newest, oldest or title
    #[arg(long, value_name = "ORDER", default_value = "newest")]
    sort: EntitySort,

    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u64,
}

/// Show one
#[derive(Debug, Args)]
pub struct Show {
    /// The entity's id
    #[arg(value_name = "ID")]
    entity: String,
}

/// Every statement about one
#[derive(Debug, Args)]
pub struct History {
    /// The entity's id
    #[arg(value_name = "ID")]
    entity: String,
}

/// Lists entities of a type.
pub fn list(run: &Run, model: &Type, asked: &List) -> Result<Exit, Failure> {
    search(run, Some(model), asked)
}

/// Lists entities of all types, or of one.
pub fn search(run: &Run, model: Option<&Type>, asked: &List) -> Result<Exit, Failure> {
    let query = query(model, asked)?;
    let office = run.office()?;
    let session = run.session(&office)?;
    let circles = match &asked.circle {
        Some(named) => vec![run.circle(&office, &session, Some(named))?],
        None => {
            let all = office
                .circles(&session)
                .map_err(|error| run.fault(&error))?;
            all.iter()
                .filter(|one| one.readable)
                .map(|one| one.id)
                .collect()
        }
    };
    let mut total = 0;
    let mut left = asked.limit;
    for circle in circles {
        let reader = office
            .reader(&session, circle)
            .map_err(|error| run.fault(&error))?;
        total += page_by_page(run, &office, &reader, query.clone(), &mut left)?;
    }
    let key = if total > TOTAL_MAX {
        "entities-more"
    } else {
        "entities-total"
    };
    run.screen.say(match key {
        "entities-more" => say("entities-more").n("total", TOTAL_MAX),
        _ => say("entities-total").n("total", total),
    });
    Ok(Exit::Done)
}

fn page_by_page(
    run: &Run,
    office: &Office,
    reader: &Reader<'_>,
    mut query: EntityQuery,
    left: &mut u64,
) -> Result<u64, Failure> {
    loop {
        query.limit = u32::try_from(*left)
            .unwrap_or(u32::MAX)
            .clamp(1, PAGE_ENTITIES_MAX);
        let found = office
            .entities(reader, &query, &[])
            .map_err(|error| run.fault(&error))?;
        for line in found
            .page
            .entities
            .iter()
            .take(usize::try_from(*left).unwrap_or(usize::MAX))
        {
            run.screen.line(shown::line(run.screen.language(), line));
            run.screen.answer(&shown::line_json(line, reader.circle()));
        }
        *left = left.saturating_sub(found.page.entities.len() as u64);
        query.after = found.page.next;
        if *left == 0 || query.after.is_none() {
            return Ok(found.page.total);
        }
    }
}

fn query(model: Option<&Type>, asked: &List) -> Result<EntityQuery, Failure> {
    let mut filters = Vec::new();
    for condition in &asked.conditions {
        let (field, value) = condition
            .split_once('=')
            .ok_or_else(|| malformed("fault-field-form").text("argument", condition))?;
        let normal = model
            .and_then(|model| model.field(field))
            .and_then(|field| field.shape.normal(value).ok());
        filters.push(Filter::Value {
            field: field.to_owned(),
            value: normal.unwrap_or_else(|| value.to_owned()),
        });
    }
    filters.extend(asked.missing.iter().map(|field| Filter::Missing {
        field: field.clone(),
    }));
    if let Some(id) = &asked.about {
        let target = id
            .trim()
            .parse()
            .map_err(|_| malformed("fault-id-form").text("id", id))?;
        filters.push(Filter::Refers {
            field: None,
            target,
        });
    }
    if let Some(when) = &asked.when {
        let (_, span) = written_date(when).map_err(|error| {
            malformed("fault-date-form")
                .text("date", when)
                .because(error)
        })?;
        let (first, last) = (span.first, span.last);
        filters.push(Filter::Between {
            field: None,
            first,
            last,
        });
    }
    filters.extend(asked.state.iter().map(|state| Filter::State(state.clone())));
    Ok(EntityQuery {
        type_name: model.map(|model| model.name.to_owned()),
        text: asked.words.join(" "),
        filters,
        sort: asked.sort,
        limit: 1,
        after: None,
    })
}

/// The sheet of an entity, and who everybody in it is.
fn opened(run: &Run, id: &str) -> Result<(Roster, EntitySheet), Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (entity, circle) = located(run, &office, &session, id)?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let sheet = office
        .entity(&reader, entity)
        .map_err(|error| run.fault(&error))?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    Ok((roster, sheet))
}

/// Shows an entity.
pub fn show(run: &Run, _model: &Type, asked: &Show) -> Result<Exit, Failure> {
    let (roster, sheet) = opened(run, &asked.entity)?;
    shown::sheet(run, &roster, &sheet);
    run.screen.answer(&shown::sheet_json(&sheet));
    Ok(Exit::Done)
}

/// Shows every statement about an entity.
pub fn history(run: &Run, model: &Type, asked: &History) -> Result<Exit, Failure> {
    let (roster, sheet) = opened(run, &asked.entity)?;
    for made in &sheet.history {
        let by = crate::shown::member(&roster, made.by);
        let reason = desk::name::visible(&made.reason);
        run.screen
            .line(format!("{}  {}  {by}  {reason}", made.seq, made.at));
        for (field, values) in &made.set {
            run.screen.line(shown::field_line(
                run.screen.language(),
                model,
                field,
                values,
            ));
        }
        run.screen.answer(&json!({
            "seq": made.seq, "at": made.at.to_string(), "by": made.by.to_string(), "seen": made.seen,
            "version": made.version, "reason": made.reason, "origin": made.origin,
            "commitment": made.commitment.to_string(),
            "set": made.set.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        }));
    }
    Ok(Exit::Done)
}
