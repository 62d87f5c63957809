//! Whatever somebody's table holds, reading it never fails otherwise than row by row with a reason, and no row gets lost.

use std::collections::BTreeMap;

use desk::import::{Import, Mapping, RowError};
use desk::model::{MODEL, Shape};
use proptest::prelude::*;

/// Headings that are fields, nearly fields, or nothing.
fn heading() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "name",
            "نام",
            "born",
            "Sex",
            "title__en",
            "name__fa",
            "url",
            "point",
            "",
            "\u{FEFF}name",
            "a__",
            "__en",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

/// Cells as other programs write them, and noise.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            " ",
            "1663718400",
            "-99999999999",
            "1~2",
            "~",
            "2022~",
            "-47.05|-123.3",
            "|",
            "a|https://x.invalid",
            "زن",
            "=1+1",
            "9999999999~9999999999",
            "1|2|3",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,30}",
        any::<String>(),
    ]
}

fn type_name() -> impl Strategy<Value = String> {
    let names: Vec<String> = MODEL
        .types()
        .iter()
        .map(|one| one.name.to_owned())
        .collect();
    prop::sample::select(names)
}

proptest! {
    #[test]
    fn no_table_is_read_otherwise_than_row_by_row(
        type_name in type_name(),
        headings in prop::collection::vec(heading(), 0..8),
        rows in prop::collection::vec(prop::collection::vec(cell(), 0..9), 0..20),
        separator in prop::option::of(prop::sample::select(vec!["|", ";", ""])),
        with_id in any::<bool>(),
    ) {
        let mapping = Mapping {
            type_name,
            source: "table".to_owned(),
            id_column: headings.first().filter(|_| with_id).cloned(),
            separator: separator.map(str::to_owned),
            ..Mapping::default()
        };
        let Ok(import) = Import::new(mapping, &headings) else {
            return Ok(());
        };
        let (mut read, mut empty, mut rejected) = (0, 0, 0);
        for (at, cells) in rows.iter().enumerate() {
            match import.row(at as u64 + 2, cells) {
                Ok(row) => {
                    read += 1;
                    prop_assert!(row.set.values().all(|values| !values.is_empty()));
                    for (name, values) in &row.set {
                        let field = import.model().field(name).expect("a field of the type");
                        // What the shape takes, it takes again: an import that is run again changes nothing.
                        for normal in values.iter().filter_map(|value| field.shape.normal(value).ok()) {
                            prop_assert_eq!(field.shape.normal(&normal), Ok(normal.clone()), "{}", name);
                        }
                    }
                }
                Err(RowError::Empty) => {
                    empty += 1;
                    prop_assert!(cells.iter().all(|cell| cell.trim().is_empty()));
                }
                Err(_) => rejected += 1,
            }
            prop_assert_eq!(import.row(at as u64 + 2, cells), import.row(at as u64 + 2, cells));
        }
        prop_assert_eq!(read + empty + rejected, rows.len());
        let planned: Vec<&str> = import.plan().flat_map(|(_, columns)| columns).collect();
        for left in import.left_out() {
            prop_assert!(!planned.contains(&left));
        }
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|one| (*one).to_owned()).collect()
}

fn import(type_name: &str, headings: &[&str]) -> Import {
    let mapping = Mapping {
        type_name: type_name.to_owned(),
        source: "uwazi".to_owned(),
        separator: Some("|".to_owned()),
        ..Mapping::default()
    };
    Import::new(mapping, &texts(headings)).expect("the headings fit")
}

fn normal(import: &Import, set: &BTreeMap<String, Vec<String>>, name: &str) -> Vec<String> {
    let shape: &Shape = &import.model().field(name).expect("a field").shape;
    let values = set.get(name).into_iter().flatten();
    values
        .map(|value| shape.normal(value).expect("it fits"))
        .collect()
}

#[test]
fn an_export_of_uwazi_is_read_as_it_is() {
    let import = import(
        "event",
        &[
            "title__fa",
            "title__en",
            "date",
            "point",
            "place",
            "summary",
        ],
    );
    assert_eq!(
        import.left_out(),
        ["title__en"],
        "of one value the first language is taken, and that is said"
    );
    let cells = [
        "تجمع",
        "Gathering",
        "1663718400~1663804800",
        "-47.05|-123.3",
        "",
        "x",
    ];
    let row = import.row(2, &texts(&cells)).expect("a row");
    assert_eq!(row.set["title"], ["تجمع"]);
    assert_eq!(normal(&import, &row.set, "date"), ["2022-09-21/2022-09-22"]);
    assert_eq!(
        normal(&import, &row.set, "point"),
        ["-47.050000,-123.300000,11100"]
    );
}

#[test]
fn several_values_and_several_languages_of_one_field_are_all_kept() {
    let import = import("group", &["name__en", "name__fr", "website"]);
    assert!(import.left_out().is_empty());
    let cells = [
        "Union|Guild",
        "Syndicat",
        "https://a.invalid|https://b.invalid",
    ];
    let row = import.row(2, &texts(&cells)).expect("a row");
    assert_eq!(row.set["name"], ["Union", "Guild", "Syndicat"]);
    assert_eq!(row.set["website"].len(), 2);
}

#[test]
fn a_link_is_its_address() {
    let import = import("capture", &["title", "url"]);
    let row = import
        .row(2, &texts(&["a", "The page|https://a.invalid/1"]))
        .expect("a row");
    assert_eq!(row.set["url"], ["https://a.invalid/1"]);
}
