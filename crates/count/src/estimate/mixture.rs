//! Quantiles of a mixture of estimates, each log-normal in the unseen.

use super::fit::{Fit, NORMAL_975};

/// Bisection to far more digits than anybody reads.
const STEPS: usize = 200;

/// One estimate in a mixture: `observed + exp(normal(log_unseen, standard_error))`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// How much it counts; weights need not add up to one.
    pub weight: f64,
    /// People observed.
    pub observed: f64,
    /// `ln` of the estimated unseen.
    pub log_unseen: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// A mixture's mean of point estimates and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixed {
    /// The weighted mean of the estimates.
    pub estimate: f64,
    /// The 2.5 % point of the mixture.
    pub low: f64,
    /// The 97.5 % point.
    pub high: f64,
}

impl Part {
    /// A fit with a weight.
    pub fn of(fit: &Fit, weight: f64) -> Part {
        Part {
            weight,
            observed: fit.observed,
            log_unseen: fit.log_unseen,
            standard_error: fit.standard_error,
        }
    }

    fn estimate(&self) -> f64 {
        self.observed + self.log_unseen.exp()
    }

    /// The probability that the number of people is below `total`.
    fn below(&self, total: f64) -> f64 {
        let unseen = total - self.observed;
        if unseen <= 0.0 {
            return 0.0;
        }
        let distance = (unseen.ln() - self.log_unseen) / self.standard_error.max(f64::MIN_POSITIVE);
        0.5 * libm::erfc(-distance / std::f64::consts::SQRT_2)
    }
}

/// Mixes estimates; `None` if there are none or no weight is positive.
pub fn mix(parts: &[Part]) -> Option<Mixed> {
    let total: f64 = parts.iter().map(|part| part.weight).sum();
    if total <= 0.0 || !total.is_finite() {
        return None;
    }
    let estimate = parts
        .iter()
        .map(|part| part.weight * part.estimate())
        .sum::<f64>()
        / total;
    Some(Mixed {
        estimate,
        low: quantile(parts, total, 0.025),
        high: quantile(parts, total, 0.975),
    })
}

fn quantile(parts: &[Part], total: f64, share: f64) -> f64 {
    let reach = |part: &Part, sign: f64| {
        part.observed + (part.log_unseen + sign * 5.0 * NORMAL_975 * part.standard_error).exp()
    };
    let mut low = parts
        .iter()
        .map(|part| reach(part, -1.0))
        .fold(f64::INFINITY, f64::min);
    let mut high = parts
        .iter()
        .map(|part| reach(part, 1.0))
        .fold(0.0, f64::max);
    for _ in 0..STEPS {
        let middle = low + (high - low) / 2.0;
        let below: f64 = parts
            .iter()
            .map(|part| part.weight * part.below(middle))
            .sum();
        if below / total < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_gives_its_own_interval() {
        let part = Part {
            weight: 3.0,
            observed: 100.0,
            log_unseen: 5.0,
            standard_error: 0.2,
        };
        let mixed = mix(&[part]).unwrap();
        assert!((mixed.estimate - (100.0 + 5f64.exp())).abs() < 1e-9);
        assert!((mixed.low - (100.0 + (5.0 - NORMAL_975 * 0.2).exp())).abs() < 1e-6);
        assert!((mixed.high - (100.0 + (5.0 + NORMAL_975 * 0.2).exp())).abs() < 1e-6);
    }

    #[test]
    fn disagreement_widens_the_interval() {
        let part = |log_unseen| Part {
            weight: 1.0,
            observed: 0.0,
            log_unseen,
            standard_error: 0.1,
        };
        let (alone, both) = (
            mix(&[part(5.0)]).unwrap(),
            mix(&[part(5.0), part(6.0)]).unwrap(),
        );
        assert!(both.high - both.low > 2.0 * (alone.high - alone.low));
        assert_eq!(mix(&[]), None);
    }
}
