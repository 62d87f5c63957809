//! Circles: one's own, one of them, and the new key when one is due. What changes a circle's members is beside this, a
//! file for each form.

pub mod add;
pub mod begin;
pub mod remove;

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use office::roster::Roster;
use office::{CircleSummary, Fault, MembershipError, Office};
use record::ids::{CircleId, MemberId};

use super::steps::DonePage;
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::pages::sign_in::Nothing;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::view::{band, hue, name};
use crate::visit::Signed;

/// The longest reason, in characters: a few sentences.
pub const REASON_CHARS_MAX: usize = 300;

#[derive(Template)]
#[template(path = "circles.html")]
struct Circles {
    page: Shell,
    circles: Vec<Card>,
}

struct Card {
    id: String,
    name: String,
    hue: u8,
    readers: u64,
    steward: bool,
    rotation_due: bool,
    readable: bool,
}

#[derive(Template)]
#[template(path = "circle.html")]
struct CirclePage {
    page: Shell,
    id: String,
    name: String,
    epoch: u64,
    rotation_due: bool,
    readable: bool,
    steward: bool,
    members: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    steward: bool,
    own: bool,
    removable: bool,
}

/// `GET /circles`
pub async fn list(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let person = Arc::clone(&signed.person);
    let circles = app
        .ask(move |office| office.circles(&person.session))
        .await?;
    let card = |circle: CircleSummary| Card {
        id: circle.id.to_string(),
        hue: hue(&circle),
        readers: circle.members.len() as u64,
        name: circle.name,
        steward: circle.steward,
        rotation_due: circle.rotation_due,
        readable: circle.readable,
    };
    page(&Circles {
        page: signed.visit.shell(&app).at(Place::Circles),
        circles: circles.into_iter().map(card).collect(),
    })
}

/// The circle of an address, if the member is in it; otherwise it is not there.
fn own(office: &Office, person: &Person, id: &str) -> Result<(CircleSummary, Roster), Fault> {
    let id: CircleId = id.parse().map_err(|_| Fault::Refused)?;
    let circle = office
        .circles(&person.session)?
        .into_iter()
        .find(|circle| circle.id == id)
        .ok_or(Fault::Refused)?;
    Ok((circle, office.roster()?))
}

async fn find(app: &App, signed: &Signed, id: String) -> Result<(CircleSummary, Roster), Refusal> {
    let person = Arc::clone(&signed.person);
    app.ask(move |office| own(office, &person, &id)).await
}

fn shell(app: &App, signed: &Signed, circle: &CircleSummary) -> Shell {
    signed
        .visit
        .shell(app)
        .at(Place::Circles)
        .about(band(circle))
}

fn to_circle(circle: &CircleSummary) -> (String, String) {
    (format!("/circles/{}", circle.id), circle.name.clone())
}

/// `GET /circles/{circle}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (circle, roster) = find(&app, &signed, id).await?;
    let own = signed.person.member();
    let row = |(member, steward): &(MemberId, bool)| Row {
        id: member.to_string(),
        name: name(&roster, *member),
        steward: *steward,
        own: *member == own,
        removable: *member == own || circle.steward,
    };
    page(&CirclePage {
        page: shell(&app, &signed, &circle),
        id: circle.id.to_string(),
        epoch: circle.epoch,
        rotation_due: circle.rotation_due,
        readable: circle.readable,
        steward: circle.steward,
        members: circle.members.iter().map(row).collect(),
        name: circle.name,
    })
}

async fn steward(
    app: &App,
    signed: &Signed,
    id: String,
) -> Result<(CircleSummary, Roster), Refusal> {
    let found = find(app, signed, id).await?;
    if found.0.steward && found.0.readable {
        Ok(found)
    } else {
        Err(Refusal::NotFound)
    }
}

/// What a change came to: done, or refused by the chain, which is told on the circle's page.
fn changed(
    app: &App,
    signed: &Signed,
    circle: &CircleSummary,
    outcome: Result<(), MembershipError>,
    title: &str,
    text: Option<&str>,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let (title, paragraphs) = match outcome {
        Ok(()) => (
            words.say(title),
            text.map(|key| words.say(key)).into_iter().collect(),
        ),
        Err(MembershipError::Chain(_)) => return refused(app, signed, circle),
        Err(MembershipError::Fault(fault)) => return Err(app.refusal(fault)),
    };
    page(&DonePage {
        page: Shell {
            circle: None,
            ..shell(app, signed, circle)
        },
        title,
        paragraphs,
        secrets: Vec::new(),
        next: vec![
            to_circle(circle),
            ("/circles".to_owned(), words.say("place-circles")),
        ],
        limits: Some("circles"),
    })
}

fn refused(app: &App, signed: &Signed, circle: &CircleSummary) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let mut answer = page(&DonePage {
        page: shell(app, signed, circle),
        title: words.say("circle-refused-title"),
        paragraphs: vec![words.say("circle-refused")],
        secrets: Vec::new(),
        next: vec![to_circle(circle)],
        limits: Some("circles"),
    })?;
    *answer.status_mut() = axum::http::StatusCode::CONFLICT;
    Ok(answer)
}

/// `POST /circles/{circle}/renew`
pub async fn renew(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Filled(Nothing {}): Filled<Nothing>,
) -> Result<Response, Refusal> {
    let (circle, _) = find(&app, &signed, id).await?;
    let (person, id) = (Arc::clone(&signed.person), circle.id);
    let renewed = app
        .work(move |office| {
            let reader = office
                .reader(&person.session, id)
                .map_err(MembershipError::Fault)?;
            office.renew_epoch(&reader).map(drop)
        })
        .await?;
    changed(
        &app,
        &signed,
        &circle,
        renewed,
        "rotation-done",
        Some("rotation-done-text"),
    )
}
