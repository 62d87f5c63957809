//! What happened around something, in the order of time: its own dates and the dated things that point to it.

use desk::model::{Field, MODEL, Shape, Type, written_date};
use desk::{Entity, EntityQuery, EntitySort, Filter};
use office::{EntitySheet, Fault, Office, Reader};

use super::told::{self, Titles, Told};
use crate::words::Words;

/// Whose sheets have a line of time.
const SHOWN_ON: [&str; 3] = ["person", "event", "detention"];
/// What is put on it: types whose dates say when something happened, not when somebody wrote it down.
const HAPPENINGS: [&str; 8] = [
    "event",
    "act",
    "detention",
    "involvement",
    "relation",
    "command",
    "account",
    "medical_report",
];
/// The most things of one type on a line of time.
const OF_A_TYPE_MAX: u32 = 40;

/// A line of time.
pub struct Timeline {
    /// What is on it, first first.
    pub moments: Vec<Happening>,
    /// Whether there is more than it shows.
    pub more: bool,
}

/// One thing on a line of time.
pub struct Happening {
    /// When.
    pub when: Told,
    /// Until when, where that is said.
    pub until: Option<Told>,
    /// What it is: a type, or a field of the thing itself.
    pub what: String,
    /// Address and title; nothing for a date of the thing itself.
    pub link: Option<(String, String)>,
    first_day: i32,
}

impl Timeline {
    /// The line of time of an entity, where its type has one and anything on it is dated.
    pub fn of(
        office: &Office,
        reader: &Reader<'_>,
        sheet: &EntitySheet,
        words: Words,
    ) -> Result<Option<Timeline>, Fault> {
        let line = &sheet.entity.line;
        if !SHOWN_ON.contains(&line.type_name.as_str()) {
            return Ok(None);
        }
        let mut moments = own_dates(&sheet.entity, words);
        let mut more = false;
        for kind in HAPPENINGS.iter().filter_map(|name| MODEL.find(name)) {
            if !sheet.relations.iter().any(|one| one.type_name == kind.name) {
                continue;
            }
            let query = EntityQuery {
                type_name: Some(kind.name.to_owned()),
                filters: vec![Filter::Refers {
                    field: None,
                    target: line.entity,
                }],
                sort: EntitySort::Newest,
                limit: OF_A_TYPE_MAX,
                ..EntityQuery::default()
            };
            let page = office.entities(reader, &query, &[])?.page;
            more |= page.next.is_some();
            let ids: Vec<_> = page.entities.iter().map(|line| line.entity).collect();
            let whole = office.entities_whole(reader, &ids)?;
            let place = format!("/desk/{}", reader.circle());
            moments.extend(
                whole
                    .iter()
                    .filter_map(|one| happening(kind, one, &place, words)),
            );
        }
        Ok(Timeline::in_order(moments, more))
    }

    /// These moments, first first; nothing where there are none.
    #[must_use]
    pub fn in_order(mut moments: Vec<Happening>, more: bool) -> Option<Timeline> {
        moments.sort_by_key(|one| one.first_day);
        (!moments.is_empty()).then_some(Timeline { moments, more })
    }
}

fn dates(kind: &'static Type) -> impl Iterator<Item = &'static Field> {
    let fields = kind.fields.iter();
    fields.filter(|field| field.shape == Shape::Date)
}

fn told(field: &Field, value: &str, words: Words) -> Told {
    Told::of(field, value, None, &Titles::default(), words)
}

fn first_day(value: &str) -> Option<i32> {
    written_date(value).ok().map(|(_, span)| span.first)
}

/// Something that points here, by its first date; an end is the date that the model names so.
#[must_use]
pub fn happening(
    kind: &'static Type,
    entity: &Entity,
    circle_address: &str,
    words: Words,
) -> Option<Happening> {
    let (field, value) =
        dates(kind).find_map(|field| Some((field, entity.values(field.name).next()?)))?;
    let end = dates(kind).find(|field| matches!(field.name, "until" | "ended"));
    let until = end
        .filter(|end| end.name != field.name)
        .and_then(|end| Some(told(end, entity.values(end.name).next()?, words)));
    Some(Happening {
        when: told(field, value, words),
        until,
        what: kind.label.in_language(words.0.tag()).to_owned(),
        link: Some((
            format!("{circle_address}/{}", entity.line.entity),
            told::title(&entity.line, words),
        )),
        first_day: first_day(value)?,
    })
}

fn own_dates(entity: &Entity, words: Words) -> Vec<Happening> {
    let Some(kind) = MODEL.find(&entity.line.type_name) else {
        return Vec::new();
    };
    let own = dates(kind).flat_map(|field| {
        entity.values(field.name).filter_map(move |value| {
            Some(Happening {
                when: told(field, value, words),
                until: None,
                what: field.label.in_language(words.0.tag()).to_owned(),
                link: None,
                first_day: first_day(value)?,
            })
        })
    });
    own.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_on_the_line_has_dates_in_the_model() {
        for name in HAPPENINGS {
            let kind = MODEL.find(name).unwrap();
            assert!(dates(kind).next().is_some(), "{name}");
        }
        assert!(SHOWN_ON.iter().all(|name| MODEL.find(name).is_some()));
    }
}
