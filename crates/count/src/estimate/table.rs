//! The overlap table: for every combination of lists, how many people are on exactly those.

use std::collections::BTreeMap;

use super::cells::{LISTS_MAX, cell_count};

/// Counts above this are not exact in double precision, in which the models are fitted.
pub const COUNT_MAX: u64 = 1 << 53;

/// How many people are on exactly which lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    lists: Vec<String>,
    counts: Vec<u64>,
    missing: Vec<usize>,
}

/// A table, whole and for each stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratified {
    /// All strata together.
    pub whole: Table,
    /// Each stratum by its name, in the order of names; empty without a column of strata.
    pub strata: Vec<(String, Table)>,
}

/// Why a table was refused. Each names the line of the file, the head being line 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// There is nothing in the file, or only the head. Give one row for each combination of lists.
    #[error("the table is empty: it needs a head and at least one row")]
    Empty,
    /// Some bytes are not UTF-8. Save the whole file in that encoding.
    #[error("line {line} is not in UTF-8; save the whole file in that encoding")]
    NotText {
        /// The line.
        line: u64,
    },
    /// No column is called `count`. Name the column of counts so.
    #[error("the head (line 1) has no column “count”; it names: {columns}")]
    CountMissing {
        /// What the head names.
        columns: String,
    },
    /// Two columns have one name. Rename one.
    #[error("the head (line 1) names the column “{0}” twice")]
    ColumnTwice(String),
    /// A column has no name. Name it.
    #[error("column {0} of the head (line 1) has no name")]
    ColumnNameless(usize),
    /// The column of strata is not in the head. Name one that is.
    #[error("the head (line 1) has no column “{name}” for strata; it names: {columns}")]
    StrataMissing {
        /// What was asked for.
        name: String,
        /// What the head names.
        columns: String,
    },
    /// One list cannot say how many people it missed. Add a second and, better, a third.
    #[error(
        "an estimate needs at least two lists, and the head (line 1) names {0}; from one list nothing can be said of those whom it missed"
    )]
    TooFewLists(usize),
    /// More lists than the models can take. Merge lists of one kind.
    #[error(
        "the head (line 1) names {0} lists; at most {LISTS_MAX} can be taken, so merge lists of one kind"
    )]
    TooManyLists(usize),
    /// A row has too few or too many fields.
    #[error("line {line} has {fields} fields, and the head has {wanted}")]
    Fields {
        /// The line.
        line: u64,
        /// How many it has.
        fields: usize,
        /// How many it should have.
        wanted: usize,
    },
    /// A list's column holds something else than 0 or 1.
    #[error("line {line}: the list “{list}” is “{value}”; it must be 1 (on the list) or 0")]
    NotZeroOrOne {
        /// The line.
        line: u64,
        /// The column.
        list: String,
        /// What stands there.
        value: String,
    },
    /// A count is negative, a fraction, infinite, not a number, or no number at all.
    #[error("line {line}: the count is “{value}”; it must be a whole number of people, 0 or more")]
    NotACount {
        /// The line.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// A count is too large to be exact.
    #[error(
        "line {line}: the count {value} is above {COUNT_MAX}, which is more people than can be counted exactly"
    )]
    TooLarge {
        /// The line.
        line: u64,
        /// What stands there.
        value: String,
    },
    /// A combination stands twice. Decide which is right, or add them up.
    #[error(
        "lines {first} and {line} are the same combination ({combination}); decide which is right, or add them up"
    )]
    Twice {
        /// The later line.
        line: u64,
        /// The earlier line.
        first: u64,
        /// The combination, list by list.
        combination: String,
    },
    /// The row of those on no list has a count. That number is what an estimate is for; leave the row out.
    #[error(
        "line {line} counts {value} people who are on no list; that number is what is to be estimated, so leave the row out"
    )]
    Unseen {
        /// The line.
        line: u64,
        /// What stands there.
        value: u64,
    },
    /// A stratum has no name.
    #[error("line {line}: the stratum has no name")]
    StratumNameless {
        /// The line.
        line: u64,
    },
    /// All counts are zero.
    #[error("nobody is on any list: every count is 0")]
    Nobody,
    /// A list names nobody. Leave its column out.
    #[error(
        "the list “{0}” names nobody: its column is 0 in every row with a count; leave the column out"
    )]
    ListEmpty(String),
}

impl Table {
    /// A table from counts by cell: index `c` counts the people who are exactly on the lists whose bits are set in `c`. Index 0, the
    /// people on no list, is not read.
    ///
    /// # Errors
    /// Too few or too many lists, a wrong number of counts, nobody at all, or a list that names nobody.
    pub fn new(lists: Vec<String>, mut counts: Vec<u64>) -> Result<Table, TableError> {
        if lists.len() < 2 {
            return Err(TableError::TooFewLists(lists.len()));
        }
        if lists.len() > LISTS_MAX {
            return Err(TableError::TooManyLists(lists.len()));
        }
        counts.resize(cell_count(lists.len()), 0);
        counts[0] = 0;
        let table = Table {
            lists,
            counts,
            missing: Vec::new(),
        };
        if table.observed() == 0 {
            return Err(TableError::Nobody);
        }
        match (0..table.lists.len()).find(|list| table.on_all(1 << list) == 0) {
            Some(empty) => Err(TableError::ListEmpty(table.lists[empty].clone())),
            None => Ok(table),
        }
    }

