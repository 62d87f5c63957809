//! Items are made public: which, under what title; then the plan of what that discloses and to whom; then the bundle, as
//! it is written. What is chosen stands in the address, so that the plan can be sent to a colleague before it is executed.

mod bundle;

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use desk::consent::Reason;
use desk::ids::ItemId;
use office::disclosure::Disclosed;
use office::{CircleSummary, Openness, Plan, PlanError, Verdict, Withheld};
use serde::Deserialize;

use crate::app::App;
use crate::filled::Filled;
use crate::form::{Faults, Field};
use crate::pages::steps::{Step, needed};
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, faulty, page};
use crate::visit::Signed;
use crate::words::Words;

/// The longest title, in characters: what `record::bundle::Title` takes.
const TITLE_CHARS_MAX: usize = 300;

/// Items of one plan: as many as a page of the list has. A larger publication is made with the program.
const ITEMS_MAX: usize = super::items::ITEMS_ON_PAGE as usize;

#[derive(Template)]
#[template(path = "publish.html")]
struct Choice {
    page: Shell,
    faults: Faults,
    action: String,
    title: Field,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    page: Shell,
    action: String,
    title: String,
    circles: Vec<String>,
    rows: Vec<Row>,
    is_withheld: bool,
}

/// One exhibit.
struct Row {
    link: String,
    name: String,
    path: String,
    media_type: String,
    size: u64,
    tells: Vec<String>,
    withheld: Vec<String>,
}

/// The title, and whether it is certain.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Typed {
    title: String,
    sure: String,
    change: String,
}

/// The items of an address: `item=…` as often as there are items. What does not read as one is not there.
fn chosen(query: Option<&str>) -> Result<Vec<ItemId>, Refusal> {
    let ids = query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty());
    let ids: Vec<ItemId> = ids
        .map(|pair| {
            let id = pair.strip_prefix("item=").ok_or(Refusal::NotFound)?;
            id.parse().map_err(|_| Refusal::NotFound)
        })
        .collect::<Result<_, Refusal>>()?;
    if ids.len() > ITEMS_MAX {
        return Err(Refusal::TooLarge);
    }
    Ok(ids)
}

fn action(items: &[ItemId]) -> String {
    let pairs: Vec<String> = items.iter().map(|item| format!("item={item}")).collect();
    format!("/publish?{}", pairs.join("&"))
}

/// What a person decides by: the plan, and the circles whose material it is.
struct Asked {
    items: Vec<ItemId>,
    plan: Plan,
    circles: Vec<CircleSummary>,
}

/// Plans; the other way out is a fault of the form.
async fn planned(
    app: &App,
    signed: &Signed,
    items: &[ItemId],
    title: String,
) -> Result<Result<Asked, Faults>, Refusal> {
    let (person, items) = (Arc::clone(&signed.person), items.to_vec());
    let outcome = app
        .work(move |office| {
            let plan =
                office.plan_publication(&person.session, &items, &title, Openness::WithoutNames)?;
            let circles = office.circles(&person.session).map_err(PlanError::Fault)?;
            Ok(Asked {
                items,
                plan,
                circles,
            })
        })
        .await?;
    match outcome {
        Ok(asked) => Ok(Ok(asked)),
        Err(PlanError::Title(_)) => Ok(Err(Faults::one("title", "publish-title-refused"))),
        Err(PlanError::Sealed(_)) => Ok(Err(Faults::one("chosen", "publish-sealed"))),
        Err(PlanError::Nothing | PlanError::TooMany | PlanError::Twice(_)) => {
            Err(Refusal::Senseless)
        }
        Err(PlanError::Fault(fault)) => Err(app.refusal(fault)),
    }
}

fn rows(asked: &Asked, words: Words) -> Vec<Row> {
    let row = |planned: &office::PlannedItem| Row {
        link: format!("/items/{}/{}", planned.circle, planned.item.item),
        name: desk::name::visible(&planned.item.file_name),
        path: planned.path.clone(),
        media_type: planned.item.media_type.clone(),
        size: planned.item.size_bytes,
        tells: planned
            .discloses
            .iter()
            .map(|told| words.say(key(told)))
            .collect(),
        withheld: withheld(&planned.verdict)
            .into_iter()
            .map(|key| words.say(key))
            .collect(),
    };
    asked.plan.items().iter().map(row).collect()
}

