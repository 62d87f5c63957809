//! The three verifiers agree: Rust, Python and JavaScript are given the frozen cases and thousands of random faults, and
//! must come to the same result for each.
//!
//! `tools/agree.py` makes the faults from a seed and judges them in Python; `judge.mjs` judges them in JavaScript; this
//! test judges them through `record` and compares. An input on which they differ is kept, and its place printed.
//! `MAHZAR_AGREE_CASES` sets how many, `MAHZAR_AGREE_SEED` which; without them the gate's number of a fixed seed.

#[path = "../cases/mod.rs"]
mod cases;
mod judges;

use std::collections::BTreeMap;

use judges::{Answer, Browser, Input, Maker, library};

/// Half a minute on two idle cores.
const GATE_CASES: u64 = 4_000;
const GATE_SEED: u64 = 1;

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test runs is said by whoever starts it"
)]
fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is not a number: {text}")),
        Err(_) => otherwise,
    }
}

/// The result must be the same; the reason too where the specification fixes which of several is named (bundle.md, section
/// 4). Of several malformed parts each verifier names the one that it meets first.
fn agree(left: &Answer, right: &Answer) -> bool {
    left.result == right.result && (left.result == "malformed" || left.reason == right.reason)
}

#[test]
fn on_random_faults() {
    let (seed, count) = (
        setting("MAHZAR_AGREE_SEED", GATE_SEED),
        setting("MAHZAR_AGREE_CASES", GATE_CASES),
    );
    let mut browser = Browser::start();
    let mut results: BTreeMap<String, u64> = BTreeMap::new();
    let mut faults = Vec::new();
    for made in Maker::start(seed, count) {
        let answers = [
            made.python.clone(),
            library(&made.input),
            browser.judge(&made.input),
        ];
        if answers.iter().any(|answer| !agree(answer, &answers[0])) {
            faults.push(format!(
                "{}: {answers:?}, kept in {}",
                made.input.name,
                made.input.keep(seed)
            ));
        }
        *results.entry(answers[0].result.clone()).or_default() += 1;
    }
    println!("{count} random faults of seed {seed}: {results:?}");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    assert_eq!(results.values().sum::<u64>(), count);
    assert_eq!(results.len(), 3, "the faults are of all kinds: {results:?}");
}

#[test]
fn on_the_frozen_cases() {
    let mut browser = Browser::start();
    for case in cases::bundles().into_iter().chain(cases::proofs()) {
        let input = Input {
            name: case.name,
            policy: case.policy,
            subject: case.bytes,
            content: case.content,
        };
        let (ours, theirs) = (library(&input), browser.judge(&input));
        let written = (&case.result, &case.reason);
        assert_eq!(
            (&ours.result, &ours.reason),
            written,
            "{}: Rust",
            input.name
        );
        assert_eq!(
            (&theirs.result, &theirs.reason),
            written,
            "{}: JavaScript",
            input.name
        );
    }
}
