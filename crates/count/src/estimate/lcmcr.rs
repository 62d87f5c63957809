//! A second method with other assumptions: a Bayesian mixture of latent classes (LCMCR; Manrique-Vallier 2016).
//!
//! Everybody belongs to one of at most `classes` hidden kinds; inside a kind, lists are independent, each with its own chance of naming
//! the person. How many kinds there are is learnt, by a Dirichlet process cut off at `classes`. The number of people has the
//! prior `1/N`; the chances are uniform; the concentration `α` is Gamma(1/4, 1/4), as in the published package. A Gibbs sampler draws from the
//! posterior. Its random numbers come from ChaCha with eight rounds, a stream for each chain, and from arithmetic that is the same on every machine, so
//! the same table, settings and seed give the same numbers.

use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use rand_distr::{Beta, Binomial, Distribution, Gamma, Poisson};

use super::convergence::{effective_size, split_r_hat};
use super::table::Table;

mod shift;

/// Shape and rate of the prior of `α`, the published package's default.
const ALPHA_PRIOR: f64 = 0.25;
/// Probabilities are kept this far from 0 and 1, so that no logarithm is infinite.
const NEAR_ZERO: f64 = 1e-15;
/// Beyond this many unseen people a draw says only “no limit”.
const UNSEEN_MAX: f64 = 1e15;

/// How the sampler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LcmcrSettings {
    /// The most latent classes.
    pub classes: usize,
    /// Independent chains, each from its own start.
    pub chains: usize,
    /// Iterations thrown away at the start of each chain.
    pub burn_in: usize,
    /// Samples kept from all chains together.
    pub samples: usize,
    /// One of so many iterations is kept.
    pub thinning: usize,
    /// Where the random numbers begin.
    pub seed: u64,
}

impl Default for LcmcrSettings {
    fn default() -> LcmcrSettings {
        LcmcrSettings {
            classes: 10,
            chains: 4,
            burn_in: 2_500,
            samples: 10_000,
            thinning: 20,
            seed: 1,
        }
    }
}

/// Why no latent-class estimate can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LcmcrError {
    /// Two lists do not determine a mixture. Add a third.
    #[error("the latent-class model needs at least three lists")]
    TooFewLists,
    /// No chain, sample, class or thinning. Ask for at least one, and four samples a chain.
    #[error(
        "the sampler needs at least one chain and class, a thinning of at least 1, and four samples for each chain"
    )]
    TooFewSamples,
}

/// Samples of the number of people, and what they say.
#[derive(Clone, Debug, PartialEq)]
pub struct Posterior {
    /// How the sampler ran.
    pub settings: LcmcrSettings,
    /// The samples of each chain, in order.
    pub chains: Vec<Vec<f64>>,
    /// The posterior median.
    pub median: f64,
    /// The posterior mean.
    pub mean: f64,
    /// The 2.5 % point.
    pub low: f64,
    /// The 97.5 % point.
    pub high: f64,
    /// Split R-hat of `ln N`.
    pub r_hat: f64,
    /// Effective sample size of `ln N`.
    pub effective: f64,
}

/// Samples the number of people on or off the lists. `progress` is told how many iterations of how many are done.
///
/// # Errors
/// [`LcmcrError`]: fewer than three lists, or settings that give no samples.
pub fn sample(
    table: &Table,
    settings: LcmcrSettings,
    mut progress: impl FnMut(usize, usize),
) -> Result<Posterior, LcmcrError> {
    if table.lists().len() < 3 {
        return Err(LcmcrError::TooFewLists);
    }
    let each = settings.samples.checked_div(settings.chains).unwrap_or(0);
    if each < 4 || settings.thinning == 0 || settings.classes == 0 {
        return Err(LcmcrError::TooFewSamples);
    }
    let iterations = settings.burn_in + each * settings.thinning;
    let chains: Vec<Vec<f64>> = (0..settings.chains)
        .map(|number| {
            let chain = Chain::new(table, settings, number as u64);
            chain.run(settings, each, |done| {
                progress(number * iterations + done, settings.chains * iterations)
            })
        })
        .collect();
    Ok(summary(settings, chains))
}

