//! What is not protected, for each feature that protects something. Every such feature links to its section here.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::visit::Visit;

/// The sections: the fragment of each, and how many sentences it has.
pub const SECTIONS: [(&str, u32); 11] = [
    ("signing-in", 4),
    ("circles", 3),
    ("members", 2),
    ("opening", 3),
    ("taking-in", 4),
    ("publishing", 4),
    ("erasing", 4),
    ("record", 4),
    ("recovery", 3),
    ("key-holders", 3),
    ("verify", 3),
];

#[derive(Template)]
#[template(path = "limits.html")]
struct Limits {
    page: Shell,
}

/// `GET /limits`
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    page(&Limits {
        page: visit.shell(&app),
    })
}
