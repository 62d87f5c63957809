//! One's own sign-in: passphrase, second steps, travel mode.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use office::{AdmitError, PassphraseChangeError};
use qrcodegen::{QrCode, QrCodeEcc};
use record::entry::Timestamp;
use serde::Deserialize;
use vault::passphrase::Passphrase;

use super::sign_in::{Line, mistyped, signed_out};
use super::steps::{CheckPage, DonePage, FormPage, needed};
use crate::address::escaped;
use crate::app::App;
use crate::delay::Ended;
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
use crate::refusal::Refusal;
use crate::second::{Kind, STEPS_MAX, Step, Steps, generator, name_of, secret_in_base32};
use crate::shell::{Place, Shell, faulty, page};
use crate::view::duty;
use crate::visit::{SESSION, Signed};

/// The longest name of a second step, in characters.
const STEP_NAME_CHARS_MAX: usize = 60;

#[derive(Template)]
#[template(path = "me.html")]
struct Me {
    page: Shell,
    id: String,
    name: String,
    duty: String,
    fingerprint: String,
    factors: Vec<FactorView>,
    passkeys_work: bool,
}

struct FactorView {
    id: String,
    name: String,
    kind: String,
    since: String,
}

#[derive(Template)]
#[template(path = "passkey.html")]
struct PasskeyPage {
    page: Shell,
    faults: Faults,
    options: String,
    name: Field,
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    page: Shell,
    faults: Faults,
    secret: String,
    side: i32,
    squares: String,
    kept: String,
    code: Field,
}

async fn steps(app: &App, signed: &Signed) -> Result<Steps, Refusal> {
    let member = signed.person.member();
    app.ask(move |office| Steps::of(office, member)).await
}

async fn keep(app: &App, signed: &Signed, steps: Steps) -> Result<(), Refusal> {
    let person = Arc::clone(&signed.person);
    app.ask(move |office| steps.keep(office, &person.session))
        .await
}

fn shell(app: &App, signed: &Signed) -> Shell {
    signed.visit.shell(app).at(Place::Me)
}

/// `GET /me`
pub async fn show(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let member = signed.person.member();
    let fingerprint = app.ask(move |office| office.fingerprint(member)).await?;
    let view = |step: &Step| FactorView {
        id: step.id.clone(),
        name: step.name.clone(),
        kind: words.say(match step.kind {
            Kind::Passkey(_) => "factor-kind-passkey",
            Kind::Codes { .. } => "factor-kind-code",
        }),
        since: Timestamp::from_unix_seconds(step.since)
            .map(|at| at.to_string())
            .unwrap_or_default(),
    };
    page(&Me {
        page: shell(&app, &signed),
        id: member.to_string(),
        name: signed.person.name.clone(),
        duty: duty(signed.person.duty, words),
        fingerprint,
        factors: steps(&app, &signed).await?.steps.iter().map(view).collect(),
        passkeys_work: app.passkeys().work_at(&signed.visit.origin),
    })
}

fn back(signed: &Signed) -> (String, String) {
    ("/me".to_owned(), signed.visit.words.say("me-title"))
}

fn done(
    app: &App,
    signed: &Signed,
    title: &str,
    paragraphs: &[&str],
    secrets: Vec<(String, String, String)>,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    page(&DonePage {
        page: shell(app, signed),
        title: words.say(title),
        paragraphs: paragraphs.iter().map(|key| words.say(key)).collect(),
        secrets,
        next: vec![back(signed)],
        limits: Some("signing-in"),
    })
}

/// A change of passphrase.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    old: String,
    new: String,
    again: String,
}

fn change_form(app: &App, signed: &Signed, faults: Faults) -> FormPage {
    let words = signed.visit.words;
    let secret = |id, label, complete| {
        Field::line(words, id, label)
            .control(Control::Line("password", complete, "text"))
            .faults(words, &faults)
    };
    let new = secret("new", "me-passphrase-new", "new-password")
        .hint(words.say("me-passphrase-new-hint"))
        .optional();
    FormPage {
        page: shell(app, signed),
        back: back(signed),
        title: words.say("me-passphrase-link"),
        paragraphs: vec![words.say("me-passphrase-text")],
        action: "/me/passphrase".to_owned(),
        fields: vec![
            secret("old", "me-passphrase-old", "current-password"),
            new,
            secret("again", "me-passphrase-again", "new-password").optional(),
        ],
        button: words.say("me-passphrase-button"),
        limits: Some("signing-in"),
        faults,
    }
}

