//! `mahzar export`: a folder that needs no software of ours, with what consent allows to leave.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use desk::ids::{EntityId, ItemId};
use desk::kinds::Mode;
use desk::model::{MODEL, Shape};
use desk::{EntityQuery, EntitySort, PAGE_ENTITIES_MAX};
use office::{DRAFTS_MAX, Judged, Office, Released, Writer};
use serde_json::json;

use super::bag::Bag;
use super::{Leaving, Request, tell_plan};
use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::ftm::outward::Outward;
use crate::words::say;

/// Hand over what consent allows, as a folder that needs no software of ours
///
/// JSON lines for each type, the files, the model's tables, and a BagIt manifest that sha256sum can check. Every thing is judged on the day;
/// what goes is entered before the first byte is written.
#[derive(Debug, Args)]
pub struct Export {
    /// Write the folder here; it must not exist
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,

    /// Who gets it: un, prosecutor, court, international_mechanism, partner_organisation, journalist …
    #[arg(long, value_name = "RECIPIENT")]
    recipient: String,

    /// The recipient's name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// The circle, by name or id; needed if you are in several
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    /// Only entities of this type
    #[arg(long = "type", value_name = "TYPE")]
    type_name: Option<String>,

    /// Also write what FollowTheMoney has a place for, as data/ftm.json
    #[arg(long, value_name = "FORMAT", default_value = "folder")]
    format: Format,

    /// Only what has these words
    #[arg(value_name = "WORDS", default_value = "")]
    words: Vec<String>,

    #[command(flatten)]
    leaving: Leaving,
}

/// What the folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The folder alone
    Folder,
    /// The folder, and data/ftm.json in it: one entity a line, for Aleph and its relatives
    Ftm,
}

/// Exports entities with their files.
pub fn run(run: &Run, asked: &Export) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let writer = office
        .writer(&session, circle)
        .map_err(|error| run.write_fault(error))?;
    let request = Request::read(
        &office,
        &asked.leaving,
        &asked.recipient,
        asked.name.as_deref(),
    )?;
    let entities = wanted(run, &office, &writer, asked)?;
    if asked.leaving.plan {
        let mut plan = Vec::new();
        for some in entities.chunks(DRAFTS_MAX) {
            let judged = office.judge_each(&writer, some, &request.asked());
            plan.extend(judged.map_err(|error| run.fault(&error))?);
        }
        tell_plan(run, &plan);
        return Ok(Exit::Done);
    }
    let mut bag = Bag::begin(&asked.to)?;
    let mut judged = Vec::new();
    let mut outward = Outward::default();
    for some in entities.chunks(DRAFTS_MAX) {
        let disclosed = office
            .disclose(&writer, some, &request.asked())
            .map_err(|error| run.write_fault(error))?;
        for released in disclosed.iter().filter_map(|one| one.released.as_ref()) {
            write(&office, &writer, &mut bag, released, asked)?;
            if asked.format == Format::Ftm {
                outward.take(released);
            }
        }
        judged.extend(disclosed);
    }
    run.enter_waiting(&office)?;
    if asked.format == Format::Ftm {
        write_ftm(run, &mut bag, outward)?;
    }
    let files = bag.finish(&asked.recipient, asked.name.as_deref())?;
    finish(run, asked, &judged, files)
}

fn write_ftm(run: &Run, bag: &mut Bag, outward: Outward) -> Result<(), Failure> {
    let told = outward.finish();
    for line in &told.lines {
        bag.append("data/ftm.json", line)?;
    }
    run.screen.say(
        say("leaving-ftm")
            .n("count", told.lines.len())
            .n("left_out", told.left_out),
    );
    run.screen
        .answer(&json!({ "ftm": told.lines.len(), "left_out": told.left_out }));
    Ok(())
}

fn finish(run: &Run, asked: &Export, judged: &[Judged], files: u64) -> Result<Exit, Failure> {
    tell_plan(run, judged);
    run.screen.say(
        say("leaving-exported")
            .n("files", files)
            .text("folder", asked.to.display()),
    );
    run.screen
        .answer(&json!({ "folder": asked.to.display().to_string(), "files": files }));
    Ok(Exit::Done)
}

fn wanted(
    run: &Run,
    office: &Office,
    writer: &Writer<'_>,
    asked: &Export,
) -> Result<Vec<EntityId>, Failure> {
    let mut query = EntityQuery {
        type_name: asked.type_name.as_ref().map(|name| name.replace('-', "_")),
        text: asked.words.join(" "),
        sort: EntitySort::Oldest,
        limit: PAGE_ENTITIES_MAX,
        ..EntityQuery::default()
    };
    let mut entities = Vec::new();
    loop {
        let found = office
            .entities(writer.reader(), &query, &[])
            .map_err(|error| run.fault(&error))?;
        entities.extend(found.page.entities.iter().map(|line| line.entity));
        query.after = found.page.next;
        if query.after.is_none() {
            break;
        }
    }
    if entities.is_empty() {
        return Err(fault("fault-nothing-found"));
    }
    Ok(entities)
}

fn write(
    office: &Office,
    writer: &Writer<'_>,
    bag: &mut Bag,
    released: &Released,
    asked: &Export,
) -> Result<(), Failure> {
    bag.line(
        &released.type_name,
        &json!({ "id": released.entity.to_string(), "type": released.type_name, "fields": released.values }),
    )?;
    let Some(model) = MODEL.find(&released.type_name) else {
        return Ok(());
    };
    for field in model
        .fields
        .iter()
        .filter(|field| field.shape == Shape::Item)
    {
        for value in released.values.get(field.name).into_iter().flatten() {
            let Ok(item) = value.parse::<ItemId>() else {
                continue;
            };
            let purpose = format!("export: {} to {}", asked.leaving.purpose, asked.recipient);
            let content = office
                .open_item(writer, item, &purpose, Mode::Copy)
                .map_err(|error| fault("fault-failed").because(error))?;
            bag.file(value, content)?;
        }
    }
    Ok(())
}
