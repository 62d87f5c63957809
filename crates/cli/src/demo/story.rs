//! What happens in the demonstration, step by step.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use desk::ids::ItemId;
use desk::kinds::Mode;
use office::{Fault, Office, Openness, Plan, Proved};
use serde_json::json;

use super::people::{self, People, not_done};
use super::{checks, desk as documentation, material, outside};
use crate::commands::{Run, add, fsck, publish, show};
use crate::failure::Failure;
use crate::words::say;
use crate::{files, walk};

/// The most items that the demonstration publishes of a folder of yours.
const PUBLISHED_MAX: usize = 100;
/// What the documenter says, for everybody in the circle to read.
const PURPOSE: &str = "translation for the legal team (demonstration)";
const TITLE: &str = "Demonstration: invented accounts";

/// Threads that hash beside each other.
const AUDIT_THREADS: usize = 2;

/// Tells the whole story, and fails if any part of it does not hold. Gives the office, still open.
pub fn tell(run: &Run, from: Option<&Path>, scale: u64) -> Result<Office, Failure> {
    let people = people::gather(run)?;
    let out = run.office_folder.join("out");
    fs::create_dir_all(&out).map_err(|error| files::cannot_write(&out, &error))?;
    outside::open(run, &people, &run.office_folder.join("witnesses"))?;
    run.enter_waiting(&people.office)?;
    let folder = from.map_or_else(|| invented(run, &out), |from| Ok(from.to_owned()))?;
    let items = take_in(run, &people, &folder)?;
    let first = *items
        .first()
        .ok_or_else(|| not_done("intake", "nothing was received"))?;
    keep_apart(run, &people, first)?;
    open(run, &people, first, &out)?;
    document(run, &people, scale, &items)?;
    show_item(run, &people, first)?;
    prove(run, &people, first, &out)?;
    let (bundle, policy) = (out.join("bundle.mahzar"), out.join("policy"));
    write_policy(run, &people, &policy)?;
    publish_some(run, &people, &items, &bundle)?;
    checks::check(run, &bundle, &policy)?;
    audit(run, &people)?;
    run.screen.say(
        say("demo-done")
            .text("bundle", bundle.display())
            .text("policy", policy.display()),
    );
    run.screen.answer(&json!({ "office": run.office_folder, "bundle": bundle, "policy": policy, "items": items.len() }));
    Ok(people.office)
}

/// Writes the invented files, as a folder that somebody brings.
fn invented(run: &Run, out: &Path) -> Result<PathBuf, Failure> {
    let folder = out.join("material");
    fs::create_dir_all(&folder).map_err(|error| files::cannot_write(&folder, &error))?;
    for file in material::files() {
        files::write_new(&folder.join(file.name), &file.bytes)?;
    }
    run.screen
        .say(say("demo-invented").text("folder", folder.display()));
    Ok(folder)
}

fn take_in(run: &Run, people: &People, folder: &Path) -> Result<Vec<ItemId>, Failure> {
    run.screen.say(
        say("demo-intake")
            .text("name", people::DOCUMENTER)
            .text("circle", people::INTAKE),
    );
    let writer = people
        .office
        .writer(&people.documenter, people.intake)
        .map_err(|error| run.write_fault(error))?;
    let tally = add::take_in(
        run,
        &people.office,
        &writer,
        walk::find(&[folder.to_owned()]),
    );
    tally.report(run.screen);
    let items = tally.items().to_vec();
    // Invented for this demonstration by the office itself: nobody's consent is missing.
    let own = add::describe::Basis {
        basis: Some("own".to_owned()),
        identifies: "no".to_owned(),
        strangers: "no".to_owned(),
    };
    add::describe::received(run, &people.office, &writer, &own, &items)?;
    // The same folder again: a circle keeps one copy of the same bytes.
    let again = add::take_in(
        run,
        &people.office,
        &writer,
        walk::find(&[folder.to_owned()]),
    );
    if !again.items().is_empty() {
        return Err(not_done("intake", "a copy was taken for something new"));
    }
    run.screen.say(say("demo-again"));
    again.report(run.screen);
    run.enter_waiting(&people.office)?;
    Ok(items)
}

/// The lawyer is in another circle, and finds nothing.
fn keep_apart(run: &Run, people: &People, item: ItemId) -> Result<(), Failure> {
    match people.office.circle_of_item(&people.lawyer, item) {
        Err(Fault::Refused) => {
            run.screen.say(
                say("demo-apart")
                    .text("name", people::LAWYER)
                    .text("circle", people::INTAKE),
            );
            Ok(())
        }
        Err(error) => Err(run.fault(&error)),
        Ok(_) => Err(not_done("circles", "somebody sees what is not theirs")),
    }
}

