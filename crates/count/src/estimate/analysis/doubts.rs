//! What makes an estimate doubtful.

use super::super::cells::members;
use super::super::convergence::{EFFECTIVE_MIN, R_HAT_MAX};
use super::super::fit::Fit;
use super::super::selection::{Comparison, Criterion};
use super::super::table::Table;
use super::super::warning::Warning;
use super::Analysis;

/// Below this many people the intervals, which hold for large numbers, are too narrow.
const PEOPLE_MIN: u64 = 50;
/// Fewer people on more than one list than this carry no estimate alone.
const OVERLAPPING_MIN: u64 = 20;
/// Rivals whose estimates differ by more than this are told of.
const DISAGREEMENT: f64 = 1.2;
/// A fit this bad by chance once in a hundred is told of.
const P_VALUE_MIN: f64 = 0.01;
/// Upper over lower end, in unseen people, from which an interval is called wide.
const WIDE: f64 = 5.0;
/// More estimated people than this for each one observed are told of.
const MOSTLY_UNSEEN: f64 = 5.0;

/// Doubts that the table itself raises.
pub fn of_table(table: &Table) -> Vec<Warning> {
    let lists = table.lists();
    let mut doubts = Vec::new();
    if lists.len() == 2 {
        doubts.push(Warning::TwoLists);
    }
    if !table.missing().is_empty() {
        doubts.push(Warning::RowsMissing(
            table
                .missing()
                .iter()
                .map(|cell| table.named(*cell))
                .collect(),
        ));
    }
    let observed = table.observed();
    if observed < PEOPLE_MIN {
        doubts.push(Warning::FewPeople(observed));
    }
    let overlapping = observed - table.on_exactly(1);
    if overlapping < OVERLAPPING_MIN || overlapping * 100 < observed {
        doubts.push(Warning::LittleOverlap {
            overlapping,
            observed,
        });
    }
    let cells = table.counts().len() - 1;
    let empty = table
        .counts()
        .iter()
        .skip(1)
        .filter(|count| **count == 0)
        .count();
    if cells > 3 && empty * 4 > cells {
        doubts.push(Warning::Sparse { empty, cells });
    }
    doubts.extend(of_lists(table));
    doubts
}

/// Lists that share nobody, hold one another, or are the same.
fn of_lists(table: &Table) -> Vec<Warning> {
    let lists = table.lists();
    let others = |list: usize| (0..lists.len()).filter(move |other| *other != list);
    let both = |one: usize, other: usize| table.on_all(1 << one | 1 << other);
    let isolated: Vec<bool> = (0..lists.len())
        .map(|list| others(list).all(|other| both(list, other) == 0))
        .collect();
    let mut doubts: Vec<Warning> = (0..lists.len())
        .filter(|list| isolated[*list])
        .map(|list| Warning::Isolated(lists[list].clone()))
        .collect();
    for one in 0..lists.len() {
        for other in one + 1..lists.len() {
            let (first, second, shared) = (
                table.on_all(1 << one),
                table.on_all(1 << other),
                both(one, other),
            );
            let names = (lists[one].clone(), lists[other].clone());
            if shared == 0 && !isolated[one] && !isolated[other] {
                doubts.push(Warning::NoOverlap(names.0, names.1));
            } else if shared == first && shared == second {
                doubts.push(Warning::SameLists(names.0, names.1));
            } else if shared == first {
                doubts.push(Warning::Contained(names.0, names.1));
            } else if shared == second {
                doubts.push(Warning::Contained(names.1, names.0));
            }
        }
    }
    doubts
}

/// Doubts that the models raise.
pub fn of_models(table: &Table, analysis: &mut Analysis) {
    let Some(comparison) = &analysis.comparison else {
        return;
    };
    let mut doubts = Vec::new();
    let of = |reason: &str| comparison.unfit.get(reason).copied().unwrap_or(0);
    let (no_maximum, not_identified) = (of("no_maximum") + of("not_settled"), of("not_identified"));
    if no_maximum + not_identified > 0 {
        let tried = comparison.tried_count();
        doubts.push(Warning::Undetermined {
            no_maximum,
            not_identified,
            tried,
        });
    }
    if let Some(best) = comparison.best(analysis.criterion) {
        doubts.extend(of_best(table, best));
        doubts.extend(of_rivals(comparison, analysis.criterion));
        if let Some(bound) = analysis
            .chao
            .and_then(|chao| chao.unequal_lists)
            .filter(|bound| best.interval().1 < *bound)
        {
            doubts.push(Warning::BelowChao(bound));
        }
    }
    analysis.warnings.extend(doubts);
}

