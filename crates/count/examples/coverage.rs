//! Coverage of the latent-class intervals over simulated populations: `cargo run --release -p mahzar-count --example coverage -- 200`.
#![expect(
    clippy::unwrap_used,
    reason = "shared with the tests, where a value that is not there is the failure"
)]

use count::estimate::lcmcr::LcmcrSettings;

#[path = "../tests/estimates/simulation.rs"]
mod simulation;

fn main() {
    let runs = std::env::args()
        .nth(1)
        .and_then(|runs| runs.parse().ok())
        .unwrap_or(200);
    let settings = LcmcrSettings {
        samples: 2000,
        burn_in: 1000,
        thinning: 3,
        chains: 2,
        ..LcmcrSettings::default()
    };
    for design in simulation::DESIGNS {
        let found = simulation::coverage(design, runs, settings);
        let share = |number: usize| 100.0 * number as f64 / found.counted as f64;
        println!(
            "{design:?}: of {} populations the 95 % interval held the truth in {:.1} %, by rank in {:.1} %; above it in {:.1} %",
            found.counted,
            share(found.held),
            share(found.held_by_rank),
            share(found.above)
        );
    }
}
