//! What every page has around its own content: language, the office's name, who is signed in, which circle the page is
//! about and who can read it.

use std::fmt;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::assets;
use crate::calendar::Moment;
use crate::number::{self, Count};
use crate::refusal::Refusal;
use crate::words::{Saying, Words};

/// The places of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The material of one's circles.
    Items,
    /// What one's circles know.
    Desk,
    /// One's circles.
    Circles,
    /// The office's members.
    Members,
    /// The public record.
    Record,
    /// The page that checks a bundle.
    Verify,
    /// One's own sign-in.
    Me,
    /// Anything else.
    Elsewhere,
}

/// The circle that a page is about, as the band under the navigation shows it.
#[derive(Clone, Debug)]
pub struct CircleBand {
    /// Its id, in hex.
    pub id: String,
    /// Its name.
    pub name: String,
    /// One of eight colours.
    pub hue: u8,
    /// How many people can read what is in it.
    pub readers: u64,
}

/// Everything around a page's content.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The language.
    pub words: Words,
    /// The office's public name.
    pub office: String,
    /// Path and query of this page, for the links that change the language.
    pub path: String,
    /// The token that every form carries.
    pub token: String,
    /// The name of who is signed in.
    pub member: Option<String>,
    /// Where this page stands in the navigation.
    pub place: Place,
    /// The circle it is about.
    pub circle: Option<CircleBand>,
}

impl Shell {
    /// The same shell at a place of the navigation.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// The same shell for a page about one circle.
    #[must_use]
    pub fn about(mut self, circle: CircleBand) -> Self {
        self.circle = Some(circle);
        self
    }

    /// A message without variables.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    /// A message with variables.
    #[must_use]
    pub fn of<'a>(&self, key: &'a str) -> Saying<'a> {
        self.words.of(key)
    }

    /// A whole number in the language's digits.
    #[must_use]
    pub fn number(&self, number: impl Count) -> String {
        number::whole(number.count(), self.words.0)
    }

    /// A size in bytes, in the language's digits and units.
    #[must_use]
    pub fn size(&self, bytes: impl Count) -> String {
        number::size(bytes.count(), self.words)
    }

    /// A timestamp in both calendars; a text that is no date is shown as it is.
    #[must_use]
    pub fn moment(&self, text: &str) -> Shown {
        Moment::of(text, self.words).map_or_else(|| Shown::Text(text.to_owned()), Shown::Moment)
    }

    /// The address of an embedded file.
    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    /// The languages to offer: tag, own name, direction, whether it is this page's.
    pub fn languages(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'static str, &'static str, bool)> {
        let current = self.words.0;
        crate::language::Language::ALL
            .into_iter()
            .map(move |one| (one.tag(), one.name(), one.direction(), one == current))
    }

    /// The address that changes the language and comes back to this page.
    #[must_use]
    pub fn language_link(&self, tag: &str) -> String {
        format!(
            "/language/{tag}?back={}",
            crate::address::escaped(&self.path)
        )
    }

    /// What `aria-current` says of a place in the navigation.
    #[must_use]
    pub fn is_at(&self, place: Place) -> bool {
        self.place == place
    }
}

/// A moment, or a text that turned out not to be one.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A date in both calendars.
    Moment(Moment),
    /// Something else, escaped.
    Text(String),
}

impl fmt::Display for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Moment(moment) => moment.fmt(formatter),
            Self::Text(text) => askama::filters::escape(text, askama::filters::Html)
                .map_err(|_| fmt::Error)?
                .fmt(formatter),
        }
    }
}

impl askama::filters::HtmlSafe for Shown {}

/// Marks an answer as a page of ours, whatever its status: it is sent as it is.
#[derive(Clone, Copy, Debug)]
pub struct Page;

/// Renders a page.
pub fn page(template: &impl Template) -> Result<Response, Refusal> {
    let text = template.render().map_err(|_| Refusal::Trouble)?;
    let mut response = Html(text).into_response();
    response.extensions_mut().insert(Page);
    Ok(response)
}

/// Renders a form that somebody must correct.
pub fn faulty(template: &impl Template) -> Result<Response, Refusal> {
    let mut response = page(template)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
