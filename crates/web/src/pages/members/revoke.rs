//! A member is revoked.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use office::AdmitError;
use office::roster::Member;

use super::{Certain, administrators_only, done, find, said, to_member};
use crate::app::App;
use crate::filled::Filled;
use crate::form::{Faults, Field};
use crate::pages::circles::REASON_CHARS_MAX;
use crate::pages::steps::{CheckPage, FormPage, Step, needed};
use crate::refusal::Refusal;
use crate::shell::{Place, page};
use crate::visit::Signed;

fn form(app: &App, signed: &Signed, member: &Member, typed: &str, faults: Faults) -> FormPage {
    let words = signed.visit.words;
    let reason = Field::line(words, "reason", "revoke-reason")
        .hint(words.say("revoke-reason-hint"))
        .value(typed)
        .faults(words, &faults);
    FormPage {
        page: signed.visit.shell(app).at(Place::Members),
        faults,
        back: to_member(member),
        // Isolated: a name may run the other way.
        title: format!(
            "{} \u{2068}{}\u{2069}",
            words.say("revoke-title"),
            member.admission.name
        ),
        paragraphs: vec![words.say("revoke-lead")],
        action: format!("/members/{}/revoke", member.admission.member),
        fields: vec![reason],
        button: words.say("continue"),
        limits: Some("members"),
    }
}

/// `GET /members/{member}/revoke`
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    administrators_only(&signed)?;
    let (member, _) = find(&app, &id).await?;
    form(&app, &signed, &member, "", Faults::default()).answer()
}

/// `POST /members/{member}/revoke`
pub async fn make(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Filled(typed): Filled<Certain>,
) -> Result<Response, Refusal> {
    administrators_only(&signed)?;
    let (member, _) = find(&app, &id).await?;
    let words = signed.visit.words;
    let mut faults = Faults::default();
    let reason = needed(&mut faults, "reason", &typed.reason, REASON_CHARS_MAX);
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => form(&app, &signed, &member, &typed.reason, faults).answer(),
        Step::Check => page(&CheckPage {
            page: signed.visit.shell(&app).at(Place::Members),
            title: words.say("revoke-check"),
            warning: Some(words.say("revoke-lead")),
            answers: vec![
                (words.say("member-name"), member.admission.name.clone()),
                (words.say("revoke-reason"), reason.clone()),
            ],
            action: format!("/members/{id}/revoke"),
            hidden: vec![("reason", reason)],
            button: words.say("revoke-button"),
            grave: true,
            changeable: true,
            back: to_member(&member).0,
            limits: Some("members"),
        }),
        Step::Do => {
            let (person, whose) = (Arc::clone(&signed.person), member.admission.member);
            let revoked = app.work(move |office| {
                let administrator = office
                    .administrator(&person.session)
                    .map_err(AdmitError::Fault)?;
                office
                    .revoke_member(&administrator, whose, &reason)
                    .map(drop)
            });
            let outcome = revoked.await?.map_err(said);
            done(
                &app,
                &signed,
                &member,
                outcome,
                "revoked-title",
                "revoked-text",
            )
        }
    }
}
