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

    /// Who looks for a word finds it only if it is written with the letters of its language.
    #[test]
    fn words_are_written_with_the_letters_of_their_language() {
        let labels = MODEL.types().iter().flat_map(|one| {
            let fields = one.fields.iter().map(|field| field.label);
            fields.chain([one.label, one.many])
        });
        let lists = MODEL.vocabularies().iter();
        let terms = lists.flat_map(|one| one.terms.iter().map(|term| term.label));
        for label in labels.chain(terms) {
            assert!(!label.fa.contains(['ي', 'ك', 'ى']), "{}", label.fa);
            assert!(
                !label.ar.contains(['ی', 'ک', 'پ', 'چ', 'گ']),
                "{}",
                label.ar
            );
            for word in [label.en, label.fa, label.ar, label.fr] {
                assert!(word == word.trim() && !word.contains("  "), "{word}");
            }
        }
    }

    #[test]
    fn a_mapping_names_an_instrument_and_a_place_in_it() {
        const INSTRUMENTS: [&str; 8] = [
            "huridocs", "rome", "ccpr", "cescr", "cat", "ced", "crc", "cedaw",
        ];
        let lists = MODEL.vocabularies().iter();
        let terms = lists.flat_map(|one| &one.terms);
        for term in terms.filter(|term| !term.mapping.is_empty()) {
            for part in term.mapping.split(';') {
                let (instrument, place) = part.split_once(' ').unwrap_or_default();
                assert!(INSTRUMENTS.contains(&instrument), "{}: {part}", term.code);
                assert!(
                    place.starts_with(|one: char| one.is_ascii_digit()),
                    "{}: {part}",
                    term.code
                );
            }
        }
    }

    #[test]
    fn codes_can_stand_in_an_address() {
        let plain = |code: &str| {
            !code.is_empty()
                && code
                    .chars()
                    .all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || one == '_')
        };
        for text in [TYPES, FIELDS, TERMS] {
            assert!(rows(text).all(|row| plain(cell(&row, 0))));
        }
        for text in [FIELDS, TERMS] {
            assert!(rows(text).all(|row| plain(cell(&row, 1))));
        }
    }

    /// What can tell who a source is has to say whether it does.
    #[test]
    fn what_can_leave_says_whether_it_identifies_and_on_what_basis() {
        for name in [
            "account",
            "material",
            "derivative",
            "capture",
            "physical_object",
            "medical_report",
        ] {
            for field in ["identifies", "basis"] {
                let field = MODEL.find(name).and_then(|one| one.field(field));
                assert!(field.is_some_and(|field| field.required), "{name}");
            }
        }
        let consent = MODEL
            .find("consent")
            .and_then(|one| one.field("identifies"));
        assert!(consent.is_some_and(|field| field.required));
    }
}
