//! `mahzar estimate` as a person and as a machine use it. It needs no office.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Killings in Kosovo, March to June 1999, by four lists: Ball, Betts, Scheuren, Dudukovic and Asher 2002.
const KOSOVO: &str = "EXH,ABA,OSCE,HRW,count\n0,0,0,1,306\n0,0,1,0,936\n0,0,1,1,123\n0,1,0,0,845\n0,1,0,1,31\n0,1,1,0,217\n0,1,1,1,32\n1,0,0,0,1131\n1,0,0,1,106\n1,0,1,0,228\n1,0,1,1,42\n1,1,0,0,177\n1,1,0,1,18\n1,1,1,0,181\n1,1,1,1,27\n";

fn estimate(folder: &Path, table: &str, options: &[&str]) -> Output {
    fs::write(folder.join("lists.csv"), table).expect("written");
    Command::new(env!("CARGO_BIN_EXE_mahzar"))
        .current_dir(folder)
        .args([
            "estimate",
            "lists.csv",
            "--samples",
            "400",
            "--thinning",
            "1",
        ])
        .args(options)
        .output()
        .expect("the program runs")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON value")
}

#[test]
fn the_published_number_and_everything_beside_it() {
    let place = tempfile::tempdir().expect("a folder");
    let run = estimate(
        place.path(),
        KOSOVO,
        &["--json", "--report", "report.html", "--csv", "figures.csv"],
    );
    assert_eq!(run.status.code(), Some(0));
    let found = json(&run);
    assert_eq!(
        (
            &found["estimate"],
            found["low"].as_f64().map(f64::round),
            found["high"].as_f64().map(f64::round)
        ),
        (&10356.5.into(), Some(9005.0), Some(12105.0))
    );
    assert_eq!(
        (&found["criterion"], &found["status"]),
        (&"BIC".into(), &"draft".into())
    );
    for field in [
        "model",
        "averaged",
        "chao_lower",
        "warnings",
        "lcmcr",
        "data_sha256",
        "program",
        "seed",
    ] {
        assert!(!found[field].is_null(), "{field}");
    }
    let page = fs::read_to_string(place.path().join("report.html")).expect("written");
    assert!(page.contains("Draft.") && page.contains("mahzar estimate lists.csv --seed 1"));
    assert!(
        fs::read_to_string(place.path().join("figures.csv"))
            .expect("written")
            .contains(",10356.5,")
    );
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    let place = tempfile::tempdir().expect("a folder");
    let once = estimate(place.path(), KOSOVO, &["--json", "--seed", "7"]).stdout;
    assert_eq!(
        estimate(place.path(), KOSOVO, &["--json", "--seed", "7"]).stdout,
        once
    );
    assert_ne!(
        estimate(place.path(), KOSOVO, &["--json", "--seed", "8"]).stdout,
        once
    );
}

#[test]
fn malformed_tables_are_named_by_their_line() {
    let place = tempfile::tempdir().expect("a folder");
    for (table, line) in [
        (KOSOVO.replace("0,0,1,0,936", "0,0,1,0,NaN"), "line 3"),
        (KOSOVO.replace("0,1,0,0,845", "0,2,0,0,845"), "line 5"),
        (
            KOSOVO.replace("0,1,0,0,845", "0,0,0,1,845"),
            "lines 2 and 5",
        ),
        (KOSOVO.replace(",count", ",n"), "line 1"),
    ] {
        let run = estimate(place.path(), &table, &["--json"]);
        assert_eq!(run.status.code(), Some(2));
        let fault = json(&run);
        assert_eq!(fault["error"]["key"], "fault-estimate-table");
        assert!(
            fault["error"]["cause"]
                .as_str()
                .is_some_and(|cause| cause.contains(line)),
            "{fault}"
        );
    }
}

#[test]
fn where_the_data_cannot_say_no_number_is_given_and_none_is_approved() {
    let place = tempfile::tempdir().expect("a folder");
    let apart = "A,B,C,count\n1,0,0,50\n0,1,0,60\n0,0,1,70\n";
    let run = estimate(place.path(), apart, &["--json"]);
    assert_eq!(run.status.code(), Some(1));
    assert!(json(&run)["estimate"].is_null() && json(&run)["refused"].is_string());
    let run = estimate(place.path(), apart, &["--json", "--approved-by", "Shirin"]);
    assert_eq!(json(&run)["error"]["key"], "fault-estimate-release");
    let run = estimate(place.path(), KOSOVO, &["--json", "--approved-by", " "]);
    assert_eq!(
        (run.status.code(), &json(&run)["error"]["key"]),
        (Some(1), &"fault-estimate-release".into())
    );
    let run = estimate(place.path(), KOSOVO, &["--json", "--approved-by", "Shirin"]);
    assert_eq!(
        (&json(&run)["status"], &json(&run)["approved_by"]),
        (&"approved".into(), &"Shirin".into())
    );
}

#[test]
fn people_read_it_in_persian_too() {
    let place = tempfile::tempdir().expect("a folder");
    let run = estimate(
        place.path(),
        KOSOVO,
        &["--lang", "fa", "--report", "report.html"],
    );
    assert!(String::from_utf8_lossy(&run.stdout).contains("۱۰٬۳۵۷"));
    let page = fs::read_to_string(place.path().join("report.html")).expect("written");
    assert!(page.contains("lang=\"fa\" dir=\"rtl\""));
}
