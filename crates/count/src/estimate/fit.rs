//! One log-linear model fitted by maximum likelihood.
//!
//! Counts of the observed cells are independent Poisson with `ln μ_c = sum of β_T over the terms T ⊆ c` (Fienberg 1972; Cormack 1989).
//! The unseen cell has no list, so its mean is `exp(β_0)`. Every sum that Newton's method needs is a sum over supersets of
//! one 64-cell array, so a fit of six lists costs microseconds.

use super::cells::{CELLS_MAX, Cells, above, members, sum_above, sum_below};
use super::existence::{has_full_rank, maximum_exists};
use super::model::Model;

/// The 97.5 % point of the normal distribution.
pub const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Newton's method needs fewer than 12 steps where a maximum exists; without one the fit runs away for ever.
const STEPS_MAX: usize = 60;
/// The gain in log-likelihood that the next step promises, below which a fit is done.
const DECREMENT_MAX: f64 = 1e-14;
/// A fitted mean this near to zero may be on its way to zero: the linear program then decides.
const SUSPECT_MEAN: f64 = 1e-4;

/// A fitted model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// The model.
    pub model: Model,
    /// Terms whose margin is zero, so that their parameter is minus infinity (Chan, Silverman and Vincent 2021).
    pub infinite: Cells,
    /// Observed cells that the model may fit above zero.
    pub cells: u32,
    /// `ln` of the estimated number of people on no list.
    pub log_unseen: f64,
    /// Its standard error, from the inverse of the Fisher information.
    pub standard_error: f64,
    /// Poisson log-likelihood, constants included as in R's `logLik`.
    pub log_likelihood: f64,
    /// Twice the distance to the log-likelihood of the saturated model.
    pub deviance: f64,
    /// Akaike's criterion: `-2 ℓ + 2 p`.
    pub aic: f64,
    /// Schwarz's criterion: `-2 ℓ + p ln n`, where `n` is the number of people observed.
    pub bic: f64,
    /// How many people were observed.
    pub observed: f64,
}

/// Why a model cannot be fitted to a table; it is left out of the comparison and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Unfit {
    /// The likelihood has no maximum with finite parameters (Fienberg and Rinaldo 2012).
    #[error("the likelihood has no finite maximum")]
    NoMaximum,
    /// Different numbers of unseen people fit the data equally well.
    #[error("the data do not determine the parameters")]
    NotIdentified,
    /// Newton's method did not settle. Not met on any table that we know; the model is left out rather than trusted.
    #[error("the fit did not settle")]
    NotSettled,
}

impl Fit {
    /// The estimated number of people, seen and unseen.
    pub fn estimate(&self) -> f64 {
        self.observed + self.log_unseen.exp()
    }

    /// The 95 % interval: `n + exp(β_0 ± 1.96 se(β_0))`, which is never below the number observed.
    pub fn interval(&self) -> (f64, f64) {
        let half = NORMAL_975 * self.standard_error;
        (
            self.observed + (self.log_unseen - half).exp(),
            self.observed + (self.log_unseen + half).exp(),
        )
    }

    /// Cells less free parameters: what is left to judge the fit by.
    pub fn degrees_of_freedom(&self) -> u32 {
        self.cells
            .saturating_sub(self.model.parameters() - self.infinite.count_ones())
    }
}

/// A table prepared for many fits.
#[derive(Clone, Debug)]
pub struct Margins {
    counts: Vec<f64>,
    /// For each term the number of people who are on all its lists.
    sums: Vec<f64>,
    above: Vec<Cells>,
    observed: f64,
    constant: f64,
}

impl Margins {
    /// Takes one count for each cell; the unseen cell, index 0, is not read.
    pub fn new(counts: &[u64]) -> Margins {
        let mut counts: Vec<f64> = counts.iter().map(|count| *count as f64).collect();
        counts[0] = 0.0;
        let mut sums = counts.clone();
        sum_above(&mut sums);
        let cells = counts.len();
        let constant = counts.iter().map(|count| libm::lgamma(count + 1.0)).sum();
        let observed = sums[0];
        Margins {
            above: (0..cells).map(|term| above(term, cells)).collect(),
            counts,
            sums,
            observed,
            constant,
        }
    }

    /// How many people were observed.
    pub fn observed(&self) -> f64 {
        self.observed
    }

