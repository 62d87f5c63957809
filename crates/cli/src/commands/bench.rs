//! `mahzar bench`

use std::path::PathBuf;

use clap::Args;

use crate::bench::audit::Large;
use crate::bench::figure::Figure;
use crate::bench::laboratory::Laboratory;
use crate::bench::{
    ballots, desk, estimate, intake, linkage, record_append, serve_read, signatures, verify_proof,
};
use crate::commands::Run;
use crate::failure::{Exit, Failure, malformed};
use crate::words::say;

/// Every measurement, in the order in which they run.
const NAMES: [&str; 13] = [
    "intake-large",
    "intake-small",
    "record-append",
    "audit",
    "start",
    "verify-proof",
    "serve-read",
    "desk",
    "estimate-loglinear",
    "estimate-lcmcr",
    "link-million",
    "ballot-verify",
    "ballot-large",
];

/// Measure this machine: each figure beside its ceiling or a peer, in the same run
///
/// With --json a line for each: name, value, unit, beside, beside_value, ratio; a ratio above 1 is better than what it stands beside.
#[derive(Debug, Args)]
pub struct Bench {
    /// intake-large, intake-small, record-append, audit, start, verify-proof, serve-read, desk, estimate-loglinear, estimate-lcmcr, link-million, ballot-verify, ballot-large; without names, all but the last three: link-million needs splink (PyPI), ballot-verify belenios-tool (Debian), ballot-large minutes
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Measure the disk of this folder; needs room for three times the large file
    #[arg(long = "in", value_name = "DIR", default_value = ".")]
    place: PathBuf,

    /// Size of the large file in MiB
    #[arg(long, value_name = "MIB", default_value_t = 1024)]
    large: u64,

    /// How many small files of 4 KiB
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    small: usize,

    /// How many entries are appended to the record
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    entries: usize,

    /// How many leaves are audited; making them takes longer than the audit
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    leaves: usize,

    /// How many requests are served
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    requests: usize,

    /// How many entities the documentation desk is filled with
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    entities: usize,

    /// How many records are linked
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    records: u64,

    /// Ballots of the elections that are verified beside belenios-tool
    #[arg(
        long,
        value_name = "N,N…",
        value_delimiter = ',',
        default_value = "500,2000"
    )]
    ballots: Vec<usize>,

    /// Ballots of the large election
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    large_ballots: usize,

    /// A mahzar-verify to measure instead of this program's ballot audit
    #[arg(long, value_name = "FILE")]
    verifier: Option<PathBuf>,

    /// The Python that has splink
    #[arg(long, value_name = "FILE", default_value = "python3")]
    python: PathBuf,
}

/// Measured only when they are named: their peers are no part of this program, or they take minutes.
const ONLY_NAMED: [&str; 3] = ["link-million", "ballot-verify", "ballot-large"];

/// Measures what was asked for.
pub fn run(run: &Run, asked: &Bench) -> Result<Exit, Failure> {
    if let Some(unknown) = asked
        .names
        .iter()
        .find(|name| !NAMES.contains(&name.as_str()))
    {
        return Err(malformed("fault-bench-name")
            .text("name", unknown)
            .text("names", NAMES.join(", ")));
    }
    for name in NAMES
        .into_iter()
        .filter(|name| is_wanted(name, &asked.names))
    {
        let bar = run.screen.spinner(say("bench-working").text("name", name));
        let figures = measure(name, asked);
        bar.finish_and_clear();
        for figure in figures? {
            run.screen.line(figure.line());
            run.screen.answer(&figure.to_json());
        }
    }
    Ok(Exit::Done)
}

/// Each in a laboratory of its own, removed before the next.
fn measure(name: &str, asked: &Bench) -> Result<Vec<Figure>, Failure> {
    let laboratory = Laboratory::open(&asked.place)?;
    match name {
        "intake-large" => intake::large(&laboratory, asked.large * 1024 * 1024),
        "intake-small" => intake::small(&laboratory, asked.small),
        "record-append" => record_append::measure(&laboratory, asked.entries),
        "audit" => {
            let mut figures = Large::make(&laboratory, asked.leaves)?.audit()?;
            figures.push(signatures::measure(&laboratory, asked.entries)?);
            Ok(figures)
        }
        "start" => Ok(vec![Large::make(&laboratory, asked.leaves)?.start()?]),
        "link-million" => linkage::measure(&laboratory, asked.records, &asked.python),
        "ballot-verify" => ballots::measure(&laboratory, &asked.ballots, asked.verifier.as_deref()),
        "ballot-large" => {
            ballots::large(&laboratory, asked.large_ballots, asked.verifier.as_deref())
        }
        "desk" => desk::measure(&laboratory, asked.entities),
        "serve-read" => serve_read::measure(&laboratory, asked.requests),
        "estimate-loglinear" => estimate::log_linear(),
        "estimate-lcmcr" => estimate::latent_classes(),
        _ => verify_proof::measure(),
    }
}

fn is_wanted(name: &str, names: &[String]) -> bool {
    if names.is_empty() {
        !ONLY_NAMED.contains(&name)
    } else {
        names.iter().any(|wanted| wanted == name)
    }
}
