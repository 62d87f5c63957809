//! The material of one's circles: a list with filters in the address.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use desk::fold::fold;
use desk::{Item, ItemQuery, Sort};
use office::{CircleSummary, Fault, ItemsOnPage, Mark, Office, Session};
use serde::Deserialize;

use crate::address::escaped;
use crate::app::App;
use crate::form::{Control, Field};
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::view::{MarkView, band};
use crate::visit::Signed;
use crate::words::Words;

/// Items of a page: a page of HTML stays under 60 kB.
pub const ITEMS_ON_PAGE: u32 = 40;

const KINDS: [(&str, &str); 6] = [
    ("", "items-filter-any"),
    ("image", "items-filter-image"),
    ("video", "items-filter-video"),
    ("audio", "items-filter-audio"),
    ("text", "items-filter-text-kind"),
    ("application/pdf", "items-filter-pdf"),
];
const ORDERS: [(&str, &str); 3] = [
    ("", "items-filter-newest"),
    ("oldest", "items-filter-oldest"),
    ("name", "items-filter-name"),
];

#[derive(Template)]
#[template(path = "items.html")]
struct Items {
    page: Shell,
    circles: Vec<CircleSummary>,
    text_field: Field,
    circle_field: Field,
    kind_field: Field,
    sort_field: Field,
    filtered: bool,
    rows: Vec<Row>,
    total: u64,
    next: Option<String>,
}

/// One line of the list.
struct Row {
    id: String,
    circle: String,
    circle_name: String,
    name: String,
    at: String,
    media_type: String,
    size: u64,
    mark: MarkView,
}

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    circle: String,
    text: String,
    kind: String,
    sort: String,
    after: String,
}

impl Wanted {
    fn query(&self) -> ItemQuery {
        let known = KINDS
            .iter()
            .any(|(kind, _)| *kind == self.kind && !kind.is_empty());
        let sort = match self.sort.as_str() {
            "oldest" => Sort::Oldest,
            "name" => Sort::Name,
            _ => Sort::Newest,
        };
        ItemQuery {
            text: self.text.clone(),
            media_type: known.then(|| self.kind.clone()),
            sort,
            limit: ITEMS_ON_PAGE,
            after: self.after.parse().ok(),
        }
    }

    fn is_filtered(&self) -> bool {
        !self.text.trim().is_empty() || !self.kind.is_empty()
    }

    fn address_after(&self, cursor: &str) -> String {
        let part = |name: &str, value: &str| {
            if value.is_empty() {
                String::new()
            } else {
                format!("&{name}={}", escaped(value))
            }
        };
        format!(
            "/items?circle={}{}{}{}&after={}",
            self.circle,
            part("text", &self.text),
            part("kind", &self.kind),
            part("sort", &self.sort),
            escaped(cursor)
        )
    }
}

/// Items of one circle, page by page, or the first of all circles together.
struct Found {
    rows: Vec<(Item, Mark, CircleSummary)>,
    total: u64,
    next: Option<String>,
}

fn find(
    office: &Office,
    session: &Session,
    circles: &[CircleSummary],
    wanted: &Wanted,
) -> Result<Found, Fault> {
    let one = circles
        .iter()
        .find(|circle| circle.id.to_string() == wanted.circle);
    let among = one.map_or(circles, std::slice::from_ref);
    let query = wanted.query();
    let mut found = Found {
        rows: Vec::new(),
        total: 0,
        next: None,
    };
    for circle in among {
        let reader = office.reader(session, circle.id)?;
        let ItemsOnPage { page, marks } = office.items(&reader, &query)?;
        found.total += page.total;
        found.next = one.and_then(|_| page.next.map(|cursor| cursor.to_string()));
        found.rows.extend(
            page.items
                .into_iter()
                .zip(marks)
                .map(|(item, mark)| (item, mark, circle.clone())),
        );
    }
    if one.is_none() {
        found
            .rows
            .sort_by(|(one, ..), (other, ..)| in_order(query.sort, one, other));
        found.rows.truncate(ITEMS_ON_PAGE as usize);
    }
    Ok(found)
}

/// The order of a list over several circles, as each of them has it.
fn in_order(sort: Sort, one: &Item, other: &Item) -> std::cmp::Ordering {
    match sort {
        Sort::Newest => other.at.cmp(&one.at),
        Sort::Oldest => one.at.cmp(&other.at),
        Sort::Name => fold(&one.file_name).cmp(&fold(&other.file_name)),
        Sort::Size => other.size_bytes.cmp(&one.size_bytes),
    }
}

/// `GET /items`
pub async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let (person, asked) = (signed.person.clone(), wanted.clone());
    let (circles, found) = app
        .ask(move |office| {
            let circles: Vec<_> = office
                .circles(&person.session)?
                .into_iter()
                .filter(|circle| circle.readable)
                .collect();
            if !asked.circle.is_empty()
                && !circles
                    .iter()
                    .any(|circle| circle.id.to_string() == asked.circle)
            {
                return Err(Fault::Refused);
            }
            let found = find(office, &person.session, &circles, &asked)?;
            Ok((circles, found))
        })
        .await?;
    let words = signed.visit.words;
    let mut shell = signed.visit.shell(&app).at(Place::Items);
    shell.circle = circles
        .iter()
        .find(|circle| circle.id.to_string() == wanted.circle)
        .map(band);
    let [circle_field, kind_field, sort_field] = choices(words, &circles, &wanted);
    page(&Items {
        page: shell,
        text_field: Field::line(words, "text", "items-filter-text")
            .value(&wanted.text)
            .optional(),
        circle_field,
        kind_field,
        sort_field,
        filtered: wanted.is_filtered(),
        rows: found
            .rows
            .into_iter()
            .map(|(item, mark, circle)| row(&item, &mark, &circle, words))
            .collect(),
        total: found.total,
        next: found.next.map(|cursor| wanted.address_after(&cursor)),
        circles,
    })
}

fn choices(words: Words, circles: &[CircleSummary], wanted: &Wanted) -> [Field; 3] {
    let choice = |id, label, value: &str, options| {
        Field::line(words, id, label)
            .control(Control::OneOf(options))
            .value(value)
            .optional()
    };
    let said = |options: &[(&str, &str)]| {
        options
            .iter()
            .map(|(value, key)| ((*value).to_owned(), words.say(key)))
            .collect()
    };
    let every = std::iter::once((String::new(), words.say("items-filter-all")));
    let circles = every
        .chain(
            circles
                .iter()
                .map(|circle| (circle.id.to_string(), circle.name.clone())),
        )
        .collect();
    [
        choice("circle", "items-filter-circle", &wanted.circle, circles),
        choice("kind", "items-filter-kind", &wanted.kind, said(&KINDS)),
        choice("sort", "items-filter-sort", &wanted.sort, said(&ORDERS)),
    ]
}

fn row(item: &Item, mark: &Mark, circle: &CircleSummary, words: Words) -> Row {
    Row {
        id: item.item.to_string(),
        circle: circle.id.to_string(),
        circle_name: circle.name.clone(),
        name: desk::name::visible(&item.file_name),
        at: item.at.to_string(),
        media_type: item.media_type.clone(),
        size: item.size_bytes,
        mark: MarkView::of(mark, words),
    }
}
