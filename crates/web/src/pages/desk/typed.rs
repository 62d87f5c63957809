//! What somebody typed into a form of the desk, and which button they pressed. Names of inputs: `v-FIELD` for each value,
//! `q-FIELD` for what is looked for, `l-FIELD` for what
//! the page shows of it, `find` and `more` for the buttons beside a field, `at` for
//! the part of a long form and `part` for the buttons that lead to another.

use std::collections::BTreeMap;

use desk::Entity;
use desk::ids::EntityId;
use desk::model::{Shape, Type};

use super::standing::Standing;
use crate::refusal::Refusal;

/// The most values of one form: more than its largest vocabulary has terms.
const VALUES_MAX: usize = 2_000;

/// A form of the desk as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The values of each field, empty ones included, in the order of the page.
    pub values: BTreeMap<&'static str, Vec<String>>,
    /// What is looked for beside each field that points to something.
    pub sought: BTreeMap<&'static str, String>,
    /// What was looked for when the page was made.
    looked: BTreeMap<&'static str, String>,
    /// Why something is changed.
    pub reason: String,
    /// The last statement that the form was made from.
    pub seen: Option<u64>,
    /// The id that something new will have, given when its answers were shown, so that a form sent twice enters one thing.
    pub id: Option<EntityId>,
    /// Which part of the form it was, from 0.
    pub part: usize,
    /// The button.
    pub wish: Wish,
}

