//! A long form whose session ended, or whose page is of an older session: nothing is entered, and nothing that was typed is
//! lost. It comes back as it was sent, to be sent again once somebody is signed in; the server keeps none of it.

use askama::Template;
use axum::extract::{FromRequest, Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::address::escaped;
use crate::app::App;
use crate::filled::Loose;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, faulty};
use crate::token;
use crate::visit::{VISIT, Visit};

#[derive(Template)]
#[template(path = "desk_kept.html")]
struct Kept {
    page: Shell,
    signed_in: bool,
    sign_in: String,
    action: String,
    typed: Vec<(String, String)>,
}

/// Lets a member's form through; gives any other one back to whoever sent it.
pub async fn members_or_kept(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(visit) = request.extensions().get::<Visit>().cloned() else {
        return Refusal::Trouble.into_response();
    };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let sign_in_first = |visit: &Visit| match method.is_safe() {
        true => Refusal::SignInFirst {
            back: visit.path.clone(),
        },
        false => Refusal::SignInFirst {
            back: "/".to_owned(),
        },
    };
    if method != Method::POST {
        return match visit.person {
            Some(_) => next.run(request).await,
            None => sign_in_first(&visit).into_response(),
        };
    }
    let loose = match Loose::from_request(request, &()).await {
        Ok(loose) => loose,
        Err(refusal) => return refusal.into_response(),
    };
    if visit.person.is_some() && loose.is_known(&visit) {
        return next.run(loose.request).await;
    }
    let typed: Vec<(String, String)> = loose.fields.into_iter().filter(is_kept).collect();
    match (!typed.iter().any(is_typed), visit.person.is_some()) {
        (true, true) => Refusal::StaleForm.into_response(),
        (true, false) => sign_in_first(&visit).into_response(),
        (false, _) => kept(&app, &visit, path, typed).into_response(),
    }
}

/// What somebody typed, and what the form was made from. Which button was pressed is left out, so that what is sent again
/// leads to the answers and not past them.
fn is_kept(field: &(String, String)) -> bool {
    is_typed(field) || ["seen", "at"].contains(&field.0.as_str())
}

fn is_typed((name, value): &(String, String)) -> bool {
    let typed = ["v-", "q-", "reason"];
    typed.iter().any(|start| name.starts_with(start)) && !value.trim().is_empty()
}

fn kept(
    app: &App,
    visit: &Visit,
    action: String,
    typed: Vec<(String, String)>,
) -> Result<Response, Refusal> {
    let secret = visit
        .visit_secret
        .clone()
        .unwrap_or_else(|| hex::encode(app.random::<32>()));
    let signed_in = visit.person.is_some();
    let token = match signed_in {
        true => visit.token(),
        false => token::of(&secret),
    };
    // The path is the sender's own; whether there is such a circle is not looked up, so the page tells nobody.
    let mut response = faulty(&Kept {
        page: Shell {
            token,
            path: "/desk".to_owned(),
            ..visit.shell(app).at(Place::Desk)
        },
        signed_in,
        sign_in: format!("/sign-in?back={}", escaped("/desk")),
        action,
        typed,
    })?;
    if let Some(cookie) = visit.guard.set(VISIT, &secret) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
