//! Records of all lists in one table: every distinct value is read once, a record is a row of value numbers.

use thiserror::Error;

use crate::field::{Field, Role, Value, ValueError};
use crate::mix::{self, Map};

/// Fields that can be compared: a pair's levels fit a 64-bit word.
pub const FIELDS_MAX: usize = 16;
/// Records that one table holds: rows are numbered in 32 bits, and 4 GiB hold some ten million.
pub const RECORDS_MAX: usize = 40_000_000;
/// Value number 0: nothing is known.
pub const MISSING: u32 = 0;
/// Warnings about values that are kept one by one; more are only counted.
const WARNINGS_MAX: usize = 1_000;
/// How many records a frequency is smoothed by: in a list of three, two equal names are not yet a common name.
const SMOOTHING: f64 = 20.0;
/// What part of people a name has, before anything is known.
const FREQUENCY_PRIOR: f64 = 0.005;

/// Why a record or a table was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// At most 16 fields are compared, at least one: leave those out that tell least.
    #[error("{0} fields; from 1 to {FIELDS_MAX} can be compared")]
    Fields(usize),
    /// Two fields have one name: rename one.
    #[error("two fields named {0:?}")]
    FieldTwice(String),
    /// More records than one run can hold: link in parts.
    #[error("more than {RECORDS_MAX} records")]
    Records,
    /// The ids of a list must be its own: a record twice with one id is a fault of the list, or of the id column that was named.
    #[error("list {list:?} has the id {id:?} twice")]
    IdTwice {
        /// The list.
        list: String,
        /// The id.
        id: String,
    },
}

/// A value that was taken as missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The list.
    pub list: String,
    /// The id of the record.
    pub id: String,
    /// The field.
    pub field: String,
    /// Why.
    pub why: ValueError,
}

/// The distinct values of one field.
#[derive(Debug)]
pub struct Column {
    /// What it means.
    pub field: Field,
    raw: Vec<Box<str>>,
    values: Vec<Option<Value>>,
    groups: Vec<u64>,
    frequencies: Vec<f32>,
    /// The chance that two records agree: the mean frequency of a value.
    pub agreement: f64,
}

/// Records, in an order that does not depend on how they came.
#[derive(Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<u32>,
    lists: Vec<String>,
    list_of: Vec<u16>,
    ids: Vec<Box<str>>,
    marks: Vec<u64>,
    warnings: Vec<Warning>,
    warned: usize,
}

/// Takes records one by one, then makes a table of them.
#[derive(Debug)]
pub struct Builder {
    table: Table,
    known: Vec<Map<Box<str>, u32>>,
}

impl Builder {
    /// An empty table with these fields. Their order does not matter.
    pub fn new(mut fields: Vec<Field>) -> Result<Builder, TableError> {
        if fields.is_empty() || fields.len() > FIELDS_MAX {
            return Err(TableError::Fields(fields.len()));
        }
        fields.sort_by(|one, other| one.name.cmp(&other.name));
        if let Some(twice) = fields.windows(2).find(|two| two[0].name == two[1].name) {
            return Err(TableError::FieldTwice(twice[0].name.clone()));
        }
        let known = fields.iter().map(|_| Map::default()).collect();
        let columns = fields.into_iter().map(Column::new).collect();
        let table = Table {
            columns,
            rows: Vec::new(),
            lists: Vec::new(),
            list_of: Vec::new(),
            ids: Vec::new(),
            marks: Vec::new(),
            warnings: Vec::new(),
            warned: 0,
        };
        Ok(Builder { table, known })
    }

