//! Linkage as a user sees it: required pairs, invented lists with known truth, bad input, and properties.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up must stop")]

mod bad_input;
mod invented;
mod properties;
mod required;

use count::field::{Field, Role};
use count::linkage::{Linkage, Settings, Silent, link};
use count::table::{Builder, Table};

/// A field without a calendar.
fn field(name: &str, role: Role) -> Field {
    Field {
        name: name.to_owned(),
        role,
        calendar: None,
    }
}

/// A table of rows `list, id, cells`, the cells in alphabetical order of the fields.
fn table(fields: &[(&str, Role)], rows: &[(&str, &str, Vec<&str>)]) -> Table {
    let fields = fields
        .iter()
        .map(|(name, role)| field(name, *role))
        .collect();
    let mut builder = Builder::new(fields).unwrap();
    for (list, id, cells) in rows {
        builder.push(list, id, cells.iter().copied()).unwrap();
    }
    builder.finish().unwrap()
}

/// Persons as sets of `list:id`, in order: what does not depend on rows.
fn persons(table: &Table, linked: &Linkage) -> Vec<Vec<String>> {
    let mut persons: std::collections::BTreeMap<u32, Vec<String>> =
        std::collections::BTreeMap::new();
    for row in 0..table.len() as u32 {
        let name = format!("{}:{}", table.lists()[table.list_of(row)], table.id(row));
        persons
            .entry(linked.clusters.of[row as usize])
            .or_default()
            .push(name);
    }
    let mut persons: Vec<Vec<String>> = persons.into_values().collect();
    persons.iter_mut().for_each(|names| names.sort());
    persons.sort();
    persons
}

fn linked(table: &Table) -> Linkage {
    link(table, &Settings::default(), &Silent).unwrap()
}
