//! Questions that people ask first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    page: Shell,
}

/// `GET /help`
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    page(&Help {
        page: visit.shell(&app),
    })
}
