//! Signing in: name and passphrase, then a second step where one is set up; and signing out.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use office::{Session, SignInError};
use serde::Deserialize;
use vault::passphrase::{Passphrase, PassphraseError};
use webauthn_rs::prelude::RequestChallengeResponse;

use crate::address;
use crate::app::{App, Person, token};
use crate::delay::Ended;
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
use crate::refusal::Refusal;
use crate::second::{Awaiting, Steps, WAIT_SECONDS_MAX, WRONG_MAX, name_of};
use crate::shell::{Place, Shell, faulty, page};
use crate::token::of as form_token;
use crate::visit::{SESSION, VISIT, Visit};
use crate::words::Words;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    page: Shell,
    faults: Faults,
    name: Field,
    passphrase: Field,
    back: String,
    ended: bool,
}

#[derive(Template)]
#[template(path = "second.html")]
struct Second {
    page: Shell,
    faults: Faults,
    passkey: Option<String>,
    code: Option<Field>,
    back: String,
}

/// What leads to the sign-in page.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Coming {
    back: Option<String>,
    ended: Option<String>,
}

/// Name and passphrase.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Credentials {
    name: String,
    passphrase: String,
    back: String,
}

/// The answer to a second step.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    answer: String,
    code: String,
    back: String,
}

fn fields(words: Words, name: &str, faults: &Faults) -> (Field, Field) {
    let line = |id, label, kind, complete| {
        Field::line(words, id, label)
            .control(Control::Line(kind, complete, "text"))
            .faults(words, faults)
    };
    let name = line("name", "sign-in-name", "text", "username").value(name);
    (
        name,
        line(
            "passphrase",
            "sign-in-passphrase",
            "password",
            "current-password",
        ),
    )
}

