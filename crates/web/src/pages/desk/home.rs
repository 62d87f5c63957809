//! The desk's first page: one's circles and what each knows, and one box over all of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use desk::model::MODEL;
use desk::{EntityQuery, Facet};
use office::roster::Roster;
use office::{CircleSummary, EntitiesOnPage, Fault, Office};
use serde::Deserialize;

use super::places::open_circles;
use super::search::{Row, row, total};
use super::wanted::Wanted;
use crate::app::{App, Person};
use crate::form::Field;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::view::hue;
use crate::visit::Signed;
use crate::words::Words;

/// How many of each circle a search over all of them shows.
const FOUND_SHOWN: u32 = 10;

#[derive(Template)]
#[template(path = "desk_home.html")]
struct Home {
    page: Shell,
    text: Field,
    searched: bool,
    anything: bool,
    cards: Vec<Card>,
}

/// One circle and what it knows, or what of it fits the search.
struct Card {
    address: String,
    name: String,
    hue: u8,
    readers: u64,
    types: Vec<(String, &'static str, u64)>,
    rows: Vec<Row>,
    total: String,
    found: bool,
}

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    text: String,
}

type Found = (Vec<(CircleSummary, EntitiesOnPage)>, Roster);

fn find(office: &Office, person: &Person, text: &str) -> Result<Found, Fault> {
    let mut found = Vec::new();
    let query = EntityQuery {
        text: text.to_owned(),
        limit: FOUND_SHOWN,
        ..EntityQuery::default()
    };
    for circle in open_circles(office, person)? {
        let reader = office.reader(&person.session, circle.id)?;
        let on_page = office.entities(&reader, &query, &[])?;
        found.push((circle, on_page));
    }
    Ok((found, office.roster()?))
}

/// `GET /desk`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let (person, text) = (Arc::clone(&signed.person), asked.text.clone());
    let (found, roster) = app.ask(move |office| find(office, &person, &text)).await?;
    let words = signed.visit.words;
    let searched = !asked.text.trim().is_empty();
    let anything = searched || found.iter().any(|(_, on_page)| on_page.page.total > 0);
    let card = |(circle, on_page): &(CircleSummary, EntitiesOnPage)| {
        card(circle, on_page, &asked.text, searched, &roster, words)
    };
    page(&Home {
        page: signed.visit.shell(&app).at(Place::Desk),
        text: Field::line(words, "text", "desk-search-all")
            .value(&asked.text)
            .optional(),
        searched,
        anything,
        cards: found.iter().map(card).collect(),
    })
}

fn card(
    circle: &CircleSummary,
    on_page: &EntitiesOnPage,
    text: &str,
    searched: bool,
    roster: &Roster,
    words: Words,
) -> Card {
    let of_type = |facet: &Facet| {
        let kind = MODEL.find(&facet.value)?;
        let wanted = Wanted {
            text: text.to_owned(),
            kind: Some(kind.name),
            ..Wanted::default()
        };
        let label = kind.many.in_language(words.0.tag());
        Some((wanted.address(circle.id), label, facet.count))
    };
    let whole = Wanted {
        text: text.to_owned(),
        ..Wanted::default()
    };
    let lines = on_page.page.entities.iter().filter(|_| searched);
    Card {
        address: whole.address(circle.id),
        name: circle.name.clone(),
        hue: hue(circle),
        readers: circle.members.len() as u64,
        types: on_page.types.iter().filter_map(of_type).collect(),
        rows: lines
            .map(|line| row(circle.id, line, text, roster, words))
            .collect(),
        total: total(on_page.page.total, words),
        found: on_page.page.total > 0,
    }
}
