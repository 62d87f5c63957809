//! Rows of somebody's table as statements: which column is which field, and what a cell means.
//!
//! Nothing is guessed in silence. A column whose heading is a field's name or label in one of the four languages is that field;
//! every other column must be mapped or is reported as left out. A row becomes a draft, or is rejected with a reason.

use std::collections::{BTreeMap, BTreeSet};

use crate::fold::fold;
use crate::model::{Field, MODEL, Shape, Type};

mod others;

/// The most columns of a table. Wider ones are sheets that somebody filled to the edge by accident.
pub const COLUMNS_MAX: usize = 2_000;
/// The longest cell that is read, in bytes.
pub const CELL_BYTES_MAX: usize = 200_000;

/// What somebody says about their table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The type that a row becomes.
    pub type_name: String,
    /// The table's name. With the row's id it says where an entity came from, so that the same table can be imported again.
    pub source: String,
    /// The column that tells rows apart; without one the row's number does, and rows must then keep their order.
    pub id_column: Option<String>,
    /// What parts several values in one cell; none if a cell is one value.
    pub separator: Option<String>,
    /// Columns by field, where headings do not say it.
    pub columns: BTreeMap<String, Vec<String>>,
    /// Values that every row has.
    pub constants: BTreeMap<String, Vec<String>>,
    /// What cells mean, by field: the cell as written to the code of the term.
    pub terms: BTreeMap<String, BTreeMap<String, String>>,
}

/// Why a mapping does not fit a table. Nothing was read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// There is no type of this name.
    #[error("there is no type {0:?}")]
    Type(String),
    /// The type has no such field.
    #[error("the type has no field {0:?}")]
    Field(String),
    /// The table has no such column.
    #[error("the table has no column {0:?}; it has: {1}")]
    Column(String, String),
    /// Two columns have one heading, so that nobody knows which is meant.
    #[error("two columns are called {0:?}")]
    TwoColumns(String),
    /// Too many columns.
    #[error("the table has more than {COLUMNS_MAX} columns")]
    Columns,
    /// No column is known.
    #[error("no column is a field of this type; map them, or name them as the fields are")]
    Nothing,
}

/// A mapping that fits a table.
#[derive(Debug)]
pub struct Import {
    model: &'static Type,
    mapping: Mapping,
    id: Option<usize>,
    fields: Vec<(&'static Field, Vec<usize>)>,
    headings: Vec<String>,
}

/// A row as what it would state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDraft {
    /// Where it comes from; the same for the same row of the same table.
    pub origin: String,
    /// The fields that it sets.
    pub set: BTreeMap<String, Vec<String>>,
}

/// Why a row states nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// All its cells are empty.
    #[error("the row is empty")]
    Empty,
    /// Its id is empty.
    #[error("the column {0:?}, which tells rows apart, is empty")]
    NoId(String),
    /// It has more cells than there are headings, so cells stand under the wrong one.
    #[error("the row has {0} cells under {1} headings")]
    Cells(usize, usize),
    /// A cell is longer than any field.
    #[error("the cell under {0:?} is longer than {CELL_BYTES_MAX} bytes")]
    Long(String),
}

impl Import {
    /// Fits a mapping to a table's headings.
    pub fn new(mapping: Mapping, headings: &[String]) -> Result<Import, MappingError> {
        let model = MODEL
            .find(&mapping.type_name)
            .ok_or_else(|| MappingError::Type(mapping.type_name.clone()))?;
        if headings.len() > COLUMNS_MAX {
            return Err(MappingError::Columns);
        }
        let headings: Vec<String> = headings
            .iter()
            .map(|one| one.trim().trim_start_matches('\u{FEFF}').to_owned())
            .collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = headings
            .iter()
            .find(|one| !one.is_empty() && !seen.insert(one.as_str()))
        {
            return Err(MappingError::TwoColumns(twice.clone()));
        }
        let place = |name: &str| {
            let name = name.trim();
            let found = headings.iter().position(|one| one == name);
            found.ok_or_else(|| MappingError::Column(name.to_owned(), headings.join(", ")))
        };
        for name in mapping
            .columns
            .keys()
            .chain(mapping.constants.keys())
            .chain(mapping.terms.keys())
        {
            model
                .field(name)
                .ok_or_else(|| MappingError::Field(name.clone()))?;
        }
        let mut fields = Vec::new();
        for field in &model.fields {
            let places: Vec<usize> = match mapping.columns.get(field.name) {
                Some(columns) => columns
                    .iter()
                    .map(|name| place(name))
                    .collect::<Result<_, _>>()?,
                None => places_of(field, &headings),
            };
            if !places.is_empty() {
                fields.push((field, places));
            }
        }
        if fields.is_empty() {
            return Err(MappingError::Nothing);
        }
        let id = mapping.id_column.as_deref().map(place).transpose()?;
        Ok(Import {
            model,
            mapping,
            id,
            fields,
            headings,
        })
    }

