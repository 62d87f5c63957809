//! A new circle.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use office::MembershipError;
use office::roster::NAME_CHARS_MAX;
use record::ids::CircleId;
use serde::Deserialize;

use crate::app::App;
use crate::filled::Filled;
use crate::form::{Faults, Field};
use crate::pages::steps::{CheckPage, DonePage, FormPage, Step, needed};
use crate::refusal::Refusal;
use crate::shell::{Place, page};
use crate::visit::Signed;

/// A new circle.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct New {
    name: String,
    sure: String,
    change: String,
}

fn form(app: &App, signed: &Signed, typed: &str, faults: Faults) -> FormPage {
    let words = signed.visit.words;
    let field = Field::line(words, "name", "circle-new-name")
        .hint(words.say("circle-new-name-hint"))
        .value(typed)
        .faults(words, &faults);
    FormPage {
        page: signed.visit.shell(app).at(Place::Circles),
        faults,
        back: ("/circles".to_owned(), words.say("place-circles")),
        title: words.say("circle-new-title"),
        paragraphs: vec![words.say("circle-new-lead")],
        action: "/circles/new".to_owned(),
        fields: vec![field],
        button: words.say("continue"),
        limits: Some("circles"),
    }
}

/// `GET /circles/new`
pub async fn ask(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    form(&app, &signed, "", Faults::default()).answer()
}

/// `POST /circles/new`
pub async fn make(
    State(app): State<App>,
    signed: Signed,
    Filled(typed): Filled<New>,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let mut faults = Faults::default();
    let wanted = needed(&mut faults, "name", &typed.name, NAME_CHARS_MAX);
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => form(&app, &signed, &typed.name, faults).answer(),
        Step::Check => page(&CheckPage {
            page: signed.visit.shell(&app).at(Place::Circles),
            title: words.say("circle-new-check"),
            warning: None,
            answers: vec![(words.say("circle-new-name"), wanted.clone())],
            action: "/circles/new".to_owned(),
            hidden: vec![("name", wanted)],
            button: words.say("circle-new-button"),
            grave: false,
            changeable: true,
            back: "/circles".to_owned(),
            limits: Some("circles"),
        }),
        Step::Do => {
            let person = Arc::clone(&signed.person);
            match app
                .work(move |office| office.create_circle(&person.session, &wanted))
                .await?
            {
                Ok(circle) => made(&app, &signed, circle),
                Err(MembershipError::Chain(_)) => form(
                    &app,
                    &signed,
                    &typed.name,
                    Faults::one("name", "circle-refused"),
                )
                .answer(),
                Err(MembershipError::Fault(fault)) => Err(app.refusal(fault)),
            }
        }
    }
}

fn made(app: &App, signed: &Signed, circle: CircleId) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    page(&DonePage {
        page: signed.visit.shell(app).at(Place::Circles),
        title: words.say("circle-made"),
        paragraphs: vec![words.say("circle-made-text")],
        secrets: Vec::new(),
        next: vec![
            (format!("/circles/{circle}/add"), words.say("circle-add")),
            (
                format!("/items/add?circle={circle}"),
                words.say("items-add"),
            ),
            (
                format!("/circles/{circle}"),
                words.say("circle-members-title"),
            ),
        ],
        limits: Some("circles"),
    })
}
