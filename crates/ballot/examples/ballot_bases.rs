//! Writes the archives that the frozen vectors of ballots begin from: `cargo run -p mahzar-ballot --example ballot_bases -- FOLDER`.

#[path = "../tests/suite/plans.rs"]
mod plans;
#[path = "../tests/suite/simulation.rs"]
mod simulation;

fn main() -> std::io::Result<()> {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_default());
    for (name, plan, until) in plans::bases() {
        let (_, bytes) = simulation::archive(&plan, until);
        std::fs::write(folder.join(format!("{name}.bel")), bytes)?;
    }
    Ok(())
}
