//! `mahzar publish`: first the plan of what will be disclosed, then the bundle.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use desk::ids::ItemId;
use office::{
    Office, Openness, Plan, PlanError, PublishItemsError, PublishedBundle, Session, Verdict,
};
use register::witness::Witness;
use serde_json::{Value, json};

use crate::commands::Run;
use crate::commands::leaving::reason_text;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::screen::size;
use crate::words::say;
use crate::{files, sequencing};

/// How long to wait between two looks at a record that another process writes.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How often to look: half a minute, several times the cadence of a server.
const LOOKS_MAX: u32 = 150;

/// Make items public, as a bundle that proves itself; shows first what it will disclose
///
/// A publication cannot be taken back. The bundle names no member, no time but the day, and no original file name; what the files
/// themselves tell is shown as far as it can be found.
#[derive(Debug, Args)]
pub struct Publish {
    /// The items' ids
    #[arg(required = true, value_name = "ID")]
    items: Vec<String>,

    /// Where to write the bundle: a new file
    #[arg(long, value_name = "BUNDLE")]
    to: PathBuf,

    /// What it is called; everybody can read this
    #[arg(long, default_value = "Publication")]
    title: String,

    /// People in it are named; otherwise it is judged as a publication without names
    #[arg(long)]
    with_names: bool,

    /// Publish without asking, after the plan was shown
    #[arg(long)]
    yes: bool,
}

/// Shows the plan, asks, enters, writes the bundle.
pub fn run(run: &Run, asked: &Publish) -> Result<Exit, Failure> {
    let items = asked
        .items
        .iter()
        .map(|id| parsed(id))
        .collect::<Result<Vec<_>, _>>()?;
    if asked.to.exists() {
        return Err(fault("fault-write").text("path", asked.to.display()));
    }
    let office = run.office()?;
    let session = run.session(&office)?;
    let openness = match asked.with_names {
        true => Openness::WithNames,
        false => Openness::WithoutNames,
    };
    let plan = office
        .plan_publication(&session, &items, &asked.title, openness)
        .map_err(|error| no_plan(run, &error))?;
    show(run, &plan);
    if plan.is_withheld() {
        return Err(fault("fault-withheld"));
    }
    if !asked.yes && !run.screen.agreed(say("publish-question")) {
        return Err(fault("fault-not-agreed"));
    }
    let published = execute(run, &office, &session, &plan, &asked.to)?;
    let countersigned = published.countersigned.len();
    run.screen.say(
        say("publish-done")
            .text("path", asked.to.display())
            .n("offices", countersigned)
            .n("number", published.number),
    );
    run.screen.answer(&json!({
        "publication": published.publication.to_string(),
        "leaf": published.number,
        "exhibits": published.exhibits,
        "countersigned": published.countersigned,
        "bundle": asked.to,
    }));
    Ok(Exit::Done)
}

fn parsed(id: &str) -> Result<ItemId, Failure> {
    id.trim()
        .parse()
        .map_err(|_| malformed("fault-id-form").text("id", id))
}

/// Executes a plan. The bundle appears under its name only when it is whole and durable.
pub fn execute(
    run: &Run,
    office: &Office,
    session: &Session,
    plan: &Plan,
    to: &Path,
) -> Result<PublishedBundle, Failure> {
    let unfinished = beside(to);
    let file = files::create_new(&unfinished)?;
    let written = write(run, office, session, plan, &file).and_then(|published| {
        let named = file.sync_all().and_then(|()| fs::rename(&unfinished, to));
        named
            .map(|()| published)
            .map_err(|error| files::cannot_write(to, &error))
    });
    if written.is_err() {
        // Half a bundle is none; what matters is the error.
        let _left = fs::remove_file(&unfinished);
    }
    written
}

fn write(
    run: &Run,
    office: &Office,
    session: &Session,
    plan: &Plan,
    file: &File,
) -> Result<PublishedBundle, Failure> {
    let witnesses = sequencing::witnesses(run, office)?;
    let asked: Vec<&dyn Witness> = witnesses
        .iter()
        .map(|witness| witness as &dyn Witness)
        .collect();
    let mut out = BufWriter::new(file);
    let mut looks = 0;
    let wait = || {
        looks += 1;
        std::thread::sleep(LOOK_AGAIN);
        looks < LOOKS_MAX
    };
    let published = office
        .publish(session, plan, &asked, &mut out, wait)
        .map_err(|error| not_published(run, &error))?;
    out.flush()
        .map_err(|error| fault("fault-failed").because(error))?;
    Ok(published)
}

fn beside(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".unfinished");
    PathBuf::from(name)
}

/// Shows what a plan will disclose.
pub fn show(run: &Run, plan: &Plan) {
    let screen = run.screen;
    screen.say(
        say("publish-plan")
            .text("title", plan.title())
            .n("count", plan.items().len()),
    );
    for planned in plan.items() {
        let name = desk::name::visible(&planned.item.file_name);
        screen.line(format!(
            "  {}  {}  ({name})",
            planned.path,
            size(planned.item.size_bytes)
        ));
        for told in &planned.discloses {
            screen.say(say("publish-tells").text("what", told.word()));
        }
        for reason in withheld(&planned.verdict) {
            screen.say(say("publish-withheld").text("reason", reason));
        }
    }
    screen.say(say("publish-not-told"));
    screen.say(say("publish-for-good"));
    screen.answer(&json!({ "plan": plan_json(plan) }));
}

fn withheld(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Goes(_) => Vec::new(),
        Verdict::Withheld(why) => why.iter().map(reason_text).collect(),
    }
}

fn plan_json(plan: &Plan) -> Value {
    let items = plan.items().iter().map(|planned| {
        json!({
            "number": planned.number,
            "item": planned.item.item.to_string(),
            "circle": planned.circle.to_string(),
            "path": planned.path,
            "size": planned.item.size_bytes,
            "sha256": planned.item.sha256.to_string(),
            "withheld": withheld(&planned.verdict),
            "discloses": planned.discloses.iter().map(office::disclosure::Disclosed::word).collect::<Vec<_>>(),
        })
    });
    json!({ "title": plan.title(), "delicate": plan.is_delicate(), "items": items.collect::<Value>() })
}

fn no_plan(run: &Run, error: &PlanError) -> Failure {
    match error {
        PlanError::Fault(fault) => run.fault(fault),
        PlanError::Title(why) => malformed("fault-title").because(why),
        other => malformed("fault-failed").because(other),
    }
}

fn not_published(run: &Run, error: &PublishItemsError) -> Failure {
    match error {
        PublishItemsError::RotationDue => fault("fault-rotation"),
        PublishItemsError::Pending(why) => {
            let mut failure = fault("fault-pending").because(why);
            failure.exit = Exit::Pending;
            failure
        }
        PublishItemsError::Bundle(_) => fault("fault-failed").because(error),
        PublishItemsError::Withheld => fault("fault-withheld"),
        PublishItemsError::Fault(fault) => run.fault(fault),
    }
}