fn of_best(table: &Table, best: &Fit) -> Vec<Warning> {
    let mut doubts = Vec::new();
    let degrees = best.degrees_of_freedom();
    if degrees == 0 {
        doubts.push(Warning::NothingLeftToCheck);
    } else {
        let p_value = chi_square_above(best.deviance, degrees);
        if p_value < P_VALUE_MIN {
            doubts.push(Warning::BadFit {
                deviance: best.deviance,
                degrees,
                p_value,
            });
        }
    }
    if best.infinite != 0 {
        doubts.push(Warning::InfiniteParameters(
            members(best.infinite)
                .map(|term| table.named(term))
                .collect(),
        ));
    }
    let (low, high) = best.interval();
    let factor = (high - best.observed) / (low - best.observed);
    if factor > WIDE {
        doubts.push(Warning::Wide { factor });
    }
    let factor = best.estimate() / best.observed;
    if factor > MOSTLY_UNSEEN {
        doubts.push(Warning::MostlyUnseen { factor });
    }
    doubts
}

fn of_rivals(comparison: &Comparison, criterion: Criterion) -> Vec<Warning> {
    let mut doubts = Vec::new();
    let rivals = comparison.rivals(criterion);
    let estimates = || rivals.iter().map(|fit| fit.estimate());
    let (smallest, largest) = (
        estimates().fold(f64::INFINITY, f64::min),
        estimates().fold(0.0, f64::max),
    );
    if rivals.len() > 1 && largest > DISAGREEMENT * smallest {
        doubts.push(Warning::RivalsDisagree {
            models: rivals.len(),
            smallest,
            largest,
            criterion: criterion.name(),
        });
    }
    let best = |criterion| comparison.best(criterion).map(Fit::estimate);
    if let (Some(bic), Some(aic)) = (best(Criterion::Bic), best(Criterion::Aic))
        && bic.max(aic) > DISAGREEMENT * bic.min(aic)
    {
        doubts.push(Warning::CriteriaDisagree { bic, aic });
    }
    doubts
}

/// Doubts that the second method raises.
pub fn of_posterior(analysis: &mut Analysis) {
    let Some(posterior) = &analysis.posterior else {
        return;
    };
    if posterior.r_hat > R_HAT_MAX || posterior.effective < EFFECTIVE_MIN {
        analysis.warnings.push(Warning::NotConverged {
            r_hat: posterior.r_hat,
            effective: posterior.effective,
        });
    }
    if let Ok(answer) = &analysis.answer
        && (posterior.low > answer.high || posterior.high < answer.low)
    {
        analysis.warnings.push(Warning::MethodsDisagree {
            low: posterior.low,
            high: posterior.high,
        });
    }
}

/// The probability that a chi-square variable exceeds `value`: the regularised upper incomplete gamma function (Press et al. 2007, 6.2).
fn chi_square_above(value: f64, degrees: u32) -> f64 {
    let (shape, half) = (f64::from(degrees) / 2.0, value / 2.0);
    if half <= 0.0 {
        return 1.0;
    }
    let scale = (shape * half.ln() - half - libm::lgamma(shape)).exp();
    if half < shape + 1.0 {
        let (mut term, mut sum, mut place) = (1.0 / shape, 1.0 / shape, shape);
        while term > sum * f64::EPSILON {
            place += 1.0;
            term *= half / place;
            sum += term;
        }
        return 1.0 - scale * sum;
    }
    // Lentz's continued fraction.
    let tiny = f64::MIN_POSITIVE / f64::EPSILON;
    let mut below = half + 1.0 - shape;
    let (mut upper, mut ratio) = (1.0 / tiny, 1.0 / below);
    let mut fraction = ratio;
    for step in 1..500 {
        let part = -f64::from(step) * (f64::from(step) - shape);
        below += 2.0;
        ratio = 1.0 / nonzero(part * ratio + below, tiny);
        upper = nonzero(below + part / upper, tiny);
        fraction *= ratio * upper;
        if (ratio * upper - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    scale * fraction
}

fn nonzero(value: f64, tiny: f64) -> f64 {
    if value.abs() < tiny { tiny } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chi_square_tails() {
        // R: pchisq(c(3.841459, 10, 0.5, 30), c(1, 5, 4, 10), lower.tail = FALSE)
        for (value, degrees, tail) in [
            (3.841_459, 1, 0.05),
            (10.0, 5, 0.075_235_25),
            (0.5, 4, 0.973_501),
            (30.0, 10, 8.566_412e-4),
        ] {
            assert!(
                (chi_square_above(value, degrees) - tail).abs() < 1e-6,
                "{value} {degrees}"
            );
        }
    }
}
