//! Linkage uncertainty carried through to the estimate.
//!
//! Who is the same person is not certain, so the overlap table is not either. Linkage draws many tables, each with every doubtful pair
//! decided by its probability. Each table is estimated with all models averaged, and the draws are mixed with equal weight: the
//! interval then holds both the doubt inside each table and the doubt about which table is right (Tancredi and Liseo 2011; the same reasoning as
//! Rubin's rules for multiple imputation).

use super::mixture::{Mixed, Part, mix};
use super::selection::{Criterion, compare};
use super::table::Table;

/// An estimate over draws of the overlap table.
#[derive(Clone, Debug, PartialEq)]
pub struct OverDraws {
    /// The mixture over all draws and models.
    pub mixed: Mixed,
    /// Draws that were estimated.
    pub draws: usize,
    /// Draws for which no model could be fitted; if there are any, the interval is too narrow.
    pub without: usize,
    /// The share of the variance of the estimate, on the log scale, that comes from linkage.
    pub linkage_share: f64,
    /// The averaged estimate of each draw, in order.
    pub estimates: Vec<f64>,
}

/// Estimates each draw and mixes them; `None` if no draw can be estimated.
pub fn over_draws(
    draws: impl IntoIterator<Item = Table>,
    criterion: Criterion,
) -> Option<OverDraws> {
    let (mut parts, mut estimates, mut without) = (Vec::new(), Vec::new(), 0);
    let (mut logs, mut inside) = (Vec::new(), Vec::new());
    for table in draws {
        let comparison = compare(&table, None);
        let Some(averaged) = comparison.averaged(criterion) else {
            without += 1;
            continue;
        };
        let weights = comparison.weights(criterion);
        parts.extend(
            comparison
                .fits
                .iter()
                .zip(weights)
                .map(|(fit, weight)| Part::of(fit, weight)),
        );
        estimates.push(averaged.estimate);
        logs.push(averaged.estimate.ln());
        inside.push(((averaged.high / averaged.low).ln() / (2.0 * super::fit::NORMAL_975)).powi(2));
    }
    let mixed = mix(&parts)?;
    let draws = estimates.len();
    let mean = logs.iter().sum::<f64>() / draws as f64;
    let between =
        logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (draws as f64 - 1.0).max(1.0);
    let within = inside.iter().sum::<f64>() / draws as f64;
    let linkage_share = if between + within > 0.0 {
        between / (between + within)
    } else {
        0.0
    };
    Some(OverDraws {
        mixed,
        draws,
        without,
        linkage_share,
        estimates,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(both: u64) -> Table {
        let lists = ["A", "B", "C"].map(str::to_owned).to_vec();
        Table::new(lists, vec![0, 90, 80, both, 70, 28, 25, 12]).unwrap()
    }

    #[test]
    fn draws_that_agree_add_nothing() {
        let one = over_draws([table(30)], Criterion::Bic).unwrap();
        let many = over_draws(vec![table(30); 5], Criterion::Bic).unwrap();
        assert!((one.mixed.low - many.mixed.low).abs() < 1e-6);
        assert!((one.mixed.high - many.mixed.high).abs() < 1e-6);
        assert_eq!(many.linkage_share, 0.0);
    }

    #[test]
    fn draws_that_disagree_widen_the_interval() {
        let one = over_draws([table(30)], Criterion::Bic).unwrap();
        let spread = over_draws([10, 20, 30, 40, 60].map(table), Criterion::Bic).unwrap();
        assert!(spread.mixed.high - spread.mixed.low > one.mixed.high - one.mixed.low);
        assert!(spread.linkage_share > 0.1);
        assert_eq!(spread.draws, 5);
        assert!(over_draws([], Criterion::Bic).is_none());
    }
}