/// The desk is filled and partly shared.
fn document(run: &Run, people: &People, scale: u64, items: &[ItemId]) -> Result<(), Failure> {
    let office = &people.office;
    let reader = office
        .reader(&people.documenter, people.intake)
        .map_err(|error| run.fault(&error))?;
    let mut named = Vec::new();
    for item in items {
        let sheet = office
            .item(&reader, *item)
            .map_err(|error| run.fault(&error))?;
        if let desk::ItemState::Held(held) = sheet.state {
            named.push((held.file_name, *item));
        }
    }
    drop(reader);
    let filled = documentation::fill(run, people, scale, &named)?;
    documentation::share(run, people, &filled)
}

fn open(run: &Run, people: &People, item: ItemId, out: &Path) -> Result<(), Failure> {
    let writer = people
        .office
        .writer(&people.documenter, people.intake)
        .map_err(|error| run.write_fault(error))?;
    let opened = people.office.open_item(&writer, item, PURPOSE, Mode::Copy);
    let mut content = opened.map_err(|error| not_done("opening", error))?;
    let mut bytes = Vec::new();
    content
        .read_to_end(&mut bytes)
        .map_err(|error| not_done("opening", error))?;
    if record::hash::sha256(&bytes) != content.item.sha256 {
        return Err(not_done("opening", "other bytes came out than went in"));
    }
    let to = out.join("opened");
    files::write_new(&to, &bytes)?;
    run.enter_waiting(&people.office)?;
    run.screen.say(
        say("demo-opened")
            .text("name", people::DOCUMENTER)
            .text("purpose", PURPOSE)
            .text("path", to.display()),
    );
    Ok(())
}

fn show_item(run: &Run, people: &People, item: ItemId) -> Result<(), Failure> {
    let reader = people
        .office
        .reader(&people.documenter, people.intake)
        .map_err(|error| run.fault(&error))?;
    let sheet = people
        .office
        .item(&reader, item)
        .map_err(|error| run.fault(&error))?;
    let roster = people.office.roster().map_err(|error| run.fault(&error))?;
    run.screen.say(say("demo-custody"));
    show::tell(run, &roster, &sheet);
    Ok(())
}

fn prove(run: &Run, people: &People, item: ItemId, out: &Path) -> Result<(), Failure> {
    let reader = people
        .office
        .reader(&people.documenter, people.intake)
        .map_err(|error| run.fault(&error))?;
    match people
        .office
        .prove_item(&reader, item, true)
        .map_err(|error| run.fault(&error))?
    {
        Proved::Pending => Err(not_done("proof", "the item is still not in the record")),
        Proved::Proof(proof) => {
            let to = out.join("opened.tlog-proof");
            let text = proof.encode().map_err(|error| not_done("proof", error))?;
            files::write_new(&to, text.as_bytes())?;
            run.screen.say(
                say("demo-proved")
                    .text("path", to.display())
                    .n("number", proof.index),
            );
            Ok(())
        }
    }
}

fn write_policy(run: &Run, people: &People, to: &Path) -> Result<(), Failure> {
    let policy = people.office.policy().map_err(|error| run.fault(&error))?;
    files::write_new(to, policy.as_bytes())?;
    run.screen
        .say(say("policy-written").text("path", to.display()));
    Ok(())
}

/// First a plan with everything, to show what files tell; then one of those that tell nothing beside what they show.
fn publish_some(run: &Run, people: &People, items: &[ItemId], to: &Path) -> Result<(), Failure> {
    let first: Vec<ItemId> = items.iter().copied().take(PUBLISHED_MAX).collect();
    let all = plan(people, &first)?;
    publish::show(run, &all);
    let quiet: Vec<ItemId> = all
        .items()
        .iter()
        .filter(|planned| planned.discloses.is_empty())
        .map(|planned| planned.item.item)
        .collect();
    let chosen = if quiet.is_empty() || quiet.len() == first.len() {
        all
    } else {
        run.screen
            .say(say("demo-held-back").n("count", first.len() - quiet.len()));
        plan(people, &quiet)?
    };
    let published = publish::execute(run, &people.office, &people.documenter, &chosen, to)?;
    run.screen.say(
        say("publish-done")
            .text("path", to.display())
            .n("offices", published.countersigned.len())
            .n("number", published.number),
    );
    Ok(())
}

fn plan(people: &People, items: &[ItemId]) -> Result<Plan, Failure> {
    let plan =
        people
            .office
            .plan_publication(&people.documenter, items, TITLE, Openness::WithoutNames);
    plan.map_err(|error| not_done("publication", error))
}

fn audit(run: &Run, people: &People) -> Result<(), Failure> {
    let sessions = [&people.clerk, &people.documenter, &people.lawyer];
    let check = people
        .office
        .check(&sessions, true, AUDIT_THREADS, &|_| {})
        .map_err(|error| run.fault(&error))?;
    run.screen.say(say("demo-audit"));
    fsck::report(run, &check);
    match check.findings.first() {
        None => Ok(()),
        Some(finding) => Err(not_done(
            "fsck",
            format!("{}: {}", finding.place, finding.what),
        )),
    }
}