    /// Fits a model.
    ///
    /// # Errors
    /// [`Unfit`] where the data do not determine it.
    pub fn fit(&self, model: Model) -> Result<Fit, Unfit> {
        let infinite = members(model.terms())
            .filter(|term| self.sums[*term] == 0.0)
            .fold(0, |set, term| set | 1 << term);
        let gone = members(infinite).fold(0, |set, term| set | self.above[term]);
        let (terms, cells) = (model.terms() & !infinite, self.above[0] & !gone & !1);
        // With every cell there, a model without the term of all lists has full rank: its columns are part of a triangular basis.
        if gone != 0 && !has_full_rank(terms, cells) {
            return Err(Unfit::NotIdentified);
        }
        let solved = Newton::new(&self.counts, &self.sums, terms, cells).run();
        let suspect = solved
            .as_ref()
            .is_none_or(|solved| solved.smallest_mean < SUSPECT_MEAN);
        if suspect && !maximum_exists(terms, cells, &self.counts) {
            return Err(Unfit::NoMaximum);
        }
        let solved = solved.ok_or(Unfit::NotSettled)?;
        Ok(self.described(model, infinite, cells, &solved))
    }

    fn described(&self, model: Model, infinite: Cells, cells: Cells, solved: &Solved) -> Fit {
        let log_likelihood = solved.kernel - self.constant;
        let parameters = f64::from(model.parameters());
        let saturated: f64 = members(cells)
            .map(|cell| self.counts[cell])
            .filter(|count| *count > 0.0)
            .map(|count| count * count.ln() - count)
            .sum();
        Fit {
            model,
            infinite,
            cells: cells.count_ones(),
            log_unseen: solved.constant,
            standard_error: solved.standard_error,
            log_likelihood,
            deviance: (2.0 * (saturated - solved.kernel)).max(0.0),
            aic: 2.0 * parameters - 2.0 * log_likelihood,
            bic: parameters * self.observed.ln() - 2.0 * log_likelihood,
            observed: self.observed,
        }
    }

    /// The multinomial log-likelihood of a model when `unseen` people are on no list, maximised over everything else
    /// (Cormack 1992); `None` if that fit does not settle.
    pub fn profile(&self, fit: &Fit, unseen: f64) -> Option<f64> {
        let gone = members(fit.infinite).fold(0, |set, term| set | self.above[term]);
        let cells = self.above[0] & !gone;
        let mut counts = self.counts.clone();
        counts[0] = unseen;
        let mut sums = self.sums.clone();
        sums[0] += unseen;
        let solved = Newton::new(&counts, &sums, fit.model.terms() & !fit.infinite, cells).run()?;
        let total = self.observed + unseen;
        let cells_part = solved.kernel + total - total * total.ln();
        Some(cells_part + libm::lgamma(total + 1.0) - libm::lgamma(unseen + 1.0))
    }
}

/// What Newton's method found.
struct Solved {
    constant: f64,
    standard_error: f64,
    /// `sum of n ln μ - μ`.
    kernel: f64,
    smallest_mean: f64,
}

/// Newton's method on the Poisson log-likelihood.
struct Newton<'a> {
    counts: &'a [f64],
    sums: &'a [f64],
    /// Terms with a finite parameter, the constant last, so that its variance is the last corner of the inverse.
    terms: Vec<usize>,
    cells: Cells,
    parameters: Vec<f64>,
}

