//! The office's members: the list, one member, admitting, revoking, recovery by stewards, the end of a journey.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use office::roster::{Duty, Member, NAME_CHARS_MAX, Roster, Standing};
use office::{AdmitError, Admitted, Fault, Office, RecoverError};
use record::entry::Timestamp;
use record::ids::MemberId;
use record::signature::VerifyingKey;
use serde::Deserialize;

use super::circles::REASON_CHARS_MAX;
use super::steps::{CheckPage, DonePage, FormPage, Step, needed};
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
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
        acts: acts(&signed.person, &member, words),
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

/// What the person can do here, as links: address, words, whether it takes something away. The office decides again.
fn acts(person: &Person, member: &Member, words: Words) -> Vec<(String, String, bool)> {
    let id = member.admission.member;
    let (own, here) = (id == person.member(), person.standing == Standing::Present);
    let (administrator, steward) = (
        is_administrator(person),
        here && person.duty != Duty::Member,
    );
    let alive = member.standing != Standing::Revoked;
    let under_way = member.recovery.is_some();
    let travelling = member.standing == Standing::Travelling;
    [
        (
            here && !own && member.standing == Standing::Present,
            "restore",
            "restore-link",
            false,
        ),
        (
            steward && !own && travelling,
            "travel-end",
            "travel-end",
            false,
        ),
        (
            administrator && !own && alive && !under_way,
            "recovery-begin",
            "recovery-begin-link",
            false,
        ),
        (
            steward && !own && under_way,
            "recovery-approve",
            "recovery-approve-link",
            false,
        ),
        (
            administrator && under_way,
            "recovery-end",
            "recovery-end-link",
            false,
        ),
        (
            (own || administrator) && under_way,
            "recovery-stop",
            "recovery-stop-link",
            true,
        ),
        (
            administrator && !own && alive,
            "revoke",
            "revoke-link",
            true,
        ),
    ]
    .into_iter()
    .filter(|(may, ..)| *may)
    .map(|(_, act, key, grave)| (format!("/members/{id}/{act}"), words.say(key), grave))
    .collect()
}

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

fn admission_form(app: &App, signed: &Signed, typed: &Admission, faults: Faults) -> FormPage {
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

fn administrators_only(signed: &Signed) -> Result<(), Refusal> {
    if is_administrator(&signed.person) {
        Ok(())
    } else {
        Err(Refusal::NotFound)
    }
}

/// `GET /members/new`
pub async fn new(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    administrators_only(&signed)?;
    admission_form(&app, &signed, &Admission::default(), Faults::default()).answer()
}

/// `POST /members/new`
pub async fn admit(
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
        return admission_form(&app, &signed, &typed, faults).answer();
    };
    match Step::of(&typed.sure, &typed.change, &faults) {
        Step::Fill => admission_form(&app, &signed, &typed, faults).answer(),
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
                    admission_form(&app, &signed, &typed, Faults::one("name", "act-refused"))
                        .answer()
                }
            }
        }
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

fn revoking_form(
    app: &App,
    signed: &Signed,
    member: &Member,
    typed: &str,
    faults: Faults,
) -> FormPage {
    let words = signed.visit.words;
    let reason = Field::line(words, "reason", "revoke-reason")
        .hint(words.say("revoke-reason-hint"))
        .value(typed)
        .faults(words, &faults);
    FormPage {
        page: signed.visit.shell(app).at(Place::Members),
        faults,
        back: to_member(member),
        title: format!("{} {}", words.say("revoke-title"), member.admission.name),
        paragraphs: vec![words.say("revoke-lead")],
        action: format!("/members/{}/revoke", member.admission.member),
        fields: vec![reason],
        button: words.say("continue"),
        limits: Some("members"),
    }
}

/// `GET /members/{member}/revoke`
pub async fn revoking(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    administrators_only(&signed)?;
    let (member, _) = find(&app, &id).await?;
    revoking_form(&app, &signed, &member, "", Faults::default()).answer()
}

/// `POST /members/{member}/revoke`
pub async fn revoke(
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
        Step::Fill => revoking_form(&app, &signed, &member, &typed.reason, faults).answer(),
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

/// The acts about a member that need a yes and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    RecoveryBegin,
    RecoveryApprove,
    RecoveryEnd,
    RecoveryStop,
    TravelEnd,
    Restore,
}

impl Act {
    fn of(word: &str) -> Option<Self> {
        match word {
            "recovery-begin" => Some(Self::RecoveryBegin),
            "recovery-approve" => Some(Self::RecoveryApprove),
            "recovery-end" => Some(Self::RecoveryEnd),
            "recovery-stop" => Some(Self::RecoveryStop),
            "travel-end" => Some(Self::TravelEnd),
            "restore" => Some(Self::Restore),
            _ => None,
        }
    }