/// What is to happen with a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// Nothing was sent yet: the form is to be shown.
    #[default]
    Open,
    /// To go on: to the page that shows what will be entered.
    GoOn,
    /// To enter it.
    Enter,
    /// To change something before.
    Change,
    /// To find what a field can point to.
    Find(&'static str),
    /// To have one more line in a field.
    More(&'static str),
    /// To go to another part of the form.
    Part,
}

impl Typed {
    /// Reads the fields of a form; a name that no such form has makes no sense.
    pub fn read(kind: &'static Type, fields: Vec<(String, String)>) -> Result<Typed, Refusal> {
        let mut typed = Typed {
            wish: Wish::GoOn,
            ..Typed::default()
        };
        if fields.len() > VALUES_MAX {
            return Err(Refusal::TooLarge);
        }
        for (name, value) in fields {
            typed.take(kind, &name, value).ok_or(Refusal::Senseless)?;
        }
        Ok(typed)
    }

    fn take(&mut self, kind: &'static Type, name: &str, value: String) -> Option<()> {
        let field = |name: &str| kind.field(name).map(|field| field.name);
        match (name, name.split_once('-')) {
            ("reason", _) => self.reason = value,
            ("seen", _) => self.seen = Some(value.parse().ok()?),
            ("id", _) => self.id = Some(value.parse().ok()?),
            ("sure", _) => self.wish = self.wish.or(Wish::Enter),
            ("change", _) => self.wish = Wish::Change,
            ("check", _) => {}
            ("at", _) if self.wish != Wish::Part => self.part = value.parse().ok()?,
            ("at", _) => {}
            ("part", _) => (self.part, self.wish) = (value.parse().ok()?, Wish::Part),
            ("find", _) => self.wish = Wish::Find(field(&value)?),
            ("more", _) => self.wish = Wish::More(field(&value)?),
            (_, Some(("v", name))) => self.values.entry(field(name)?).or_default().push(value),
            (_, Some(("q", name))) => _ = self.sought.insert(field(name)?, value),
            (_, Some(("l", name))) => _ = self.looked.insert(field(name)?, value),
            _ => return None,
        }
        Some(())
    }

    /// What an address fills in beforehand: `?place=ID`. A name that the type does not have is passed over.
    #[must_use]
    pub fn of_query(kind: &'static Type, query: Vec<(String, String)>) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in query.into_iter().take(VALUES_MAX) {
            if let Some(field) = kind.field(&name) {
                typed.values.entry(field.name).or_default().push(value);
            }
        }
        typed
    }

    /// What stands of an entity. A field on which people disagree begins empty: whoever leaves it so leaves both standing.
    #[must_use]
    pub fn of_entity(kind: &'static Type, entity: &Entity) -> Typed {
        let mut typed = Typed {
            seen: Some(entity.line.changed),
            ..Typed::default()
        };
        for field in &kind.fields {
            let values: Vec<String> = entity.values(field.name).map(str::to_owned).collect();
            if !values.is_empty() && !entity.is_contested(field.name) {
                typed.values.insert(field.name, values);
            }
        }
        typed
    }

    /// The values of a field as they were typed.
    #[must_use]
    pub fn of(&self, field: &str) -> &[String] {
        self.values
            .get(field)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// What is looked for beside a field.
    #[must_use]
    pub fn sought(&self, field: &str) -> &str {
        self.sought.get(field).map_or("", |text| text.trim())
    }

    /// An id that stands where words are looked for is meant as a choice.
    pub fn take_ids(&mut self, kind: &Type) {
        for field in &kind.fields {
            let id = self.sought(field.name).to_ascii_lowercase();
            if matches!(field.shape, Shape::Reference(_) | Shape::Item)
                && field.shape.normal(&id).is_ok()
            {
                let values = self.values.entry(field.name).or_default();
                if !field.many {
                    values.clear();
                }
                if !values.contains(&id) {
                    values.push(id);
                }
                self.sought.remove(field.name);
            }
        }
    }

    /// The field whose words still look for something, so that they are not lost when the form goes on. Words for which the
    /// page showed what there is have done their work once something is chosen.
    #[must_use]
    pub fn still_sought(&self) -> Option<&'static str> {
        let is_open = |name: &&'static str| {
            let words = self.sought(name);
            let looked = self.looked.get(name).map(|text| text.trim());
            let chosen = self.of(name).iter().any(|value| !value.trim().is_empty());
            let is_done = chosen && looked == Some(words);
            !words.is_empty() && !is_done
        };
        self.sought.keys().copied().find(is_open)
    }

    /// What is stated: of something new all that was filled in; of something that stands, what differs from what the
    /// form was made from. A contested field that was left empty stays contested.
    #[must_use]
    pub fn set(&self, kind: &Type, base: Option<&Standing>) -> BTreeMap<String, Vec<String>> {
        let mut set = BTreeMap::new();
        for field in &kind.fields {
            let typed: Vec<String> = self
                .of(field.name)
                .iter()
                .filter(|value| !value.trim().is_empty())
                .cloned()
                .collect();
            let stated = match base {
                None => !typed.is_empty(),
                Some(base) if base.is_contested(field.name) => !typed.is_empty(),
                Some(base) => {
                    let normal = |value: &String| {
                        field.shape.normal(value).unwrap_or_else(|_| value.clone())
                    };
                    !typed.iter().map(normal).eq(base.values(field.name))
                }
            };
            if stated {
                set.insert(field.name.to_owned(), typed);
            }
        }
        set
    }

    /// The values of these fields, for the next page to carry on, so that nothing is lost.
    #[must_use]
    pub fn carried(&self, fields: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let values = self.values.iter().filter(|(name, _)| fields(name));
        let values = values.flat_map(|(name, values)| {
            let filled = values.iter().filter(|value| !value.trim().is_empty());
            filled.map(move |value| (format!("v-{name}"), value.clone()))
        });
        values.collect()
    }

    /// Everything besides values that the next page carries on.
    #[must_use]
    pub fn carried_besides(&self) -> Vec<(String, String)> {
        let mut carried = vec![("at".to_owned(), self.part.to_string())];
        carried.extend(self.seen.map(|seen| ("seen".to_owned(), seen.to_string())));
        carried
    }
}

impl Wish {
    /// A button that was pressed counts more than what a page carries on.
    fn or(self, carried: Wish) -> Wish {
        if self == Wish::GoOn { carried } else { self }
    }
}
