//! Moves that let the sampler change the number of unseen people quickly.
//!
//! A Gibbs round changes chances and unseen people only in small steps, because each is drawn given the other. Here a class's chances are
//! shifted together on the logit scale, judged by the likelihood with the unseen and everybody's class summed out:
//! under the prior `1/N` that is the multinomial likelihood of the observed cells given that a person is observed at all,
//! `∏ (p_c / (1 - p_0))^{n_c}`. The share of the class moves with it, so that its part of the *observed* people stays as it was; the
//! acceptance carries the Jacobian of that map. The posterior is the same; only fewer iterations are wasted.

use rand_distr::{Distribution, StandardNormal};

use super::{Chain, uniform};

/// Steps on the logit scale, from careful to bold; one is picked at random for each move.
const STEPS: [f64; 3] = [0.15, 0.6, 2.0];
/// Beyond this a logit is a probability of 0 or 1 to double precision.
const LOGIT_MAX: f64 = 30.0;
/// Single-class moves in each iteration.
const MOVES: usize = 4;

/// Room for a proposal, kept between iterations.
#[derive(Debug, Default)]
pub(super) struct Proposal {
    shares: Vec<f64>,
    chances: Vec<f64>,
    /// `ln` of the Jacobian so far.
    jacobian: f64,
}

impl Chain {
    /// A few moves of single classes and one of all together.
    pub(super) fn shift(&mut self) {
        let mut current = self.log_posterior(&self.shares, &self.chances);
        for _ in 0..MOVES {
            let class =
                ((uniform(&mut self.random) * self.classes as f64) as usize).min(self.classes - 1);
            current = self.try_shift(class..class + 1, current);
        }
        self.try_shift(0..self.classes, current);
    }

    fn try_shift(&mut self, classes: std::ops::Range<usize>, current: f64) -> f64 {
        let pick = ((uniform(&mut self.random) * STEPS.len() as f64) as usize).min(STEPS.len() - 1);
        let normal: f64 = StandardNormal.sample(&mut self.random);
        let step = STEPS[pick] * normal;
        let keeps_observed = uniform(&mut self.random) < 0.75;
        let accept = uniform(&mut self.random);
        let mut proposal = std::mem::take(&mut self.proposal);
        self.propose(&mut proposal, classes, step, keeps_observed);
        let proposed = self.log_posterior(&proposal.shares, &proposal.chances);
        let ratio = proposed - current + proposal.jacobian;
        let accepted = ratio.is_finite() && (ratio >= 0.0 || accept < libm::exp(ratio));
        if accepted {
            std::mem::swap(&mut self.shares, &mut proposal.shares);
            std::mem::swap(&mut self.chances, &mut proposal.chances);
        }
        self.proposal = proposal;
        if accepted { proposed } else { current }
    }

    fn propose(
        &self,
        proposal: &mut Proposal,
        classes: std::ops::Range<usize>,
        step: f64,
        keeps_observed: bool,
    ) {
        proposal.shares.clone_from(&self.shares);
        proposal.chances.clone_from(&self.chances);
        proposal.jacobian = 0.0;
        for class in classes {
            let own = class * self.lists..(class + 1) * self.lists;
            let seen_before = 1.0 - missed(&proposal.chances[own.clone()]);
            for chance in &mut proposal.chances[own.clone()] {
                let moved = logistic((logit(*chance) + step).clamp(-LOGIT_MAX, LOGIT_MAX));
                proposal.jacobian += libm::log(moved * (1.0 - moved) / (*chance * (1.0 - *chance)));
                *chance = moved;
            }
            if keeps_observed {
                let factor = seen_before / (1.0 - missed(&proposal.chances[own]));
                proposal.shares[class] *= factor;
                proposal.jacobian += libm::log(factor);
            }
        }
        if keeps_observed {
            let sum: f64 = proposal.shares.iter().sum();
            proposal.shares.iter_mut().for_each(|share| *share /= sum);
            proposal.jacobian -= self.classes as f64 * libm::log(sum);
        }
    }

    /// `ln` of the posterior density of shares and chances given `α`, the unseen and the classes of all people summed out.
    fn log_posterior(&self, shares: &[f64], chances: &[f64]) -> f64 {
        let mut total = 0.0;
        let mut seen = 0.0;
        for (class, share) in shares.iter().enumerate() {
            seen += share * (1.0 - missed(&chances[class * self.lists..(class + 1) * self.lists]));
        }
        for (cell, count) in &self.cells {
            let probability: f64 = shares
                .iter()
                .enumerate()
                .map(|(class, share)| {
                    share
                        * reached(
                            &chances[class * self.lists..(class + 1) * self.lists],
                            *cell,
                        )
                })
                .sum();
            total += *count as f64 * libm::log(probability);
        }
        total - self.observed * libm::log(seen) + self.log_stick(shares)
    }

    /// `ln` of the density of shares broken off a stick: `(α - 1) ln π_K - sum of ln(what is left before each break)`.
    fn log_stick(&self, shares: &[f64]) -> f64 {
        let mut left = 0.0;
        let mut total =
            (self.concentration - 1.0) * libm::log(shares[self.classes - 1].max(f64::MIN_POSITIVE));
        for (class, share) in shares.iter().enumerate().rev() {
            left += share;
            if class + 1 < self.classes {
                total -= libm::log(left);
            }
        }
        total
    }
}

fn missed(chances: &[f64]) -> f64 {
    chances.iter().map(|chance| 1.0 - chance).product()
}

fn reached(chances: &[f64], cell: usize) -> f64 {
    let of = |(list, chance): (usize, &f64)| {
        if cell >> list & 1 == 1 {
            *chance
        } else {
            1.0 - chance
        }
    };
    chances.iter().enumerate().map(of).product()
}

fn logit(chance: f64) -> f64 {
    libm::log(chance / (1.0 - chance))
}

fn logistic(value: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-value))
}
