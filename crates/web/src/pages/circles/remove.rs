//! A member is removed from a circle, or leaves it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use office::roster::Roster;
use office::{CircleSummary, MembershipError, Office};
use record::ids::{CircleId, MemberId};
use serde::Deserialize;

use super::{REASON_CHARS_MAX, changed, find, shell, to_circle};
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::form::{Faults, Field};
use crate::pages::steps::{CheckPage, FormPage, Step, needed};
use crate::refusal::Refusal;
use crate::shell::page;
use crate::view::name;
use crate::visit::Signed;

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

fn form(
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
        // Isolated: a name may run the other way.
        title: format!("{title} \u{2068}{}\u{2069}", who.1),
        paragraphs: vec![words.say("circle-remove-lead")],
        action: format!("/circles/{}/remove/{}", circle.id, who.0),
        fields: vec![reason],
        button: words.say("continue"),
        limits: Some("circles"),
    }
}

/// `GET /circles/{circle}/remove/{member}`
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path((id, member)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (circle, roster) = find(&app, &signed, id).await?;
    let who = leaving(&signed, &circle, &roster, &member)?;
    form(&app, &signed, &circle, &who, "", Faults::default()).answer()
}

/// `POST /circles/{circle}/remove/{member}`
pub async fn make(
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
        Step::Fill => form(&app, &signed, &circle, &who, &typed.reason, faults).answer(),
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
