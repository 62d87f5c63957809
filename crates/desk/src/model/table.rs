//! The shipped tables, read once. They are part of the program; that they are whole is what the tests below hold.

use super::terms::{Term, Vocabulary};
use super::{Field, Label, Model, Shape, Type};

const TYPES: &str = include_str!("../../model/types.tsv");
const FIELDS: &str = include_str!("../../model/fields.tsv");
const TERMS: &str = include_str!("../../model/terms.tsv");

/// The rows after the heading, as cells; lines that begin with `#` say something to the reader.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .skip(1)
        .map(|line| line.split('\t').collect())
}

fn cell(row: &[&'static str], at: usize) -> &'static str {
    row.get(at).copied().unwrap_or_default()
}

fn label(row: &[&'static str], from: usize) -> Label {
    let [en, fa, ar, fr] = [0, 1, 2, 3].map(|at| cell(row, from + at));
    Label { en, fa, ar, fr }
}

pub(super) fn shipped() -> Model {
    let mut types: Vec<Type> = rows(TYPES)
        .map(|row| Type {
            name: cell(&row, 0),
            label: label(&row, 1),
            many: label(&row, 5),
            fields: Vec::new(),
        })
        .collect();
    for row in rows(FIELDS) {
        let owner = types.iter_mut().find(|one| one.name == cell(&row, 0));
        if let (Some(owner), Some(field)) = (owner, field(&row)) {
            owner.fields.push(field);
        }
    }
    let mut vocabularies: Vec<Vocabulary> = Vec::new();
    for row in rows(TERMS) {
        let term = Term {
            code: cell(&row, 1),
            version: cell(&row, 2).parse().unwrap_or(1),
            label: label(&row, 3),
            mapping: cell(&row, 7),
        };
        match vocabularies
            .iter_mut()
            .find(|one| one.name == cell(&row, 0))
        {
            Some(vocabulary) => vocabulary.terms.push(term),
            None => vocabularies.push(Vocabulary {
                name: cell(&row, 0),
                terms: vec![term],
            }),
        }
    }
    Model {
        types,
        vocabularies,
    }
}

fn field(row: &[&'static str]) -> Option<Field> {
    let marks: Vec<&str> = cell(row, 3).split(',').collect();
    let has = |mark| marks.contains(&mark);
    Some(Field {
        name: cell(row, 1),
        label: label(row, 4),
        shape: Shape::read(cell(row, 2))?,
        many: has("many"),
        required: has("required"),
        title: has("title"),
        name_of_person: has("name"),
        closed: has("closed"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::MODEL;
    use super::*;

    const MARKS: [&str; 6] = ["", "many", "required", "title", "name", "closed"];

    #[test]
    fn every_row_of_the_tables_is_whole() {
        for (text, columns) in [(TYPES, 9), (FIELDS, 8), (TERMS, 8)] {
            for row in rows(text) {
                assert_eq!(row.len(), columns, "{row:?}");
                let labels = if columns == 9 {
                    1..9
                } else if text == FIELDS {
                    4..8
                } else {
                    3..7
                };
                assert!(
                    row.get(labels)
                        .is_some_and(|cells| cells.iter().all(|cell| !cell.trim().is_empty())),
                    "{row:?}"
                );
            }
        }
        for row in rows(FIELDS) {
            assert!(MODEL.find(cell(&row, 0)).is_some(), "no type {row:?}");
            assert!(Shape::read(cell(&row, 2)).is_some(), "no shape {row:?}");
            assert!(
                cell(&row, 3).split(',').all(|mark| MARKS.contains(&mark)),
                "{row:?}"
            );
        }
    }

    #[test]
    fn what_a_field_points_to_is_there() {
        for one in MODEL.types() {
            assert!(one.titles().next().is_some(), "{} has no title", one.name);
            let names: BTreeSet<_> = one.fields.iter().map(|field| field.name).collect();
            assert_eq!(
                names.len(),
                one.fields.len(),
                "{} names a field twice",
                one.name
            );
            for field in &one.fields {
                match &field.shape {
                    Shape::Term(vocabulary) => assert!(
                        MODEL.vocabulary(vocabulary).is_some(),
                        "no vocabulary {vocabulary}"
                    ),
                    Shape::Reference(types) => assert!(
                        types.iter().all(|name| MODEL.find(name).is_some()),
                        "{types:?}"
                    ),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn no_term_stands_twice_and_each_vocabulary_is_used() {
        let mut seen = BTreeSet::new();
        assert!(rows(TERMS).all(|row| seen.insert((cell(&row, 0), cell(&row, 1), cell(&row, 2)))));
        let used: BTreeSet<_> = MODEL
            .types()
            .iter()
            .flat_map(|one| &one.fields)
            .filter_map(|field| match field.shape {
                Shape::Term(vocabulary) => Some(vocabulary),
                _ => None,
            })
            .collect();
        let idle: Vec<_> = MODEL
            .vocabularies()
            .iter()
            .map(|one| one.name)
            .filter(|name| !used.contains(name))
            .collect();
        assert!(idle.is_empty(), "{idle:?}");
    }
}