    /// Reads a table: a head, a column of 0 and 1 for each list, and the column `count`. Combinations without a row count as 0.
    ///
    /// # Errors
    /// See [`TableError`]; each names the line.
    pub fn read(bytes: &[u8]) -> Result<Table, TableError> {
        Ok(Stratified::read(bytes, None)?.whole)
    }

    /// The names of the lists.
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// The counts by cell.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Cells that had no row in the file and count as 0.
    pub fn missing(&self) -> &[usize] {
        &self.missing
    }

    /// How many people are on at least one list.
    pub fn observed(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// How many people are on all the lists of `term`, whatever else they are on.
    pub fn on_all(&self, term: usize) -> u64 {
        let inside = self
            .counts
            .iter()
            .enumerate()
            .filter(|(cell, _)| cell & term == term);
        inside.map(|(_, count)| count).sum()
    }

    /// How many people are on exactly `number` lists.
    pub fn on_exactly(&self, number: u32) -> u64 {
        let exactly = self
            .counts
            .iter()
            .enumerate()
            .filter(|(cell, _)| cell.count_ones() == number);
        exactly.map(|(_, count)| count).sum()
    }

    /// The names of the lists in a cell or term, joined by ` & `.
    pub fn named(&self, cell: usize) -> String {
        let inside = self
            .lists
            .iter()
            .enumerate()
            .filter(|(index, _)| cell >> index & 1 == 1);
        inside
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>()
            .join(" & ")
    }

    /// The table without the lists that name nobody, and the names of those.
    pub(crate) fn without_empty(
        lists: &[String],
        counts: &[u64],
    ) -> (Result<Table, TableError>, Vec<String>) {
        let on = |list: usize| {
            counts
                .iter()
                .enumerate()
                .any(|(cell, count)| cell >> list & 1 == 1 && *count > 0)
        };
        let (kept, empty): (Vec<usize>, Vec<usize>) = (0..lists.len()).partition(|list| on(*list));
        let mut folded = vec![0; cell_count(kept.len())];
        for (cell, count) in counts.iter().enumerate() {
            let place = kept
                .iter()
                .enumerate()
                .filter(|(_, list)| cell >> **list & 1 == 1);
            folded[place.map(|(index, _)| 1 << index).sum::<usize>()] += count;
        }
        let names = |indexes: &[usize]| {
            indexes
                .iter()
                .map(|list| lists[*list].clone())
                .collect::<Vec<_>>()
        };
        (Table::new(names(&kept), folded), names(&empty))
    }
}

impl Stratified {
    /// As [`Table::read`], with a column that names each row's stratum.
    ///
    /// # Errors
    /// See [`TableError`].
    pub fn read(bytes: &[u8], strata: Option<&str>) -> Result<Stratified, TableError> {
        let text = text(bytes)?;
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter(text))
            .from_reader(text.as_bytes());
        let head: Vec<String> = match reader.headers() {
            Ok(head) if !head.iter().all(|name| name.trim().is_empty()) => {
                head.iter().map(|name| name.trim().to_owned()).collect()
            }
            _ => return Err(TableError::Empty),
        };
        let columns = Columns::of(&head, strata)?;
        let mut rows = Rows::default();
        for record in reader.records() {
            let record = record.map_err(|error| TableError::NotText {
                line: error.position().map_or(0, csv::Position::line),
            })?;
            rows.take(&columns, &record)?;
        }
        rows.finish(columns)
    }
}

/// Where things stand in a row.
struct Columns {
    head: Vec<String>,
    count: usize,
    strata: Option<usize>,
    lists: Vec<usize>,
}

impl Columns {
    fn of(head: &[String], strata: Option<&str>) -> Result<Columns, TableError> {
        for (index, name) in head.iter().enumerate() {
            if name.is_empty() {
                return Err(TableError::ColumnNameless(index + 1));
            }
            if head[..index].contains(name) {
                return Err(TableError::ColumnTwice(name.clone()));
            }
        }
        let columns = head.join(", ");
        let count = head
            .iter()
            .position(|name| name.eq_ignore_ascii_case("count"));
        let count = count.ok_or_else(|| TableError::CountMissing {
            columns: columns.clone(),
        })?;
        let strata = strata
            .map(|name| {
                let found = head.iter().position(|column| column == name.trim());
                found.ok_or_else(|| TableError::StrataMissing {
                    name: name.to_owned(),
                    columns: columns.clone(),
                })
            })
            .transpose()?;
        let lists: Vec<usize> = (0..head.len())
            .filter(|column| *column != count && Some(*column) != strata)
            .collect();
        match lists.len() {
            0 | 1 => Err(TableError::TooFewLists(lists.len())),
            many if many > LISTS_MAX => Err(TableError::TooManyLists(many)),
            _ => Ok(Columns {
                head: head.to_vec(),
                count,
                strata,
                lists,
            }),
        }
    }