    /// The fields in the order in which [`Builder::push`] wants its cells.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.table.columns.iter().map(|column| &column.field)
    }

    /// Adds a record of a list. Cells that cannot be read are taken as missing, with a warning.
    pub fn push<'a>(
        &mut self,
        list: &str,
        id: &str,
        cells: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), TableError> {
        if self.table.ids.len() >= RECORDS_MAX {
            return Err(TableError::Records);
        }
        let list_number = self.list(list);
        let mut mark = 1;
        let mut cells = cells.into_iter();
        for at in 0..self.table.columns.len() {
            let cell = cells.next().unwrap_or_default();
            let (number, fault) = self.intern(at, cell);
            if let Some(why) = fault {
                self.warn(list, id, at, why);
            }
            mark = mix::mix(mark, self.table.columns[at].groups[number as usize]);
            self.table.rows.push(number);
        }
        self.table.list_of.push(list_number);
        self.table.ids.push(id.into());
        self.table.marks.push(mark);
        Ok(())
    }

    fn list(&mut self, list: &str) -> u16 {
        let lists = &mut self.table.lists;
        let at = lists
            .iter()
            .position(|known| known == list)
            .unwrap_or_else(|| {
                lists.push(list.to_owned());
                lists.len() - 1
            });
        at.min(usize::from(u16::MAX)) as u16
    }

    fn intern(&mut self, at: usize, cell: &str) -> (u32, Option<ValueError>) {
        if let Some(number) = self.known[at].get(cell) {
            // A value that could not be read is not known, so that each row with it is named.
            return (*number, None);
        }
        let column = &mut self.table.columns[at];
        match column.field.read(cell) {
            Ok(None) => {
                self.known[at].insert(cell.into(), MISSING);
                (MISSING, None)
            }
            Ok(Some(value)) => {
                let number = column.values.len() as u32;
                column.groups.push(value.group());
                column.values.push(Some(value));
                column.raw.push(cell.into());
                self.known[at].insert(cell.into(), number);
                (number, None)
            }
            Err(why) => (MISSING, Some(why)),
        }
    }

    fn warn(&mut self, list: &str, id: &str, at: usize, why: ValueError) {
        self.table.warned += 1;
        if self.table.warnings.len() < WARNINGS_MAX {
            let field = self.table.columns[at].field.name.clone();
            self.table.warnings.push(Warning {
                list: list.to_owned(),
                id: id.to_owned(),
                field,
                why,
            });
        }
    }

    /// Sorts the records by what they say, counts how frequent each value is, and refuses an id that is there twice.
    pub fn finish(self) -> Result<Table, TableError> {
        let Builder { mut table, known } = self;
        drop(known);
        table.sort();
        table.refuse_twins()?;
        let width = table.columns.len();
        for at in 0..width {
            let numbers = table.rows.iter().skip(at).step_by(width);
            table.columns[at].count(numbers);
        }
        Ok(table)
    }
}

impl Table {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The fields with their values.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The names of the lists, in the order in which they first came.
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// The number of the list that a row is from.
    pub fn list_of(&self, row: u32) -> usize {
        usize::from(self.list_of[row as usize])
    }

    /// The id of a row in its list.
    pub fn id(&self, row: u32) -> &str {
        &self.ids[row as usize]
    }

    /// A row's value numbers, one for each column.
    pub fn row(&self, row: u32) -> &[u32] {
        let width = self.columns.len();
        &self.rows[row as usize * width..][..width]
    }

    /// A number made of what a row says, and of nothing else.
    pub fn mark(&self, row: u32) -> u64 {
        self.marks[row as usize]
    }

    /// Values that were taken as missing: the first thousand.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// How many values were taken as missing although their cells were not empty.
    pub fn warned(&self) -> usize {
        self.warned
    }

    /// The column of the only field with this role.
    pub fn column_of(&self, role: Role) -> Option<usize> {
        let mut found = (0..self.columns.len()).filter(|at| self.columns[*at].field.role == role);
        found.next().filter(|_| found.next().is_none())
    }

    fn sort(&mut self) {
        let mut order: Vec<u32> = (0..self.ids.len() as u32).collect();
        let key = |row: u32| (self.mark(row), &self.lists[self.list_of(row)], self.id(row));
        order.sort_unstable_by(|one, other| key(*one).cmp(&key(*other)));
        let rows = order
            .iter()
            .flat_map(|row| self.row(*row).iter().copied())
            .collect();
        let list_of = order
            .iter()
            .map(|row| self.list_of[*row as usize])
            .collect();
        let marks = order.iter().map(|row| self.marks[*row as usize]).collect();
        let ids = order
            .iter()
            .map(|row| std::mem::take(&mut self.ids[*row as usize]))
            .collect();
        (self.rows, self.list_of, self.marks, self.ids) = (rows, list_of, marks, ids);
    }

