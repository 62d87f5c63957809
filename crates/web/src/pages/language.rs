//! The change of language: a link, so that it works without scripts.

use axum::extract::{Path, Query};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::language::{COOKIE, Language};
use crate::refusal::Refusal;
use crate::{address, cookie};

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Back {
    back: Option<String>,
}

/// `GET /language/{tag}`
pub async fn choose(
    Path(tag): Path<String>,
    Query(back): Query<Back>,
) -> Result<Response, Refusal> {
    let language = Language::of_tag(&tag).ok_or(Refusal::NotFound)?;
    let cookie = cookie::choice(COOKIE, language.tag()).ok_or(Refusal::Trouble)?;
    let to = Redirect::to(address::own(back.back.as_deref()));
    Ok(([(header::SET_COOKIE, cookie)], to).into_response())
}