/// `GET /sign-in`
pub async fn show(
    State(app): State<App>,
    visit: Visit,
    Query(coming): Query<Coming>,
) -> Result<Response, Refusal> {
    if visit.person.is_some() {
        return Ok(Redirect::to(address::own(coming.back.as_deref())).into_response());
    }
    let secret = visit
        .visit_secret
        .clone()
        .unwrap_or_else(|| hex::encode(app.random::<32>()));
    let shell = Shell {
        token: form_token(&secret),
        ..visit.shell(&app)
    };
    let (name, passphrase) = fields(visit.words, "", &Faults::default());
    let back = address::own(coming.back.as_deref()).to_owned();
    let ended = coming.ended.is_some();
    let mut response = page(&SignIn {
        page: shell,
        faults: Faults::default(),
        name,
        passphrase,
        back,
        ended,
    })?;
    if let Some(cookie) = visit.guard.set(VISIT, &secret) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /sign-in`
pub async fn enter(
    State(app): State<App>,
    visit: Visit,
    Filled(typed): Filled<Credentials>,
) -> Result<Response, Refusal> {
    let mut faults = Faults::default();
    faults.unless(!typed.name.trim().is_empty(), "name", "form-required");
    let passphrase = match Passphrase::read(&typed.passphrase) {
        Ok(passphrase) => Some(passphrase),
        Err(error) => {
            faults.unless(false, "passphrase", mistyped(error));
            None
        }
    };
    if let Some(passphrase) = passphrase.filter(|_| faults.is_empty()) {
        match signed_in(&app, &typed.name, passphrase).await? {
            Some(session) => return begun(&app, &visit, session, &typed.back).await,
            None => faults.unless(false, "passphrase", "sign-in-wrong"),
        }
    }
    let (name, passphrase) = fields(visit.words, &typed.name, &faults);
    let back = address::own(Some(&typed.back)).to_owned();
    faulty(&SignIn {
        page: visit.shell(&app),
        faults,
        name,
        passphrase,
        back,
        ended: false,
    })
}

/// What to say of a passphrase that cannot be one.
#[must_use]
pub fn mistyped(error: PassphraseError) -> &'static str {
    match error {
        PassphraseError::Empty => "form-required",
        PassphraseError::TooLong => "form-too-long",
        PassphraseError::WrongLength | PassphraseError::Mistyped => "sign-in-mistyped",
        PassphraseError::Weak => "me-passphrase-weak",
    }
}

/// Waits in the account's line, then asks the office.
async fn signed_in(
    app: &App,
    name: &str,
    passphrase: Passphrase,
) -> Result<Option<Session>, Refusal> {
    let mut line = Line::join(app, name)?;
    tokio::time::sleep(line.wait).await;
    let _slot = app.derivation().await?;
    let wanted = name.to_owned();
    match app
        .work(move |office| office.sign_in(&wanted, &passphrase))
        .await?
    {
        Ok(session) => {
            line.ended = Ended::Right;
            Ok(Some(session))
        }
        Err(SignInError::Refused) => {
            line.ended = Ended::Wrong;
            Ok(None)
        }
        Err(SignInError::Fault(fault)) => Err(app.refusal(fault)),
    }
}

/// A place in an account's line; it is given up however the attempt ends.
pub struct Line<'a> {
    app: &'a App,
    name: String,
    wait: std::time::Duration,
    /// How the attempt ended.
    pub ended: Ended,
}

impl<'a> Line<'a> {
    /// Joins the line of an account.
    pub fn join(app: &'a App, name: &str) -> Result<Self, Refusal> {
        let wait = app
            .delays()
            .begin(name, app.now())
            .map_err(|_| Refusal::TooMany)?;
        Ok(Self {
            app,
            name: name.to_owned(),
            wait,
            ended: Ended::Unknown,
        })
    }

    /// Waits until it is this attempt's turn.
    pub async fn wait(&self) {
        tokio::time::sleep(self.wait).await;
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        self.app
            .delays()
            .settle(&self.name, self.ended, self.app.now());
    }
}

/// The passphrase was right: the session begins, or waits for its second step.
async fn begun(
    app: &App,
    visit: &Visit,
    session: Session,
    back: &str,
) -> Result<Response, Refusal> {
    let origin = visit.origin.clone();
    let passkeys_work = app.passkeys().work_at(&origin);
    let (secret, steps) = app
        .ask(move |office| {
            let steps = Steps::of(office, session.member())?;
            Ok((
                hex::encode(office.sessions().begin(&session).expose()),
                steps,
            ))
        })
        .await?;
    let back = address::own(Some(back));
    let second = !steps.steps.is_empty();
    if second {
        let awaiting = Awaiting {
            since: app.now(),
            wrong: 0,
            question: None,
        };
        let mut waiting = app.awaiting();
        waiting.retain(|_, one| one.since + WAIT_SECONDS_MAX > awaiting.since);
        waiting.insert(name_of(&secret), awaiting);
    }
    // A member whose only step is a passkey must come by an address where passkeys work; the page says so.
    let to = match second {
        true => format!("/sign-in/second?back={}", address::escaped(back)),
        false => back.to_owned(),
    };
    tracing::info!(second, passkeys_work, "signed in");
    let cookie = visit.guard.set(SESSION, &secret).ok_or(Refusal::Trouble)?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response())
}

/// The session that waits for its second step, and its secret.
async fn waiting(app: &App, visit: &Visit) -> Result<(String, Arc<Person>), Refusal> {
    let first = || Refusal::SignInFirst {
        back: "/".to_owned(),
    };
    let secret = visit.session_secret.clone().ok_or_else(first)?;
    let now = app.now();
    let alive = app
        .awaiting()
        .get(&name_of(&secret))
        .map(|one| one.since + WAIT_SECONDS_MAX > now && one.wrong < WRONG_MAX);
    match alive {
        Some(true) => {}
        Some(false) => {
            end(app, &secret).await?;
            return Err(first());
        }
        // A session that waits for nothing is left alone.
        None => return Err(first()),
    }
    let person = app.resumed(&secret).await.ok_or_else(first)?;
    Ok((secret, person))
}

/// `GET /sign-in/second`
pub async fn second(
    State(app): State<App>,
    visit: Visit,
    Query(coming): Query<Coming>,
) -> Result<Response, Refusal> {
    ask_second(
        &app,
        &visit,
        address::own(coming.back.as_deref()),
        Faults::default(),
    )
    .await
}

async fn ask_second(
    app: &App,
    visit: &Visit,
    back: &str,
    faults: Faults,
) -> Result<Response, Refusal> {
    let (secret, person) = waiting(app, visit).await?;
    let member = person.member();
    let steps = app.ask(move |office| Steps::of(office, member)).await?;
    let question = app
        .passkeys()
        .begin_step(&visit.origin, &steps.passkeys())
        .filter(|_| !steps.passkeys().is_empty());
    let passkey = question
        .as_ref()
        .and_then(|(challenge, _): &(RequestChallengeResponse, _)| {
            serde_json::to_string(&challenge.public_key).ok()
        });
    if let (Some((_, state)), Some(one)) = (question, app.awaiting().get_mut(&name_of(&secret))) {
        one.question = Some(state);
    }
    let words = visit.words;
    let code = Field::line(words, "code", "second-code-label").control(Control::Line(
        "text",
        "one-time-code",
        "numeric",
    ));
    let code = code
        .hint(words.say("second-code-hint"))
        .narrow()
        .faults(words, &faults);
    let shell = Shell {
        token: form_token(&secret),
        ..visit.shell(app)
    };
    let wrong = !faults.is_empty();
    let view = Second {
        page: shell,
        faults,
        passkey,
        code: steps.has_codes().then_some(code),
        back: back.to_owned(),
    };
    if wrong { faulty(&view) } else { page(&view) }
}

/// `POST /sign-in/passkey`
pub async fn passkey(
    State(app): State<App>,
    visit: Visit,
    Filled(given): Filled<Answer>,
) -> Result<Response, Refusal> {
    let (secret, person) = waiting(&app, &visit).await?;
    let question = app
        .awaiting()
        .get_mut(&name_of(&secret))
        .and_then(|one| one.question.take());
    let (member, origin, answer, inside) = (
        person.member(),
        visit.origin.clone(),
        given.answer.clone(),
        app.clone(),
    );
    let right = app
        .ask(move |office| {
            let mut steps = Steps::of(office, member)?;
            let Some(question) = question else {
                return Ok(false);
            };
            let done =
                inside
                    .passkeys()
                    .end_step(&origin, &answer, &question, steps.passkeys_mut());
            done.map_or(Ok(false), |()| {
                steps.keep(office, &person.session).map(|()| true)
            })
        })
        .await?;
    stepped(
        &app,
        &visit,
        &secret,
        right,
        &given.back,
        ("passkey-form", "passkey-wrong"),
    )
    .await
}

/// `POST /sign-in/code`
pub async fn code(
    State(app): State<App>,
    visit: Visit,
    Filled(given): Filled<Answer>,
) -> Result<Response, Refusal> {
    let (secret, person) = waiting(&app, &visit).await?;
    let (typed, now) = (given.code.clone(), app.now());
    let right = app
        .ask(move |office| {
            let mut steps = Steps::of(office, person.member())?;
            let right = steps.use_code(&typed, now);
            steps.keep(office, &person.session).map(|()| right)
        })
        .await?;
    stepped(
        &app,
        &visit,
        &secret,
        right,
        &given.back,
        ("code", "second-code-wrong"),
    )
    .await
}

async fn stepped(
    app: &App,
    visit: &Visit,
    secret: &str,
    right: bool,
    back: &str,
    fault: (&'static str, &'static str),
) -> Result<Response, Refusal> {
    let back = address::own(Some(back));
    if right {
        app.awaiting().remove(&name_of(secret));
        return Ok(Redirect::to(back).into_response());
    }
    if let Some(one) = app.awaiting().get_mut(&name_of(secret)) {
        one.wrong += 1;
    }
    ask_second(app, visit, back, Faults::one(fault.0, fault.1)).await
}

/// Ends a session: its keys, its uploads, and its wait for a second step.
pub async fn end(app: &App, secret: &str) -> Result<(), Refusal> {
    let name = name_of(secret);
    app.uploads().end_session(name);
    if let Some(token) = token(secret) {
        app.work(move |office| office.sessions().end(&token))
            .await?;
    }
    app.awaiting().remove(&name);
    Ok(())
}

/// The form that signs out has nothing but its token.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nothing {}

/// `POST /sign-out`
pub async fn leave(
    State(app): State<App>,
    visit: Visit,
    Filled(Nothing {}): Filled<Nothing>,
) -> Result<Response, Refusal> {
    if let Some(secret) = &visit.session_secret {
        end(&app, secret).await?;
    }
    let mut response = Redirect::to("/sign-in?ended=yes").into_response();
    signed_out(&visit, &mut response);
    Ok(response)
}

/// Takes the session's cookie away, and what the browser may have kept of its pages.
pub fn signed_out(visit: &Visit, response: &mut Response) {
    if let Some(cookie) = visit.guard.clear(SESSION) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
        .headers_mut()
        .insert("clear-site-data", HeaderValue::from_static("\"cache\""));
}