    fn list_names(&self) -> Vec<String> {
        self.lists
            .iter()
            .map(|column| self.head[*column].clone())
            .collect()
    }
}

/// The rows read so far: for each stratum and cell the count and its line.
#[derive(Default)]
struct Rows {
    cells: BTreeMap<String, BTreeMap<usize, (u64, u64)>>,
    total: u64,
}

impl Rows {
    fn take(&mut self, columns: &Columns, record: &csv::StringRecord) -> Result<(), TableError> {
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != columns.head.len() {
            return Err(TableError::Fields {
                line,
                fields: record.len(),
                wanted: columns.head.len(),
            });
        }
        let mut cell = 0;
        for (index, column) in columns.lists.iter().enumerate() {
            match western(&record[*column]).as_str() {
                "1" => cell |= 1 << index,
                "0" => {}
                _ => {
                    return Err(TableError::NotZeroOrOne {
                        line,
                        list: columns.head[*column].clone(),
                        value: record[*column].to_owned(),
                    });
                }
            }
        }
        let count = self.count(line, &record[columns.count])?;
        if cell == 0 {
            return if count == 0 {
                Ok(())
            } else {
                Err(TableError::Unseen { line, value: count })
            };
        }
        let stratum = columns.strata.map_or("", |column| record[column].trim());
        if stratum.is_empty() && columns.strata.is_some() {
            return Err(TableError::StratumNameless { line });
        }
        let combination = || {
            columns
                .lists
                .iter()
                .map(|column| format!("{} {}", columns.head[*column], &record[*column]))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self
            .cells
            .entry(stratum.to_owned())
            .or_default()
            .insert(cell, (count, line))
        {
            Some((_, first)) => Err(TableError::Twice {
                line,
                first,
                combination: combination(),
            }),
            None => Ok(()),
        }
    }

    fn count(&mut self, line: u64, value: &str) -> Result<u64, TableError> {
        let digits = western(value);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(TableError::NotACount {
                line,
                value: value.to_owned(),
            });
        }
        let too_large = || TableError::TooLarge {
            line,
            value: value.to_owned(),
        };
        let count: u64 = digits.parse().map_err(|_| too_large())?;
        self.total = self
            .total
            .checked_add(count)
            .filter(|total| *total <= COUNT_MAX)
            .ok_or_else(too_large)?;
        Ok(count)
    }

    fn finish(self, columns: Columns) -> Result<Stratified, TableError> {
        if self.cells.is_empty() {
            return Err(TableError::Empty);
        }
        let names = columns.list_names();
        let size = cell_count(names.len());
        let mut counts = vec![0; size];
        let mut strata = Vec::new();
        for (stratum, cells) in &self.cells {
            let mut own = vec![0; size];
            for (cell, (count, _)) in cells {
                own[*cell] = *count;
                counts[*cell] += *count;
            }
            if columns.strata.is_some() {
                let missing = (1..size).filter(|cell| !cells.contains_key(cell)).collect();
                strata.push((
                    stratum.clone(),
                    Table {
                        lists: names.clone(),
                        counts: own,
                        missing,
                    },
                ));
            }
        }
        let mut whole = Table::new(names, counts)?;
        whole.missing = (1..size)
            .filter(|cell| !self.cells.values().any(|cells| cells.contains_key(cell)))
            .collect();
        Ok(Stratified { whole, strata })
    }
}

/// The text of a file, without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, TableError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let line_of =
        |end: usize| 1 + bytes[..end].iter().filter(|byte| **byte == b'\n').count() as u64;
    let text = std::str::from_utf8(bytes).map_err(|error| TableError::NotText {
        line: line_of(error.valid_up_to()),
    })?;
    match text.find('\0') {
        // UTF-16 shows itself by zero bytes.
        Some(place) => Err(TableError::NotText {
            line: line_of(place),
        }),
        None if text.trim().is_empty() => Err(TableError::Empty),
        None => Ok(text),
    }
}

/// Spreadsheets write semicolons where the comma is the decimal sign, and some write tabs.
fn delimiter(text: &str) -> u8 {
    let head = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let found = [b',', b';', b'\t']
        .into_iter()
        .find(|sign| head.as_bytes().contains(sign));
    found.unwrap_or(b',')
}

/// Without spaces around it and with Persian and Arabic digits as European ones.
fn western(value: &str) -> String {
    let digit = |sign: char| match sign {
        '۰'..='۹' => char::from(b'0' + (sign as u32 - '۰' as u32) as u8),
        '٠'..='٩' => char::from(b'0' + (sign as u32 - '٠' as u32) as u8),
        other => other,
    };
    value.trim().chars().map(digit).collect()
}
