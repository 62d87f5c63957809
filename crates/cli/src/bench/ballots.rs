//! Elections made here and verified by this program and by `belenios-tool` in the same run, each as a process of its own.

mod election;
mod process;

use std::path::Path;
use std::process::Command;

use ballot::group::edwards::Ed25519;
use ballot::group::modp::ModP;

use super::figure::{Better, Figure};
use super::laboratory::{Laboratory, cannot_write};
use crate::failure::{Failure, fault};
use election::Made;
use process::Spent;

/// How often each is run; the medians count.
const RUNS: usize = 3;

/// The memory that a verification of any size may take.
const MEMORY_MIB_MAX: f64 = 512.0;

/// The size of the election beside which a large one stands.
const SMALL_BALLOTS: usize = 2_000;

/// Verifies elections of so many ballots, one question of three answers, in two groups and with two programs.
pub fn measure(
    laboratory: &Laboratory,
    sizes: &[usize],
    verifier: Option<&Path>,
) -> Result<Vec<Figure>, Failure> {
    let mut figures = Vec::new();
    for size in sizes {
        let field = Made::of(&ModP::belenios_2048(), *size)?;
        let curve = Made::of(&Ed25519, *size)?;
        let ours = median(|| by_us(laboratory, &field, verifier))?;
        let on_curve = median(|| by_us(laboratory, &curve, verifier))?;
        let theirs = median(|| by_belenios(laboratory, &field))?;
        for (what, value, to_reach, beside_value) in [
            ("cpu", ours.cpu, "CPU; to reach 2", theirs.cpu),
            ("wall", ours.wall, "wall; to reach 4", theirs.wall),
            ("ed25519-cpu", on_curve.cpu, "CPU; to reach 30", theirs.cpu),
        ] {
            figures.push(Figure {
                name: format!("ballot-verify/{size}/{what}"),
                value,
                unit: "s",
                beside: format!("belenios-tool on BELENIOS-2048, {to_reach}"),
                beside_value,
                better: Better::Less,
            });
        }
    }
    Ok(figures)
}

/// Verifies one large election on the curve: its peak of memory, and its time beside that of a small one.
pub fn large(
    laboratory: &Laboratory,
    ballots: usize,
    verifier: Option<&Path>,
) -> Result<Vec<Figure>, Failure> {
    let small = Made::of(&Ed25519, SMALL_BALLOTS)?;
    let small = median(|| by_us(laboratory, &small, verifier))?;
    let large = by_us(laboratory, &Made::of(&Ed25519, ballots)?, verifier)?;
    let times = ballots as f64 / SMALL_BALLOTS as f64;
    Ok(vec![
        Figure {
            name: "ballot-large/memory".to_owned(),
            value: large.memory_mib,
            unit: "MiB",
            beside: format!("the limit for {ballots} ballots"),
            beside_value: MEMORY_MIB_MAX,
            better: Better::Less,
        },
        Figure {
            name: "ballot-large/wall".to_owned(),
            value: large.wall,
            unit: "s",
            beside: format!("{SMALL_BALLOTS} ballots, times {times}"),
            beside_value: small.wall * times,
            better: Better::Less,
        },
    ])
}

fn median(mut run: impl FnMut() -> Result<Spent, Failure>) -> Result<Spent, Failure> {
    let mut spent = Vec::new();
    for _ in 0..RUNS {
        spent.push(run()?);
    }
    let middle = |of: fn(&Spent) -> f64| {
        let mut all: Vec<f64> = spent.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[RUNS / 2]
    };
    Ok(Spent {
        cpu: middle(|one| one.cpu),
        wall: middle(|one| one.wall),
        memory_mib: middle(|one| one.memory_mib),
    })
}

/// This program's `ballot audit`, or a `mahzar-verify` that is named.
fn by_us(laboratory: &Laboratory, made: &Made, verifier: Option<&Path>) -> Result<Spent, Failure> {
    let mut command = match verifier {
        Some(verifier) => Command::new(std::path::absolute(verifier).map_err(failed)?),
        None => Command::new(std::env::current_exe().map_err(failed)?),
    };
    command.arg("--json");
    if verifier.is_none() {
        command.args(["ballot", "audit"]);
    }
    verified(laboratory, made, &mut command, &[&made.file()])
}

fn by_belenios(laboratory: &Laboratory, made: &Made) -> Result<Spent, Failure> {
    let mut command = Command::new("belenios-tool");
    command.args(["election", "verify"]);
    let spent = verified(laboratory, made, &mut command, &[]);
    spent.map_err(|failure| {
        failure.because("belenios-tool 2.0 is wanted as a peer: apt-get install belenios-tool")
    })
}

/// Runs a program in a folder that holds nothing but the archive. It must accept it, or there is nothing to measure.
fn verified(
    laboratory: &Laboratory,
    made: &Made,
    command: &mut Command,
    arguments: &[&str],
) -> Result<Spent, Failure> {
    let folder = laboratory.path("election");
    let path = folder.join(made.file());
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, &made.archive))
        .map_err(|error| cannot_write(&path, &error))?;
    command.args(arguments).current_dir(&folder);
    let spent = process::run(command).map_err(failed);
    std::fs::remove_dir_all(&folder).map_err(|error| cannot_write(&folder, &error))?;
    spent
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench")
        .text("name", "ballot-verify")
        .because(error)
}
