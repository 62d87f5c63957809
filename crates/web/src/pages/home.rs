//! The start page.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    page: Shell,
}

/// `GET /`: to a member their material, to everyone else what this is.
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    match visit.person {
        Some(_) => Ok(Redirect::to("/items").into_response()),
        None => page(&Home {
            page: visit.shell(&app),
        }),
    }
}
