//! Blocking: only records that share a key of some rule are compared, because all pairs are too many.
//!
//! A rule is one key or two keys together, such as the family name's consonants and the year of birth. Several rules are used, so
//! that a slip in one field does not lose the pair. A block that is too large is not compared pair by pair: its records are
//! compared with their neighbours only, and it is named in a warning.

use serde::{Deserialize, Serialize};

use crate::field::{Role, Value};
use crate::mix::{self, Set};
use crate::name::part::Part;
use crate::table::{Column, MISSING, Table};

/// What of a value two records must have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// All of it, folded.
    Whole,
    /// The consonants of all parts of a name, in any order.
    Sound,
    /// The consonants of the first part.
    First,
    /// The consonants of the last part.
    Last,
    /// The first three letters, or consonants.
    Start,
    /// The day.
    Day,
    /// The year.
    Year,
    /// The day and the month, without the year.
    MonthDay,
}

/// One key of a rule: a field, and what of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The name of the field.
    pub field: String,
    /// What of it.
    pub part: Piece,
}

/// Keys that two records must all share to be compared. Without keys: every pair, for short lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rule(pub Vec<Key>);

impl std::fmt::Display for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("every pair");
        }
        for (at, key) in self.0.iter().enumerate() {
            let part = serde_json::to_value(key.part).ok();
            let part = part
                .as_ref()
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default();
            write!(
                formatter,
                "{}{}:{part}",
                if at == 0 { "" } else { " + " },
                key.field
            )?;
        }
        Ok(())
    }
}

/// Records of one block that are compared pair by pair; what is larger is compared with neighbours.
pub const BLOCK_MAX: usize = 400;
/// Neighbours with which a record of a larger block is compared.
const NEIGHBOURS: usize = 8;
/// Letters or consonants of [`Piece::Start`].
const START: usize = 3;

impl Piece {
    /// What a role's values have to offer, the most telling first.
    pub fn of(role: Role) -> &'static [Piece] {
        match role {
            Role::Name => &[Piece::Sound, Piece::First, Piece::Last],
            Role::Given | Role::Family => &[Piece::Sound, Piece::Start],
            Role::Kin => &[Piece::Sound],
            Role::Date => &[Piece::Day, Piece::MonthDay, Piece::Year],
            Role::Place => &[Piece::Last],
            Role::Identifier => &[Piece::Whole],
            Role::Text => &[Piece::Whole, Piece::Start],
            Role::Age | Role::Category => &[Piece::Whole],
            Role::Position => &[],
        }
    }

    /// The key of a value; 0 where it has none.
    fn key(self, column: &Column, number: u32) -> u64 {
        let Some(value) = column.value(number) else {
            return 0;
        };
        match (value, self) {
            (_, Piece::Whole) => column.group(number),
            (Value::Names(names), part) => {
                names.first().map_or(0, |name| name_key(&name.parts, part))
            }
            (Value::Place(place), _) => place
                .levels
                .last()
                .map_or(0, |name| name_key(&name.parts, Piece::Sound)),
            (Value::Text(text), Piece::Start) => {
                let start: String = text.chars().take(START).collect();
                mix::bytes(2, start.as_bytes())
            }
            (Value::Date(span), part) => date_key(span, part),
            _ => 0,
        }
    }
}

fn name_key(parts: &[Part], part: Piece) -> u64 {
    let bones = match part {
        Piece::First => parts.first().map(Part::skeleton).unwrap_or_default(),
        Piece::Last => parts.last().map(Part::skeleton).unwrap_or_default(),
        Piece::Start => parts
            .first()
            .map(|part| part.skeleton().into_iter().take(START).collect())
            .unwrap_or_default(),
        _ => {
            let mut all: Vec<Vec<u8>> = parts.iter().map(Part::skeleton).collect();
            all.sort_unstable();
            // Written together or apart: no space remains.
            all.concat()
                .into_iter()
                .filter(|one| *one != b' ')
                .collect()
        }
    };
    if bones.is_empty() {
        0
    } else {
        mix::bytes(3, &bones)
    }
}

fn date_key(span: &crate::date::Span, part: Piece) -> u64 {
    match part {
        Piece::Day if span.is_day() => mix::mix(4, ((span.first + span.last) / 2) as u64),
        Piece::MonthDay => span
            .month_and_day()
            .map_or(0, |(month, day)| mix::mix(5, (month * 100 + day) as u64)),
        Piece::Year => span
            .year_and_month()
            .0
            .map_or(0, |year| mix::mix(6, year as u64)),
        _ => 0,
    }
}

/// The keys of one rule for the records of a table.
#[derive(Debug)]
pub struct Index {
    keys: Vec<u64>,
    /// Records by key, the same keys together.
    order: Vec<u32>,
    oversize: Set<u64>,
    block_max: usize,
}

