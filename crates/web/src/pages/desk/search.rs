//! What one circle knows: one box, the types with their counts, what narrows a search, and what was found as a list or a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use desk::ids::EntityId;
use desk::model::{Field as ModelField, MODEL, Shape};
use desk::{Entity, EntityLine, EntitySort, Facet, TOTAL_MAX};
use office::roster::Roster;
use office::{CircleSummary, EntitiesOnPage, Fault, Office, Reader};
use record::ids::CircleId;

use super::choices;
use super::places::{self, open_circle};
use super::told::{self, Told};
use super::wanted::{Layout, STATES, Wanted};
use crate::app::{App, Person};
use crate::form::{Control, Faults, Field};
use crate::pages::desk::review;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::view::name;
use crate::visit::Signed;
use crate::words::Words;

/// Entities on a page: a page of HTML stays under 60 kB.
pub const ENTITIES_ON_PAGE: u32 = 50;
/// How many fields' values are counted.
const FACETS_MAX: usize = 4;
/// How many values of each are shown.
const FACET_VALUES_SHOWN: usize = 8;
/// How many fields tell an entity apart in a list.
const BRIEF_FIELDS: usize = 3;

#[derive(Template)]
#[template(path = "desk_search.html")]
struct SearchPage {
    page: Shell,
    faults: Faults,
    circle: String,
    text: Field,
    state: Field,
    from: Field,
    to: Field,
    sort: Field,
    carried: Vec<(&'static str, String)>,
    tabs: Vec<Tab>,
    active: Vec<(String, String)>,
    facets: Vec<FacetShown>,
    layouts: [Tab; 2],
    table: bool,
    rows: Vec<Row>,
    total: String,
    narrowed: bool,
    empty: bool,
    clear: String,
    next: Option<String>,
    add: Vec<(String, &'static str)>,
}

/// A link that can be the one of this page.
struct Tab {
    address: String,
    label: String,
    count: Option<u64>,
    here: bool,
}

/// How many have each value of a field.
struct FacetShown {
    label: &'static str,
    values: Vec<Tab>,
}

/// One line of what was found.
pub struct Row {
    /// The sheet.
    pub address: String,
    /// What it is called, in pieces that fit the search and pieces that do not.
    pub title: Vec<(String, bool)>,
    /// What it is.
    pub kind: String,
    /// The state of its review.
    pub state: String,
    /// When it was first stated.
    pub at: String,
    /// By whom.
    pub by: String,
    /// What else tells it apart: labels and values.
    pub brief: Vec<(&'static str, String)>,
}

struct Found {
    circle: CircleSummary,
    roster: Roster,
    on_page: EntitiesOnPage,
    whole_circle: u64,
    referred: Option<EntityLine>,
    briefs: BTreeMap<EntityId, Brief>,
}

/// What tells an entity apart in a list: labels and values.
type Brief = Vec<(&'static str, String)>;

fn find(
    office: &Office,
    person: &Person,
    circle: CircleId,
    wanted: &Wanted,
    words: Words,
) -> Result<Found, Fault> {
    let reader = office.reader(&person.session, circle)?;
    let (query, _) = wanted.query(ENTITIES_ON_PAGE);
    let on_page = office.entities(&reader, &query, &wanted.facets(FACETS_MAX))?;
    let whole_circle = match on_page.page.total {
        0 => {
            office
                .entities(&reader, &Wanted::default().query(1).0, &[])?
                .page
                .total
        }
        found => found,
    };
    let target: Vec<EntityId> = wanted.refers.iter().map(|(_, target)| *target).collect();
    let referred = office.entities_whole(&reader, &target)?;
    Ok(Found {
        circle: open_circle(office, person, circle)?,
        roster: office.roster()?,
        referred: referred.into_iter().next().map(|one| one.line),
        briefs: briefs(office, &reader, &on_page.page.entities, words)?,
        on_page,
        whole_circle,
    })
}

/// The first dates and the first things that each entity of a page points to: titles alone do not tell acts apart.
fn briefs(
    office: &Office,
    reader: &Reader<'_>,
    lines: &[EntityLine],
    words: Words,
) -> Result<BTreeMap<EntityId, Brief>, Fault> {
    let ids: Vec<EntityId> = lines.iter().map(|line| line.entity).collect();
    let whole = office.entities_whole(reader, &ids)?;
    let telling: Vec<(EntityId, Vec<(&'static ModelField, String)>)> = whole
        .iter()
        .map(|entity| (entity.line.entity, telling(entity)))
        .collect();
    let pointing = telling.iter().flat_map(|(_, facts)| facts);
    let pointing = pointing.map(|(field, value)| (*field, value));
    let titles = choices::titles_of(office, reader, pointing, words)?;
    let brief = |(id, facts): (EntityId, Vec<(&'static ModelField, String)>)| {
        let told = facts.iter().map(|(field, value)| {
            let told = Told::of(field, value, None, &titles, words).brief();
            (field.label.in_language(words.0.tag()), told)
        });
        (id, told.collect())
    };
    Ok(telling.into_iter().map(brief).collect())
}

fn telling(entity: &Entity) -> Vec<(&'static ModelField, String)> {
    let fields = MODEL.find(&entity.line.type_name);
    let fields = fields.map_or(&[][..], |kind| kind.fields.as_slice()).iter();
    let tells = fields.filter(|field| {
        !field.closed && !field.title && matches!(field.shape, Shape::Date | Shape::Reference(_))
    });
    let stands = tells.filter(|field| entity.values(field.name).next().is_some());
    stands
        .take(BRIEF_FIELDS)
        .flat_map(|field| {
            // Where people disagree, a list tells both.
            let most = match entity.is_contested(field.name) {
                true => BRIEF_FIELDS,
                false => 1,
            };
            let values = entity.values(field.name).take(most);
            values.map(move |value| (field, value.to_owned()))
        })
        .collect()
}

/// `GET /desk/{circle}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(circle): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let circle: CircleId = circle.parse().map_err(|_| Refusal::NotFound)?;
    let (person, asked) = (Arc::clone(&signed.person), Wanted::of(query));
    let words = signed.visit.words;
    let readable = Arc::clone(&signed.person);
    app.ask(move |office| office.reader(&readable.session, circle).map(drop))
        .await?;
    let wanted = asked?;
    let asked = wanted.clone();
    let found = app
        .ask(move |office| find(office, &person, circle, &asked, words))
        .await?;
    let shell = places::shell(&app, &signed, &found.circle);
    page(&found.page(shell, &wanted))
}

impl Found {
    fn page(self, page: Shell, wanted: &Wanted) -> SearchPage {
        let words = page.words;
        let id = self.circle.id;
        let faults = day_faults(wanted);
        let [text, state, from, to, sort] = fields(wanted, &faults, words);
        let lines = self.on_page.page.entities.iter();
        let row = |line: &EntityLine| Row {
            brief: self.briefs.get(&line.entity).cloned().unwrap_or_default(),
            ..row(id, line, &wanted.text, &self.roster, words)
        };
        let after = self.on_page.page.next.map(|cursor| cursor.to_string());
        SearchPage {
            circle: id.to_string(),
            text,
            state,
            from,
            to,
            sort,
            carried: carried(wanted),
            tabs: self.tabs(wanted, words),
            active: self.active(wanted, words),
            facets: self.facets(wanted, words),
            layouts: layouts(id, wanted, words),
            table: wanted.shape == Layout::Table,
            rows: lines.map(row).collect(),
            total: total(self.on_page.page.total, words),
            narrowed: wanted.is_narrowed(),
            empty: self.whole_circle == 0,
            clear: Wanted::default().address(id),
            next: after.map(|after| wanted.with(|next| next.after = after).address(id)),
            add: addable(id, words),
            faults,
            page,
        }
    }

    fn tabs(&self, wanted: &Wanted, words: Words) -> Vec<Tab> {
        let id = self.circle.id;
        let to = |kind: Option<&'static str>| {
            let other = wanted.with(|other| {
                // What narrows by a field of one type says nothing of another.
                if other.kind != kind {
                    other.is.clear();
                    other.missing.clear();
                }
                other.kind = kind;
            });
            other.address(id)
        };
        let all = Tab {
            address: to(None),
            label: words.say("desk-all-types"),
            count: None,
            here: wanted.kind.is_none(),
        };
        let counted = |name: &str| self.on_page.types.iter().find(|facet| facet.value == name);
        let types = MODEL.types().iter().filter_map(|kind| {
            let count = counted(kind.name).map(|facet| facet.count);
            let here = wanted.kind == Some(kind.name);
            (count.is_some() || here).then(|| Tab {
                address: to(Some(kind.name)),
                label: kind.many.in_language(words.0.tag()).to_owned(),
                count: Some(count.unwrap_or(0)),
                here,
            })
        });
        std::iter::once(all).chain(types).collect()
    }

    /// What narrows the search, each with the address of the search without it.
    fn active(&self, wanted: &Wanted, words: Words) -> Vec<(String, String)> {
        let id = self.circle.id;
        let tag = words.0.tag();
        let label = |name: &str| {
            let own = wanted.kind().and_then(|kind| kind.field(name));
            own.map_or_else(
                || desk::name::visible(name),
                |field| field.label.in_language(tag).to_owned(),
            )
        };
        let mut active = Vec::new();
        for (place, (field, value)) in wanted.is.iter().enumerate() {
            let told = format!(
                "{}: {}",
                label(field),
                self.value(wanted, field, value, words)
            );
            active.push((
                told,
                wanted.with(|other| _ = other.is.remove(place)).address(id),
            ));
        }
        for (place, field) in wanted.missing.iter().enumerate() {
            let told = words.of("desk-filter-missing").text("what", label(field));
            let without = wanted.with(|other| _ = other.missing.remove(place));
            active.push((told.to_string(), without.address(id)));
        }
        if let Some((field, target)) = &wanted.refers {
            let title = self.referred.as_ref();
            let title = title.map_or_else(|| target.to_string(), |line| told::title(line, words));
            let told = match field.as_str() {
                "" => title,
                field => format!("{}: {title}", label(field)),
            };
            active.push((told, wanted.with(|other| other.refers = None).address(id)));
        }
        active
    }

    fn value(&self, wanted: &Wanted, field: &str, value: &str, words: Words) -> String {
        let shape = wanted.kind().and_then(|kind| kind.field(field));
        match shape.map(|field| &field.shape) {
            Some(Shape::Term(vocabulary)) => told::term(vocabulary, value, None, words),
            _ => desk::name::visible(value),
        }
    }

    fn facets(&self, wanted: &Wanted, words: Words) -> Vec<FacetShown> {
        let id = self.circle.id;
        let counted = self.on_page.facets.iter();
        let shown = counted.filter_map(|(name, facets)| {
            let field = wanted.kind()?.field(name)?;
            let value = |facet: &Facet| Tab {
                address: wanted
                    .with(|other| other.is.push((name.clone(), facet.value.clone())))
                    .address(id),
                label: self.value(wanted, name, &facet.value, words),
                count: Some(facet.count),
                here: false,
            };
            let open = |facet: &&Facet| {
                let pair = (name.clone(), facet.value.clone());
                !wanted.is.contains(&pair)
            };
            Some(FacetShown {
                label: field.label.in_language(words.0.tag()),
                values: facets
                    .iter()
                    .filter(open)
                    .take(FACET_VALUES_SHOWN)
                    .map(value)
                    .collect(),
            })
        });
        shown.filter(|facet| !facet.values.is_empty()).collect()
    }
}

fn layouts(id: CircleId, wanted: &Wanted, words: Words) -> [Tab; 2] {
    [
        (Layout::List, "desk-as-list"),
        (Layout::Table, "desk-as-table"),
    ]
    .map(|(shape, key)| Tab {
        address: wanted.with(|other| other.shape = shape).address(id),
        label: words.say(key),
        count: None,
        here: wanted.shape == shape,
    })
}

/// What the box of words carries on of the rest of the search.
fn carried(wanted: &Wanted) -> Vec<(&'static str, String)> {
    let typed = ["text", "state", "from", "to", "sort", "after"];
    let mut pairs = wanted.pairs();
    pairs.retain(|(name, _)| !typed.contains(name));
    pairs
}

fn day_faults(wanted: &Wanted) -> Faults {
    let (_, [from, to]) = wanted.query(1);
    let mut faults = Faults::default();
    faults.unless(from.is_none(), "from", "desk-fault-date");
    faults.unless(to.is_none(), "to", "desk-fault-date");
    faults
}

fn fields(wanted: &Wanted, faults: &Faults, words: Words) -> [Field; 5] {
    let line = |id, label, value: &str| {
        Field::line(words, id, label)
            .value(value)
            .optional()
            .faults(words, faults)
    };
    let any = std::iter::once((String::new(), words.say("items-filter-any")));
    let states = STATES.iter().map(|state| {
        let told = review::state(state, words);
        ((*state).to_owned(), told)
    });
    let sorts = [
        (EntitySort::Newest, "items-filter-newest"),
        (EntitySort::Oldest, "items-filter-oldest"),
        (EntitySort::Title, "items-filter-name"),
    ];
    let sorts = sorts.map(|(sort, key)| (sort.to_string(), words.say(key)));
    [
        line("text", "desk-search-text", &wanted.text),
        line("state", "desk-state", &wanted.state)
            .control(Control::OneOf(any.chain(states).collect())),
        line("from", "desk-from", &wanted.from),
        line("to", "desk-to", &wanted.to),
        line("sort", "items-filter-sort", &wanted.sort.to_string())
            .control(Control::OneOf(sorts.to_vec())),
    ]
}

/// How many were found: counted as far as the desk counts.
#[must_use]
pub fn total(total: u64, words: Words) -> String {
    if total > TOTAL_MAX {
        words
            .of("desk-found-more")
            .n("count", TOTAL_MAX)
            .to_string()
    } else {
        words.of("desk-found").n("count", total).to_string()
    }
}

/// What can be added to a circle: address and name of each type.
#[must_use]
pub fn addable(circle: CircleId, words: Words) -> Vec<(String, &'static str)> {
    let types = MODEL.types().iter();
    types
        .map(|kind| {
            let address = format!("/desk/{circle}/new/{}", kind.name);
            (address, kind.label.in_language(words.0.tag()))
        })
        .collect()
}

/// A line of a list.
#[must_use]
pub fn row(circle: CircleId, line: &EntityLine, text: &str, roster: &Roster, words: Words) -> Row {
    let kind = MODEL.find(&line.type_name);
    Row {
        address: format!("/desk/{circle}/{}", line.entity),
        title: marked(&told::title(line, words), text),
        kind: kind.map_or_else(
            || desk::name::visible(&line.type_name),
            |kind| kind.label.in_language(words.0.tag()).to_owned(),
        ),
        state: review::state(&line.state, words),
        at: line.at.to_string(),
        by: desk::name::visible(&name(roster, line.by)),
        brief: Vec::new(),
    }
}

/// A title in pieces: those words that begin as a word of the search does, and the rest.
fn marked(title: &str, text: &str) -> Vec<(String, bool)> {
    let sought = desk::fold::words(text);
    let fits = |piece: &str| {
        let words = desk::fold::words(piece);
        words
            .iter()
            .any(|word| sought.iter().any(|one| word.starts_with(one.as_str())))
    };
    if sought.is_empty() {
        return vec![(title.to_owned(), false)];
    }
    let mut pieces: Vec<(String, bool)> = Vec::new();
    for piece in title.split_inclusive(' ') {
        let is_marked = fits(piece);
        match pieces.last_mut() {
            Some((last, marked)) if *marked == is_marked => last.push_str(piece),
            _ => pieces.push((piece.to_owned(), is_marked)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn what_fits_the_search_is_marked_in_any_spelling() {
        let told = |title: &str, text: &str| {
            let pieces = marked(title, text).into_iter();
            let told = pieces.map(|(piece, fits)| match fits {
                true => format!("[{piece}]"),
                false => piece,
            });
            told.collect::<String>()
        };
        assert_eq!(told("محمد علی‌پور", "علي"), "محمد [علی‌پور]");
        assert_eq!(told("Layla Ahmadi", "ahm"), "Layla [Ahmadi]");
        assert_eq!(told("Layla Ahmadi", ""), "Layla Ahmadi");
    }
}
