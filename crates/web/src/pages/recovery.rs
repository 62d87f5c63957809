//! For whoever has lost their passphrase: what to do, and the recovery key.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use office::{Office, PassphraseChangeError};
use serde::Deserialize;
use vault::passphrase::{Passphrase, RecoveryKey};

use super::sign_in::{Line, mistyped};
use super::steps::{DonePage, FormPage};
use crate::app::App;
use crate::delay::Ended;
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::token;
use crate::visit::{VISIT, Visit};

#[derive(Template)]
#[template(path = "recovery.html")]
struct Recovery {
    page: Shell,
    stewards: u64,
    hours: u64,
}

/// `GET /recovery`
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    let roster = app.ask(Office::roster).await?;
    let hours = roster.recovery_delay_seconds().div_ceil(3_600);
    page(&Recovery {
        page: visit.shell(&app),
        stewards: roster.recovery_stewards(),
        hours,
    })
}

/// Name, recovery key, and the new passphrase, if one is chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Typed {
    name: String,
    key: String,
    new: String,
    again: String,
}

fn form(app: &App, visit: &Visit, typed_name: &str, faults: Faults) -> FormPage {
    let words = visit.words;
    let line = |id, label, kind, complete| {
        Field::line(words, id, label)
            .control(Control::Line(kind, complete, "text"))
            .faults(words, &faults)
    };
    FormPage {
        page: visit.shell(app),
        back: ("/recovery".to_owned(), words.say("recovery-title")),
        title: words.say("recovery-key-form"),
        paragraphs: vec![words.say("recovery-key-text")],
        action: "/recovery/key".to_owned(),
        fields: vec![
            line("name", "sign-in-name", "text", "username").value(typed_name),
            line("key", "recovery-key-label", "text", "off").hint(words.say("recovery-key-hint")),
            line("new", "me-passphrase-new", "password", "new-password")
                .hint(words.say("me-passphrase-new-hint"))
                .optional(),
            line("again", "me-passphrase-again", "password", "new-password").optional(),
        ],
        button: words.say("recovery-key-button"),
        limits: Some("recovery"),
        faults,
    }
}

/// `GET /recovery/key`
pub async fn key(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    let secret = visit
        .visit_secret
        .clone()
        .unwrap_or_else(|| hex::encode(app.random::<32>()));
    let mut view = form(&app, &visit, "", Faults::default());
    view.page.token = token::of(&secret);
    let mut response = view.answer()?;
    if let Some(cookie) = visit.guard.set(VISIT, &secret) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /recovery/key`
pub async fn use_key(
    State(app): State<App>,
    visit: Visit,
    Filled(typed): Filled<Typed>,
) -> Result<Response, Refusal> {
    let mut faults = Faults::default();
    faults.unless(!typed.name.trim().is_empty(), "name", "form-required");
    let key = RecoveryKey::read(&typed.key)
        .map_err(|error| faults.unless(false, "key", mistyped(error)))
        .ok();
    let chosen = (!typed.new.is_empty()).then(|| Passphrase::choose(&typed.new));
    let chosen = chosen
        .transpose()
        .map_err(|error| faults.unless(false, "new", mistyped(error)))
        .ok()
        .flatten();
    faults.unless(typed.new == typed.again, "again", "me-passphrase-differs");
    let (Some(key), true) = (key, faults.is_empty()) else {
        return form(&app, &visit, &typed.name, faults).answer();
    };
    let mut line = Line::join(&app, &typed.name)?;
    line.wait().await;
    let _slot = app.derivation().await?;
    let (name, cost) = (typed.name.clone(), app.cost());
    match app
        .work(move |office| office.recover_with_key(&name, &key, chosen, cost))
        .await?
    {
        Ok(made) => {
            line.ended = Ended::Right;
            recovered(&app, &visit, made.map(|made| made.expose().to_owned()))
        }
        Err(PassphraseChangeError::Refused) => {
            line.ended = Ended::Wrong;
            form(
                &app,
                &visit,
                &typed.name,
                Faults::one("key", "recovery-key-wrong"),
            )
            .answer()
        }
        Err(PassphraseChangeError::Cost) => Err(Refusal::Trouble),
        Err(PassphraseChangeError::Fault(fault)) => Err(app.refusal(fault)),
    }
}

fn recovered(app: &App, visit: &Visit, made: Option<String>) -> Result<Response, Refusal> {
    let words = visit.words;
    let secret = |made| {
        (
            words.say("me-passphrase-yours"),
            words.say("me-passphrase-yours-hint"),
            made,
        )
    };
    page(&DonePage {
        page: visit.shell(app),
        title: words.say("recovery-done"),
        paragraphs: vec![words.say("recovery-done-text")],
        secrets: made.map(secret).into_iter().collect(),
        next: vec![("/sign-in".to_owned(), words.say("sign-in"))],
        limits: Some("recovery"),
    })
}
