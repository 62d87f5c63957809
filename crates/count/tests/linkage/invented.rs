//! Invented lists in five scripts, whose truth is known.

use count::evaluation::{Evaluation, evaluate};
use count::field::Role;
use count::invention::{Invention, Scripts};
use count::linkage::{Linkage, Settings, Silent, link};
use count::table::{Builder, Table};

use crate::field;

const FIELDS: [(&str, Role); 5] = [
    ("born", Role::Date),
    ("family", Role::Family),
    ("father", Role::Kin),
    ("given", Role::Given),
    ("place", Role::Place),
];

fn invent(seed: u64, persons: u64, scripts: Scripts) -> (Table, Vec<u64>) {
    let invention = Invention {
        seed,
        persons,
        repeated_of_thousand: 300,
        scripts,
    };
    let mut builder = Builder::new(FIELDS.map(|(name, role)| field(name, role)).to_vec()).unwrap();
    let mut truth = Vec::new();
    for (id, record) in invention.records().iter().enumerate() {
        let cells = [
            &record.born,
            &record.family,
            &record.father,
            &record.given,
            &record.place,
        ];
        builder
            .push("list", &id.to_string(), cells.map(String::as_str))
            .unwrap();
        truth.push(record.person);
    }
    (builder.finish().unwrap(), truth)
}

fn judged(table: &Table, truth: &[u64], linked: &Linkage) -> Evaluation {
    let person = |row: u32| truth[table.id(row).parse::<usize>().unwrap()];
    evaluate(
        &(0..table.len() as u32)
            .map(|row| (u64::from(linked.clusters.of[row as usize]), person(row)))
            .collect::<Vec<_>>(),
    )
}

#[test]
fn five_scripts_are_linked() {
    let (table, truth) = invent(1, 1_200, Scripts::All);
    let linked = link(
        &table,
        &Settings {
            threads: 2,
            ..Settings::default()
        },
        &Silent,
    )
    .unwrap();
    let found = judged(&table, &truth, &linked);
    println!("five scripts: {found:?} {:?}", linked.loss);
    assert!(found.precision > 0.97 && found.recall > 0.90, "{found:?}");
}

#[test]
fn english_letters_are_linked() {
    let (table, truth) = invent(2, 1_200, Scripts::English);
    let linked = link(
        &table,
        &Settings {
            threads: 2,
            ..Settings::default()
        },
        &Silent,
    )
    .unwrap();
    let found = judged(&table, &truth, &linked);
    println!("english: {found:?} {:?}", linked.loss);
    assert!(found.precision > 0.97 && found.recall > 0.92, "{found:?}");
}

#[test]
fn an_invention_is_the_same_every_time() {
    let invention = Invention {
        seed: 7,
        persons: 50,
        repeated_of_thousand: 300,
        scripts: Scripts::All,
    };
    assert_eq!(invention.records(), invention.records());
    assert_ne!(
        invention.records(),
        Invention {
            seed: 8,
            ..invention
        }
        .records()
    );
}
