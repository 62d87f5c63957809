//! One entity: where it is, who can see it, what stands and who says so, what points to it, how it was reviewed, how it came to
//! be so, what left the circle, and what can be done next.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use desk::model::{Field, MODEL, Shape, Type};
use desk::{DisclosureMade, EntityLine, Fact, Relation};
use office::roster::Roster;
use office::{CircleSummary, EntitySheet, Fault, Office};
use record::ids::MemberId;
use serde::Deserialize;

use super::case::CaseView;
use super::choices;
use super::history::{self, Change};
use super::places::{self, Places, open_circle};
use super::review::{self, ReviewView};
use super::timeline::Timeline;
use super::told::{self, Titles, Told};
use crate::app::{App, Person};
use crate::form::Faults;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, faulty, page};
use crate::view::{MarkView, name};
use crate::visit::Signed;
use crate::words::Words;

/// How many values of one field a sheet shows; a longer list is behind a search.
const VALUES_SHOWN: usize = 60;
/// How many values of the last statements are looked up for their titles.
const HISTORY_TITLES_MAX: usize = 300;

#[derive(Template)]
#[template(path = "desk_sheet.html")]
struct SheetPage {
    page: Shell,
    faults: Faults,
    said: Option<String>,
    address: String,
    circle: String,
    circle_name: String,
    id: String,
    changed: u64,
    title: String,
    type_label: &'static str,
    type_many: &'static str,
    type_name: String,
    mark: MarkView,
    state: String,
    disagreements: Vec<(String, &'static str)>,
    fields: Vec<FieldShown>,
    strange: Vec<(String, String)>,
    relations: Vec<RelationShown>,
    next: Vec<(String, String)>,
    case: Option<CaseView>,
    timeline: Option<Timeline>,
    review: ReviewView,
    history: Vec<Change>,
    earlier: Option<u64>,
    disclosures: Vec<DisclosureShown>,
    made: (String, String),
}

/// One field with what stands in it.
struct FieldShown {
    id: String,
    label: &'static str,
    closed: bool,
    contested: bool,
    /// Each with who stated it and when, where people disagree.
    values: Vec<(Told, Option<(String, String)>)>,
    left_out: usize,
}

/// What points here with one field.
struct RelationShown {
    address: String,
    many: String,
    field: String,
    count: u64,
}

/// Something of it that left the circle.
struct DisclosureShown {
    at: String,
    by: String,
    purpose: String,
    to: String,
    level: String,
    fields: String,
}

/// What a sheet is asked for besides.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    said: String,
    history: String,
}

/// Everything that the page shows.
struct Shown {
    sheet: EntitySheet,
    circle: CircleSummary,
    roster: Roster,
    titles: Titles,
    timeline: Option<Timeline>,
    case: Option<CaseView>,
}

fn look(office: &Office, person: &Person, at: Places, words: Words) -> Result<Shown, Fault> {
    let reader = office.reader(&person.session, at.circle)?;
    let sheet = office.entity(&reader, at.entity)?;
    let kind = MODEL.find(&sheet.entity.line.type_name);
    let field = |name: &str| kind.and_then(|kind| kind.field(name));
    let facts = sheet.entity.facts.iter();
    let items = facts.filter_map(|fact| Some((field(&fact.field)?, &fact.value)));
    let items = items.filter(|(field, _)| field.shape == Shape::Item);
    // What the last statements took away is told by its title too, as far as it is still there.
    let stated = sheet.history.iter().rev().take(history::SHOWN + 1);
    let stated = stated.flat_map(|statement| &statement.set);
    let stated = stated.filter_map(|(name, values)| Some((field(name)?, values)));
    let stated = stated.flat_map(|(field, values)| values.iter().map(move |value| (field, value)));
    let pointing = items.chain(stated.take(HISTORY_TITLES_MAX));
    let names = choices::titles_of(office, &reader, pointing, words)?;
    Ok(Shown {
        circle: open_circle(office, person, at.circle)?,
        roster: office.roster()?,
        titles: names.and_entities(at.circle, &sheet.targets, words),
        timeline: Timeline::of(office, &reader, &sheet, words)?,
        case: CaseView::of(office, &reader, &sheet, words)?,
        sheet,
    })
}