/// Why an item stays, each reason once.
fn withheld(verdict: &Verdict) -> BTreeSet<&'static str> {
    match verdict {
        Verdict::Goes(_) => BTreeSet::new(),
        Verdict::Withheld(why) => why.iter().map(withheld_key).collect(),
    }
}

fn withheld_key(why: &Withheld) -> &'static str {
    match why {
        Withheld::Consent(reason) => match reason {
            Reason::NoBasis => "withheld-not-described",
            Reason::IdentifiesUnknown => "withheld-unknown",
            Reason::IdentifiesToCircle
            | Reason::IdentifiesUnderCode
            | Reason::IdentifiesUnnamed => "withheld-identifies",
            Reason::Withdrawn { .. } => "withheld-withdrawn",
            Reason::Strangers => "withheld-strangers",
            Reason::RiskUndecided
            | Reason::RiskOneMember { .. }
            | Reason::RiskAgainst { .. }
            | Reason::RiskLapsed { .. } => "withheld-risk",
            _ => "withheld-consent",
        },
        _ => "withheld-not-described",
    }
}

fn key(told: &Disclosed) -> &'static str {
    match told {
        Disclosed::Position => "tells-position",
        Disclosed::Device => "tells-device",
        Disclosed::Time => "tells-time",
        Disclosed::Name => "tells-name",
        Disclosed::Program => "tells-program",
        Disclosed::EmbeddedFilm => "tells-film",
        Disclosed::Unread => "tells-unread",
    }
}

/// The form, with the items that are chosen; they are looked up under a title that does not matter yet.
async fn form(
    app: &App,
    signed: &Signed,
    items: &[ItemId],
    typed: &str,
    mut faults: Faults,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let rows = match items.is_empty() {
        true => Vec::new(),
        false => match planned(app, signed, items, words.say("publish-title")).await? {
            Ok(asked) => rows(&asked, words),
            Err(found) => {
                faults = found;
                Vec::new()
            }
        },
    };
    let title = Field::line(words, "title", "publish-name")
        .hint(words.say("publish-name-hint"))
        .value(typed)
        .faults(words, &faults);
    let wrong = !faults.is_empty();
    let view = Choice {
        page: signed.visit.shell(app).at(Place::Items),
        faults,
        action: action(items),
        title,
        rows,
    };
    if wrong { faulty(&view) } else { page(&view) }
}

/// `GET /publish?item=…&item=…`
pub async fn ask(
    State(app): State<App>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let items = chosen(query.as_deref())?;
    form(&app, &signed, &items, "", Faults::default()).await
}

/// `POST /publish?item=…&item=…`: shows the plan; then, when it is certain, enters the publication and sends the bundle.
pub async fn make(
    State(app): State<App>,
    signed: Signed,
    RawQuery(query): RawQuery,
    Filled(typed): Filled<Typed>,
) -> Result<Response, Refusal> {
    let items = chosen(query.as_deref())?;
    if items.is_empty() {
        return Err(Refusal::Senseless);
    }
    let mut faults = Faults::default();
    let title = needed(&mut faults, "title", &typed.title, TITLE_CHARS_MAX);
    let step = Step::of(&typed.sure, &typed.change, &faults);
    if step == Step::Fill {
        return form(&app, &signed, &items, &typed.title, faults).await;
    }
    let asked = match planned(&app, &signed, &items, title).await? {
        Ok(asked) => asked,
        Err(faults) => return form(&app, &signed, &items, &typed.title, faults).await,
    };
    if step == Step::Check {
        return shown(&app, &signed, &asked);
    }
    match bundle::sent(&app, &signed, asked.plan).await? {
        Ok(response) => Ok(response),
        Err(faults) => form(&app, &signed, &items, &typed.title, faults).await,
    }
}

fn shown(app: &App, signed: &Signed, asked: &Asked) -> Result<Response, Refusal> {
    let of_plan = |circle: &&CircleSummary| {
        let mut items = asked.plan.items().iter();
        items.any(|planned| planned.circle == circle.id)
    };
    let circles = asked.circles.iter().filter(of_plan);
    page(&PlanPage {
        page: signed.visit.shell(app).at(Place::Items),
        action: action(&asked.items),
        title: asked.plan.title().to_owned(),
        circles: circles.map(|circle| circle.name.clone()).collect(),
        rows: rows(asked, signed.visit.words),
        is_withheld: asked.plan.is_withheld(),
    })
}
