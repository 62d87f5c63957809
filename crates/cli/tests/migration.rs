//! The guide for those who move in: its examples are run as they stand there.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use house::{House, Ran};

const GUIDE: &str = include_str!("../../../docs/guides/migration.md");

/// Files of the guide: fenced blocks that name themselves, `csv file=NAME`.
fn files() -> Vec<(&'static str, &'static str)> {
    let mut blocks = GUIDE.split("```").skip(1).step_by(2);
    let mut files = Vec::new();
    for block in blocks.by_ref() {
        let (head, text) = block.split_once('\n').expect("a block has lines");
        if let Some((_, name)) = head.split_once("file=") {
            files.push((name, text));
        }
    }
    files
}

/// Commands of the guide.
fn commands() -> Vec<Vec<&'static str>> {
    let lines = GUIDE
        .lines()
        .filter(|line| line.starts_with("mahzar import "));
    lines
        .map(|line| line.split(' ').skip(1).collect())
        .collect()
}

fn totals(ran: &Ran) -> [u64; 7] {
    let last = ran.lines.last().expect("totals");
    [
        "rows",
        "new",
        "changed",
        "unchanged",
        "empty",
        "rejected",
        "left_out",
    ]
    .map(|name| last[name].as_u64().expect("a number"))
}

#[test]
fn the_examples_of_the_guide_do_what_it_says() {
    let mut house = House::found();
    house.admit("layla", "member");
    house.done("layla", &["circle", "create", "intake"]);
    for (name, text) in files() {
        house.file(name, text.as_bytes());
    }
    let expected = [
        ("detainees", [3, 2, 0, 0, 0, 1, 0]),
        ("detainees", [3, 2, 0, 0, 0, 1, 0]),
        ("uwazi", [2, 2, 0, 0, 0, 0, 0]),
        ("uwazi", [2, 2, 0, 0, 0, 0, 0]),
        ("actors", [2, 2, 0, 0, 0, 0, 0]),
        ("bulletins", [1, 1, 0, 0, 0, 0, 0]),
    ];
    let commands = commands();
    assert_eq!(commands.len(), expected.len());
    for (command, (name, counted)) in commands.iter().zip(expected) {
        let paths: Vec<String> = command
            .iter()
            .map(|word| {
                let is_file = word.ends_with(".csv") || word.ends_with(".toml");
                if is_file {
                    house.at(word)
                } else {
                    (*word).to_owned()
                }
            })
            .collect();
        let words: Vec<&str> = paths.iter().map(String::as_str).collect();
        let ran = house.run("layla", &words);
        assert!(command[1].starts_with(name), "{command:?}");
        assert_eq!(totals(&ran), counted, "{command:?}: {}", ran.told);
        let again = house.run("layla", &words);
        if !words.contains(&"--dry-run") {
            let [rows, new, _, unchanged, _, rejected, _] = totals(&again);
            assert_eq!((new, unchanged), (0, rows - rejected), "{}", again.told);
        }
    }
    for words in ["محمد علي پور", "سمیر حداد", "تجمع"] {
        let found = house.done("layla", &["search", words]);
        assert_eq!(found.lines.len(), 1, "{words}");
    }
}