impl<'a> Newton<'a> {
    fn new(counts: &'a [f64], sums: &'a [f64], terms: Cells, cells: Cells) -> Newton<'a> {
        let mut terms: Vec<usize> = members(terms).collect();
        terms.rotate_left(1);
        let parameters = vec![0.0; terms.len()];
        Newton {
            counts,
            sums,
            terms,
            cells,
            parameters,
        }
    }

    fn run(mut self) -> Option<Solved> {
        let mut factor = vec![0.0; self.terms.len() * self.terms.len()];
        let mut step = self.first_step(&mut factor)?;
        self.parameters.copy_from_slice(&step);
        let mut means = [0.0; CELLS_MAX];
        let mut kernel = self.means(&self.parameters, &mut means);
        for _ in 0..STEPS_MAX {
            let decrement = self.direction(&means, &mut factor, &mut step)?;
            if decrement < DECREMENT_MAX {
                return Some(self.solved(&means, &factor, kernel));
            }
            kernel = self.advance(&step, kernel, &mut means)?;
        }
        None
    }

    /// Weighted least squares on `ln(n + 1/2)`: a start near the maximum.
    fn first_step(&self, factor: &mut [f64]) -> Option<Vec<f64>> {
        let (mut weights, mut targets) = ([0.0; CELLS_MAX], [0.0; CELLS_MAX]);
        for cell in members(self.cells) {
            weights[cell] = self.counts[cell] + 0.5;
            targets[cell] = weights[cell] * weights[cell].ln();
        }
        let size = self.counts.len();
        sum_above(&mut weights[..size]);
        sum_above(&mut targets[..size]);
        let mut start: Vec<f64> = self.terms.iter().map(|term| targets[*term]).collect();
        self.factorise(&weights, factor)
            .then(|| solve(factor, &mut start))?;
        Some(start)
    }

    /// Fills `means` for `parameters` and gives the kernel of the log-likelihood.
    fn means(&self, parameters: &[f64], means: &mut [f64; CELLS_MAX]) -> f64 {
        let size = self.counts.len();
        means.fill(0.0);
        for (term, parameter) in self.terms.iter().zip(parameters) {
            means[*term] = *parameter;
        }
        sum_below(&mut means[..size]);
        let mut kernel = 0.0;
        for (cell, value) in means.iter_mut().enumerate().take(size) {
            if self.cells >> cell & 1 == 0 {
                *value = 0.0;
                continue;
            }
            kernel += self.counts[cell] * *value;
            *value = value.exp();
            kernel -= *value;
        }
        kernel
    }

    /// Newton's direction and the gain it promises.
    fn direction(
        &self,
        means: &[f64; CELLS_MAX],
        factor: &mut [f64],
        step: &mut [f64],
    ) -> Option<f64> {
        let mut sums = *means;
        sum_above(&mut sums[..self.counts.len()]);
        let gradient: Vec<f64> = self
            .terms
            .iter()
            .map(|term| self.sums[*term] - sums[*term])
            .collect();
        step.copy_from_slice(&gradient);
        self.factorise(&sums, factor).then(|| solve(factor, step))?;
        Some(
            gradient
                .iter()
                .zip(step.iter())
                .map(|(slope, part)| slope * part)
                .sum(),
        )
    }

    /// Goes along the step, halved until the likelihood rises.
    fn advance(&mut self, step: &[f64], kernel: f64, means: &mut [f64; CELLS_MAX]) -> Option<f64> {
        let mut length = 1.0;
        for _ in 0..30 {
            let moved: Vec<f64> = self
                .parameters
                .iter()
                .zip(step)
                .map(|(parameter, part)| parameter + length * part)
                .collect();
            let reached = self.means(&moved, means);
            if reached.is_finite() && reached >= kernel - 1e-9 * (1.0 + kernel.abs()) {
                self.parameters = moved;
                return Some(reached);
            }
            length /= 2.0;
        }
        None
    }

    /// The Cholesky factor of the information: the entry for two terms is the sum over their union. False if it is singular.
    fn factorise(&self, sums: &[f64; CELLS_MAX], factor: &mut [f64]) -> bool {
        let size = self.terms.len();
        for row in 0..size {
            for column in 0..=row {
                let (left, right) = (row * size, column * size);
                let done: f64 = (0..column)
                    .map(|k| factor[left + k] * factor[right + k])
                    .sum();
                let value = sums[self.terms[row] | self.terms[column]] - done;
                if row != column {
                    factor[left + column] = value / factor[right + column];
                } else if value > 1e-13 * sums[self.terms[row]] {
                    factor[left + row] = value.sqrt();
                } else {
                    return false;
                }
            }
        }
        true
    }

    fn solved(&self, means: &[f64; CELLS_MAX], factor: &[f64], kernel: f64) -> Solved {
        Solved {
            constant: self.parameters.last().copied().unwrap_or_default(),
            standard_error: 1.0 / factor.last().copied().unwrap_or(1.0),
            kernel,
            smallest_mean: members(self.cells)
                .map(|cell| means[cell])
                .fold(f64::INFINITY, f64::min),
        }
    }
}

/// Solves with a Cholesky factor in place.
fn solve(factor: &[f64], right: &mut [f64]) {
    let size = right.len();
    for row in 0..size {
        let done: f64 = (0..row).map(|k| factor[row * size + k] * right[k]).sum();
        right[row] = (right[row] - done) / factor[row * size + row];
    }
    for row in (0..size).rev() {
        let done: f64 = (row + 1..size)
            .map(|k| factor[k * size + row] * right[k])
            .sum();
        right[row] = (right[row] - done) / factor[row * size + row];
    }
}
