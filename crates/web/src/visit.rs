//! One request's visitor: language, address, cookie, and who is signed in. Made once, by [`receive`], before any handler
//! runs; and the same function dresses the answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use crate::app::{App, Person};
use crate::cookie::{self, Guard};
use crate::door::{self, Origin};
use crate::headers::{self, Keep};
use crate::language::Language;
use crate::refusal::Refusal;
use crate::shell::{Page, Place, Shell};
use crate::token;
use crate::words::Words;

/// The cookie of a signed-in member: the secret under which the office keeps the session's keys.
pub const SESSION: &str = "session";

/// The cookie of somebody who looks at the sign-in page: it binds the form to this browser and says nothing else.
pub const VISIT: &str = "visit";

/// The most bytes of an address that a page returns to.
const PATH_BYTES_MAX: usize = 2_000;

/// Who asks, and how.
#[derive(Clone)]
pub struct Visit {
    /// The language of the answer.
    pub words: Words,
    /// The address of ours that was used.
    pub origin: Origin,
    /// How cookies are guarded under that address.
    pub guard: Guard,
    /// Path and query.
    pub path: String,
    /// The session cookie's secret, if one came.
    pub session_secret: Option<String>,
    /// The visit cookie's secret, if one came.
    pub visit_secret: Option<String>,
    /// Who is signed in.
    pub person: Option<Arc<Person>>,
}

impl Visit {
    async fn of(app: &App, headers: &HeaderMap, origin: Origin, path: String) -> Self {
        let guard = if origin.is_https() {
            Guard::Https
        } else {
            Guard::Http
        };
        let secret = |name| {
            cookie::value(headers, &guard.name(name))
                .and_then(token::secret)
                .map(str::to_owned)
        };
        let (session_secret, visit_secret) = (secret(SESSION), secret(VISIT));
        let person = match session_secret.as_deref() {
            Some(secret) => app.person(secret).await,
            None => None,
        };
        Self {
            words: Words(Language::of_request(headers)),
            origin,
            guard,
            path,
            session_secret,
            visit_secret,
            person,
        }
    }

    /// The form token of this visitor's pages; empty while no cookie has come.
    #[must_use]
    pub fn token(&self) -> String {
        let session = self
            .session_secret
            .as_deref()
            .filter(|_| self.person.is_some());
        session
            .or(self.visit_secret.as_deref())
            .map(token::of)
            .unwrap_or_default()
    }

    /// Whether a form's token is one that this visitor's pages have.
    #[must_use]
    pub fn knows(&self, token: &str) -> bool {
        token::fits(
            token,
            [&self.session_secret, &self.visit_secret]
                .into_iter()
                .filter_map(|secret| secret.as_deref()),
        )
    }

    /// What stands around a page for this visitor.
    #[must_use]
    pub fn shell(&self, app: &App) -> Shell {
        Shell {
            words: self.words,
            office: app.office_name(),
            path: self.path.clone(),
            token: self.token(),
            member: self.person.as_ref().map(|person| person.name.clone()),
            place: Place::Elsewhere,
            circle: None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Refusal::Trouble)
    }
}

/// A visitor who is signed in. A handler that takes one cannot be reached otherwise.
#[derive(Clone)]
pub struct Signed {
    /// The visitor.
    pub visit: Visit,
    /// Who they are.
    pub person: Arc<Person>,
}

impl<S: Sync> FromRequestParts<S> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let visit = Visit::from_request_parts(parts, state).await?;
        match visit.person.clone() {
            Some(person) => Ok(Self { visit, person }),
            None => Err(sign_in_first(&parts.method, &visit)),
        }
    }
}

fn sign_in_first(method: &Method, visit: &Visit) -> Refusal {
    let back = if method.is_safe() {
        visit.path.clone()
    } else {
        "/".to_owned()
    };
    Refusal::SignInFirst { back }
}

/// Refuses whoever is not signed in, before a handler of a members' route runs.
pub async fn members_only(request: Request, next: Next) -> Response {
    match request.extensions().get::<Visit>() {
        Some(Visit {
            person: Some(_), ..
        }) => next.run(request).await,
        Some(visit) => sign_in_first(request.method(), visit).into_response(),
        None => Refusal::Trouble.into_response(),
    }
}

/// The first and last thing that happens to every request: is it for us and from us, who is it, and is the answer dressed.
pub async fn receive(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path: String = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .chars()
        .take(PATH_BYTES_MAX)
        .collect();
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let at = door::for_us(&headers, app.origins());
    let origin = at
        .as_ref()
        .ok()
        .or(app.origins().first())
        .cloned()
        .unwrap_or_default();
    let visit = Visit::of(&app, &headers, origin, path).await;
    let allowed = at
        .map(|_| ())
        .and_then(|()| door::from_us(&method, &headers, app.origins()));
    let response = match allowed {
        Ok(()) => {
            request.extensions_mut().insert(visit.clone());
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    };
    dressed(&app, &visit, response)
}

#[derive(Template)]
#[template(path = "refusal.html")]
struct RefusalPage {
    page: Shell,
    title: String,
    text: String,
}

fn dressed(app: &App, visit: &Visit, response: Response) -> Response {
    let status = response.status();
    let keep = response
        .extensions()
        .get::<Keep>()
        .copied()
        .filter(|_| status.is_success())
        .unwrap_or(Keep::Nowhere);
    let own_page = response.extensions().get::<Page>().is_some();
    let refusal = response
        .extensions()
        .get::<Refusal>()
        .cloned()
        .or_else(|| Refusal::of_status(status).filter(|_| !own_page));
    let mut response = match refusal {
        Some(Refusal::SignInFirst { .. }) | None => response,
        Some(refusal) => refused(app, visit, &refusal),
    };
    headers::dress(response.headers_mut(), keep, visit.guard);
    response
}

/// A refusal's page is made from the language and the person alone, never from the address: what is absent and what is
/// somebody else's are the same bytes.
fn refused(app: &App, visit: &Visit, refusal: &Refusal) -> Response {
    let page = Shell {
        path: "/".to_owned(),
        ..visit.shell(app)
    };
    let name = refusal.name();
    let page = RefusalPage {
        page,
        title: format!("refusal-{name}-title"),
        text: format!("refusal-{name}-text"),
    };
    match page.render() {
        Ok(text) => (refusal.status(), Html(text)).into_response(),
        Err(_) => refusal.status().into_response(),
    }
}