/// `GET /me/passphrase`
pub async fn passphrase(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    change_form(&app, &signed, Faults::default()).answer()
}

/// `POST /me/passphrase`
pub async fn change(
    State(app): State<App>,
    signed: Signed,
    Filled(typed): Filled<Change>,
) -> Result<Response, Refusal> {
    let (old, chosen, faults) = read_change(&typed);
    let (Some(old), true) = (old, faults.is_empty()) else {
        return change_form(&app, &signed, faults).answer();
    };
    let mut line = Line::join(&app, &signed.person.name)?;
    line.wait().await;
    let _slot = app.derivation().await?;
    let (person, cost) = (Arc::clone(&signed.person), app.cost());
    let name = person.member().to_string();
    let changed = app
        .work(move |office| office.change_passphrase(&name, &old, chosen, cost))
        .await?;
    line.ended = if matches!(changed, Err(PassphraseChangeError::Refused)) {
        Ended::Wrong
    } else {
        Ended::Right
    };
    match changed {
        Ok(made) => {
            let words = signed.visit.words;
            let secrets = made.map(|made| {
                (
                    words.say("me-passphrase-yours"),
                    words.say("me-passphrase-yours-hint"),
                    made.expose().to_owned(),
                )
            });
            let mut answer = done(
                &app,
                &signed,
                "me-passphrase-done",
                &["me-passphrase-done-text"],
                secrets.into_iter().collect(),
            )?;
            begin_anew(&app, &signed, &mut answer).await?;
            Ok(answer)
        }
        Err(PassphraseChangeError::Refused) => {
            change_form(&app, &signed, Faults::one("old", "me-passphrase-wrong")).answer()
        }
        Err(PassphraseChangeError::Cost) => Err(Refusal::Trouble),
        Err(PassphraseChangeError::Fault(fault)) => Err(app.refusal(fault)),
    }
}

fn read_change(typed: &Change) -> (Option<Passphrase>, Option<Passphrase>, Faults) {
    let mut faults = Faults::default();
    let old = Passphrase::read(&typed.old)
        .map_err(|error| faults.unless(false, "old", mistyped(error)))
        .ok();
    if typed.new.is_empty() && typed.again.is_empty() {
        return (old, None, faults);
    }
    let new = Passphrase::choose(&typed.new)
        .map_err(|error| faults.unless(false, "new", mistyped(error)))
        .ok();
    faults.unless(typed.new == typed.again, "again", "me-passphrase-differs");
    (old, new, faults)
}

/// Ends all sessions of the member, and begins one for this browser under a new cookie.
async fn begin_anew(app: &App, signed: &Signed, response: &mut Response) -> Result<(), Refusal> {
    let person = Arc::clone(&signed.person);
    let begun = app.work(move |office| {
        office.sessions().end_all(person.member());
        hex::encode(office.sessions().begin(&person.session).expose())
    });
    let cookie = signed
        .visit
        .guard
        .set(SESSION, &begun.await?)
        .ok_or(Refusal::Trouble)?;
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(())
}

/// A new passkey.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewPasskey {
    name: String,
    answer: String,
}

async fn passkey_form(
    app: &App,
    signed: &Signed,
    typed: &str,
    faults: Faults,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let passkeys = steps(app, signed).await?.passkeys();
    let begun = app.passkeys().begin_adding(
        &signed.visit.origin,
        signed.person.member(),
        &signed.person.name,
        &passkeys,
    );
    let (challenge, state) = begun.ok_or(Refusal::NotFound)?;
    let secret = signed.visit.session_secret.as_deref().unwrap_or_default();
    app.adding().insert(name_of(secret), (app.now(), state));
    let options = serde_json::to_string(&challenge.public_key).map_err(|_| Refusal::Trouble)?;
    let name = Field::line(words, "name", "passkey-name")
        .hint(words.say("passkey-name-hint"))
        .value(typed)
        .faults(words, &faults);
    let wrong = !faults.is_empty();
    let view = PasskeyPage {
        page: shell(app, signed),
        faults,
        options,
        name,
    };
    if wrong { faulty(&view) } else { page(&view) }
}

