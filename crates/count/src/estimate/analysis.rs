//! A table estimated by every method, with what is doubtful about it.

use super::fit::{Fit, Unfit};
use super::lcmcr::{LcmcrSettings, Posterior, sample};
use super::lincoln::{Chao, chao, chapman};
use super::mixture::Mixed;
use super::model::Model;
use super::selection::{Comparison, Criterion, compare, compare_one, profile_interval};
use super::table::{Table, TableError};
use super::warning::{Warning, people};

mod doubts;

/// An interval whose upper end leaves this many times more unseen people than its lower end says nothing: no number is given.
pub const FACTOR_MAX: f64 = 50.0;

/// What to estimate and how.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// By what the best model is chosen.
    pub criterion: Criterion,
    /// Terms of at most so many lists; without it, all.
    pub order_max: Option<usize>,
    /// One model, named beforehand, instead of a comparison.
    pub model: Option<Model>,
    /// The latent-class model too; `None` leaves it out.
    pub lcmcr: Option<LcmcrSettings>,
}

/// A number with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// People, seen and unseen.
    pub estimate: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The model, by its generators, or `Chapman`.
    pub model: String,
}

/// Why no number is given.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// Nobody is on two lists, so that any number of people is possible. Lists of the same people are needed.
    #[error("nobody is on more than one list, so any number of people is possible")]
    NoOverlap,
    /// The data do not determine any of the models.
    #[error("none of the {0} models is determined by these data: the overlaps are too few")]
    NothingDetermined(usize),
    /// The model that was named cannot be fitted.
    #[error("the model that was asked for cannot be fitted: {0}")]
    ModelUnfit(Unfit),
    /// The interval is so wide that its middle means nothing.
    #[error("the data allow anything from {} to {} people: too wide for a number to be given", people(*.low), people(*.high))]
    TooWide {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
    /// A stratum has too little in it.
    #[error("{0}")]
    Table(TableError),
}

/// Everything that was found out about a table.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The table, without lists that name nobody.
    pub table: Option<Table>,
    /// People observed.
    pub observed: u64,
    /// The number, or why there is none.
    pub answer: Result<Answer, Refusal>,
    /// By what the model was chosen.
    pub criterion: Criterion,
    /// All models; `None` for two lists.
    pub comparison: Option<Comparison>,
    /// The profile-likelihood interval of the chosen model; its upper end is missing where there is none.
    pub profile: Option<(f64, Option<f64>)>,
    /// All models averaged by the criterion.
    pub averaged: Option<Mixed>,
    /// Chao's lower bounds.
    pub chao: Option<Chao>,
    /// The latent-class posterior, if it was asked for and there are three lists.
    pub posterior: Option<Posterior>,
    /// What is doubtful.
    pub warnings: Vec<Warning>,
}

/// Estimates a table by every method.
pub fn analyse(table: &Table, settings: &Settings) -> Analysis {
    analyse_with(table, settings, |_, _| {})
}

/// As [`analyse`]; `progress` hears how many of how many iterations of the sampler are done.
pub fn analyse_with(
    table: &Table,
    settings: &Settings,
    progress: impl FnMut(usize, usize),
) -> Analysis {
    let mut analysis = Analysis {
        table: Some(table.clone()),
        observed: table.observed(),
        answer: Err(Refusal::NoOverlap),
        criterion: settings.criterion,
        comparison: None,
        profile: None,
        averaged: None,
        chao: Some(chao(table)),
        posterior: None,
        warnings: doubts::of_table(table),
    };
    if table.on_exactly(1) == table.observed() {
        return analysis;
    }
    if table.lists().len() == 2 {
        two_lists(table, &mut analysis);
        return analysis;
    }
    log_linear(table, settings, &mut analysis);
    analysis.posterior = settings
        .lcmcr
        .and_then(|lcmcr| sample(table, lcmcr, progress).ok());
    doubts::of_posterior(&mut analysis);
    analysis
}

/// As [`analyse_with`], for the counts of a stratum, in which some of the lists may name nobody.
pub fn analyse_counts(
    lists: &[String],
    counts: &[u64],
    settings: &Settings,
    progress: impl FnMut(usize, usize),
) -> Analysis {
    let (table, empty) = Table::without_empty(lists, counts);
    let mut analysis = match table {
        Ok(table) => {
            // A model that was named beforehand means lists by their place, and those have moved.
            let settings = if empty.is_empty() {
                settings.clone()
            } else {
                Settings {
                    model: None,
                    ..settings.clone()
                }
            };
            analyse_with(&table, &settings, progress)
        }
        Err(error) => Analysis {
            table: None,
            observed: counts.iter().skip(1).sum(),
            answer: Err(Refusal::Table(error)),
            criterion: settings.criterion,
            comparison: None,
            profile: None,
            averaged: None,
            chao: None,
            posterior: None,
            warnings: Vec::new(),
        },
    };
    if !empty.is_empty() {
        analysis.warnings.insert(0, Warning::EmptyInStratum(empty));
    }
    analysis
}

impl Analysis {
    /// The chosen model's fit.
    pub fn chosen(&self) -> Option<&Fit> {
        self.comparison.as_ref()?.best(self.criterion)
    }
}

fn two_lists(table: &Table, analysis: &mut Analysis) {
    if let Some(found) = chapman(table) {
        analysis.answer = withheld_if_wide(
            Answer {
                estimate: found.estimate,
                low: found.low,
                high: found.high,
                model: "Chapman".to_owned(),
            },
            analysis.observed,
        );
    }
}

fn log_linear(table: &Table, settings: &Settings, analysis: &mut Analysis) {
    let comparison = match settings.model {
        Some(model) => match compare_one(table, model) {
            Ok(comparison) => comparison,
            Err(why) => {
                analysis.answer = Err(Refusal::ModelUnfit(why));
                return;
            }
        },
        None => compare(table, settings.order_max),
    };
    let tried = comparison.tried_count();
    analysis.averaged = comparison.averaged(settings.criterion);
    analysis.answer = match comparison.best(settings.criterion) {
        None => Err(Refusal::NothingDetermined(tried)),
        Some(best) => {
            analysis.profile = profile_interval(table, best);
            let (low, high) = best.interval();
            let model = best.model.name(table.lists());
            withheld_if_wide(
                Answer {
                    estimate: best.estimate(),
                    low,
                    high,
                    model,
                },
                analysis.observed,
            )
        }
    };
    analysis.comparison = Some(comparison);
    doubts::of_models(table, analysis);
}

fn withheld_if_wide(answer: Answer, observed: u64) -> Result<Answer, Refusal> {
    let observed = observed as f64;
    let factor = (answer.high - observed) / (answer.low - observed);
    // Below one unseen person at the lower end the factor says nothing, so the width itself has to be small.
    let wide = factor > FACTOR_MAX && answer.high > 1.5 * observed;
    let finite = answer.estimate.is_finite() && answer.high.is_finite();
    if wide || !finite {
        return Err(Refusal::TooWide {
            low: answer.low,
            high: answer.high,
        });
    }
    Ok(answer)
}
