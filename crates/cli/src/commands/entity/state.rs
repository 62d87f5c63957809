//! `mahzar TYPE add` and `mahzar TYPE set`

use std::collections::BTreeMap;

use clap::Args;
use desk::model::Type;
use office::Draft;
use serde_json::json;

use super::{located, state_fault};
use crate::commands::Run;
use crate::failure::{Exit, Failure, malformed};
use crate::words::say;

/// State a new one
///
/// `mahzar person add name="محمد علی‌پور" name="Mohammad Alipour" born=sh:1360`. A field that is given several times has several
/// values. `FIELD=@PATH` takes the value from a text file. `mahzar TYPE fields` shows every field.
#[derive(Debug, Args)]
pub struct Add {
    /// The circle that may read it, by name or id; needed if you are in several
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    /// What is stated
    #[arg(value_name = "FIELD=VALUE", required = true)]
    set: Vec<String>,
}

/// State fields anew
///
/// The values given replace all values of their fields; `FIELD=` empties one. What stood there stays in the history.
#[derive(Debug, Args)]
pub struct Set {
    /// The entity's id
    #[arg(value_name = "ID")]
    entity: String,

    /// What is stated
    #[arg(value_name = "FIELD=VALUE", required = true)]
    set: Vec<String>,

    /// Why
    #[arg(long, value_name = "WORDS", default_value = "")]
    reason: String,

    /// The last statement that you saw, by its number; what others stated since stays beside yours
    #[arg(long, value_name = "N")]
    seen: Option<u64>,
}

/// States a new entity.
pub fn add(run: &Run, model: &Type, asked: &Add) -> Result<Exit, Failure> {
    let set = read(&asked.set)?;
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let draft = Draft {
        type_name: model.name.to_owned(),
        set,
        ..Draft::default()
    };
    enter(run, &office, &session, circle, draft)
}

/// States fields of an entity anew.
pub fn set(run: &Run, model: &Type, asked: &Set) -> Result<Exit, Failure> {
    let set = read(&asked.set)?;
    let office = run.office()?;
    let session = run.session(&office)?;
    let (entity, circle) = located(run, &office, &session, &asked.entity)?;
    let draft = Draft {
        entity: Some(entity),
        type_name: model.name.to_owned(),
        seen: asked.seen,
        set,
        reason: asked.reason.clone(),
        origin: String::new(),
    };
    enter(run, &office, &session, circle, draft)
}

fn enter(
    run: &Run,
    office: &office::Office,
    session: &office::Session,
    circle: record::ids::CircleId,
    draft: Draft,
) -> Result<Exit, Failure> {
    let writer = office
        .writer(session, circle)
        .map_err(|error| run.write_fault(error))?;
    let (entity, accepted) = office
        .state(&writer, draft)
        .map_err(|error| state_fault(run, error))?;
    run.enter_waiting(office)?;
    run.screen.say(say("entity-stated").text("entity", entity));
    run.screen.answer(&json!({
        "entity": entity.to_string(), "circle": circle.to_string(), "entry": accepted.id.to_string(), "seq": accepted.seq,
    }));
    Ok(Exit::Done)
}

/// `FIELD=VALUE` arguments as fields with their values.
fn read(arguments: &[String]) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut set: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for argument in arguments {
        let (field, value) = argument
            .split_once('=')
            .ok_or_else(|| malformed("fault-field-form").text("argument", argument))?;
        let values = set.entry(field.trim().to_owned()).or_default();
        match value.strip_prefix('@') {
            Some(path) => values.push(
                std::fs::read_to_string(path)
                    .map_err(|error| malformed("fault-file").text("path", path).because(error))?,
            ),
            None if value.is_empty() => {}
            None => values.push(value.to_owned()),
        }
    }
    Ok(set)
}
