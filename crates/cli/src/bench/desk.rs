//! The documentation desk: statements entered through the office, the view rebuilt, searches, and the sheet of somebody with very
//! many relations.

use std::collections::BTreeMap;
use std::time::Duration;

use desk::ids::EntityId;
use desk::{EntityQuery, Filter};
use office::{DRAFTS_MAX, Draft, Office, Reader, Writer};

use super::figure::{Better, Figure};
use super::intake::BenchOffice;
use super::laboratory::{Laboratory, timed};
use crate::failure::{Failure, fault};

/// The limits that the project set itself, for 1.8 million items, 1 million persons and 3 million acts.
const IMPORT_RATE: f64 = 5_000.0;
const REBUILD_RATE: f64 = 20_000.0;
const SEARCH_P95_MILLIS: f64 = 50.0;
const SEARCH_P99_MILLIS: f64 = 150.0;
const SHEET_MILLIS: f64 = 100.0;
/// Relations of the person that everything points to.
const RELATIONS: usize = 3_000;
/// Searches that are timed.
const SEARCHES: usize = 400;

const GIVEN: [&str; 16] = [
    "محمد",
    "علی",
    "زهرا",
    "شیرین",
    "رضا",
    "فاطمه",
    "حسین",
    "نگار",
    "Mohammad",
    "Ali",
    "Zahra",
    "Reza",
    "Leyla",
    "کاوه",
    "دلارام",
    "هیوا",
];
const FAMILY: [&str; 16] = [
    "علی‌پور",
    "کریمی",
    "رضایی",
    "احمدی",
    "مرادی",
    "Alipour",
    "Karimi",
    "Ahmadi",
    "Moradi",
    "حسینی",
    "قاسمی",
    "نوری",
    "Nouri",
    "Jafari",
    "صادقی",
    "بهرامی",
];
const VIOLATIONS: [&str; 3] = ["enforced_disappearance", "arbitrary_detention", "torture"];

/// Fills a desk with `entities` and works on it.
pub fn measure(laboratory: &Laboratory, entities: usize) -> Result<Vec<Figure>, Failure> {
    let bench = BenchOffice::found(laboratory, "desk")?;
    bench.as_writer(|writer| on(bench.office(), writer, entities))
}

fn on(office: &Office, writer: &Writer<'_>, entities: usize) -> Result<Vec<Figure>, Failure> {
    let (made, time) = timed(|| fill(office, writer, entities));
    let known = made?;
    let rate = known.count as f64 / time.as_secs_f64();
    let mut figures = vec![figure(
        "desk-import",
        rate,
        "entities/s",
        "limit",
        IMPORT_RATE,
        Better::More,
    )];
    office.delete_views().map_err(failed)?;
    let reader = writer.reader();
    let (found, time) = timed(|| office.entities(reader, &EntityQuery::default(), &[]));
    found.map_err(failed)?;
    let rate = known.count as f64 / time.as_secs_f64();
    figures.push(figure(
        "desk-rebuild",
        rate,
        "entries/s",
        "limit",
        REBUILD_RATE,
        Better::More,
    ));
    figures.extend(searches(office, reader)?);
    let (sheet, time) = timed(|| office.entity(reader, known.centre));
    sheet.map_err(failed)?;
    let millis = time.as_secs_f64() * 1e3;
    figures.push(figure(
        "desk-sheet-3000-relations",
        millis,
        "ms",
        "limit",
        SHEET_MILLIS,
        Better::Less,
    ));
    Ok(figures)
}

struct Known {
    count: usize,
    /// The person that [`RELATIONS`] acts point to.
    centre: EntityId,
}

/// One person to each act, in steps as an import makes them.
fn fill(office: &Office, writer: &Writer<'_>, entities: usize) -> Result<Known, Failure> {
    let mut people: Vec<EntityId> = Vec::new();
    let mut drafts = Vec::with_capacity(DRAFTS_MAX);
    for number in 0..entities {
        let entity = office.new_entity_id();
        let draft = if number % 2 == 0 {
            people.push(entity);
            person(number)
        } else {
            let victim = if number / 2 < RELATIONS {
                0
            } else {
                (number * 7919) % people.len()
            };
            act(number, people.get(victim).copied().unwrap_or(entity))
        };
        drafts.push(Draft {
            entity: Some(entity),
            ..draft
        });
        if drafts.len() == DRAFTS_MAX || number + 1 == entities {
            let outcomes = office
                .state_each(writer, std::mem::take(&mut drafts))
                .map_err(failed)?;
            if let Some(error) = outcomes.into_iter().find_map(Result::err) {
                return Err(failed(format!("{error:?}")));
            }
        }
    }
    let centre = people
        .first()
        .copied()
        .ok_or_else(|| failed("no entities"))?;
    Ok(Known {
        count: entities,
        centre,
    })
}