/// `GET /desk/{circle}/{entity}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let at = Places::of(path)?;
    shown(&app, &signed, at, &wanted, "", Faults::default()).await
}

/// The sheet, with what was typed and is wrong.
pub async fn shown(
    app: &App,
    signed: &Signed,
    at: Places,
    wanted: &Wanted,
    comment: &str,
    faults: Faults,
) -> Result<Response, Refusal> {
    let (person, words) = (Arc::clone(&signed.person), signed.visit.words);
    let shown = app
        .ask(move |office| look(office, &person, at, words))
        .await?;
    let review = ReviewView::of(
        &shown.sheet,
        &shown.roster,
        signed.person.member(),
        comment,
        &faults,
        words,
    );
    let shell = places::shell(app, signed, &shown.circle);
    let wrong = !faults.is_empty();
    let view = shown.page(shell, at, wanted, review, faults);
    if wrong { faulty(&view) } else { page(&view) }
}

impl Shown {
    fn page(
        self,
        page: Shell,
        at: Places,
        wanted: &Wanted,
        review: ReviewView,
        faults: Faults,
    ) -> SheetPage {
        let words = page.words;
        let line = &self.sheet.entity.line;
        let kind = MODEL.find(&line.type_name);
        let label = |many: bool| match kind {
            Some(kind) if many => kind.many.in_language(words.0.tag()),
            Some(kind) => kind.label.in_language(words.0.tag()),
            None => "",
        };
        let fields = self.fields(words);
        let disagreements = fields.iter().filter(|field| field.contested);
        let whole = wanted.history == "all";
        let (history, earlier) =
            history::changes(&self.sheet, &self.roster, &self.titles, whole, words);
        SheetPage {
            faults,
            said: said(&wanted.said, words),
            address: at.address(),
            circle: at.circle.to_string(),
            circle_name: self.circle.name.clone(),
            id: at.entity.to_string(),
            changed: line.changed,
            title: told::title(line, words),
            type_label: label(false),
            type_many: label(true),
            type_name: line.type_name.clone(),
            mark: MarkView::of(&self.sheet.mark, words),
            state: review::state(&line.state, words),
            disagreements: disagreements
                .map(|field| (field.id.clone(), field.label))
                .collect(),
            strange: self.strange(),
            relations: self.relations(at, words),
            next: next(at, line, words),
            case: self.case,
            timeline: self.timeline,
            review,
            history,
            earlier,
            disclosures: self
                .sheet
                .disclosures
                .iter()
                .map(|one| disclosed(one, kind, &self.roster, words))
                .collect(),
            made: (
                line.at.to_string(),
                desk::name::visible(&name(&self.roster, line.by)),
            ),
            fields,
            page,
        }
    }

    fn fields(&self, words: Words) -> Vec<FieldShown> {
        let entity = &self.sheet.entity;
        let Some(kind) = MODEL.find(&entity.line.type_name) else {
            return Vec::new();
        };
        let standing = kind.fields.iter().filter_map(|field| {
            let facts: Vec<&Fact> = entity
                .facts
                .iter()
                .filter(|fact| fact.field == field.name)
                .collect();
            (!facts.is_empty()).then(|| self.field(field, &facts, words))
        });
        standing.collect()
    }

    fn field(&self, field: &'static Field, facts: &[&Fact], words: Words) -> FieldShown {
        let contested = self.sheet.entity.is_contested(field.name);
        let value = |fact: &&Fact| {
            let version = history::version_of(&self.sheet.history, fact.seq);
            let told = Told::of(field, &fact.value, version, &self.titles, words);
            let by = desk::name::visible(&name(&self.roster, fact.by));
            (told, contested.then(|| (by, fact.at.to_string())))
        };
        FieldShown {
            id: format!("s-{}", field.name),
            label: field.label.in_language(words.0.tag()),
            closed: field.closed,
            contested,
            values: facts.iter().take(VALUES_SHOWN).map(value).collect(),
            left_out: facts.len().saturating_sub(VALUES_SHOWN),
        }
    }

