//! The frozen counts, and `belenios-tool` on the same ballots where it has the same rule.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use ballot::counting::{Method, count, value};
use serde_json::{Value, json};

use crate::oracle;

fn cases() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/ballot/counting.json");
    let text = std::fs::read(path).expect("frozen counts");
    serde_json::from_slice(&text).expect("JSON")
}

/// Lists of whole numbers.
type Lists = Vec<Vec<u64>>;

fn lists(value: &Value) -> Lists {
    serde_json::from_value(value.clone()).expect("numbers")
}

#[test]
fn every_frozen_count_is_counted_so() {
    let cases = cases();
    assert!(cases.len() >= 30, "{} counts", cases.len());
    for case in &cases {
        let method = Method::of_extra(&case["extra"].to_string()).expect("a rule");
        let lot: Vec<usize> = match &case["lot"] {
            Value::Null => Vec::new(),
            lot => serde_json::from_value(lot.clone()).expect("numbers"),
        };
        let answers = case["answers"].as_u64().expect("a number") as usize;
        let ballots: Lists = lists(&case["ballots"]);
        let counted = count(&method, answers, &ballots, &lot);
        assert_eq!(
            value(&method, &counted),
            case["expected"],
            "{}",
            case["name"]
        );
    }
}

fn tool(arguments: &[String], ballots: &Value) -> Value {
    let mut child = Command::new("belenios-tool")
        .arg("method")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it was there");
    let mut input = child.stdin.take().expect("a pipe");
    input
        .write_all(ballots.to_string().as_bytes())
        .expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Groups of answers, each in order: the tool writes those that are equal in any order.
fn groups(value: &Value) -> Lists {
    let mut groups: Lists = lists(value);
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups
}

#[test]
fn schulze_is_that_of_belenios() {
    if !oracle::is_there() {
        return;
    }
    for case in cases()
        .iter()
        .filter(|one| one["extra"]["method"] == "Schulze")
    {
        let blank = case["extra"]["blank"].as_bool().expect("said");
        let arguments = [
            "schulze".to_owned(),
            format!("--nchoices={}", case["answers"]),
            format!("--blank-allowed={blank}"),
        ];
        let theirs = tool(&arguments, &case["ballots"]);
        let ours = &case["expected"];
        assert_eq!(
            groups(&theirs["winners"]),
            groups(&ours["ranking"]),
            "{}",
            case["name"]
        );
        assert_eq!(theirs["raw"], ours["preferred"], "{}", case["name"]);
        assert_eq!(theirs["valid"], ours["valid"], "{}", case["name"]);
    }
}

/// Of two grades in the middle the tool takes the better one, Balinski and Laraki the worse: the same rule in a mirror.
#[test]
fn majority_judgement_is_that_of_belenios_in_a_mirror() {
    if !oracle::is_there() {
        return;
    }
    let cases = cases();
    let judged = cases.iter();
    for case in judged.filter(|one| one["extra"]["method"] == "MajorityJudgment") {
        let grades = case["extra"]["grades"].as_array().expect("grades").len() as u64;
        let mirrored = |grade: &u64| match (1..=grades).contains(grade) {
            true => grades + 1 - grade,
            false => *grade,
        };
        let ballots: Lists = lists(&case["ballots"]);
        let ballots: Lists = ballots
            .iter()
            .map(|ballot| ballot.iter().map(mirrored).collect())
            .collect();
        let arguments = [
            "majority-judgment".to_owned(),
            format!("--nchoices={}", case["answers"]),
            format!("--ngrades={grades}"),
            format!("--blank-allowed={}", case["extra"]["blank"]),
        ];
        let theirs = tool(&arguments, &json!(ballots));
        let mut order = groups(&theirs["winners"]);
        order.reverse();
        assert_eq!(
            order,
            groups(&case["expected"]["ranking"]),
            "{}",
            case["name"]
        );
        assert_eq!(
            theirs["valid"], case["expected"]["valid"],
            "{}",
            case["name"]
        );
    }
}