    /// The type that rows become.
    #[must_use]
    pub fn model(&self) -> &'static Type {
        self.model
    }

    /// Which columns go into which field, for a person to look at first.
    pub fn plan(&self) -> impl Iterator<Item = (&'static str, Vec<&str>)> {
        let heading = |at: &usize| self.headings.get(*at).map_or("", String::as_str);
        self.fields
            .iter()
            .map(move |(field, places)| (field.name, places.iter().map(heading).collect()))
    }

    /// The columns that go nowhere.
    #[must_use]
    pub fn left_out(&self) -> Vec<&str> {
        let used: BTreeSet<usize> = self
            .fields
            .iter()
            .flat_map(|(_, places)| places.iter().copied())
            .chain(self.id)
            .collect();
        let headings = self.headings.iter().enumerate();
        headings
            .filter(|(at, one)| !used.contains(at) && !one.is_empty())
            .map(|(_, one)| one.as_str())
            .collect()
    }

    /// One row, by its number in the file (the heading is 1).
    pub fn row(&self, number: u64, cells: &[String]) -> Result<RowDraft, RowError> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Err(RowError::Empty);
        }
        let beyond = cells
            .iter()
            .skip(self.headings.len())
            .any(|cell| !cell.trim().is_empty());
        if beyond {
            return Err(RowError::Cells(cells.len(), self.headings.len()));
        }
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let id = match self.id {
            None => number.to_string(),
            Some(at) if cell(at).is_empty() => {
                return Err(RowError::NoId(
                    self.headings.get(at).cloned().unwrap_or_default(),
                ));
            }
            Some(at) => cell(at).to_owned(),
        };
        let mut set = self.mapping.constants.clone();
        for (field, places) in &self.fields {
            let mut values = Vec::new();
            for at in places {
                if cell(*at).len() > CELL_BYTES_MAX {
                    return Err(RowError::Long(
                        self.headings.get(*at).cloned().unwrap_or_default(),
                    ));
                }
                self.split(field, cell(*at))
                    .for_each(|one| values.push(self.meant(field, one)));
            }
            if !values.is_empty() {
                set.insert(field.name.to_owned(), values);
            }
        }
        Ok(RowDraft {
            origin: origin(&self.mapping.source, &id),
            set,
        })
    }

    fn split<'a>(&'a self, field: &Field, cell: &'a str) -> impl Iterator<Item = &'a str> {
        let separator = self
            .mapping
            .separator
            .as_deref()
            .filter(|one| field.many && !one.is_empty());
        let parts: Vec<&str> = match separator {
            Some(separator) => cell.split(separator).collect(),
            None => vec![cell],
        };
        parts
            .into_iter()
            .map(str::trim)
            .filter(|one| !one.is_empty())
    }

    /// A cell as the field's value: a term may be written as its code or in words, in any of the four languages.
    fn meant(&self, field: &Field, cell: &str) -> String {
        let said = self
            .mapping
            .terms
            .get(field.name)
            .and_then(|terms| terms.get(cell));
        if let Some(code) = said {
            return code.clone();
        }
        let Shape::Term(vocabulary) = field.shape else {
            return others::plain(field, cell);
        };
        let folded = fold(cell);
        let terms = MODEL
            .vocabulary(vocabulary)
            .map_or(&[][..], |one| one.terms.as_slice());
        let known = terms.iter().find(|term| {
            let label = term.label;
            term.code == folded || label.all().iter().any(|one| fold(one) == folded)
        });
        known.map_or_else(|| cell.to_owned(), |term| term.code.to_owned())
    }
}

