//! What the binary carries besides pages: style sheet, typeface, scripts. Each has its digest in its address, so a
//! browser may keep it for a year and never ask again.

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::refusal::Refusal;

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Its file name, as templates ask for it.
    pub name: &'static str,
    /// Its path on this server.
    pub address: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The asset of that name, if the binary carries it.
#[must_use]
pub fn named(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The address of an asset; the empty string for a name that there is not, which the tests of the templates find.
#[must_use]
pub fn address(name: &str) -> &'static str {
    named(name).map_or("", |asset| asset.address)
}

impl Asset {
    fn media_type(&self) -> &'static str {
        match self.name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("woff2") => "font/woff2",
            Some("svg") => "image/svg+xml",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}

/// `GET /assets/{digest}/{name}`
pub async fn send(Path((digest, name)): Path<(String, String)>) -> Result<Response, Refusal> {
    let asset = named(&name)
        .filter(|asset| asset.address.contains(&format!("/{digest}/")))
        .ok_or(Refusal::NotFound)?;
    Ok((
        StatusCode::OK,
        [(header::CONTENT_TYPE, asset.media_type())],
        asset.bytes,
    )
        .into_response())
}
