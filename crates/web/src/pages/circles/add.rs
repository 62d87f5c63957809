//! A member is added to a circle.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use office::roster::{Roster, Standing};
use office::{CircleSummary, Fault, MembershipError, Office};
use record::ids::{CircleId, MemberId};
use serde::Deserialize;

use super::{changed, shell, steward, to_circle};
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
use crate::pages::steps::{CheckPage, FormPage, Step};
use crate::refusal::Refusal;
use crate::shell::page;
use crate::visit::Signed;
use crate::words::Words;

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

fn form(
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
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (circle, roster) = steward(&app, &signed, id).await?;
    form(
        &app,
        &signed,
        &circle,
        &roster,
        &Adding::default(),
        Faults::default(),
    )
    .answer()
}

/// `POST /circles/{circle}/add`
pub async fn make(
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
        return form(&app, &signed, &circle, &roster, &typed, faults).answer();
    };
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => form(&app, &signed, &circle, &roster, &typed, faults).answer(),
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