    /// Title, warning and button of the page that asks; title and text of the page that says it is done.
    fn keys(self) -> [&'static str; 5] {
        match self {
            Self::RecoveryBegin => [
                "recovery-begin-title",
                "recovery-begin-warning",
                "recovery-begin-button",
                "recovery-begun",
                "recovery-begun-text",
            ],
            Self::RecoveryApprove => [
                "recovery-approve-title",
                "recovery-approve-warning",
                "recovery-approve-button",
                "recovery-approved",
                "recovery-approved-text",
            ],
            Self::RecoveryEnd => [
                "recovery-end-title",
                "recovery-approve-text",
                "recovery-end-button",
                "recovery-ended",
                "recovery-ended-text",
            ],
            Self::RecoveryStop => [
                "recovery-stop-title",
                "recovery-stopped-text",
                "recovery-stop-button",
                "recovery-stopped",
                "recovery-stopped-text",
            ],
            Self::TravelEnd => [
                "travel-end-title",
                "travel-end-warning",
                "travel-end",
                "travel-ended",
                "travel-ended-text",
            ],
            Self::Restore => [
                "restore-title",
                "restore-warning",
                "restore-link",
                "restored",
                "restored-text",
            ],
        }
    }

    fn may(self, person: &Person, member: &Member) -> bool {
        let path = |act: &str| format!("/members/{}/{act}", member.admission.member);
        let word = match self {
            Self::RecoveryBegin => "recovery-begin",
            Self::RecoveryApprove => "recovery-approve",
            Self::RecoveryEnd => "recovery-end",
            Self::RecoveryStop => "recovery-stop",
            Self::TravelEnd => "travel-end",
            Self::Restore => "restore",
        };
        let words = Words(crate::language::Language::English);
        acts(person, member, words)
            .iter()
            .any(|(address, ..)| *address == path(word))
    }
}

async fn asked(app: &App, signed: &Signed, id: &str, act: &str) -> Result<(Member, Act), Refusal> {
    let act = Act::of(act).ok_or(Refusal::NotFound)?;
    let (member, _) = find(app, id).await?;
    if act.may(&signed.person, &member) {
        Ok((member, act))
    } else {
        Err(Refusal::NotFound)
    }
}

/// `GET /members/{member}/{act}`
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path((id, act)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let (member, which) = asked(&app, &signed, &id, &act).await?;
    let words = signed.visit.words;
    let [title, warning, button, ..] = which.keys();
    let mut answers = vec![(words.say("member-name"), member.admission.name.clone())];
    if let Some(fingerprint) = new_fingerprint(&member) {
        answers.push((words.say("recovery-key"), fingerprint));
    }
    page(&CheckPage {
        page: signed.visit.shell(&app).at(Place::Members),
        title: words.say(title),
        warning: Some(words.say(warning)),
        answers,
        action: format!("/members/{id}/{act}"),
        hidden: Vec::new(),
        button: words.say(button),
        grave: which == Act::RecoveryStop,
        changeable: false,
        back: to_member(&member).0,
        limits: Some("recovery"),
    })
}

/// `POST /members/{member}/{act}`
pub async fn act(
    State(app): State<App>,
    signed: Signed,
    Path((id, act)): Path<(String, String)>,
    Filled(certain): Filled<Certain>,
) -> Result<Response, Refusal> {
    let (member, which) = asked(&app, &signed, &id, &act).await?;
    if certain.sure != "yes" {
        return Err(Refusal::Senseless);
    }
    let [.., title, text] = which.keys();
    let (person, whose, cost) = (
        Arc::clone(&signed.person),
        member.admission.member,
        app.cost(),
    );
    if which == Act::RecoveryBegin {
        let _slot = app.derivation().await?;
        let begun = app.work(move |office| {
            let administrator = office
                .administrator(&person.session)
                .map_err(RecoverError::Fault)?;
            office.begin_recovery(&administrator, whose, None, cost)
        });
        return match begun.await?.map_err(recovered) {
            Ok(admitted) => welcomed(&app, &signed, &admitted, title, text),
            Err(unwilling) => done(&app, &signed, &member, Err(unwilling), title, text),
        };
    }
    let outcome = app
        .work(move |office| carried_out(office, &person, whose, which))
        .await?;
    done(&app, &signed, &member, outcome, title, text)
}

fn carried_out(
    office: &Office,
    person: &Person,
    member: MemberId,
    act: Act,
) -> Result<(), Unwilling> {
    let session = &person.session;
    match act {
        // Made where its secrets can be shown.
        Act::RecoveryBegin => Err(Unwilling::Roster),
        Act::RecoveryApprove => office
            .approve_recovery(session, member)
            .map(drop)
            .map_err(recovered),
        Act::RecoveryStop => office
            .stop_recovery(session, member)
            .map(drop)
            .map_err(recovered),
        Act::RecoveryEnd => {
            let administrator = office.administrator(session).map_err(Unwilling::Fault)?;
            office
                .end_recovery(&administrator, member)
                .map(drop)
                .map_err(recovered)
        }
        Act::TravelEnd => office.end_travel(session, member).map(drop).map_err(said),
        Act::Restore => {
            office.readmit(session, member).map_err(recovered)?;
            office
                .restore_wraps(session, member)
                .map(drop)
                .map_err(Unwilling::Fault)
        }
    }
}
