//! What this is, and what its words mean.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    page: Shell,
    version: &'static str,
}

/// `GET /about`
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    page(&About {
        page: visit.shell(&app),
        version: env!("CARGO_PKG_VERSION"),
    })
}
