//! How often the 95 % interval of the latent-class model holds the true number, on populations that the model describes.

use count::estimate::lcmcr::{LcmcrSettings, sample};
use count::estimate::table::Table;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rand_distr::{Beta, Distribution, Gamma};

/// People in each simulated population.
const PEOPLE: usize = 2000;
const LISTS: usize = 4;
const CLASSES: usize = 10;

/// How often the interval held the truth, of how many populations.
pub fn coverage(runs: u64, settings: LcmcrSettings) -> (usize, usize) {
    let mut held = 0;
    let mut counted = 0;
    for run in 0..runs {
        let Some(table) = population(run) else {
            continue;
        };
        let posterior = sample(
            &table,
            LcmcrSettings {
                seed: run,
                ..settings
            },
            |_, _| {},
        )
        .unwrap();
        counted += 1;
        held += usize::from(posterior.low <= PEOPLE as f64 && PEOPLE as f64 <= posterior.high);
    }
    (held, counted)
}

/// A population drawn from the model's own prior, so that the intervals should hold it 95 times in a hundred; `None` if a list is empty.
fn population(seed: u64) -> Option<Table> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(1 << 32);
    let concentration: f64 = Gamma::new(0.25, 4.0).unwrap().sample(&mut random);
    let mut left = 1.0;
    let shares: Vec<f64> = (1..=CLASSES)
        .map(|class| {
            let part = if class == CLASSES {
                1.0
            } else {
                Beta::new(1.0, concentration.max(1e-3))
                    .unwrap()
                    .sample(&mut random)
            };
            let share = left * part;
            left -= share;
            share
        })
        .collect();
    let mut uniform = move || (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
    let chances: Vec<f64> = (0..CLASSES * LISTS).map(|_| uniform()).collect();
    let mut counts = vec![0; 1 << LISTS];
    for _ in 0..PEOPLE {
        let mut place = uniform();
        let class = shares
            .iter()
            .position(|share| {
                place -= share;
                place < 0.0
            })
            .unwrap_or(CLASSES - 1);
        let cell = (0..LISTS)
            .filter(|list| uniform() < chances[class * LISTS + list])
            .map(|list| 1 << list)
            .sum::<usize>();
        counts[cell] += 1;
    }
    Table::new((0..LISTS).map(|list| format!("L{list}")).collect(), counts).ok()
}

/// A short run of what `cargo run --release -p mahzar-count --example coverage` does 200 times. With 40 populations a sampler whose intervals
/// hold 95 % gives fewer than 34 once in a thousand; one whose intervals are half as wide as they should be gives 27 on average.
#[test]
fn the_interval_holds_the_truth() {
    let settings = LcmcrSettings {
        samples: 2000,
        burn_in: 500,
        thinning: 2,
        chains: 2,
        ..LcmcrSettings::default()
    };
    let (held, counted) = coverage(40, settings);
    println!("the 95 % interval held the truth {held} times of {counted}");
    assert!(
        counted >= 38 && held * 100 >= counted * 85,
        "{held} of {counted}"
    );
}