/// A block that was too large to compare pair by pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Oversize {
    /// The rule.
    pub rule: String,
    /// How many records share the key.
    pub records: usize,
    /// The first of them, `list:id`.
    pub first: Vec<String>,
}

impl Index {
    /// Sorts the records in `among` by the keys of a rule; blocks above `block_max` are too large.
    pub fn build(
        table: &Table,
        keyring: &Keyring,
        rule: &Rule,
        among: &[u32],
        block_max: usize,
    ) -> Index {
        let of_values: Vec<(usize, &[u64])> =
            rule.0.iter().filter_map(|key| keyring.of(key)).collect();
        let mut keys = vec![0u64; table.len()];
        for row in among {
            keys[*row as usize] = row_key(table.row(*row), &of_values);
        }
        let mut order: Vec<(u64, u32)> = among
            .iter()
            .map(|row| (keys[*row as usize], *row))
            .filter(|(key, _)| *key != 0)
            .collect();
        order.sort_unstable();
        let order = order.into_iter().map(|(_, row)| row).collect();
        let block_max = if rule.0.is_empty() {
            usize::MAX
        } else {
            block_max
        };
        let mut index = Index {
            keys,
            order,
            oversize: Set::default(),
            block_max,
        };
        index.oversize = index
            .oversize_blocks()
            .map(|block| index.keys[block[0] as usize])
            .collect();
        index
    }

    /// Keeps only what [`Index::joins`] needs.
    pub fn forget_blocks(&mut self) {
        self.order = Vec::new();
    }

    /// The blocks with more than one record.
    pub fn blocks(&self) -> impl Iterator<Item = &[u32]> {
        self.order
            .chunk_by(|one, other| self.keys[*one as usize] == self.keys[*other as usize])
            .filter(|block| block.len() > 1)
    }

    /// The blocks that are too large.
    pub fn oversize_blocks(&self) -> impl Iterator<Item = &[u32]> {
        self.blocks().filter(|block| block.len() > self.block_max)
    }

    /// How many pairs the rule compares.
    pub fn pairs(&self) -> u64 {
        let pairs = |count: usize| match count {
            _ if count > self.block_max => count * NEIGHBOURS,
            _ => count * (count - 1) / 2,
        };
        self.blocks().map(|block| pairs(block.len()) as u64).sum()
    }

    /// Whether the rule compares these two for certain.
    pub fn joins(&self, one: u32, other: u32) -> bool {
        let key = self.keys[one as usize];
        key != 0
            && key == self.keys[other as usize]
            && (self.oversize.is_empty() || !self.oversize.contains(&key))
    }

    /// Every pair of a block that is compared; the records of too large a block lie in the order of what they say.
    pub fn pairs_of(&self, block: &[u32], mut take: impl FnMut(u32, u32)) {
        let reach = if block.len() > self.block_max {
            NEIGHBOURS
        } else {
            block.len()
        };
        for (at, one) in block.iter().enumerate() {
            for other in block[at + 1..].iter().take(reach) {
                take(*one, *other);
            }
        }
    }
}

/// The keys of all values, made once for each field and piece.
#[derive(Debug, Default)]
pub struct Keyring {
    keys: Vec<(Key, usize, Vec<u64>)>,
}

/// A rule names a field that no list has, or that has no role: look at the names in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a blocking rule names the field {0:?}, which is not compared")]
pub struct NoSuchField(pub String);

impl Keyring {
    /// The keys that some rules need.
    pub fn of_rules(table: &Table, rules: &[Rule]) -> Result<Keyring, NoSuchField> {
        let mut keyring = Keyring::default();
        for key in rules.iter().flat_map(|rule| &rule.0) {
            let at = table
                .columns()
                .iter()
                .position(|column| column.field.name == key.field);
            let at = at.ok_or_else(|| NoSuchField(key.field.clone()))?;
            if keyring.of(key).is_none() {
                let column = &table.columns()[at];
                let keys = (0..column.len() as u32).map(|number| key.part.key(column, number));
                keyring.keys.push((key.clone(), at, keys.collect()));
            }
        }
        Ok(keyring)
    }

    fn of(&self, key: &Key) -> Option<(usize, &[u64])> {
        let found = self.keys.iter().find(|(known, _, _)| known == key);
        found.map(|(_, at, keys)| (*at, keys.as_slice()))
    }
}

fn row_key(row: &[u32], of_values: &[(usize, &[u64])]) -> u64 {
    let mut mixed = 1;
    for (at, keys) in of_values {
        let key = if row[*at] == MISSING {
            0
        } else {
            keys[row[*at] as usize]
        };
        if key == 0 {
            return 0;
        }
        mixed = mix::mix(mixed, key);
    }
    mixed.max(1)
}
