//! What a field can point to, found by words among the circle's entities and items, and the titles of what was chosen.

use std::collections::{BTreeMap, BTreeSet};

use desk::ids::{EntityId, ItemId};
use desk::model::{Field, Shape, Type};
use desk::{EntityLine, EntityQuery, EntitySort, ItemQuery, ItemState};
use office::{Fault, Office, Reader};

use super::told::Titles;
use super::typed::Typed;
use crate::words::Words;

/// How many of each type a search beside a field shows.
const FOUND_MAX: u32 = 12;
/// How many items' names are looked up for one page.
const ITEM_NAMES_MAX: usize = 40;

/// What was found beside a field: ids in order.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The ids.
    pub ids: Vec<String>,
    /// Whether there is more than is shown.
    pub more: bool,
}

/// What the fields of a form can point to, as far as somebody looked, and what everything is called.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// By field.
    pub found: BTreeMap<&'static str, Found>,
    /// Titles of what is found and what was chosen.
    pub titles: Titles,
}

impl Choices {
    /// Looks beside one field, if one is named, and finds the titles of all that the form points to.
    pub fn look(
        office: &Office,
        reader: &Reader<'_>,
        kind: &'static Type,
        typed: &Typed,
        at: Option<&'static str>,
        words: Words,
    ) -> Result<Choices, Fault> {
        let mut gathered = Gathered::default();
        let mut found = BTreeMap::new();
        if let Some(field) = at.and_then(|name| kind.field(name)) {
            let beside = gathered.beside(office, reader, field, typed.sought(field.name))?;
            found.insert(field.name, beside);
        }
        for field in &kind.fields {
            gathered.chosen(office, reader, field, typed.of(field.name).iter())?;
        }
        let titles = Titles::of(reader.circle(), &gathered.lines, words);
        Ok(Choices {
            found,
            titles: titles.with_items(gathered.items),
        })
    }
}

/// The titles of everything that these fields' values point to.
pub fn titles_of<'a>(
    office: &Office,
    reader: &Reader<'_>,
    pointing: impl Iterator<Item = (&'a Field, &'a String)>,
    words: Words,
) -> Result<Titles, Fault> {
    let mut gathered = Gathered::default();
    for (field, value) in pointing {
        gathered.chosen(office, reader, field, std::iter::once(value))?;
    }
    let titles = Titles::of(reader.circle(), &gathered.lines, words);
    Ok(titles.with_items(gathered.items))
}

#[derive(Default)]
struct Gathered {
    lines: Vec<EntityLine>,
    items: BTreeMap<String, String>,
}

impl Gathered {
    fn beside(
        &mut self,
        office: &Office,
        reader: &Reader<'_>,
        field: &Field,
        text: &str,
    ) -> Result<Found, Fault> {
        match &field.shape {
            Shape::Reference(types) => self.entities(office, reader, types, text),
            Shape::Item => self.items(office, reader, text),
            _ => Ok(Found::default()),
        }
    }

    fn entities(
        &mut self,
        office: &Office,
        reader: &Reader<'_>,
        types: &[&str],
        text: &str,
    ) -> Result<Found, Fault> {
        let mut found = Found::default();
        for type_name in types {
            let query = EntityQuery {
                type_name: Some((*type_name).to_owned()),
                text: text.to_owned(),
                sort: EntitySort::Newest,
                limit: FOUND_MAX,
                ..EntityQuery::default()
            };
            let page = office.entities(reader, &query, &[])?.page;
            found.more |= page.next.is_some();
            found
                .ids
                .extend(page.entities.iter().map(|line| line.entity.to_string()));
            self.lines.extend(page.entities);
        }
        Ok(found)
    }

    fn items(&mut self, office: &Office, reader: &Reader<'_>, text: &str) -> Result<Found, Fault> {
        let query = ItemQuery {
            text: text.to_owned(),
            limit: FOUND_MAX,
            ..ItemQuery::default()
        };
        let page = office.items(reader, &query)?.page;
        let ids = page.items.iter().map(|item| item.item.to_string());
        let found = Found {
            ids: ids.collect(),
            more: page.next.is_some(),
        };
        let named = page.items.iter();
        self.items.extend(named.map(|item| {
            let name = desk::name::visible(&item.file_name);
            (item.item.to_string(), name)
        }));
        Ok(found)
    }

    fn chosen<'a>(
        &mut self,
        office: &Office,
        reader: &Reader<'_>,
        field: &Field,
        values: impl Iterator<Item = &'a String>,
    ) -> Result<(), Fault> {
        match &field.shape {
            Shape::Reference(_) => {
                let known: BTreeSet<EntityId> = self.lines.iter().map(|line| line.entity).collect();
                let ids: Vec<EntityId> = values.filter_map(|value| value.parse().ok()).collect();
                let unknown: Vec<EntityId> =
                    ids.into_iter().filter(|id| !known.contains(id)).collect();
                let whole = office.entities_whole(reader, &unknown)?;
                self.lines.extend(whole.into_iter().map(|one| one.line));
            }
            Shape::Item => {
                for id in values.filter_map(|value| value.parse::<ItemId>().ok()) {
                    self.item(office, reader, id)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn item(&mut self, office: &Office, reader: &Reader<'_>, id: ItemId) -> Result<(), Fault> {
        if self.items.len() >= ITEM_NAMES_MAX || self.items.contains_key(&id.to_string()) {
            return Ok(());
        }
        match office.item(reader, id).map(|sheet| sheet.state) {
            Ok(ItemState::Held(item)) => {
                let name = desk::name::visible(&item.file_name);
                self.items.insert(id.to_string(), name);
                Ok(())
            }
            Ok(ItemState::Erased(_)) | Err(Fault::Refused) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