    fn refuse_twins(&self) -> Result<(), TableError> {
        let hash = |row: u32| {
            mix::bytes(
                u64::from(self.list_of[row as usize]),
                self.id(row).as_bytes(),
            )
        };
        let mut hashes: Vec<(u64, u32)> =
            (0..self.len() as u32).map(|row| (hash(row), row)).collect();
        hashes.sort_unstable();
        let twin = hashes.windows(2).find(|two| {
            let (one, other) = (two[0].1, two[1].1);
            two[0].0 == two[1].0
                && self.list_of(one) == self.list_of(other)
                && self.id(one) == self.id(other)
        });
        match twin {
            None => Ok(()),
            Some(two) => {
                let row = two[0].1;
                Err(TableError::IdTwice {
                    list: self.lists[self.list_of(row)].clone(),
                    id: self.id(row).to_owned(),
                })
            }
        }
    }
}

impl Column {
    fn new(field: Field) -> Column {
        let (raw, values) = (vec![Box::from("")], vec![None]);
        Column {
            field,
            raw,
            values,
            groups: vec![0],
            frequencies: Vec::new(),
            agreement: 0.0,
        }
    }

    /// The value of a number; `None` for [`MISSING`].
    pub fn value(&self, number: u32) -> Option<&Value> {
        self.values[number as usize].as_ref()
    }

    /// A value as it stood in its list.
    pub fn raw(&self, number: u32) -> &str {
        &self.raw[number as usize]
    }

    /// How many distinct values there are, the missing one counted.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no record has a value.
    pub fn is_empty(&self) -> bool {
        self.values.len() == 1
    }

    /// The same number for values that are equal once folded.
    pub fn group(&self, number: u32) -> u64 {
        self.groups[number as usize]
    }

    /// What part of all records has this value.
    pub fn frequency(&self, number: u32) -> f64 {
        f64::from(self.frequencies[number as usize])
    }

    fn count<'a>(&mut self, numbers: impl Iterator<Item = &'a u32>) {
        let mut counts = vec![0u32; self.values.len()];
        numbers.for_each(|number| counts[*number as usize] += 1);
        let present: u32 = counts[1..].iter().sum();
        let mut by_group: Map<u64, u32> = Map::default();
        for (group, count) in self.groups.iter().zip(&counts).skip(1) {
            *by_group.entry(*group).or_default() += count;
        }
        let parts = self.part_counts(&counts);
        let total = f64::from(present);
        let frequency = |number: usize| {
            // The record itself says nothing about how common its name is.
            let others = f64::from(by_group[&self.groups[number]]) - 1.0;
            let counted = (others.max(0.0) + SMOOTHING * FREQUENCY_PRIOR) / (total + SMOOTHING);
            counted.max(self.made_of_parts(number, &parts, total))
        };
        let mut frequencies = vec![0.0; self.values.len()];
        for (number, place) in frequencies.iter_mut().enumerate().skip(1) {
            *place = frequency(number) as f32;
        }
        let weighted = frequencies
            .iter()
            .zip(&counts)
            .skip(1)
            .map(|(frequency, count)| f64::from(*frequency) * f64::from(*count));
        self.agreement = if present == 0 {
            0.0
        } else {
            weighted.sum::<f64>() / total
        };
        self.frequencies = frequencies;
    }

    /// How often each part of a whole name occurs.
    fn part_counts(&self, counts: &[u32]) -> Map<Box<str>, u32> {
        let mut parts: Map<Box<str>, u32> = Map::default();
        if self.field.role != Role::Name {
            return parts;
        }
        for (value, count) in self.values.iter().zip(counts) {
            let Some(Value::Names(names)) = value else {
                continue;
            };
            for part in names.iter().take(1).flat_map(|name| &name.parts) {
                *parts.entry(part.text.as_str().into()).or_default() += count;
            }
        }
        parts
    }

    /// A whole name that occurs once is as rare as its parts make it, not rarer.
    fn made_of_parts(&self, number: usize, parts: &Map<Box<str>, u32>, total: f64) -> f64 {
        let Some(Some(Value::Names(names))) = self.values.get(number).filter(|_| !parts.is_empty())
        else {
            return 0.0;
        };
        let Some(name) = names.first() else {
            return 0.0;
        };
        let frequency =
            |text: &str| f64::from(parts.get(text).copied().unwrap_or(1)) / (total + SMOOTHING);
        name.parts
            .iter()
            .map(|part| frequency(&part.text).min(1.0))
            .product()
    }
}
