//! Expectation and maximisation: the model is learned from pairs of which nobody has said what they are.
//!
//! `u` comes from pairs of a sample, nearly all of which are two persons; `m` and the prior from the pairs that blocking found,
//! each counted by how probably it is one person. What is known beforehand ([`crate::field::Role::scale`]) counts as a few pairs.

use super::{FieldModel, Model};
use crate::compare::Pattern;
use crate::mix::Map;
use crate::table::Table;

/// How often each pattern was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Among the pairs that blocking found in the sample.
    pub found: Map<u64, u64>,
    /// Among pairs drawn without regard to what they say.
    pub drawn: Map<u64, u64>,
    /// How many pairs the sample has in all, found or not.
    pub pairs: u64,
}

/// What is known beforehand counts as this many pairs of one person, and of two persons.
const EXPECTED_SAME: f64 = 60.0;
const EXPECTED_OTHER: f64 = 200.0;
/// And what is expected of the prior, as this many.
const EXPECTED_PAIRS: f64 = 60.0;
/// Rounds after which the numbers have long settled.
const ROUNDS_MAX: usize = 60;
/// A change of the prior below which another round is idle.
const SETTLED: f64 = 1e-6;
/// A chance below which a level's count is noise.
const CHANCE_MIN: f64 = 1e-7;

/// Learns a model.
pub fn estimate(table: &Table, evidence: &Evidence) -> Model {
    let expected = Model::expected(table);
    let mut model = expected.clone();
    let found = sorted(&evidence.found);
    let drawn = sorted(&evidence.drawn);
    for _ in 0..ROUNDS_MAX {
        let before = model.prior;
        model = round(&model, &expected, &found, &drawn, evidence.pairs);
        if ((model.prior - before) / before).abs() < SETTLED {
            break;
        }
    }
    model
}

/// Sums must not depend on the order of a hash map.
fn sorted(counts: &Map<u64, u64>) -> Vec<(Pattern, f64)> {
    let mut sorted: Vec<(Pattern, f64)> = counts
        .iter()
        .map(|(pattern, count)| (Pattern(*pattern), *count as f64))
        .collect();
    sorted.sort_unstable_by_key(|(pattern, _)| *pattern);
    sorted
}

fn round(
    model: &Model,
    expected: &Model,
    found: &[(Pattern, f64)],
    drawn: &[(Pattern, f64)],
    pairs: u64,
) -> Model {
    let weights = model.weights();
    let prior = model.prior_weight();
    let same = |pattern: Pattern| {
        let levels = (0..weights.len())
            .filter_map(|at| Some(weights[at][usize::from(pattern.level(at)?) + 1]));
        super::probability(prior + levels.sum::<f64>())
    };
    let of_same: Vec<(Pattern, f64)> = found
        .iter()
        .map(|(pattern, count)| (*pattern, count * same(*pattern)))
        .collect();
    let of_others: Vec<(Pattern, f64)> = drawn
        .iter()
        .map(|(pattern, count)| (*pattern, count * (1.0 - same(*pattern))))
        .collect();
    let matches: f64 = of_same.iter().map(|(_, count)| count).sum();
    let fields = expected.fields.iter().enumerate().map(|(at, field)| {
        let m = chances(at, &field.m, EXPECTED_SAME, &of_same);
        let u = chances(at, &field.u, EXPECTED_OTHER, &of_others);
        in_order(FieldModel {
            m,
            u,
            ..field.clone()
        })
    });
    let fields = fields.collect();
    // As if a few more pairs of average hope had been seen: two records alone cannot say how likely a match is.
    let prior = ((matches + EXPECTED_PAIRS * expected.prior) / (pairs as f64 + EXPECTED_PAIRS))
        .clamp(1e-12, 0.5);
    Model { prior, fields }
}

/// How often each level occurs, what was expected counted in.
fn chances(at: usize, expected: &[f64], strength: f64, counts: &[(Pattern, f64)]) -> Vec<f64> {
    let mut seen: Vec<f64> = expected.iter().map(|chance| chance * strength).collect();
    for (pattern, count) in counts {
        if let Some(place) = pattern
            .level(at)
            .and_then(|level| seen.get_mut(usize::from(level)))
        {
            *place += count;
        }
    }
    let total: f64 = seen.iter().sum();
    seen.iter()
        .map(|count| (count / total).max(CHANCE_MIN))
        .collect()
}

/// A level that is more alike never speaks less for one person than the level below it: neighbours that do are put together.
fn in_order(field: FieldModel) -> FieldModel {
    let FieldModel { mut m, mut u, .. } = field.clone();
    let ordered = m.len().min(usize::from(crate::field::SWAPPED));
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for level in 0..ordered {
        let mut block = (m[level], u[level], 1);
        while let Some(last) = blocks
            .last()
            .filter(|last| last.0 * block.1 > block.0 * last.1)
        {
            block = (last.0 + block.0, last.1 + block.1, last.2 + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let mut level = 0;
    for (same, others, count) in blocks {
        for _ in 0..count {
            // Within a block each level keeps its share of pairs and takes the block's ratio.
            let mass = m[level] + u[level];
            let whole = same + others;
            (m[level], u[level]) = (mass * same / whole, mass * others / whole);
            level += 1;
        }
    }
    FieldModel { m, u, ..field }
}
