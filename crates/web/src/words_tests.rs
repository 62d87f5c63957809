use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

fn keys_of(language: Language) -> BTreeSet<&'static str> {
    Words(language)
        .keys("")
        .filter(|key| !key.starts_with('#'))
        .collect()
}

/// Every file below a folder, as text.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                texts(&path)
            } else {
                vec![fs::read_to_string(&path).unwrap()]
            }
        })
        .collect()
}

/// The texts between `start` and the next quote.
fn quoted<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start)
        .skip(1)
        .filter_map(|rest| rest.split_once('"').map(|(key, _)| key))
}

#[test]
fn every_language_says_everything() {
    let english = keys_of(Language::English);
    assert!(english.len() > 400, "{}", english.len());
    for language in Language::ALL {
        assert_eq!(keys_of(language), english, "{}", language.tag());
    }
}

#[test]
fn every_message_can_be_said() {
    let variables = [
        "count",
        "number",
        "total",
        "received",
        "duplicate",
        "rejected",
        "stewards",
        "hours",
        "needed",
        "named",
        "first",
        "last",
        "size",
    ];
    for language in Language::ALL {
        for key in keys_of(language) {
            let saying = variables
                .iter()
                .fold(Words(language).of(key), |saying, name| saying.n(name, 3u64));
            let texts = ["amount", "version", "who", "what"];
            let saying = texts
                .iter()
                .fold(saying, |saying, name| saying.text(name, "1"));
            let said = saying.to_string();
            assert!(
                !said.starts_with('[') && !said.trim().is_empty(),
                "{} {key}: {said}",
                language.tag()
            );
        }
    }
}

#[test]
fn languages_are_not_left_in_english() {
    let english: Vec<String> = keys_of(Language::English)
        .iter()
        .map(|key| Words(Language::English).say(key))
        .collect();
    for language in [Language::Persian, Language::Arabic, Language::French] {
        let keys = keys_of(language);
        let same = keys.iter().filter(|key| {
            let said = Words(language).say(key);
            said.split(' ').count() > 2 && english.contains(&said) && !said.starts_with('[')
        });
        assert_eq!(
            same.collect::<Vec<_>>(),
            Vec::<&&str>::new(),
            "{}",
            language.tag()
        );
    }
}

#[test]
fn every_key_that_a_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known = keys_of(Language::English);
    let mut named = 0;
    for text in texts(&root.join("templates"))
        .into_iter()
        .chain(texts(&root.join("src")))
    {
        let keys = ["page.say(\"", "page.of(\"", "words.say(\"", "words.of(\""]
            .into_iter()
            .flat_map(|start| quoted(&text, start))
            .collect::<Vec<_>>();
        for key in keys.into_iter().filter(|key| !key.contains(['{', '$'])) {
            named += 1;
            assert!(known.contains(key), "{key} is named and not said");
        }
    }
    assert!(named > 250, "{named}");
}

#[test]
fn every_key_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = ["templates", "src", "assets"]
        .map(|folder| texts(&root.join(folder)).concat())
        .concat();
    let composed = [
        "refusal-",
        "month-",
        "verify-",
        "limits-",
        "word-",
        "help-",
        "recovery-stewards-",
        "size-",
    ];
    let unused = keys_of(Language::English)
        .into_iter()
        .filter(|key| !composed.iter().any(|start| key.starts_with(start)));
    let unused: Vec<&str> = unused
        .filter(|key| !all.contains(&format!("\"{key}\"")))
        .collect();
    assert_eq!(unused, Vec::<&str>::new());
}

#[test]
fn what_is_put_together_exists() {
    let known = keys_of(Language::English);
    let exists = |key: String| assert!(known.contains(key.as_str()), "{key}");
    for (section, count) in crate::pages::limits::SECTIONS {
        exists(format!("limits-{section}"));
        (1..=count).for_each(|number| exists(format!("limits-{section}-{number}")));
    }
    for number in 1..=12 {
        exists(format!("month-gregorian-{number}"));
        exists(format!("month-solar-{number}"));
    }
    for number in 1..=11 {
        exists(format!("help-{number}-question"));
        exists(format!("help-{number}-answer"));
    }
}

#[test]
fn numbers_choose_the_form_and_come_in_own_digits() {
    let plain = |language, count: u64| {
        Words(language)
            .of("circle-readers")
            .n("count", count)
            .to_string()
            .replace(['\u{2068}', '\u{2069}'], "")
    };
    assert_eq!(plain(Language::English, 1), "One person can read this");
    assert_eq!(
        plain(Language::English, 1_204),
        "1,204 people can read this"
    );
    assert_eq!(
        plain(Language::Persian, 12),
        "۱۲ نفر می‌توانند این را بخوانند"
    );
    assert_eq!(plain(Language::Arabic, 2), "شخصان يستطيعان قراءة هذا");
    assert_eq!(plain(Language::Arabic, 5), "٥ أشخاص يستطيعون قراءة هذا");
}

#[test]
fn what_is_put_into_a_message_is_isolated() {
    let said = Words(Language::Persian)
        .of("about-version")
        .text("version", "0.1")
        .to_string();
    assert!(said.contains("\u{2068}0.1\u{2069}"), "{said:?}");
}
