//! All log-linear models of a table, compared.

use std::collections::{BTreeMap, BTreeSet};

use super::fit::{Fit, Margins, Unfit};
use super::mixture::{Mixed, Part, mix};
use super::model::{Model, WHOLE_LATTICE_LISTS_MAX, lattice, neighbours};
use super::table::Table;

/// With six lists, how many of the best models of pairs are improved step by step.
const IMPROVED: usize = 10;

/// Models this much worse than the best are no longer rivals (Burnham and Anderson 2002; Raftery 1995).
pub const RIVAL_DISTANCE: f64 = 2.0;

/// By what the best model is chosen: fit against the number of parameters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Criterion {
    /// Schwarz's: `-2 ℓ + p ln n`.
    #[default]
    Bic,
    /// Akaike's: `-2 ℓ + 2 p`.
    Aic,
}

impl Criterion {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Criterion::Bic => "BIC",
            Criterion::Aic => "AIC",
        }
    }

    /// Its value for a fit; less is better.
    pub fn of(self, fit: &Fit) -> f64 {
        match self {
            Criterion::Bic => fit.bic,
            Criterion::Aic => fit.aic,
        }
    }
}

/// Which models were tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// Every hierarchical model.
    Whole,
    /// Every hierarchical model with terms of at most so many lists.
    UpTo(usize),
    /// Every model of pairs, and what is found by improving the best of them one term at a time.
    PairsThenSteps,
    /// One model, named beforehand.
    Named,
}

/// Every model that could be fitted, the best by BIC first.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The fits.
    pub fits: Vec<Fit>,
    /// Models that the data do not determine, by reason.
    pub unfit: BTreeMap<&'static str, usize>,
    /// Which were tried.
    pub tried: Tried,
}

/// Fits all models, with terms of at most `order_max` lists if that is given.
pub fn compare(table: &Table, order_max: Option<usize>) -> Comparison {
    let lists = table.lists().len();
    let margins = Margins::new(table.counts());
    let whole = lists <= WHOLE_LATTICE_LISTS_MAX;
    let (order, tried) = match order_max.map(|order| order.max(1)) {
        Some(order) if order + 1 < lists && (whole || order <= 2) => (order, Tried::UpTo(order)),
        _ if whole => (lists, Tried::Whole),
        _ => (2, Tried::PairsThenSteps),
    };
    let mut search = Search::new(&margins);
    lattice(lists, order)
        .into_iter()
        .for_each(|model| search.try_model(model));
    if tried == Tried::PairsThenSteps {
        let order = order_max.unwrap_or(lists);
        for criterion in [Criterion::Bic, Criterion::Aic] {
            search.improve(criterion, lists, order);
        }
    }
    search.finish(tried)
}

/// Fits one model that was named beforehand.
///
/// # Errors
/// [`Unfit`] where the data do not determine it.
pub fn compare_one(table: &Table, model: Model) -> Result<Comparison, Unfit> {
    let fit = Margins::new(table.counts()).fit(model)?;
    Ok(Comparison {
        fits: vec![fit],
        unfit: BTreeMap::new(),
        tried: Tried::Named,
    })
}

impl Comparison {
    /// The best model; of equals the simplest.
    pub fn best(&self, criterion: Criterion) -> Option<&Fit> {
        self.fits
            .iter()
            .min_by(|a, b| criterion.of(a).total_cmp(&criterion.of(b)))
    }

    /// How many models were tried.
    pub fn tried_count(&self) -> usize {
        self.fits.len() + self.unfit.values().sum::<usize>()
    }

    /// The models within [`RIVAL_DISTANCE`] of the best, that one included, best first.
    pub fn rivals(&self, criterion: Criterion) -> Vec<&Fit> {
        let Some(best) = self.best(criterion) else {
            return Vec::new();
        };
        let limit = criterion.of(best) + RIVAL_DISTANCE;
        let mut rivals: Vec<&Fit> = self
            .fits
            .iter()
            .filter(|fit| criterion.of(fit) <= limit)
            .collect();
        rivals.sort_by(|a, b| criterion.of(a).total_cmp(&criterion.of(b)));
        rivals
    }

