//! What must not change the result.

use count::cluster::Constraints;
use count::field::{Field, Role};
use count::invention::{Invention, Record, Scripts};
use count::linkage::{Settings, Silent, link};
use count::table::{Builder, Table};
use proptest::prelude::*;

use crate::{field, linked, persons};

const FIELDS: [(&str, Role); 4] = [
    ("born", Role::Date),
    ("family", Role::Family),
    ("father", Role::Kin),
    ("given", Role::Given),
];

fn cells(record: &Record, field: &str) -> String {
    match field {
        "born" => record.born.clone(),
        "family" => record.family.clone(),
        "father" => record.father.clone(),
        _ => record.given.clone(),
    }
}

/// A table of records named by their number, in the order and with the fields given.
fn tabled(records: &[(usize, Record)], fields: Vec<Field>) -> Table {
    let mut builder = Builder::new(fields).unwrap();
    let names: Vec<String> = builder.fields().map(|field| field.name.clone()).collect();
    for (id, record) in records {
        let cells: Vec<String> = names.iter().map(|name| cells(record, name)).collect();
        builder
            .push(
                ["a", "b", "c"][id % 3],
                &id.to_string(),
                cells.iter().map(String::as_str),
            )
            .unwrap();
    }
    builder.finish().unwrap()
}

fn fields() -> Vec<Field> {
    FIELDS.map(|(name, role)| field(name, role)).to_vec()
}

fn records(seed: u64) -> Vec<(usize, Record)> {
    let invention = Invention {
        seed,
        persons: 60,
        repeated_of_thousand: 350,
        scripts: Scripts::All,
    };
    invention.records().into_iter().enumerate().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_records_lists_and_fields_is_nothing(seed in 0u64..1000, turn in 1usize..60) {
        let mut records = records(seed);
        let table = tabled(&records, fields());
        let before = persons(&table, &linked(&table));
        records.rotate_left(turn);
        records.reverse();
        let mut turned = fields();
        turned.reverse();
        let table = tabled(&records, turned);
        prop_assert_eq!(persons(&table, &linked(&table)), before);
    }

    #[test]
    fn an_unrelated_record_changes_nobody_else(seed in 0u64..1000) {
        let mut records = records(seed);
        let table = tabled(&records, fields());
        let first = linked(&table);
        let mut expected = persons(&table, &first);
        let stranger = Record { person: u64::MAX, given: "Wolfgang".into(), family: "Zschokke".into(), father: "Ulrich".into(), born: "1901-09-09".into(), place: String::new() };
        let id = records.len();
        records.push((id, stranger));
        let table = tabled(&records, fields());
        // With the model as it was: another record is also another drop of evidence for a new one.
        let settings = Settings { model: Some(first.model), ..Settings::default() };
        expected.push(vec![format!("{}:{id}", ["a", "b", "c"][id % 3])]);
        expected.sort();
        prop_assert_eq!(persons(&table, &link(&table, &settings, &Silent).unwrap()), expected);
    }

    #[test]
    fn splitting_undoes_merging(seed in 0u64..1000, one in 0u32..60, other in 0u32..60) {
        prop_assume!(one < other);
        let table = tabled(&records(seed), fields());
        let before = linked(&table);
        let decided = Constraints { same: vec![(one, other)], ..Constraints::default() };
        let merged = link(&table, &Settings { decided, ..Settings::default() }, &Silent).unwrap();
        prop_assert_eq!(merged.clusters.of[one as usize], merged.clusters.of[other as usize]);
        prop_assert_eq!(linked(&table).clusters, before.clusters);
    }

    #[test]
    fn the_number_of_threads_is_nothing(seed in 0u64..1000) {
        let table = tabled(&records(seed), fields());
        let threads = |threads| link(&table, &Settings { threads, ..Settings::default() }, &Silent).unwrap();
        let (one, three) = (threads(1), threads(3));
        prop_assert_eq!(one.links, three.links);
        prop_assert_eq!(one.clusters, three.clusters);
    }

    #[test]
    fn draws_are_repeatable_and_totals_reconcile(seed in 0u64..1000) {
        let table = tabled(&records(seed), fields());
        let settings = Settings::default();
        let linked = link(&table, &settings, &Silent).unwrap();
        prop_assert_eq!(linked.draw(&table, &settings, seed).unwrap(), linked.draw(&table, &settings, seed).unwrap());
        let counted: u64 = linked.overlap(&table).iter().map(|(_, count)| count).sum();
        prop_assert_eq!(counted as usize, persons(&table, &linked).len());
    }
}