/// `GET /me/passkey`
pub async fn passkey(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    passkey_form(&app, &signed, "", Faults::default()).await
}

/// `POST /me/passkey`
pub async fn add_passkey(
    State(app): State<App>,
    signed: Signed,
    Filled(typed): Filled<NewPasskey>,
) -> Result<Response, Refusal> {
    let mut faults = Faults::default();
    let name = needed(&mut faults, "name", &typed.name, STEP_NAME_CHARS_MAX);
    if !faults.is_empty() {
        return passkey_form(&app, &signed, &typed.name, faults).await;
    }
    let secret = signed.visit.session_secret.as_deref().unwrap_or_default();
    let state = app
        .adding()
        .remove(&name_of(secret))
        .map(|(_, state)| state);
    let passkey = state.and_then(|state| {
        app.passkeys()
            .end_adding(&signed.visit.origin, &typed.answer, &state)
    });
    match passkey {
        Some(passkey) => added(&app, &signed, name, Kind::Passkey(Box::new(passkey))).await,
        None => {
            passkey_form(
                &app,
                &signed,
                &typed.name,
                Faults::one("name", "passkey-failed"),
            )
            .await
        }
    }
}

async fn added(app: &App, signed: &Signed, name: String, kind: Kind) -> Result<Response, Refusal> {
    let mut steps = steps(app, signed).await?;
    if steps.steps.len() >= STEPS_MAX {
        return Err(Refusal::TooMany);
    }
    steps.steps.push(Step {
        id: hex::encode(app.random::<8>()),
        name,
        since: app.now(),
        kind,
    });
    keep(app, signed, steps).await?;
    done(
        app,
        signed,
        "factor-added",
        &["factor-added-text"],
        Vec::new(),
    )
}

/// A new generator of codes: the secret that the page showed, and a code to show that the app has it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewCodes {
    secret: String,
    code: String,
}

fn code_form(
    app: &App,
    signed: &Signed,
    secret: &str,
    faults: Faults,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let base32 = secret_in_base32(secret);
    let label = format!(
        "{}:{}",
        escaped(&app.office_name()),
        escaped(&signed.person.name)
    );
    let address = format!(
        "otpauth://totp/{label}?secret={base32}&issuer={}",
        escaped(&app.office_name())
    );
    let (side, squares) = squares(&address).ok_or(Refusal::Trouble)?;
    let code = Field::line(words, "code", "second-code-label")
        .control(Control::Line("text", "one-time-code", "numeric"))
        .narrow()
        .faults(words, &faults);
    let wrong = !faults.is_empty();
    let view = CodePage {
        page: shell(app, signed),
        faults,
        secret: grouped(&base32),
        side,
        squares,
        kept: secret.to_owned(),
        code,
    };
    if wrong { faulty(&view) } else { page(&view) }
}

fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    letters
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A QR code as one SVG path of unit squares, with the quiet border that readers need.
fn squares(text: &str) -> Option<(i32, String)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let path = all
        .filter(|(x, y)| code.get_module(*x, *y))
        .map(|(x, y)| format!("M{} {}h1v1h-1z", x + 4, y + 4))
        .collect();
    Some((code.size() + 8, path))
}

/// `GET /me/code`
pub async fn code(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let secret = hex::encode(app.random::<20>());
    code_form(&app, &signed, &secret, Faults::default())
}

