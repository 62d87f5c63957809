//! The office's members: the list and one member. What changes a member is beside this, a file for each form.

pub mod act;
pub mod admit;
pub mod revoke;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use office::roster::{Duty, Member, Roster, Standing};
use office::{AdmitError, Admitted, Fault, Office, RecoverError};
use record::entry::Timestamp;
use record::ids::MemberId;
use record::signature::VerifyingKey;
use serde::Deserialize;

use super::steps::DonePage;
use crate::app::{App, Person};
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::view::{duty, standing};
use crate::visit::Signed;
use crate::words::Words;

#[derive(Template)]
#[template(path = "members.html")]
struct Members {
    page: Shell,
    administrator: bool,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    duty: String,
    standing: String,
}

#[derive(Template)]
#[template(path = "member.html")]
struct MemberPage {
    page: Shell,
    id: String,
    name: String,
    duty: String,
    standing: String,
    fingerprint: String,
    recovery: Option<RecoveryView>,
    acts: Vec<(String, String, bool)>,
}

struct RecoveryView {
    approved: usize,
    needed: u64,
    began: String,
    ready: String,
    key: String,
}

fn is_administrator(person: &Person) -> bool {
    person.duty == Duty::Administrator && person.standing == Standing::Present
}

/// `GET /members`
pub async fn list(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let roster = app.ask(Office::roster).await?;
    let words = signed.visit.words;
    let mut rows: Vec<Row> = roster.members().map(|member| row(member, words)).collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    page(&Members {
        page: signed.visit.shell(&app).at(Place::Members),
        administrator: is_administrator(&signed.person),
        rows,
    })
}

fn row(member: &Member, words: Words) -> Row {
    Row {
        id: member.admission.member.to_string(),
        name: member.admission.name.clone(),
        duty: duty(member.admission.duty, words),
        standing: standing(member.standing, words),
    }
}

async fn find(app: &App, id: &str) -> Result<(Member, Roster), Refusal> {
    let id: MemberId = id.parse().map_err(|_| Refusal::NotFound)?;
    let roster = app.ask(Office::roster).await?;
    let member = roster.member(id).cloned().ok_or(Refusal::NotFound)?;
    Ok((member, roster))
}

/// `GET /members/{member}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let (member, roster) = find(&app, &id).await?;
    let words = signed.visit.words;
    let whose = member.admission.member;
    let fingerprint = app.ask(move |office| office.fingerprint(whose)).await?;
    page(&MemberPage {
        page: signed.visit.shell(&app).at(Place::Members),
        id,
        name: member.admission.name.clone(),
        duty: duty(member.admission.duty, words),
        standing: standing(member.standing, words),
        fingerprint,
        recovery: recovery(&member, &roster),
        acts: act::acts(&signed.person, &member, words),
    })
}

fn recovery(member: &Member, roster: &Roster) -> Option<RecoveryView> {
    let recovery = member.recovery.as_ref()?;
    let moment = |seconds: u64| {
        Timestamp::from_unix_seconds(seconds)
            .map(|at| at.to_string())
            .unwrap_or_default()
    };
    let began = recovery.began;
    Some(RecoveryView {
        approved: recovery.approved_by.len(),
        needed: roster.recovery_stewards(),
        began: moment(began),
        ready: moment(began.saturating_add(roster.recovery_delay_seconds())),
        key: new_fingerprint(member)?,
    })
}

/// The digits of the keys that shall replace the lost ones.
fn new_fingerprint(member: &Member) -> Option<String> {
    let keys = &member.recovery.as_ref()?.keys;
    let sign = VerifyingKey::from_bytes(&keys.sign).ok()?;
    Some(vault::member::fingerprint(
        &sign,
        &keys.recipient.parse().ok()?,
    ))
}

fn administrators_only(signed: &Signed) -> Result<(), Refusal> {
    if is_administrator(&signed.person) {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

/// What somebody must write down, shown once.
fn welcomed(
    app: &App,
    signed: &Signed,
    admitted: &Admitted,
    title: &str,
    text: &str,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let secret = |label, hint, secret: &str| (words.say(label), words.say(hint), secret.to_owned());
    let passphrase = admitted.passphrase.as_ref().map(|made| {
        secret(
            "admitted-passphrase",
            "admitted-passphrase-hint",
            made.expose(),
        )
    });
    let recovery = secret(
        "admitted-recovery",
        "admitted-recovery-hint",
        admitted.recovery_key.expose(),
    );
    let compared = secret(
        "member-fingerprint",
        "member-fingerprint-hint",
        &admitted.fingerprint,
    );
    page(&DonePage {
        page: signed.visit.shell(app).at(Place::Members),
        title: words.say(title),
        paragraphs: vec![words.say(text)],
        secrets: passphrase.into_iter().chain([recovery, compared]).collect(),
        next: vec![
            ("/circles".to_owned(), words.say("admitted-circle")),
            ("/members".to_owned(), words.say("place-members")),
        ],
        limits: Some("members"),
    })
}

/// A reason, where one is asked for, and whether it is certain.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Certain {
    reason: String,
    sure: String,
    change: String,
}

fn to_member(member: &Member) -> (String, String) {
    (
        format!("/members/{}", member.admission.member),
        member.admission.name.clone(),
    )
}

/// Why an act was not done.
enum Unwilling {
    Roster,
    Fault(Fault),
}

fn said(error: AdmitError) -> Unwilling {
    match error {
        AdmitError::Fault(fault) => Unwilling::Fault(fault),
        AdmitError::Roster(_) | AdmitError::Cost => Unwilling::Roster,
    }
}

fn recovered(error: RecoverError) -> Unwilling {
    match error {
        RecoverError::Fault(fault) => Unwilling::Fault(fault),
        RecoverError::Roster(_) | RecoverError::Circle(_) => Unwilling::Roster,
    }
}

fn done(
    app: &App,
    signed: &Signed,
    member: &Member,
    outcome: Result<(), Unwilling>,
    title: &str,
    text: &str,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let (status, title, text) = match outcome {
        Ok(()) => (axum::http::StatusCode::OK, title, text),
        Err(Unwilling::Roster) => (
            axum::http::StatusCode::CONFLICT,
            "act-refused-title",
            "act-refused",
        ),
        Err(Unwilling::Fault(fault)) => return Err(app.refusal(fault)),
    };
    let mut answer = page(&DonePage {
        page: signed.visit.shell(app).at(Place::Members),
        title: words.say(title),
        paragraphs: vec![words.say(text)],
        secrets: Vec::new(),
        next: vec![to_member(member)],
        limits: Some("recovery"),
    })?;
    *answer.status_mut() = status;
    Ok(answer)
}
