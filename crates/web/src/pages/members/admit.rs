//! A member is admitted.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use office::roster::{Duty, NAME_CHARS_MAX};
use office::{AdmitError, Office};
use serde::Deserialize;

use super::{administrators_only, welcomed};
use crate::app::App;
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
use crate::pages::steps::{CheckPage, FormPage, Step, needed};
use crate::refusal::Refusal;
use crate::shell::{Place, page};
use crate::view::duty;
use crate::visit::Signed;
use crate::words::Words;

/// A member to admit.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Admission {
    name: String,
    duty: String,
    sure: String,
    change: String,
}

fn duties(words: Words) -> Vec<(String, String)> {
    [Duty::Member, Duty::Steward, Duty::Administrator]
        .map(|one| (one.word().to_owned(), duty(one, words)))
        .to_vec()
}

fn form(app: &App, signed: &Signed, typed: &Admission, faults: Faults) -> FormPage {
    let words = signed.visit.words;
    let line = |id, label, hint| {
        Field::line(words, id, label)
            .hint(words.say(hint))
            .faults(words, &faults)
    };
    let name = line("name", "admit-name", "admit-name-hint").value(&typed.name);
    let duty = line("duty", "admit-duty", "admit-duty-hint")
        .control(Control::OneOf(duties(words)))
        .value(&typed.duty);
    FormPage {
        page: signed.visit.shell(app).at(Place::Members),
        faults,
        back: ("/members".to_owned(), words.say("place-members")),
        title: words.say("admit-title"),
        paragraphs: vec![words.say("admit-lead")],
        action: "/members/new".to_owned(),
        fields: vec![name, duty],
        button: words.say("continue"),
        limits: Some("members"),
    }
}

/// `GET /members/new`
pub async fn ask(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    administrators_only(&signed)?;
    form(&app, &signed, &Admission::default(), Faults::default()).answer()
}

/// `POST /members/new`
pub async fn make(
    State(app): State<App>,
    signed: Signed,
    Filled(typed): Filled<Admission>,
) -> Result<Response, Refusal> {
    administrators_only(&signed)?;
    let words = signed.visit.words;
    let roster = app.ask(Office::roster).await?;
    let mut faults = Faults::default();
    let name = needed(&mut faults, "name", &typed.name, NAME_CHARS_MAX);
    faults.unless(roster.find(&name).is_none(), "name", "admit-name-taken");
    let duty = Duty::from_word(&typed.duty);
    faults.unless(duty.is_some(), "duty", "form-required");
    let Some(duty) = duty else {
        return form(&app, &signed, &typed, faults).answer();
    };
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => form(&app, &signed, &typed, faults).answer(),
        Step::Check => page(&CheckPage {
            page: signed.visit.shell(&app).at(Place::Members),
            title: words.say("admit-check"),
            warning: None,
            answers: vec![
                (words.say("admit-name"), name.clone()),
                (words.say("admit-duty"), crate::view::duty(duty, words)),
            ],
            action: "/members/new".to_owned(),
            hidden: vec![("name", name), ("duty", duty.word().to_owned())],
            button: words.say("admit-button"),
            grave: false,
            changeable: true,
            back: "/members".to_owned(),
            limits: Some("members"),
        }),
        Step::Do => {
            let (person, cost) = (Arc::clone(&signed.person), app.cost());
            let _slot = app.derivation().await?;
            let admitted = app.work(move |office| {
                let administrator = office
                    .administrator(&person.session)
                    .map_err(AdmitError::Fault)?;
                office.admit_member(&administrator, &name, duty, None, cost)
            });
            match admitted.await? {
                Ok(admitted) => {
                    welcomed(&app, &signed, &admitted, "admitted-title", "admitted-text")
                }
                Err(AdmitError::Fault(fault)) => Err(app.refusal(fault)),
                Err(AdmitError::Roster(_) | AdmitError::Cost) => {
                    form(&app, &signed, &typed, Faults::one("name", "act-refused")).answer()
                }
            }
        }
    }
}
