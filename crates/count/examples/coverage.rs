//! Coverage of the latent-class intervals over simulated populations: `cargo run --release -p mahzar-count --example coverage -- 200`.

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
    let (held, counted) = simulation::coverage(runs, settings);
    println!(
        "the 95 % interval held the truth {held} times of {counted}: {:.1} %",
        100.0 * held as f64 / counted as f64
    );
}
