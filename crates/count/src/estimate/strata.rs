//! Strata estimated apart and added up.
//!
//! If some places or times are listed better than others, the whole table shows dependence that is only mixture. Each stratum is then
//! estimated by itself; the unseen are added, and the total's interval is log-normal in the unseen with the variance by the delta method, the
//! strata being independent.

use super::analysis::{Analysis, Settings, analyse_counts, analyse_with};
use super::fit::NORMAL_975;
use super::table::Stratified;
use super::warning::Warning;

/// Estimates by stratum and their total.
#[derive(Clone, Debug)]
pub struct StrataAnalysis {
    /// The whole table, strata ignored.
    pub whole: Analysis,
    /// Each stratum by name.
    pub strata: Vec<(String, Analysis)>,
    /// The total over strata; `None` without strata or if one of them cannot be estimated.
    pub total: Option<Total>,
    /// What is doubtful about the total.
    pub warnings: Vec<Warning>,
}

/// A total over strata.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    /// The sum of the estimates.
    pub estimate: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Analyses a table and each of its strata.
pub fn analyse_strata(table: &Stratified, settings: &Settings) -> StrataAnalysis {
    analyse_strata_with(table, settings, |_, _| {})
}

/// As [`analyse_strata`]; `progress` hears how much of how much is done.
pub fn analyse_strata_with(
    table: &Stratified,
    settings: &Settings,
    mut progress: impl FnMut(usize, usize),
) -> StrataAnalysis {
    let parts = table.strata.len() + 1;
    let mut of_part =
        |part: usize, done: usize, all: usize| progress(part * all + done, parts * all);
    let whole = analyse_with(&table.whole, settings, |done, all| of_part(0, done, all));
    let strata: Vec<(String, Analysis)> = table
        .strata
        .iter()
        .enumerate()
        .map(|(index, (name, part))| {
            let heard = |done, all| of_part(index + 1, done, all);
            (
                name.clone(),
                analyse_counts(part.lists(), part.counts(), settings, heard),
            )
        })
        .collect();
    let withheld: Vec<String> = strata
        .iter()
        .filter(|(_, analysis)| analysis.answer.is_err())
        .map(|(name, _)| name.clone())
        .collect();
    let total = if withheld.is_empty() {
        total(&strata)
    } else {
        None
    };
    let warnings = if withheld.is_empty() {
        Vec::new()
    } else {
        vec![Warning::StrataWithheld(withheld)]
    };
    StrataAnalysis {
        whole,
        strata,
        total,
        warnings,
    }
}

fn total(strata: &[(String, Analysis)]) -> Option<Total> {
    let (mut observed, mut unseen, mut variance) = (0.0, 0.0, 0.0);
    for (_, analysis) in strata {
        let answer = analysis.answer.as_ref().ok()?;
        let own = answer.estimate - analysis.observed as f64;
        let error = ((answer.high - analysis.observed as f64) / own.max(f64::MIN_POSITIVE)).ln()
            / NORMAL_975;
        observed += analysis.observed as f64;
        unseen += own;
        variance += if own > 0.0 {
            (own * error).powi(2)
        } else {
            0.0
        };
    }
    if strata.is_empty() {
        return None;
    }
    let half = if unseen > 0.0 {
        NORMAL_975 * variance.sqrt() / unseen
    } else {
        0.0
    };
    Some(Total {
        estimate: observed + unseen,
        low: observed + unseen * (-half).exp(),
        high: observed + unseen * half.exp(),
    })
}
