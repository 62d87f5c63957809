//! What nobody should feed to it.

use count::decision;
use count::field::Role;
use count::linkage::{LinkError, Settings, Silent, link};
use count::table::{Builder, TableError};

use crate::{field, linked, persons, table};

#[test]
fn nothing_to_link_is_refused() {
    let empty = table(&[("name", Role::Name)], &[]);
    assert_eq!(
        link(&empty, &Settings::default(), &Silent).unwrap_err(),
        LinkError::TooFew(0)
    );
    let blank = table(
        &[("name", Role::Name)],
        &[("a", "1", vec![""]), ("a", "2", vec!["نامعلوم"])],
    );
    assert_eq!(
        link(&blank, &Settings::default(), &Silent).unwrap_err(),
        LinkError::NothingToCompare
    );
    assert!(matches!(
        Builder::new(Vec::new()),
        Err(TableError::Fields(0))
    ));
    let twice = vec![field("name", Role::Name), field("name", Role::Text)];
    assert!(matches!(
        Builder::new(twice),
        Err(TableError::FieldTwice(_))
    ));
}

#[test]
fn an_id_that_is_there_twice_is_named() {
    let mut builder = Builder::new(vec![field("name", Role::Name)]).unwrap();
    for id in ["1", "2", "1"] {
        builder.push("morgue", id, ["علی"]).unwrap();
    }
    assert_eq!(
        builder.finish().unwrap_err(),
        TableError::IdTwice {
            list: "morgue".to_owned(),
            id: "1".to_owned()
        }
    );
}

#[test]
fn values_that_cannot_be_are_missing_and_named() {
    let fields = [
        ("age", Role::Age),
        ("born", Role::Date),
        ("where", Role::Position),
    ];
    let rows = [
        ("a", "1", vec!["NaN", "1985-02-30", "inf, 2"]),
        ("a", "2", vec!["-3", "9999", "1, 2"]),
        ("a", "3", vec!["40", "1985", "1, 2"]),
    ];
    let table = table(&fields, &rows);
    let named: Vec<(&str, &str)> = table
        .warnings()
        .iter()
        .map(|one| (one.id.as_str(), one.field.as_str()))
        .collect();
    assert_eq!(
        named,
        [("1", "born"), ("1", "where"), ("2", "age"), ("2", "born")]
    );
    assert_eq!(table.warned(), 4);
}

#[test]
fn thousands_of_identical_names_neither_explode_nor_link() {
    let rows: Vec<String> = (0..5_000).map(|number| number.to_string()).collect();
    let rows: Vec<(&str, &str, Vec<&str>)> = rows
        .iter()
        .map(|id| ("a", id.as_str(), vec!["علی محمدی"]))
        .collect();
    let table = table(&[("name", Role::Name)], &rows);
    let linked = linked(&table);
    assert!(linked.compared < 500_000, "{}", linked.compared);
    assert!(
        linked.oversize.iter().any(|block| block.records == 5_000),
        "{:?}",
        linked.oversize
    );
    assert_eq!(persons(&table, &linked).len(), 5_000);
}

#[test]
fn thresholds_and_models_are_checked() {
    let table = table(
        &[("name", Role::Name)],
        &[("a", "1", vec!["علی"]), ("a", "2", vec!["رضا"])],
    );
    for (review_from, link_from) in [(0.0, 0.5), (0.6, 0.5), (0.1, 1.0), (f64::NAN, 0.5)] {
        let settings = Settings {
            review_from,
            link_from,
            ..Settings::default()
        };
        assert_eq!(
            link(&table, &settings, &Silent).unwrap_err(),
            LinkError::Thresholds
        );
    }
    let model = count::model::Model {
        prior: 0.1,
        fields: Vec::new(),
    };
    let settings = Settings {
        model: Some(model),
        ..Settings::default()
    };
    assert_eq!(
        link(&table, &settings, &Silent).unwrap_err(),
        LinkError::OtherModel
    );
}

#[test]
fn decisions_are_kept_withdrawn_and_checked() {
    let rows = [("a", "1", vec!["علی محمدی"]), ("b", "1", vec!["رضا کریمی"])];
    let table = table(&[("name", Role::Name)], &rows);
    let line = |verdict: &str| {
        format!(
            r#"{{"one":{{"list":"a","id":"1"}},"other":{{"list":"b","id":"1"}},"verdict":"{verdict}","by":"Layla"}}"#
        )
    };
    let together = |text: &str| {
        let decided = decision::constraints(&table, &decision::read(text).unwrap()).unwrap();
        persons(
            &table,
            &link(
                &table,
                &Settings {
                    decided,
                    ..Settings::default()
                },
                &Silent,
            )
            .unwrap(),
        )
        .len()
    };
    assert_eq!(together(""), 2);
    assert_eq!(together(&line("same")), 1);
    assert_eq!(
        together(&format!("{}\n{}", line("same"), line("withdrawn"))),
        2
    );
    assert!(decision::read("{}").is_err());
    let stranger = line("same").replace("\"b\"", "\"c\"");
    assert!(decision::constraints(&table, &decision::read(&stranger).unwrap()).is_err());
}

#[test]
fn every_pair_of_a_short_list_is_compared() {
    let rows: Vec<String> = (0..600).map(|number| number.to_string()).collect();
    let rows: Vec<(&str, &str, Vec<&str>)> = rows
        .iter()
        .map(|id| ("a", id.as_str(), vec![id.as_str()]))
        .collect();
    let linked = linked(&table(&[("code", Role::Identifier)], &rows));
    assert_eq!((linked.compared, linked.loss), (600 * 599 / 2, None));
}