    /// The weight of each fit, in their order: `exp(-Δ/2)`, made to add up to one.
    pub fn weights(&self, criterion: Criterion) -> Vec<f64> {
        let best = self.best(criterion).map_or(0.0, |fit| criterion.of(fit));
        let weights: Vec<f64> = self
            .fits
            .iter()
            .map(|fit| (-(criterion.of(fit) - best) / 2.0).exp())
            .collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / total).collect()
    }

    /// The average over all models.
    pub fn averaged(&self, criterion: Criterion) -> Option<Mixed> {
        let weights = self.weights(criterion);
        let parts: Vec<Part> = self
            .fits
            .iter()
            .zip(weights)
            .map(|(fit, weight)| Part::of(fit, weight))
            .collect();
        mix(&parts)
    }
}

struct Search<'a> {
    margins: &'a Margins,
    seen: BTreeSet<Model>,
    fits: Vec<Fit>,
    unfit: BTreeMap<&'static str, usize>,
}

impl<'a> Search<'a> {
    fn new(margins: &'a Margins) -> Search<'a> {
        Search {
            margins,
            seen: BTreeSet::new(),
            fits: Vec::new(),
            unfit: BTreeMap::new(),
        }
    }

    fn try_model(&mut self, model: Model) {
        if !self.seen.insert(model) {
            return;
        }
        match self.margins.fit(model) {
            Ok(fit) => self.fits.push(fit),
            Err(why) => *self.unfit.entry(reason(why)).or_default() += 1,
        }
    }

    /// Goes on from the best models to better ones among their neighbours, until none of the best has a better neighbour.
    fn improve(&mut self, criterion: Criterion, lists: usize, order_max: usize) {
        let mut opened = BTreeSet::new();
        loop {
            self.fits
                .sort_by(|a, b| criterion.of(a).total_cmp(&criterion.of(b)));
            let best: Vec<Model> = self
                .fits
                .iter()
                .take(IMPROVED)
                .map(|fit| fit.model)
                .collect();
            let unopened: Vec<Model> = best
                .into_iter()
                .filter(|model| opened.insert(*model))
                .collect();
            if unopened.is_empty() {
                return;
            }
            for model in unopened {
                let fits_order = |one: &Model| {
                    one.generators()
                        .first()
                        .is_none_or(|term| term.count_ones() as usize <= order_max)
                };
                neighbours(model, lists)
                    .into_iter()
                    .filter(fits_order)
                    .for_each(|one| self.try_model(one));
            }
        }
    }

    fn finish(mut self, tried: Tried) -> Comparison {
        self.fits
            .sort_by(|a, b| a.bic.total_cmp(&b.bic).then(a.model.cmp(&b.model)));
        Comparison {
            fits: self.fits,
            unfit: self.unfit,
            tried,
        }
    }
}

fn reason(why: Unfit) -> &'static str {
    match why {
        Unfit::NoMaximum => "no_maximum",
        Unfit::NotIdentified => "not_identified",
        Unfit::NotSettled => "not_settled",
    }
}

/// The 95 % interval by the profile of the multinomial likelihood (Cormack 1992), beside the one of [`Fit::interval`]; its upper end is
/// `None` where the likelihood stays flat, so that the data set no upper limit.
pub fn profile_interval(table: &Table, fit: &Fit) -> Option<(f64, Option<f64>)> {
    const HALF_CHI_SQUARE_95: f64 = 1.920_729_410_347_062;
    let margins = Margins::new(table.counts());
    let top = margins.profile(fit, fit.log_unseen.exp())?;
    let inside = |log_unseen: f64| {
        margins
            .profile(fit, log_unseen.exp())
            .is_some_and(|value| top - value <= HALF_CHI_SQUARE_95)
    };
    let edge = |direction: f64| {
        let reach = (1..=40).map(|step| fit.log_unseen + direction * 0.5 * f64::from(step));
        let mut outside = reach.into_iter().find(|place| !inside(*place))?;
        let mut within = outside - direction * 0.5;
        for _ in 0..40 {
            let middle = f64::midpoint(outside, within);
            if inside(middle) {
                within = middle
            } else {
                outside = middle
            }
        }
        Some(fit.observed + within.exp())
    };
    Some((edge(-1.0).unwrap_or(fit.observed), edge(1.0)))
}