/// Where a row's entity came from.
#[must_use]
pub fn origin(source: &str, id: &str) -> String {
    let text: String = format!("import {source} {id}").chars().take(400).collect();
    text
}

/// The columns whose heading is the field's. Columns for languages (`title__en`) are taken where no other is; a field of one value
/// takes the first, and the others are left out.
fn places_of(field: &Field, headings: &[String]) -> Vec<usize> {
    let matching = |is_of: &dyn Fn(&str) -> bool| -> Vec<usize> {
        let all = headings.iter().enumerate();
        all.filter(|(_, heading)| is_of(heading))
            .map(|(at, _)| at)
            .collect()
    };
    let exact = matching(&|heading| is_heading_of(field, heading));
    if !exact.is_empty() {
        return exact;
    }
    let mut by_language = matching(&|heading| {
        others::language_column(heading).is_some_and(|name| is_heading_of(field, name))
    });
    if !field.many {
        by_language.truncate(1);
    }
    by_language
}

fn is_heading_of(field: &Field, heading: &str) -> bool {
    let heading = fold(heading);
    let label = field.label;
    !heading.is_empty()
        && (label.all().iter().any(|one| fold(one) == heading)
            || heading.replace([' ', '-'], "_") == field.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|one| (*one).to_owned()).collect()
    }

    fn mapping() -> Mapping {
        Mapping {
            type_name: "person".to_owned(),
            source: "list".to_owned(),
            separator: Some(";".to_owned()),
            ..Mapping::default()
        }
    }

    #[test]
    fn headings_in_any_language_are_fields_and_terms_are_read_as_words() {
        let import = Import::new(mapping(), &texts(&["نام", "Sex", "notes of nobody"])).unwrap();
        assert_eq!(import.left_out(), ["notes of nobody"]);
        let row = import.row(2, &texts(&["علی ; Ali", "زن", "x"])).unwrap();
        assert_eq!(row.set["name"], ["علی", "Ali"]);
        assert_eq!(row.set["sex"], ["female"]);
        assert_eq!(row.origin, "import list 2");
    }

    #[test]
    fn rows_that_say_nothing_or_too_much_are_rejected_with_a_reason() {
        let mut with_id = mapping();
        with_id.id_column = Some("No".to_owned());
        let import = Import::new(with_id, &texts(&["No", "name"])).unwrap();
        assert_eq!(import.row(2, &texts(&["", " "])), Err(RowError::Empty));
        assert_eq!(
            import.row(3, &texts(&["", "Ali"])),
            Err(RowError::NoId("No".to_owned()))
        );
        assert_eq!(
            import.row(4, &texts(&["1", "Ali", "x"])),
            Err(RowError::Cells(3, 2))
        );
        assert_eq!(
            import.row(5, &texts(&["1", "Ali", ""])).unwrap().origin,
            "import list 1"
        );
    }

    #[test]
    fn a_mapping_that_does_not_fit_says_how() {
        let new = |mapping: Mapping, headings: &[&str]| {
            Import::new(mapping, &texts(headings))
                .map(drop)
                .unwrap_err()
        };
        assert_eq!(new(mapping(), &["colour"]), MappingError::Nothing);
        assert_eq!(
            new(mapping(), &["name", "name"]),
            MappingError::TwoColumns("name".to_owned())
        );
        let mut absent = mapping();
        absent.columns.insert("born".to_owned(), texts(&["Year"]));
        assert_eq!(
            new(absent, &["name"]),
            MappingError::Column("Year".to_owned(), "name".to_owned())
        );
        let mut unknown = mapping();
        unknown
            .constants
            .insert("colour".to_owned(), texts(&["blue"]));
        assert_eq!(
            new(unknown, &["name"]),
            MappingError::Field("colour".to_owned())
        );
        let wide: Vec<&str> = vec![""; COLUMNS_MAX + 1];
        assert_eq!(new(mapping(), &wide), MappingError::Columns);
    }
}
