//! An item's content is destroyed: why, what follows from it, and then for good. For the stewards of its circle.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use desk::kinds::REASON_CHARS_MAX;
use desk::{ItemState, PremisEvent};
use office::{CircleSummary, Fault, Office, WriteError};
use serde::Deserialize;

use super::{Places, places};
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::form::{Faults, Field};
use crate::number;
use crate::pages::steps::{CheckPage, DonePage, FormPage, Step, needed};
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::view::band;
use crate::visit::Signed;

/// The reason, and whether it is certain.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Typed {
    reason: String,
    sure: String,
    change: String,
}

/// What will be destroyed, and what will not.
struct Plan {
    at: Places,
    circle: CircleSummary,
    name: String,
    size: u64,
    copies: usize,
    publications: usize,
}

fn planned(office: &Office, person: &Person, at: Places) -> Result<Plan, Fault> {
    let steward = office.steward(&person.session, at.circle)?;
    let sheet = office.item(steward.reader(), at.item)?;
    let ItemState::Held(held) = sheet.state else {
        return Err(Fault::Refused);
    };
    let circle = office
        .circles(&person.session)?
        .into_iter()
        .find(|one| one.id == at.circle)
        .ok_or(Fault::Refused)?;
    let published = |event: &&desk::CustodyEvent| event.event == PremisEvent::Dissemination;
    Ok(Plan {
        at,
        circle,
        name: desk::name::visible(&held.file_name),
        size: held.size_bytes,
        copies: sheet.accesses.len(),
        publications: sheet.custody.iter().filter(published).count(),
    })
}

async fn plan(app: &App, signed: &Signed, path: (String, String)) -> Result<Plan, Refusal> {
    let (at, person) = (places(path)?, Arc::clone(&signed.person));
    app.ask(move |office| planned(office, &person, at)).await
}

impl Plan {
    fn shell(&self, app: &App, signed: &Signed) -> Shell {
        let shell = signed.visit.shell(app).at(Place::Items);
        shell.about(band(&self.circle))
    }

    fn form(&self, app: &App, signed: &Signed, typed: &str, faults: Faults) -> FormPage {
        let words = signed.visit.words;
        let reason = Field::line(words, "reason", "erase-reason")
            .hint(words.say("erase-reason-hint"))
            .value(typed)
            .faults(words, &faults);
        FormPage {
            page: self.shell(app, signed),
            faults,
            back: (self.at.address(), self.name.clone()),
            title: words.say("erase-title"),
            paragraphs: vec![words.say("erase-lead"), words.say("erase-stays")],
            action: format!("{}/erase", self.at.address()),
            fields: vec![reason],
            button: words.say("continue"),
            limits: Some("erasing"),
        }
    }

    fn check(&self, app: &App, signed: &Signed, reason: String) -> CheckPage {
        let words = signed.visit.words;
        let counted = |key, count: usize| words.of(key).n("count", count).to_string();
        CheckPage {
            page: self.shell(app, signed),
            title: words.say("erase-check"),
            warning: Some(words.say("erase-lead")),
            answers: vec![
                (words.say("item-name"), self.name.clone()),
                (words.say("item-size"), number::size(self.size, words)),
                (
                    words.say("erase-copies"),
                    counted("erase-copies-count", self.copies),
                ),
                (
                    words.say("erase-publications"),
                    counted("erase-publications-count", self.publications),
                ),
                (words.say("erase-reason"), reason.clone()),
            ],
            action: format!("{}/erase", self.at.address()),
            hidden: vec![("reason", reason)],
            button: words.say("erase-button"),
            grave: true,
            changeable: true,
            back: self.at.address(),
            limits: Some("erasing"),
        }
    }

    fn done(&self, app: &App, signed: &Signed) -> Result<Response, Refusal> {
        let words = signed.visit.words;
        page(&DonePage {
            page: self.shell(app, signed),
            title: words.say("erased-title"),
            paragraphs: vec![words.say("erased-text")],
            secrets: Vec::new(),
            next: vec![
                (
                    format!("/items?circle={}", self.at.circle),
                    words.say("place-items"),
                ),
                (self.at.address(), words.say("erased-see")),
            ],
            limits: Some("erasing"),
        })
    }
}

/// `GET /items/{circle}/{item}/erase`
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let plan = plan(&app, &signed, path).await?;
    plan.form(&app, &signed, "", Faults::default()).answer()
}

/// `POST /items/{circle}/{item}/erase`
pub async fn make(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    Filled(typed): Filled<Typed>,
) -> Result<Response, Refusal> {
    let plan = plan(&app, &signed, path).await?;
    let mut faults = Faults::default();
    let reason = needed(&mut faults, "reason", &typed.reason, REASON_CHARS_MAX);
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => plan.form(&app, &signed, &typed.reason, faults).answer(),
        Step::Check => page(&plan.check(&app, &signed, reason)),
        Step::Do => {
            let (person, at) = (Arc::clone(&signed.person), plan.at);
            match app
                .work(move |office| erased(office, &person, at, &reason))
                .await?
            {
                Ok(()) => plan.done(&app, &signed),
                Err(WriteError::RotationDue) => {
                    let faults = Faults::one("reason", "erase-rotation");
                    plan.form(&app, &signed, &typed.reason, faults).answer()
                }
                Err(WriteError::Fault(fault)) => Err(app.refusal(fault)),
            }
        }
    }
}

fn erased(office: &Office, person: &Person, at: Places, reason: &str) -> Result<(), WriteError> {
    let steward = office
        .steward(&person.session, at.circle)
        .map_err(WriteError::Fault)?;
    office.erase(&steward, at.item, reason).map(drop)
}