fn summary(settings: LcmcrSettings, chains: Vec<Vec<f64>>) -> Posterior {
    let mut all: Vec<f64> = chains.iter().flatten().copied().collect();
    all.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (all.len() - 1) as f64;
        let (below, part) = (place.floor() as usize, place.fract());
        all[below] + part * (all[(below + 1).min(all.len() - 1)] - all[below])
    };
    let logs: Vec<Vec<f64>> = chains
        .iter()
        .map(|chain| chain.iter().map(|total| libm::log(*total)).collect())
        .collect();
    Posterior {
        settings,
        median: at(0.5),
        mean: all.iter().sum::<f64>() / all.len() as f64,
        low: at(0.025),
        high: at(0.975),
        r_hat: split_r_hat(&logs).unwrap_or(f64::INFINITY),
        effective: effective_size(&logs).unwrap_or(0.0),
        chains,
    }
}

/// One Gibbs chain.
struct Chain {
    random: ChaCha8Rng,
    lists: usize,
    classes: usize,
    /// Cells with somebody in them.
    cells: Vec<(usize, u64)>,
    observed: f64,
    /// `π`: how large each class is.
    shares: Vec<f64>,
    /// `λ`: for each class, each list's chance of naming a person.
    chances: Vec<f64>,
    concentration: f64,
    unseen: u64,
    /// People of each class, and of each class on each list.
    in_class: Vec<u64>,
    on_list: Vec<u64>,
    weights: Vec<f64>,
    /// Classes, the largest first.
    order: Vec<usize>,
    proposal: shift::Proposal,
}

