//! What a column of a list means, how its values are read, and on which scale two of them are compared.

use serde::{Deserialize, Serialize};

use crate::date::{self, Calendar, DateError, Span};
use crate::mix;
use crate::name::{self, Name, likeness::Likeness};
use crate::place::{self, Place, Position};
use crate::text;

/// A field that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name, the same in all lists.
    pub name: String,
    /// What it means.
    pub role: Role,
    /// For dates: the calendar in which they are written; without it the year tells.
    #[serde(default)]
    pub calendar: Option<Calendar>,
}

/// What a field means. It decides how values are read and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A whole name, in any order.
    Name,
    /// The given name.
    Given,
    /// The family name.
    Family,
    /// The name of somebody of the family: father, mother, spouse. Several are separated by `;` or `|`.
    Kin,
    /// A date.
    Date,
    /// An age in years.
    Age,
    /// A place, or places within places.
    Place,
    /// Latitude and longitude.
    Position,
    /// A number or code that should be one person's: of a document, of a house, of a post office.
    Identifier,
    /// Any other text, such as a street or an occupation.
    Text,
    /// One of few words, such as the sex.
    Category,
}

/// The most levels that a scale has.
pub const LEVELS_MAX: usize = 8;
/// The level of a given and a family name that changed places.
pub const SWAPPED: u8 = 7;

/// The levels of a role, from least to most alike, with how often each is expected between two records of one person (in a
/// thousand), and between two persons. They are where estimation begins; data soon outweigh them.
pub type Scale = &'static [(&'static str, f64, f64)];

const NAMES: Scale = &[
    ("different", 30.0, 930.0),
    ("shared part", 15.0, 25.0),
    ("near", 25.0, 20.0),
    ("contained", 30.0, 10.0),
    ("close", 60.0, 5.0),
    ("same sound", 160.0, 5.0),
    ("equal", 660.0, 5.0),
    ("given and family name swapped", 10.0, 0.05),
];
const DATES: Scale = &[
    ("apart", 20.0, 860.0),
    ("within two years", 40.0, 80.0),
    ("possible", 150.0, 45.0),
    ("same month", 30.0, 6.0),
    ("two parts equal", 50.0, 9.0),
    ("a slip apart", 60.0, 4.0),
    ("same day", 650.0, 1.0),
];
const AGES: Scale = &[
    ("apart", 30.0, 780.0),
    ("near", 120.0, 120.0),
    ("a year apart", 250.0, 60.0),
    ("equal", 600.0, 40.0),
];
const PLACES: Scale = &[
    ("different", 60.0, 850.0),
    ("same wider place", 60.0, 90.0),
    ("one within the other", 80.0, 20.0),
    ("close", 150.0, 15.0),
    ("equal", 650.0, 25.0),
];
const POSITIONS: Scale = &[
    ("far", 50.0, 900.0),
    ("100 km", 100.0, 60.0),
    ("25 km", 150.0, 25.0),
    ("5 km", 200.0, 10.0),
    ("1 km", 500.0, 5.0),
];
const IDENTIFIERS: Scale = &[
    ("different", 60.0, 985.0),
    ("two slips apart", 30.0, 9.0),
    ("a slip apart", 110.0, 4.0),
    ("equal", 800.0, 2.0),
];
const TEXTS: Scale = &[
    ("different", 120.0, 930.0),
    ("near", 80.0, 40.0),
    ("close", 150.0, 15.0),
    ("equal", 650.0, 15.0),
];
const CATEGORIES: Scale = &[("different", 30.0, 500.0), ("equal", 970.0, 500.0)];

impl Role {
    /// Its levels.
    pub fn scale(self) -> Scale {
        match self {
            Role::Given | Role::Family => NAMES,
            Role::Name | Role::Kin => &NAMES[..SWAPPED as usize],
            Role::Date => DATES,
            Role::Age => AGES,
            Role::Place => PLACES,
            Role::Position => POSITIONS,
            Role::Identifier => IDENTIFIERS,
            Role::Text => TEXTS,
            Role::Category => CATEGORIES,
        }
    }

    /// How strongly a level takes the frequency of a value into account: agreeing on a rare name says more.
    pub fn frequency_share(self, level: u8) -> f64 {
        let from_top = self.scale().len() - 1 - usize::from(level);
        match self {
            Role::Given | Role::Family if level == SWAPPED => 0.0,
            Role::Given | Role::Family => [1.0, 1.0, 0.5, 0.3]
                .get(from_top - 1)
                .copied()
                .unwrap_or(0.0),
            Role::Name | Role::Kin => [1.0, 1.0, 0.5, 0.3].get(from_top).copied().unwrap_or(0.0),
            Role::Place | Role::Text => [1.0, 0.5].get(from_top).copied().unwrap_or(0.0),
            Role::Identifier | Role::Category => [1.0].get(from_top).copied().unwrap_or(0.0),
            Role::Date | Role::Age | Role::Position => 0.0,
        }
    }

    /// Whether values are names of persons.
    pub fn is_name(self) -> bool {
        matches!(self, Role::Name | Role::Given | Role::Family | Role::Kin)
    }
}

/// A value, read.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One name, or several persons' or spellings.
    Names(Vec<Name>),
    /// A date.
    Date(Span),
    /// An age.
    Age(f64),
    /// A place.
    Place(Place),
    /// A position.
    Position(Position),
    /// A text, folded.
    Text(String),
}