fn person(number: usize) -> Draft {
    let name = format!(
        "{} {} {number}",
        GIVEN[number % GIVEN.len()],
        FAMILY[(number / 16) % FAMILY.len()]
    );
    let born = format!("{}-{:02}", 1930 + number % 80, 1 + number % 12);
    draft(
        "person",
        [
            ("name", name),
            ("born", born),
            (
                "sex",
                if number.is_multiple_of(4) {
                    "male"
                } else {
                    "female"
                }
                .to_owned(),
            ),
        ],
    )
}

fn act(number: usize, victim: EntityId) -> Draft {
    let date = format!("sh:14{:02}-{:02}", number % 4, 1 + number % 12);
    let violation = VIOLATIONS[number % VIOLATIONS.len()].to_owned();
    draft(
        "act",
        [
            ("violation", violation),
            ("victim", victim.to_string()),
            ("date", date),
        ],
    )
}

fn draft<const N: usize>(type_name: &str, set: [(&str, String); N]) -> Draft {
    let set: BTreeMap<String, Vec<String>> = set
        .into_iter()
        .map(|(field, value)| (field.to_owned(), vec![value]))
        .collect();
    Draft {
        type_name: type_name.to_owned(),
        set,
        ..Draft::default()
    }
}

/// Names in another spelling, a word with a condition, a date: each a page with its counts by type and by a field.
fn searches(office: &Office, reader: &Reader<'_>) -> Result<Vec<Figure>, Failure> {
    let mut times = Vec::with_capacity(SEARCHES);
    for number in 0..SEARCHES {
        let query = query(number);
        let facet: &[&str] = if query.type_name.as_deref() == Some("act") {
            &["violation"]
        } else {
            &["sex"]
        };
        let (found, time) = timed(|| office.entities(reader, &query, facet));
        found.map_err(failed)?;
        times.push(time);
    }
    times.sort_unstable();
    let at = |share: f64| millis(times[((times.len() - 1) as f64 * share) as usize]);
    Ok(vec![
        figure(
            "desk-search-p95",
            at(0.95),
            "ms",
            "limit, facets included",
            SEARCH_P95_MILLIS,
            Better::Less,
        ),
        figure(
            "desk-search-p99",
            at(0.99),
            "ms",
            "limit, facets included",
            SEARCH_P99_MILLIS,
            Better::Less,
        ),
    ])
}

fn query(number: usize) -> EntityQuery {
    let given = GIVEN[number % GIVEN.len()];
    let family = FAMILY[(number * 5) % FAMILY.len()];
    let base = EntityQuery::default();
    match number % 4 {
        0 => EntityQuery {
            type_name: Some("person".to_owned()),
            text: format!("{given} {family}"),
            ..base
        },
        1 => EntityQuery {
            text: format!("{family} {}", number * 100),
            ..base
        },
        2 => EntityQuery {
            type_name: Some("act".to_owned()),
            filters: vec![Filter::Between {
                field: Some("date".to_owned()),
                first: 19_000 + number as i32,
                last: 19_010 + number as i32,
            }],
            ..base
        },
        _ => EntityQuery {
            type_name: Some("person".to_owned()),
            text: given.to_owned(),
            filters: vec![Filter::Value {
                field: "sex".to_owned(),
                value: "female".to_owned(),
            }],
            ..base
        },
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn figure(
    name: &str,
    value: f64,
    unit: &'static str,
    beside: &str,
    beside_value: f64,
    better: Better,
) -> Figure {
    Figure {
        name: name.to_owned(),
        value,
        unit,
        beside: beside.to_owned(),
        beside_value,
        better,
    }
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench").text("name", "desk").because(error)
}
