use std::collections::BTreeSet;

use super::*;

const SOURCES: [(Language, &str); 4] = [
    (Language::En, include_str!("../../locales/en.ftl")),
    (Language::Fa, include_str!("../../locales/fa.ftl")),
    (Language::Ar, include_str!("../../locales/ar.ftl")),
    (Language::Fr, include_str!("../../locales/fr.ftl")),
];

/// Keys of messages, with `.do` for those that have a remedy.
fn keys(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut last = String::new();
    for line in source.lines() {
        if let Some((key, _)) = line
            .split_once(" =")
            .filter(|(key, _)| !key.starts_with([' ', '#', '-']))
        {
            last = key.to_owned();
            keys.insert(last.clone());
        } else if line.trim_start().starts_with(".do =") {
            keys.insert(format!("{last}.do"));
        }
    }
    keys
}

#[test]
fn every_language_parses() {
    for (language, source) in SOURCES {
        let faults = FluentResource::try_new(source.to_owned())
            .err()
            .map(|(_, faults)| faults);
        assert!(faults.is_none(), "{language:?}: {faults:?}");
    }
}

#[test]
fn persian_says_everything_that_english_says() {
    assert_eq!(keys(SOURCES[1].1), keys(SOURCES[0].1));
}

#[test]
fn arabic_and_french_tell_every_fault() {
    let faults = |source| -> BTreeSet<String> {
        keys(source)
            .into_iter()
            .filter(|key| key.starts_with("fault-"))
            .collect()
    };
    for (language, source) in &SOURCES[2..] {
        assert_eq!(faults(source), faults(SOURCES[0].1), "{language:?}");
    }
}

#[test]
fn every_fault_says_what_to_do() {
    for key in keys(SOURCES[0].1)
        .iter()
        .filter(|key| key.starts_with("fault-") && !key.ends_with(".do"))
    {
        assert!(keys(SOURCES[0].1).contains(&format!("{key}.do")), "{key}");
    }
}

/// Every key that the code asks for exists, and every key that exists is asked for.
#[test]
fn the_code_and_the_words_agree() {
    let mut asked = BTreeSet::new();
    visit(
        std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        &mut asked,
    );
    let written: BTreeSet<String> = keys(SOURCES[0].1)
        .into_iter()
        .filter(|key| !key.contains('.'))
        .collect();
    let missing: Vec<_> = asked.difference(&written).collect();
    let idle: Vec<_> = written.difference(&asked).collect();
    assert!(missing.is_empty(), "asked for, not written: {missing:?}");
    assert!(idle.is_empty(), "written, never asked for: {idle:?}");
}

fn visit(folder: &std::path::Path, asked: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, asked);
        } else if path.extension().is_some_and(|end| end == "rs")
            && !path.ends_with("words/tests.rs")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            for call in ["say(\"", "fault(\"", "malformed(\""] {
                let found = text
                    .split(call)
                    .skip(1)
                    .filter_map(|rest| rest.split('"').next());
                asked.extend(found.map(str::to_owned));
            }
        }
    }
}

#[test]
fn numbers_choose_among_plural_forms() {
    assert_eq!(
        say("intake-received")
            .n("count", 1u64)
            .in_language(Language::En),
        "1 file received"
    );
    assert_eq!(
        say("intake-received")
            .n("count", 2u64)
            .in_language(Language::En),
        "2 files received"
    );
}