/// `POST /me/code`
pub async fn add_code(
    State(app): State<App>,
    signed: Signed,
    Filled(typed): Filled<NewCodes>,
) -> Result<Response, Refusal> {
    if typed.secret.len() != 40 || generator(&typed.secret).is_none() {
        return Err(Refusal::Senseless);
    }
    let kind = Kind::Codes {
        secret: typed.secret.clone(),
        used: 0,
    };
    let mut tried = Steps {
        steps: vec![Step {
            id: String::new(),
            name: String::new(),
            since: 0,
            kind,
        }],
    };
    if !tried.use_code(&typed.code, app.now()) {
        return code_form(
            &app,
            &signed,
            &typed.secret,
            Faults::one("code", "second-code-wrong"),
        );
    }
    let name = signed.visit.words.say("factor-kind-code");
    match tried.steps.pop() {
        Some(step) => added(&app, &signed, name, step.kind).await,
        None => Err(Refusal::Trouble),
    }
}

/// A form that only needs a yes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Yes {
    sure: String,
}

/// `GET /me/second/{step}/remove`
pub async fn removing(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let steps = steps(&app, &signed).await?;
    let step = steps
        .steps
        .iter()
        .find(|step| step.id == id)
        .ok_or(Refusal::NotFound)?;
    page(&CheckPage {
        page: shell(&app, &signed),
        title: words.say("factor-remove-title"),
        warning: Some(words.say("factor-remove-warning")),
        answers: vec![(words.say("factor-name"), step.name.clone())],
        action: format!("/me/second/{id}/remove"),
        hidden: Vec::new(),
        button: words.say("factor-remove"),
        grave: true,
        changeable: false,
        back: "/me".to_owned(),
        limits: Some("signing-in"),
    })
}

/// `POST /me/second/{step}/remove`
pub async fn remove(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Filled(yes): Filled<Yes>,
) -> Result<Response, Refusal> {
    let mut steps = steps(&app, &signed).await?;
    let before = steps.steps.len();
    steps.steps.retain(|step| step.id != id);
    if steps.steps.len() == before || yes.sure != "yes" {
        return Err(Refusal::NotFound);
    }
    keep(&app, &signed, steps).await?;
    done(&app, &signed, "factor-removed", &[], Vec::new())
}

/// `GET /me/travel`
pub async fn leaving(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let (words, person) = (signed.visit.words, Arc::clone(&signed.person));
    let circles = app
        .ask(move |office| office.circles(&person.session))
        .await?;
    let names: Vec<String> = circles.into_iter().map(|circle| circle.name).collect();
    page(&CheckPage {
        page: shell(&app, &signed),
        title: words.say("travel-title"),
        warning: Some(words.say("travel-warning")),
        answers: vec![
            (words.say("travel-answer-who"), signed.person.name.clone()),
            (words.say("travel-answer-circles"), names.join("، ")),
        ],
        action: "/me/travel".to_owned(),
        hidden: Vec::new(),
        button: words.say("travel-begin"),
        grave: true,
        changeable: false,
        back: "/me".to_owned(),
        limits: Some("recovery"),
    })
}

/// `POST /me/travel`
pub async fn leave(
    State(app): State<App>,
    signed: Signed,
    Filled(yes): Filled<Yes>,
) -> Result<Response, Refusal> {
    if yes.sure != "yes" {
        return Err(Refusal::Senseless);
    }
    let (words, person) = (signed.visit.words, Arc::clone(&signed.person));
    let begun = app
        .work(move |office| office.begin_travel(&person.session, person.member()))
        .await?;
    let (status, title, text) = match begun {
        Ok(_) => (StatusCode::OK, "travel-began", "travel-began-text"),
        Err(AdmitError::Fault(fault)) => return Err(app.refusal(fault)),
        Err(AdmitError::Roster(_) | AdmitError::Cost) => {
            (StatusCode::CONFLICT, "act-refused-title", "act-refused")
        }
    };
    let left = Shell {
        member: None,
        ..shell(&app, &signed)
    };
    let mut answer = page(&DonePage {
        page: left,
        title: words.say(title),
        paragraphs: vec![words.say(text)],
        secrets: Vec::new(),
        next: vec![("/".to_owned(), words.say("refusal-start"))],
        limits: Some("recovery"),
    })?;
    *answer.status_mut() = status;
    if status == StatusCode::OK {
        signed_out(&signed.visit, &mut answer);
    }
    Ok(answer)
}
