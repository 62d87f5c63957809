//! Invented people linked to themselves, beside splink on DuckDB in the same run.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use count::invention::{Invention, Scripts};
use serde_json::Value;

use super::figure::{Better, Figure};
use super::laboratory::{Laboratory, cannot_write, timed};
use crate::failure::{Failure, fault};

/// What splink is asked to do; a program of its own, so that it can be run alone.
const PEER: &str = include_str!("../../../../tests/programs/splink_peer.py");

/// The fields of the invented list.
const CONFIGURATION: &str = r#"
id = "id"
gold = "person"
field = [
    { name = "given", role = "given" },
    { name = "family", role = "family" },
    { name = "father", role = "kin" },
    { name = "born", role = "date" },
    { name = "place", role = "place" },
]
"#;

/// Of ten records nearly three are of somebody who has another.
const REPEATED_OF_THOUSAND: u64 = 200;
/// Cores that both may use.
const THREADS: &str = "2";

/// Links `records` records with both programs.
pub fn measure(
    laboratory: &Laboratory,
    records: u64,
    python: &Path,
) -> Result<Vec<Figure>, Failure> {
    let list = laboratory.path("invented.csv");
    invent(&list, records).map_err(|error| cannot_write(&list, &error))?;
    let ours = ours(laboratory, &list)?;
    let theirs = theirs(&list, python)?;
    Ok(vec![
        Figure {
            name: "link-million".to_owned(),
            value: ours.seconds,
            unit: "s",
            beside: format!("splink on DuckDB, {records} records, {THREADS} threads"),
            beside_value: theirs.seconds,
            better: Better::Less,
        },
        Figure {
            name: "link-million/f1".to_owned(),
            value: ours.f1,
            unit: "of 1",
            beside: "splink at the best of five thresholds".to_owned(),
            beside_value: theirs.f1,
            better: Better::More,
        },
    ])
}

struct Measured {
    seconds: f64,
    f1: f64,
}

fn invent(path: &Path, records: u64) -> std::io::Result<()> {
    // Each person has 1.25 records in the mean.
    let persons = records * 4 / 5;
    let invention = Invention {
        seed: 1,
        persons,
        repeated_of_thousand: REPEATED_OF_THOUSAND,
        scripts: Scripts::English,
    };
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "id,given,family,father,born,place,person")?;
    for (id, one) in invention.records().iter().enumerate() {
        writeln!(
            file,
            "{id},{},{},{},{},{},{}",
            one.given, one.family, one.father, one.born, one.place, one.person
        )?;
    }
    file.flush()
}

fn ours(laboratory: &Laboratory, list: &Path) -> Result<Measured, Failure> {
    let configuration = laboratory.path("linkage.toml");
    std::fs::write(&configuration, CONFIGURATION)
        .map_err(|error| cannot_write(&configuration, &error))?;
    let program = std::env::current_exe().map_err(failed)?;
    let mut command = Command::new(program);
    command
        .args(["--json", "link"])
        .arg(list)
        .arg("--config")
        .arg(&configuration);
    command
        .arg("--out")
        .arg(laboratory.path("linked"))
        .args(["--threads", THREADS]);
    let (answer, time) = timed(|| answer(&mut command));
    let answer = answer?;
    Ok(Measured {
        seconds: time.as_secs_f64(),
        f1: number(&answer["evaluation"]["f1"])?,
    })
}

fn theirs(list: &Path, python: &Path) -> Result<Measured, Failure> {
    let mut command = Command::new(python);
    command.args(["-c", PEER]).arg(list).arg(THREADS);
    let answer = answer(&mut command).map_err(|failure| failure.because("splink is wanted as a peer: pip install splink==5.0.0, and --python names the interpreter that has it"))?;
    Ok(Measured {
        seconds: number(&answer["seconds"])?,
        f1: number(&answer["f1"])?,
    })
}

/// The last line that a program prints, as JSON.
fn answer(command: &mut Command) -> Result<Value, Failure> {
    let output = command.output().map_err(failed)?;
    if !output.status.success() {
        return Err(failed(
            String::from_utf8_lossy(&output.stderr)
                .lines()
                .last()
                .unwrap_or_default(),
        ));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    serde_json::from_str(text.lines().last().unwrap_or_default()).map_err(failed)
}

fn number(value: &Value) -> Result<f64, Failure> {
    value
        .as_f64()
        .ok_or_else(|| failed("a program did not say its figure"))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench")
        .text("name", "link-million")
        .because(error)
}
