//! The page that checks a bundle, or a file with its proof, in the visitor's browser; and the same page as one file that
//! works without a network.

use askama::Template;
use askama::filters::HtmlSafe;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::app::App;
use crate::assets;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "verify.html")]
struct Verify {
    page: Shell,
    body: Body,
}

#[derive(Template)]
#[template(path = "parts/verify.html")]
struct Body {
    page: Shell,
    words: String,
}

impl HtmlSafe for Body {}

#[derive(Template)]
#[template(path = "verify_offline.html")]
struct Offline {
    page: Shell,
    body: Body,
    style: &'static str,
    script: &'static str,
}

fn body(page: &Shell) -> Body {
    // Whatever the script may have to say: it cannot ask.
    let words: serde_json::Map<String, serde_json::Value> = page
        .words
        .keys("verify-")
        .map(|key| (key.to_owned(), page.say(key).into()))
        .collect();
    Body {
        page: page.clone(),
        words: serde_json::Value::Object(words).to_string(),
    }
}

/// `GET /verify`
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    let shell = visit.shell(&app).at(Place::Verify);
    page(&Verify {
        body: body(&shell),
        page: shell,
    })
}

/// `GET /verify/offline`: the same page in one file, style and script inside, to be kept.
pub async fn offline(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    let text = |name| {
        assets::named(name)
            .and_then(|asset| std::str::from_utf8(asset.bytes).ok())
            .ok_or(Refusal::Trouble)
    };
    let shell = visit.shell(&app);
    let mut response = page(&Offline {
        body: body(&shell),
        page: shell,
        style: text("style.css")?,
        script: text("verify.js")?,
    })?;
    let disposition = HeaderValue::from_static("attachment; filename=\"mahzar-verify.html\"");
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}