/// Cells that say that nothing is known.
const UNKNOWN: [&str; 22] = [
    "",
    "-",
    "--",
    "?",
    "??",
    ".",
    "unknown",
    "n/a",
    "na",
    "nan",
    "null",
    "none",
    "nil",
    "inf",
    "-inf",
    "infinity",
    "نامعلوم",
    "ناشناس",
    "مجهول",
    "inconnu",
    "unbekannt",
    "неизвестно",
];

/// Why a value is taken as missing although its cell is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// A date that is none.
    #[error(transparent)]
    Date(DateError),
    /// An age must be a number from 0 to 130.
    #[error("not an age between 0 and 130")]
    Age,
    /// A position is `latitude, longitude` in degrees.
    #[error("not a position on the earth")]
    Position,
}

/// The oldest age that is believed.
const AGE_MAX: f64 = 130.0;

impl Field {
    /// Reads a cell. `None`: nothing is known.
    pub fn read(&self, cell: &str) -> Result<Option<Value>, ValueError> {
        let cell = cell.trim();
        if UNKNOWN.contains(&cell.to_lowercase().as_str()) {
            return Ok(None);
        }
        let value = match self.role {
            Role::Name | Role::Given | Role::Family | Role::Kin => names(cell),
            Role::Date => Some(Value::Date(
                date::read(cell, self.calendar).map_err(ValueError::Date)?,
            )),
            Role::Age => Some(Value::Age(age(cell)?)),
            Role::Place => Some(Place::read(cell))
                .filter(|place| !place.levels.is_empty())
                .map(Value::Place),
            Role::Position => Some(Value::Position(
                Position::read(cell).ok_or(ValueError::Position)?,
            )),
            Role::Identifier => folded(cell, ""),
            Role::Text | Role::Category => folded(cell, " "),
        };
        Ok(value)
    }
}

fn names(cell: &str) -> Option<Value> {
    let read = cell
        .split([';', '؛', '|'])
        .map(Name::read)
        .filter(|name| !name.is_empty());
    let names: Vec<Name> = read.collect();
    (!names.is_empty()).then_some(Value::Names(names))
}

fn age(cell: &str) -> Result<f64, ValueError> {
    let age: f64 = name::fold::ascii_digits(cell)
        .parse()
        .map_err(|_| ValueError::Age)?;
    (0.0..=AGE_MAX)
        .contains(&age)
        .then_some(age)
        .ok_or(ValueError::Age)
}

fn folded(cell: &str, space: &str) -> Option<Value> {
    let folded = name::fold::fold(cell).replace(' ', space);
    (!folded.is_empty()).then_some(Value::Text(folded))
}

impl Value {
    /// The same number for values that are equal once folded; the frequency of a value is that of its group.
    pub fn group(&self) -> u64 {
        match self {
            Value::Names(names) => names
                .iter()
                .fold(1, |state, name| mix::bytes(state, name.folded.as_bytes())),
            Value::Date(span) => mix::mix(span.first as u64, span.last as u64).max(1),
            Value::Age(age) => age.to_bits().max(1),
            Value::Place(place) => place
                .levels
                .iter()
                .fold(1, |state, name| mix::bytes(state, name.folded.as_bytes())),
            Value::Position(position) => {
                mix::mix(position.latitude.to_bits(), position.longitude.to_bits()).max(1)
            }
            Value::Text(text) => mix::bytes(1, text.as_bytes()),
        }
    }
}

/// The level of two values of a role; values of different kinds are different.
pub fn compare(role: Role, one: &Value, other: &Value) -> u8 {
    match (one, other) {
        (Value::Names(one), Value::Names(other)) => best(one, other) as u8,
        (Value::Date(one), Value::Date(other)) => date::compare(one, other) as u8,
        (Value::Age(one), Value::Age(other)) => ages(*one, *other),
        (Value::Place(one), Value::Place(other)) => place::compare(one, other) as u8,
        (Value::Position(one), Value::Position(other)) => positions(one, other),
        (Value::Text(one), Value::Text(other)) => match role {
            Role::Identifier => identifiers(one, other),
            Role::Text => texts(one, other),
            _ => u8::from(one == other),
        },
        _ => 0,
    }
}

fn best(one: &[Name], other: &[Name]) -> Likeness {
    let pairs = one
        .iter()
        .flat_map(|one| other.iter().map(move |other| name::compare(one, other)));
    pairs.max().unwrap_or(Likeness::Different)
}

fn ages(one: f64, other: f64) -> u8 {
    let (gap, older) = ((one - other).abs(), one.max(other));
    match gap {
        _ if gap < 0.5 => 3,
        _ if gap <= 1.5 => 2,
        // Ages are guessed in fives.
        _ if gap <= (older * 0.1).max(3.0) => 1,
        _ => 0,
    }
}

fn positions(one: &Position, other: &Position) -> u8 {
    match one.distance_km(other) {
        ..=1.0 => 4,
        ..=5.0 => 3,
        ..=25.0 => 2,
        ..=100.0 => 1,
        _ => 0,
    }
}

fn identifiers(one: &str, other: &str) -> u8 {
    // In three digits a slip is half of everything.
    let allowed = (one.len().min(other.len()) / 3).min(2);
    match text::edits(one, other) {
        0 => 3,
        1 if allowed >= 1 => 2,
        2 if allowed >= 2 => 1,
        _ => 0,
    }
}

fn texts(one: &str, other: &str) -> u8 {
    if one == other {
        return 3;
    }
    match text::jaro_winkler(one, other) {
        0.92.. => 2,
        0.82.. => 1,
        _ => 0,
    }
}
