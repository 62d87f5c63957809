//! Feeds every parser of foreign bytes with its committed corpus and with seeded alterations of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use testkit::fuzz::alteration::Alterations;
use testkit::fuzz::{Reading, Target, targets};

/// Alterations of each target in the gate; `.ci/long` runs the real fuzzers instead of more of these.
const ALTERATIONS: usize = 4_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The corpus of a target, in the order of its files' names.
fn corpus(target: &Target) -> Vec<Vec<u8>> {
    let folder = folder().join("corpus").join(target.name);
    let listing =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = listing
        .map(|entry| entry.expect("a file of the corpus").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read(path).expect("a file of the corpus"))
        .collect()
}

#[test]
fn every_parser_takes_its_corpus_and_thousands_of_alterations_without_a_panic() {
    let targets = targets();
    let (first, second) = targets.split_at(targets.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| first.iter().for_each(replay));
        second.iter().for_each(replay);
    });
}

fn replay(target: &Target) {
    let corpus = corpus(target);
    let accepted = corpus
        .iter()
        .filter(|bytes| (target.read)(bytes) == Reading::Accepted)
        .count();
    assert!(
        accepted > 0,
        "{}: no file of its corpus is well formed any more",
        target.name
    );

    let mut alterations = Alterations::new(1);
    let mut refused = 0;
    for round in 0..ALTERATIONS {
        let (one, other) = (
            &corpus[round % corpus.len()],
            &corpus[alterations.below(corpus.len())],
        );
        let altered = alterations.alter(one, other);
        refused += usize::from((target.read)(&altered) == Reading::Refused);
    }
    println!(
        "{}: {accepted} of {} files accepted, {refused} of {ALTERATIONS} alterations refused",
        target.name,
        corpus.len()
    );
    assert!(refused > 0, "{}: refuses nothing", target.name);
}

#[test]
fn every_seed_is_accepted() {
    for target in targets() {
        for (number, seed) in (target.seeds)().iter().enumerate() {
            assert_eq!(
                (target.read)(seed),
                Reading::Accepted,
                "{}: seed {number}",
                target.name
            );
        }
    }
}

#[test]
fn every_target_has_a_fuzzer_and_every_fuzzer_a_target() {
    let names: Vec<&str> = targets().iter().map(|target| target.name).collect();
    let listing = fs::read_dir(folder().join("fuzz_targets")).unwrap();
    let mut fuzzers: Vec<String> = listing
        .map(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_string_lossy()
                .replace(".rs", "")
        })
        .collect();
    fuzzers.sort();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(fuzzers, sorted);
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    for name in names {
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name} is not in fuzz/Cargo.toml"
        );
    }
}
