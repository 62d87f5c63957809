//! Circles: one's own, one of them, beginning one, adding and removing members, and the new key when one is due.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use office::roster::{NAME_CHARS_MAX, Roster, Standing};
use office::{CircleSummary, Fault, MembershipError, Office};
use record::ids::{CircleId, MemberId};
use serde::Deserialize;

use super::steps::{CheckPage, DonePage, FormPage, Step, needed};
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
use crate::pages::sign_in::Nothing;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::view::{band, hue, name};
use crate::visit::Signed;
use crate::words::Words;

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

/// A new circle.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct New {
    name: String,
    sure: String,
    change: String,
}

fn new_form(app: &App, signed: &Signed, typed: &str, faults: Faults) -> FormPage {
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
pub async fn new(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    new_form(&app, &signed, "", Faults::default()).answer()
}

/// `POST /circles/new`
pub async fn create(
    State(app): State<App>,
    signed: Signed,
    Filled(typed): Filled<New>,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let mut faults = Faults::default();
    let wanted = needed(&mut faults, "name", &typed.name, NAME_CHARS_MAX);
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => new_form(&app, &signed, &typed.name, faults).answer(),
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
                Err(MembershipError::Chain(_)) => new_form(
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

/// Somebody to add.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adding {
    member: String,
    role: String,
    sure: String,
    change: String,
}

/// The members of the office who are not in the circle, by name.
fn candidates(circle: &CircleSummary, roster: &Roster) -> Vec<(String, String)> {
    let is_in = |member: MemberId| circle.members.iter().any(|(one, _)| *one == member);
    let present = roster
        .members()
        .filter(|member| member.standing == Standing::Present && !is_in(member.admission.member));
    let mut found: Vec<_> = present
        .map(|member| {
            (
                member.admission.member.to_string(),
                member.admission.name.clone(),
            )
        })
        .collect();
    found.sort_by(|one, other| one.1.cmp(&other.1));
    found
}

fn roles(words: Words) -> Vec<(String, String)> {
    vec![
        ("reader".to_owned(), words.say("role-reader")),
        ("steward".to_owned(), words.say("role-steward")),
    ]
}

fn adding_form(
    app: &App,
    signed: &Signed,
    circle: &CircleSummary,
    roster: &Roster,
    typed: &Adding,
    faults: Faults,
) -> FormPage {
    let words = signed.visit.words;
    let choice = |id, label, options, value: &str| {
        Field::line(words, id, label)
            .control(Control::OneOf(options))
            .value(value)
            .faults(words, &faults)
    };
    let member = choice(
        "member",
        "circle-add-member",
        candidates(circle, roster),
        &typed.member,
    );
    let role = choice("role", "circle-add-role", roles(words), &typed.role);
    FormPage {
        page: shell(app, signed, circle),
        back: to_circle(circle),
        title: words.say("circle-add-title"),
        paragraphs: vec![words.say("circle-add-lead")],
        action: format!("/circles/{}/add", circle.id),
        fields: vec![member, role],
        button: words.say("continue"),
        limits: Some("circles"),
        faults,
    }
}

/// `GET /circles/{circle}/add`
pub async fn add(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (circle, roster) = steward(&app, &signed, id).await?;
    adding_form(
        &app,
        &signed,
        &circle,
        &roster,
        &Adding::default(),
        Faults::default(),
    )
    .answer()
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

/// `POST /circles/{circle}/add`
pub async fn admit(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Filled(typed): Filled<Adding>,
) -> Result<Response, Refusal> {
    let (circle, roster) = steward(&app, &signed, id).await?;
    let words = signed.visit.words;
    let chosen = candidates(&circle, &roster)
        .into_iter()
        .find(|(member, _)| *member == typed.member);
    let mut faults = Faults::default();
    let nobody = candidates(&circle, &roster).is_empty();
    faults.unless(
        chosen.is_some(),
        "member",
        if nobody {
            "circle-add-nobody"
        } else {
            "form-required"
        },
    );
    let role = roles(words)
        .into_iter()
        .find(|(role, _)| *role == typed.role);
    faults.unless(role.is_some(), "role", "form-required");
    let (Some((member, shown)), Some((role, role_shown))) = (chosen, role) else {
        return adding_form(&app, &signed, &circle, &roster, &typed, faults).answer();
    };
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => adding_form(&app, &signed, &circle, &roster, &typed, faults).answer(),
        Step::Check => {
            let person = Arc::clone(&signed.person);
            let compared = member.clone();
            let fingerprint = app
                .ask(move |office| fingerprint(office, &person, &compared))
                .await?;
            page(&CheckPage {
                page: shell(&app, &signed, &circle),
                title: words.say("circle-add-check"),
                warning: Some(words.say("circle-add-compare")),
                answers: vec![
                    (words.say("circle-answer-circle"), circle.name.clone()),
                    (words.say("circle-answer-member"), shown),
                    (words.say("circle-add-role"), role_shown),
                    (words.say("member-fingerprint"), fingerprint),
                ],
                action: format!("/circles/{}/add", circle.id),
                hidden: vec![("member", member), ("role", role)],
                button: words.say("circle-add-button"),
                grave: false,
                changeable: true,
                back: to_circle(&circle).0,
                limits: Some("circles"),
            })
        }
        Step::Do => {
            let (person, id, as_steward) =
                (Arc::clone(&signed.person), circle.id, role == "steward");
            let added = app
                .work(move |office| added(office, &person, id, &member, as_steward))
                .await?;
            changed(&app, &signed, &circle, added, "circle-added", None)
        }
    }
}

fn fingerprint(office: &Office, _: &Person, member: &str) -> Result<String, Fault> {
    office.fingerprint(member.parse().map_err(|_| Fault::Refused)?)
}

fn added(
    office: &Office,
    person: &Person,
    circle: CircleId,
    member: &str,
    as_steward: bool,
) -> Result<(), MembershipError> {
    let member = member
        .parse()
        .map_err(|_| MembershipError::Fault(Fault::Refused))?;
    let steward = office
        .steward(&person.session, circle)
        .map_err(MembershipError::Fault)?;
    office.add_to_circle(&steward, member, as_steward).map(drop)
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

/// Somebody to remove, and why.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Removing {
    reason: String,
    sure: String,
    change: String,
}

/// Who is to be removed: its member, or the member themselves.
fn leaving(
    signed: &Signed,
    circle: &CircleSummary,
    roster: &Roster,
    member: &str,
) -> Result<(MemberId, String, bool), Refusal> {
    let member: MemberId = member.parse().map_err(|_| Refusal::NotFound)?;
    let is_in = circle.members.iter().any(|(one, _)| *one == member);
    let own = member == signed.person.member();
    match is_in && (own || circle.steward) {
        true => Ok((member, name(roster, member), own)),
        false => Err(Refusal::NotFound),
    }
}

fn removing_form(
    app: &App,
    signed: &Signed,
    circle: &CircleSummary,
    who: &(MemberId, String, bool),
    typed: &str,
    faults: Faults,
) -> FormPage {
    let words = signed.visit.words;
    let reason = Field::line(words, "reason", "circle-remove-reason")
        .hint(words.say("revoke-reason-hint"))
        .value(typed)
        .faults(words, &faults);
    let title = words.say(if who.2 {
        "circle-leave-title"
    } else {
        "circle-remove-title"
    });
    FormPage {
        page: shell(app, signed, circle),
        faults,
        back: to_circle(circle),
        title: format!("{title} {}", who.1),
        paragraphs: vec![words.say("circle-remove-lead")],
        action: format!("/circles/{}/remove/{}", circle.id, who.0),
        fields: vec![reason],
        button: words.say("continue"),
        limits: Some("circles"),
    }
}

/// `GET /circles/{circle}/remove/{member}`
pub async fn remove(
    State(app): State<App>,
    signed: Signed,
    Path((id, member)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (circle, roster) = find(&app, &signed, id).await?;
    let who = leaving(&signed, &circle, &roster, &member)?;
    removing_form(&app, &signed, &circle, &who, "", Faults::default()).answer()
}

/// `POST /circles/{circle}/remove/{member}`
pub async fn dismiss(
    State(app): State<App>,
    signed: Signed,
    Path((id, member)): Path<(String, String)>,
    Filled(typed): Filled<Removing>,
) -> Result<Response, Refusal> {
    let (circle, roster) = find(&app, &signed, id).await?;
    let who = leaving(&signed, &circle, &roster, &member)?;
    let words = signed.visit.words;
    let mut faults = Faults::default();
    let reason = needed(&mut faults, "reason", &typed.reason, REASON_CHARS_MAX);
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => removing_form(&app, &signed, &circle, &who, &typed.reason, faults).answer(),
        Step::Check => page(&CheckPage {
            page: shell(&app, &signed, &circle),
            title: words.say("circle-remove-check"),
            warning: Some(words.say("circle-remove-lead")),
            answers: vec![
                (words.say("circle-answer-circle"), circle.name.clone()),
                (words.say("circle-answer-member"), who.1.clone()),
                (words.say("circle-remove-reason"), reason.clone()),
            ],
            action: format!("/circles/{}/remove/{}", circle.id, who.0),
            hidden: vec![("reason", reason)],
            button: words.say(if who.2 {
                "circle-leave-button"
            } else {
                "circle-remove-button"
            }),
            grave: true,
            changeable: true,
            back: to_circle(&circle).0,
            limits: Some("circles"),
        }),
        Step::Do => {
            let (person, id) = (Arc::clone(&signed.person), circle.id);
            let removed = app
                .work(move |office| removed(office, &person, id, who.0, who.2, &reason))
                .await?;
            changed(
                &app,
                &signed,
                &circle,
                removed,
                "circle-removed",
                Some("circle-removed-text"),
            )
        }
    }
}

fn removed(
    office: &Office,
    person: &Person,
    circle: CircleId,
    member: MemberId,
    own: bool,
    reason: &str,
) -> Result<(), MembershipError> {
    let fault = MembershipError::Fault;
    match own {
        true => office
            .leave_circle(
                &office.reader(&person.session, circle).map_err(fault)?,
                reason,
            )
            .map(drop),
        false => office
            .remove_from_circle(
                &office.steward(&person.session, circle).map_err(fault)?,
                member,
                reason,
            )
            .map(drop),
    }
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
