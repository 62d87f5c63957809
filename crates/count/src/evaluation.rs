//! How good clusters are against a list in which somebody has said who is who.

use serde::Serialize;

use crate::mix::Map;

/// Clusters beside the truth. All figures are between 0 and 1; 1 where there was nothing to find.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Records that the truth names.
    pub records: u64,
    /// Pairs that are one person in truth.
    pub true_pairs: u64,
    /// Pairs that were put together.
    pub linked_pairs: u64,
    /// Pairs that are both.
    pub correct_pairs: u64,
    /// Of the pairs put together, what part is right.
    pub precision: f64,
    /// Of the true pairs, what part was found.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// B-cubed: the same as a mean over records, so that large clusters do not outvote small ones.
    pub bcubed_precision: f64,
    /// Likewise.
    pub bcubed_recall: f64,
    /// Their harmonic mean.
    pub bcubed_f1: f64,
}

/// Compares clusters with the truth, each a number for every record, in the same order. Records without truth are left out.
///
/// ```
/// let evaluation = count::evaluation::evaluate(&[(1, 7), (1, 7), (2, 7)]);
/// assert_eq!((evaluation.precision, evaluation.recall), (1.0, 1.0 / 3.0));
/// ```
pub fn evaluate(cluster_and_truth: &[(u64, u64)]) -> Evaluation {
    let count = |key: fn(&(u64, u64)) -> (u64, u64)| {
        let mut counts: Map<(u64, u64), u64> = Map::default();
        cluster_and_truth
            .iter()
            .for_each(|record| *counts.entry(key(record)).or_default() += 1);
        counts
    };
    let clusters = count(|record| (record.0, 0));
    let persons = count(|record| (record.1, 0));
    let both = count(|record| *record);
    let pairs = |counts: &Map<(u64, u64), u64>| {
        counts
            .values()
            .map(|count| count * (count - 1) / 2)
            .sum::<u64>()
    };
    let (linked_pairs, true_pairs, correct_pairs) =
        (pairs(&clusters), pairs(&persons), pairs(&both));
    let records = cluster_and_truth.len() as u64;
    let mean = |of: &dyn Fn(&(u64, u64)) -> u64| {
        // In order, so that the last digit does not depend on a map.
        let mut shares: Vec<f64> = both
            .iter()
            .map(|(key, count)| (*count * *count) as f64 / of(key) as f64)
            .collect();
        shares.sort_by(f64::total_cmp);
        if records == 0 {
            1.0
        } else {
            shares.iter().sum::<f64>() / records as f64
        }
    };
    let (bcubed_precision, bcubed_recall) = (
        mean(&|key| clusters[&(key.0, 0)]),
        mean(&|key| persons[&(key.1, 0)]),
    );
    let (precision, recall) = (
        ratio(correct_pairs, linked_pairs),
        ratio(correct_pairs, true_pairs),
    );
    Evaluation {
        records,
        true_pairs,
        linked_pairs,
        correct_pairs,
        precision,
        recall,
        f1: harmonic(precision, recall),
        bcubed_precision,
        bcubed_recall,
        bcubed_f1: harmonic(bcubed_precision, bcubed_recall),
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        1.0
    } else {
        part as f64 / whole as f64
    }
}

fn harmonic(one: f64, other: f64) -> f64 {
    if one + other == 0.0 {
        0.0
    } else {
        2.0 * one * other / (one + other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of Bagga and Baldwin (1998), figure 1: twelve mentions, two entities wrongly put together.
    #[test]
    fn b_cubed_agrees_with_its_authors() {
        let first = (1..=5).map(|_| (1, 1));
        let second = (6..=7).map(|_| (2, 2)).chain((8..=12).map(|_| (2, 3)));
        let evaluation = evaluate(&first.chain(second).collect::<Vec<_>>());
        assert!(
            (evaluation.bcubed_precision - 0.762).abs() < 0.001,
            "{evaluation:?}"
        );
        assert_eq!(evaluation.bcubed_recall, 1.0);
        assert_eq!(evaluation.recall, 1.0);
    }

    #[test]
    fn nothing_to_find_is_not_a_fault() {
        let evaluation = evaluate(&[]);
        assert_eq!(
            (evaluation.precision, evaluation.recall, evaluation.records),
            (1.0, 1.0, 0)
        );
    }
}
