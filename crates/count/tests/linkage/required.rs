//! The pairs that must link, and those that must not.

use count::field::Role;

use crate::{linked, persons, table};

const FIELDS: [(&str, Role); 2] = [("father", Role::Kin), ("name", Role::Name)];

#[test]
fn three_spellings_are_one_person() {
    let table = table(
        &[("name", Role::Name)],
        &[
            ("a", "1", vec!["محمد علی‌پور"]),
            ("b", "1", vec!["محمدعلي پور"]),
            ("c", "1", vec!["Mohammad Alipour"]),
        ],
    );
    assert_eq!(persons(&table, &linked(&table)), [["a:1", "b:1", "c:1"]]);
}

#[test]
fn homonyms_with_different_patronymics_are_two() {
    let table = table(
        &FIELDS,
        &[
            ("a", "1", vec!["حسن", "محمد علی‌پور"]),
            ("b", "1", vec!["رضا", "محمد علی‌پور"]),
        ],
    );
    assert_eq!(persons(&table, &linked(&table)).len(), 2);
}

#[test]
fn the_patronymic_tells_which_homonym_it_is() {
    let table = table(
        &FIELDS,
        &[
            ("a", "1", vec!["حسن", "محمد علی‌پور"]),
            ("b", "1", vec!["رضا", "محمد علی‌پور"]),
            ("c", "1", vec!["Hassan", "Mohammad Alipour"]),
            ("c", "2", vec!["Reza", "Mohammad Alipour"]),
        ],
    );
    assert_eq!(
        persons(&table, &linked(&table)),
        [["a:1", "c:1"], ["b:1", "c:2"]]
    );
}

#[test]
fn a_common_name_weighs_less_than_a_rare_one() {
    let mut rows: Vec<(String, &str)> = (0..400)
        .map(|number| (number.to_string(), "علی محمدی"))
        .collect();
    rows.extend([
        ("r1".to_owned(), "ژیار کشاورزنیا"),
        ("r2".to_owned(), "ژیار کشاورزنیا"),
    ]);
    let rows: Vec<(&str, &str, Vec<&str>)> = rows
        .iter()
        .map(|(id, name)| ("a", id.as_str(), vec![*name]))
        .collect();
    let table = table(&[("name", Role::Name)], &rows);
    let linked = linked(&table);
    let row = |id: &str| {
        (0..table.len() as u32)
            .find(|row| table.id(*row) == id)
            .unwrap()
    };
    let mut explainer = linked.explainer(&table);
    let rare = explainer.explain(row("r1"), row("r2")).remove(0);
    let common = explainer.explain(row("1"), row("2")).remove(0);
    assert!(
        rare.frequency > common.frequency + 4.0,
        "{rare:?} {common:?}"
    );
}
