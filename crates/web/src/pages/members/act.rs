//! What is done about a member with a yes and nothing else: recovery by stewards, the end of a journey, a circle's keys
//! given back.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use office::roster::{Duty, Member, Standing};
use office::{Office, RecoverError};
use record::ids::MemberId;

use super::{
    Certain, Unwilling, done, find, is_administrator, new_fingerprint, recovered, said, to_member,
    welcomed,
};
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::pages::steps::CheckPage;
use crate::refusal::Refusal;
use crate::shell::{Place, page};
use crate::visit::Signed;
use crate::words::Words;

/// What the person can do here, as links: address, words, whether it takes something away. The office decides again.
pub(super) fn acts(person: &Person, member: &Member, words: Words) -> Vec<(String, String, bool)> {
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
pub async fn make(
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
