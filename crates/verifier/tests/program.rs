//! The program as its users have it: every frozen case by its exit code and its JSON, and the words that people read.

mod cases;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cases::Case;
use serde_json::Value;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_mahzar-verify"))
}

fn run(arguments: &[&Path]) -> Output {
    program()
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// The archive names a rule; what follows from the decrypted ranks is said after everything was checked.
#[test]
fn ranks_are_counted_by_the_rule_of_the_archive() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/ballot/positive");
    let archive = folder.join("counted.bel");
    let output = run(&[&archive, Path::new("--json")]);
    let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let counted = answer["counted"].as_array().expect("a list");
    assert_eq!(counted.len(), 1, "{answer}");
    assert_eq!(counted[0]["question"], 2);
    assert_eq!(counted[0]["method"], "Schulze");
    assert_eq!(counted[0]["ranking"], serde_json::json!([[2], [1], [0]]));
    let told = run(&[&archive]);
    let told = String::from_utf8_lossy(&told.stdout);
    assert!(told.contains("Schulze 1. \u{2068}z\u{2069}"), "{told}");
}

/// A folder of this test's own, in what cargo gives to integration tests.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("the test's folder can be made");
    folder
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("the test's file can be written");
    path
}

fn expected_code(case: &Case) -> i32 {
    match case.result.as_str() {
        "holds" => 0,
        "does_not_hold" => 1,
        _ => 2,
    }
}

/// What is wrong with the program's answer to a case.
fn fault(case: &Case, folder: &Path) -> Option<String> {
    let subject = write(folder, "subject", &case.bytes);
    let policy = write(folder, "policy", &case.policy);
    let mut command = program();
    command
        .arg(subject)
        .arg("--policy")
        .arg(policy)
        .arg("--json");
    if let Some(content) = &case.content {
        command
            .arg("--content")
            .arg(write(folder, "content", content));
    }
    let output = command.output().expect("the program starts");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let found = (
        output.status.code(),
        answer["result"].as_str(),
        answer["reason"].as_str(),
    );
    let expected = (
        Some(expected_code(case)),
        Some(case.result.as_str()),
        case.reason.as_deref(),
    );
    (found != expected || !output.stderr.is_empty())
        .then(|| format!("{}: expected {expected:?}, found {found:?}", case.name))
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_bundle_has_its_exit_code() {
    let folder = folder("bundles");
    none(
        cases::bundles()
            .iter()
            .filter_map(|case| fault(case, &folder))
            .collect(),
    );
}

#[test]
fn every_proof_has_its_exit_code() {
    let folder = folder("proofs");
    none(
        cases::proofs()
            .iter()
            .filter_map(|case| fault(case, &folder))
            .collect(),
    );
}

/// The good bundle, its policy, and what the program says of them.
fn said_of_good_bundle(options: &[&str]) -> String {
    let bundles = cases::folder().join("bundles");
    let output = program()
        .args([
            bundles.join("good.mahzar"),
            "--policy".into(),
            bundles.join("policy"),
        ])
        .args(options)
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).expect("what it says is UTF-8")
}

#[test]
fn the_answer_says_what_holds_who_vouches_and_what_is_not_shown() {
    let said = said_of_good_bundle(&[]);
    for sentence in [
        "HOLDS.",
        "1. exhibits/1/shahadat.txt: unaltered since entry number 7 of the record office.example/record of size 43.",
        "3. exhibits/3/empty: unaltered since entry number 42 of the record office.example/record of size 43.",
        "first (first.example/witness), which gives the time 2025-10-09T08:53:20Z.",
        "second (second.example/witness), which gives the time 2025-10-09T08:53:21Z.",
        "no later than 2025-10-09T08:53:20Z.",
        "This does not show:",
        "who made the material",
        "when it was made, before it was entered",
        "whether it is true",
        "that nothing else exists",
    ] {
        assert!(said.contains(sentence), "{sentence}\n--\n{said}");
    }
    assert!(
        !said.contains("third"),
        "the third did not countersign:\n{said}"
    );
}

#[test]
fn it_speaks_the_other_languages() {
    for (tag, sentence) in [
        (
            "fa",
            "از ثبت شمارهٔ ۷ دفتر ثبت \u{2068}office.example/record\u{2069} با ۴۳ ثبت",
        ),
        (
            "ar",
            "منذ القيد رقم ٧ من السجلّ \u{2068}office.example/record\u{2069} وعدد قيوده ٤٣",
        ),
        (
            "fr",
            "inaltéré depuis l’inscription numéro 7 du registre office.example/record de taille 43",
        ),
    ] {
        let said = said_of_good_bundle(&["--lang", tag]);
        assert!(said.contains(sentence), "{tag}: {sentence}\n--\n{said}");
    }
}

#[test]
fn a_record_that_nobody_countersigned_is_said_to_be_the_offices_word_alone() {
    let name = "good: no witness where none is asked for";
    let case = cases::bundles()
        .into_iter()
        .find(|case| case.name == name)
        .expect("the case is there");
    let folder = folder("alone");
    let (subject, policy) = (
        write(&folder, "subject", &case.bytes),
        write(&folder, "policy", &case.policy),
    );
    let said = String::from_utf8_lossy(&run(&[&subject, Path::new("--policy"), &policy]).stdout)
        .into_owned();
    assert!(
        said.contains("No outside office countersigned it. The office alone vouches"),
        "{said}"
    );
    assert!(!said.contains("no later than"), "{said}");
}

#[test]
fn a_bundle_may_come_from_standard_input() {
    let bundles = cases::folder().join("bundles");
    let mut child = program()
        .args([
            Path::new("-"),
            Path::new("--policy"),
            &bundles.join("policy"),
        ])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    let good = fs::read(bundles.join("good.mahzar")).expect("the good bundle is there");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    stdin.write_all(&good).expect("the program reads");
    drop(stdin);
    assert_eq!(child.wait().expect("the program ends").code(), Some(0));
}

#[test]
fn what_cannot_be_read_or_understood_is_code_2_with_a_reason() {
    let policy = cases::folder().join("bundles/policy");
    let missing = folder("missing").join("nothing");
    let output = run(&[&missing, Path::new("--policy"), &policy]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("CANNOT BE READ."));
    let output = run(&[cases::folder().as_path(), Path::new("--policy"), &policy]);
    assert_eq!(output.status.code(), Some(2), "a folder is not a bundle");
    let output = run(&[&missing]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("name the policy with --policy"));
}

#[test]
fn a_reader_that_goes_away_does_not_change_the_verdict() {
    let bundles = cases::folder().join("bundles");
    let mut child = program()
        .args([
            bundles.join("good.mahzar"),
            "--policy".into(),
            bundles.join("policy"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
