//! The booth, the trustee's page and the auditor's page. They are static: everything happens in the visitor's browser.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::assets;
use crate::refusal::Refusal;

/// Names under which the build keeps the pages that work from a folder.
const SAVED: &str = "saved/";

/// The files of the folder that [`crate::booth_files`] describes.
pub fn saved_files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    assets::ASSETS.iter().filter_map(|asset| {
        let name = asset.name.strip_prefix(SAVED)?;
        Some((name, asset.bytes))
    })
}

fn static_page(name: &str) -> Result<Response, Refusal> {
    let page = assets::named(name).ok_or(Refusal::Trouble)?;
    Ok((
        [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
        page.bytes,
    )
        .into_response())
}

/// `GET /booth`
pub async fn show() -> Result<Response, Refusal> {
    static_page("booth.html")
}

/// `GET /booth/trustee`
pub async fn trustee() -> Result<Response, Refusal> {
    static_page("trustee.html")
}

/// `GET /booth/auditor`
pub async fn auditor() -> Result<Response, Refusal> {
    static_page("auditor.html")
}