    /// What stands in fields that this version of the model does not know: nothing is passed over in silence.
    fn strange(&self) -> Vec<(String, String)> {
        let kind = MODEL.find(&self.sheet.entity.line.type_name);
        let known = |name: &str| kind.is_some_and(|kind| kind.field(name).is_some());
        let facts = self.sheet.entity.facts.iter();
        facts
            .filter(|fact| !known(&fact.field))
            .map(|fact| {
                let value = desk::name::visible(&fact.value);
                (desk::name::visible(&fact.field), value)
            })
            .collect()
    }

    fn relations(&self, at: Places, words: Words) -> Vec<RelationShown> {
        let shown = |relation: &Relation| {
            let kind = MODEL.find(&relation.type_name);
            let field = kind.and_then(|kind| kind.field(&relation.field));
            RelationShown {
                address: format!(
                    "/desk/{}?type={}&refers={}:{}",
                    at.circle, relation.type_name, relation.field, at.entity
                ),
                many: kind.map_or_else(
                    || relation.type_name.clone(),
                    |kind| kind.many.in_language(words.0.tag()).to_owned(),
                ),
                field: field.map_or_else(
                    || relation.field.clone(),
                    |field| field.label.in_language(words.0.tag()).to_owned(),
                ),
                count: relation.count,
            }
        };
        self.sheet.relations.iter().map(shown).collect()
    }
}

fn said(what: &str, words: Words) -> Option<String> {
    match what {
        "made" => Some(words.say("desk-said-made")),
        "changed" => Some(words.say("desk-said-changed")),
        "both" => Some(words.say("desk-said-both")),
        "reviewed" => Some(words.say("desk-said-reviewed")),
        _ => None,
    }
}

/// What can be added that points here: each type that has a field for it.
fn next(at: Places, line: &EntityLine, words: Words) -> Vec<(String, String)> {
    let points = |field: &&Field| matches!(&field.shape, Shape::Reference(types) if types.contains(&line.type_name.as_str()));
    let tag = words.0.tag();
    let mut next = Vec::new();
    for kind in MODEL.types() {
        let fields: Vec<&Field> = kind.fields.iter().filter(points).collect();
        for field in &fields {
            let address = format!(
                "/desk/{}/new/{}?{}={}",
                at.circle, kind.name, field.name, at.entity
            );
            let label = kind.label.in_language(tag);
            let told = match fields.len() {
                1 => label.to_owned(),
                _ => format!("{label} ({})", field.label.in_language(tag)),
            };
            next.push((address, told));
        }
    }
    next
}

fn disclosed(
    one: &DisclosureMade,
    kind: Option<&Type>,
    roster: &Roster,
    words: Words,
) -> DisclosureShown {
    let code = |vocabulary, code: &str| told::term(vocabulary, code, None, words);
    let label = |name: &String| {
        let field = kind.and_then(|kind| kind.field(name));
        field.map_or_else(
            || desk::name::visible(name),
            |field| field.label.in_language(words.0.tag()).to_owned(),
        )
    };
    let named = desk::name::visible(&one.named);
    let recipient = code("recipient", &one.recipient);
    DisclosureShown {
        at: one.at.to_string(),
        by: by(roster, one.by),
        purpose: code("purpose", &one.purpose),
        to: if named.is_empty() {
            recipient
        } else {
            format!("{recipient}: {named}")
        },
        level: code("level", &one.level),
        fields: one.fields.iter().map(label).collect::<Vec<_>>().join(", "),
    }
}

/// A member's name as it may safely be seen.
fn by(roster: &Roster, member: MemberId) -> String {
    desk::name::visible(&name(roster, member))
}