impl Chain {
    fn new(table: &Table, settings: LcmcrSettings, number: u64) -> Chain {
        let mut random = ChaCha8Rng::seed_from_u64(settings.seed);
        random.set_stream(number);
        let (lists, classes) = (table.lists().len(), settings.classes);
        let chances = (0..lists * classes).map(|_| uniform(&mut random)).collect();
        let cells = table
            .counts()
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, count)| *count > 0)
            .collect();
        Chain {
            lists,
            classes,
            cells,
            observed: table.observed() as f64,
            shares: vec![1.0 / classes as f64; classes],
            chances,
            concentration: 1.0,
            unseen: table.observed(),
            in_class: vec![0; classes],
            on_list: vec![0; lists * classes],
            weights: vec![0.0; classes],
            order: (0..classes).collect(),
            proposal: shift::Proposal::default(),
            random,
        }
    }

    fn run(
        mut self,
        settings: LcmcrSettings,
        samples: usize,
        mut progress: impl FnMut(usize),
    ) -> Vec<f64> {
        let mut kept = Vec::with_capacity(samples);
        for iteration in 1..=settings.burn_in + samples * settings.thinning {
            self.step();
            if iteration > settings.burn_in
                && (iteration - settings.burn_in).is_multiple_of(settings.thinning)
            {
                kept.push(self.observed + self.unseen as f64);
            }
            if iteration % 1000 == 0 {
                progress(iteration);
            }
        }
        kept
    }

    /// One round over everything unknown, in the order of Manrique-Vallier (2016), with the moves of [`shift`] between.
    fn step(&mut self) {
        self.draw_members();
        self.draw_chances();
        self.draw_shares();
        self.draw_concentration();
        self.shift();
        self.draw_unseen();
    }

    /// Deals the people of each cell, and the unseen, among the classes.
    fn draw_members(&mut self) {
        self.in_class.fill(0);
        self.on_list.fill(0);
        // Largest classes first: most cells are then dealt out after a few of them. Any order gives the same distribution.
        let shares = &self.shares;
        self.order
            .sort_by(|one, other| shares[*other].total_cmp(&shares[*one]));
        for index in 0..self.cells.len() {
            let (cell, count) = self.cells[index];
            self.deal(cell, count);
        }
        self.deal(0, self.unseen);
    }

    fn deal(&mut self, cell: usize, count: u64) {
        let mut left_weight = self.weigh(cell);
        let mut left = count;
        for place in 0..self.classes {
            if left == 0 {
                break;
            }
            let class = self.order[place];
            let last = place + 1 == self.classes;
            let share = if last {
                1.0
            } else {
                self.weights[class] / left_weight
            };
            let dealt = binomial(&mut self.random, left, share);
            left_weight -= self.weights[class];
            left -= dealt;
            self.in_class[class] += dealt;
            for list in (0..self.lists).filter(|list| cell >> list & 1 == 1) {
                self.on_list[class * self.lists + list] += dealt;
            }
        }
    }

    /// The probability of a cell in each class, and over all.
    fn weigh(&mut self, cell: usize) -> f64 {
        let mut sum = 0.0;
        for (class, weight) in self.weights.iter_mut().enumerate() {
            let chances = &self.chances[class * self.lists..(class + 1) * self.lists];
            let product: f64 = chances
                .iter()
                .enumerate()
                .map(|(list, chance)| {
                    if cell >> list & 1 == 1 {
                        *chance
                    } else {
                        1.0 - chance
                    }
                })
                .product();
            *weight = self.shares[class] * product;
            sum += *weight;
        }
        sum
    }

    fn draw_chances(&mut self) {
        for class in 0..self.classes {
            for list in 0..self.lists {
                let place = class * self.lists + list;
                let on = self.on_list[place];
                self.chances[place] = beta(
                    &mut self.random,
                    1.0 + on as f64,
                    1.0 + (self.in_class[class] - on) as f64,
                );
            }
        }
    }

    /// Breaks the stick.
    fn draw_shares(&mut self) {
        let mut after: u64 = self.in_class.iter().sum();
        let mut stick = 1.0;
        for class in 0..self.classes {
            after -= self.in_class[class];
            let part = if class + 1 == self.classes {
                1.0
            } else {
                beta(
                    &mut self.random,
                    1.0 + self.in_class[class] as f64,
                    self.concentration + after as f64,
                )
            };
            self.shares[class] = stick * part;
            stick = (stick * (1.0 - part)).max(f64::MIN_POSITIVE);
        }
    }

    fn draw_concentration(&mut self) {
        let last = self.shares[self.classes - 1].max(f64::MIN_POSITIVE);
        let shape = ALPHA_PRIOR + self.classes as f64 - 1.0;
        self.concentration =
            gamma(&mut self.random, shape, ALPHA_PRIOR - libm::log(last)).max(NEAR_ZERO);
    }

    /// The unseen follow a negative binomial distribution, drawn as a Poisson number with a gamma mean.
    fn draw_unseen(&mut self) {
        let missed = self.weigh(0).clamp(NEAR_ZERO, 1.0 - NEAR_ZERO);
        let mean = gamma(&mut self.random, self.observed, (1.0 - missed) / missed).min(UNSEEN_MAX);
        self.unseen = poisson(&mut self.random, mean);
    }
}

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

fn binomial(random: &mut ChaCha8Rng, trials: u64, share: f64) -> u64 {
    if share >= 1.0 {
        return trials;
    }
    // A share that is no number comes only from a cell whose probability underflows in every class.
    Binomial::new(trials, share.max(0.0)).map_or(0, |one| one.sample(random))
}

fn beta(random: &mut ChaCha8Rng, first: f64, second: f64) -> f64 {
    let drawn = Beta::new(first, second).map_or(0.5, |one| one.sample(random));
    drawn.clamp(NEAR_ZERO, 1.0 - NEAR_ZERO)
}

fn gamma(random: &mut ChaCha8Rng, shape: f64, rate: f64) -> f64 {
    Gamma::new(shape, 1.0 / rate).map_or(shape / rate, |one| one.sample(random))
}

fn poisson(random: &mut ChaCha8Rng, mean: f64) -> u64 {
    Poisson::new(mean).map_or(0, |one| one.sample(random) as u64)
}
