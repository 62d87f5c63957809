//! A pair of records as a pattern: one level for each field.

use crate::field::{self, Role, SWAPPED};
use crate::name::likeness::Likeness;
use crate::table::{FIELDS_MAX, MISSING, Table};

/// The levels of a pair, four bits for each field: 0 where one of the two is missing, else the level and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern(pub u64);

impl Pattern {
    /// The level of a field; `None` where nothing is known.
    pub fn level(self, field: usize) -> Option<u8> {
        let code = (self.0 >> (4 * field)) & 15;
        (code > 0).then(|| code as u8 - 1)
    }

    fn set(&mut self, field: usize, level: Option<u8>) {
        let code = level.map_or(0, |level| u64::from(level) + 1);
        self.0 = (self.0 & !(15 << (4 * field))) | (code << (4 * field));
    }
}

/// Pairs of values whose level is remembered, for each field: common names meet one another again and again.
const REMEMBERED: usize = 1 << 18;

/// Compares pairs, and remembers what it compared.
#[derive(Debug)]
pub struct Comparer<'a> {
    table: &'a Table,
    memory: Vec<Vec<(u64, u8)>>,
    swap: Option<(usize, usize)>,
}

impl<'a> Comparer<'a> {
    /// A comparer of a table's records.
    pub fn new(table: &'a Table) -> Comparer<'a> {
        debug_assert!(table.columns().len() <= FIELDS_MAX);
        let memory = table
            .columns()
            .iter()
            .map(|_| vec![(0, 0); REMEMBERED])
            .collect();
        let swap = table
            .column_of(Role::Given)
            .zip(table.column_of(Role::Family));
        Comparer {
            table,
            memory,
            swap,
        }
    }

    /// The pattern of two records. The order of the two does not matter.
    pub fn pattern(&mut self, one: u32, other: u32) -> Pattern {
        let (left, right) = (self.table.row(one), self.table.row(other));
        let mut pattern = Pattern::default();
        for (at, (left, right)) in left.iter().zip(right).enumerate() {
            if *left != MISSING && *right != MISSING {
                pattern.set(at, Some(self.level(at, *left, *right)));
            }
        }
        if let Some((given, family)) = self.swap
            && is_low(pattern.level(given))
            && is_low(pattern.level(family))
            && self.is_swapped([left[given], left[family]], [right[given], right[family]])
        {
            pattern.set(given, Some(SWAPPED));
            pattern.set(family, None);
        }
        pattern
    }

    fn level(&mut self, at: usize, left: u32, right: u32) -> u8 {
        let column = &self.table.columns()[at];
        let role = column.field.role;
        if left == right || column.group(left) == column.group(right) {
            return equal_level(role, column.value(left));
        }
        let key = (u64::from(left.min(right)) << 32) | u64::from(left.max(right));
        let place = (crate::mix::mix(0, key) as usize) % REMEMBERED;
        let (known, level) = self.memory[at][place];
        if known == key {
            return level;
        }
        let level = match (column.value(left), column.value(right)) {
            (Some(one), Some(other)) => field::compare(role, one, other),
            _ => 0,
        };
        self.memory[at][place] = (key, level);
        level
    }

    fn is_swapped(&self, left: [u32; 2], right: [u32; 2]) -> bool {
        let Some((given, family)) = self.swap else {
            return false;
        };
        let columns = self.table.columns();
        let fits = |given_number: u32, family_number: u32| match (
            columns[given].value(given_number),
            columns[family].value(family_number),
        ) {
            (Some(one), Some(other)) => {
                field::compare(Role::Name, one, other) >= Likeness::Close as u8
            }
            _ => false,
        };
        fits(left[0], right[1]) && fits(right[0], left[1])
    }
}

fn is_low(level: Option<u8>) -> bool {
    level.is_some_and(|level| level <= Likeness::Near as u8)
}

/// Equal values are on the highest level, but for a span of years, of which nobody knows whether it is one day.
fn equal_level(role: Role, value: Option<&field::Value>) -> u8 {
    match (role, value) {
        (Role::Given | Role::Family, _) => SWAPPED - 1,
        (Role::Date, Some(field::Value::Date(span))) => crate::date::compare(span, span) as u8,
        (role, _) => role.scale().len() as u8 - 1,
    }
}
