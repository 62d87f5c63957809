//! Two lists: Chapman's estimator, and Chao's lower bound for any number of lists.

use super::fit::NORMAL_975;
use super::table::Table;

/// Chapman's estimate from two lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chapman {
    /// `(n1 + 1)(n2 + 1)/(m + 1) - 1`.
    pub estimate: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Chapman's nearly unbiased form of Lincoln and Petersen's estimator (Chapman 1951), with Seber's variance (1970) and an interval that
/// is log-normal in the unseen (Burnham et al. 1987; Chao 1987). `None` unless there are two lists with somebody on both.
pub fn chapman(table: &Table) -> Option<Chapman> {
    if table.lists().len() != 2 || table.on_all(3) == 0 {
        return None;
    }
    let (first, second, both) = (
        table.on_all(1) as f64,
        table.on_all(2) as f64,
        table.on_all(3) as f64,
    );
    let estimate = (first + 1.0) * (second + 1.0) / (both + 1.0) - 1.0;
    let variance = (first + 1.0) * (second + 1.0) * (first - both) * (second - both)
        / ((both + 1.0).powi(2) * (both + 2.0));
    let observed = table.observed() as f64;
    let unseen = estimate - observed;
    let spread = if unseen > 0.0 {
        (NORMAL_975 * (variance / unseen.powi(2)).ln_1p().sqrt()).exp()
    } else {
        1.0
    };
    Some(Chapman {
        estimate,
        low: observed + unseen / spread,
        high: observed + unseen * spread,
    })
}

/// Chao's lower bounds for the number of people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chao {
    /// `n + f1²/(2 f2)`, or `n + f1 (f1 - 1)/2` if nobody is on exactly two lists (Chao 1987).
    pub classic: f64,
    /// `n + f1 (f1 - 1)/(2 (f2 + 1))` (Chao 1989).
    pub bias_corrected: f64,
    /// `n + ((t-1)/t) f1²/(2 f2)`: the bound for `t` lists that reach everybody of a kind equally often (Chao 1987); `None` if `f2 = 0`.
    pub equal_lists: Option<f64>,
    /// `n + (sum over pairs of f_i f_j)/f2`, where `f_i` are the people on list `i` alone: for lists of different reach; `None` if `f2 = 0`.
    pub unequal_lists: Option<f64>,
    /// People on exactly one list.
    pub once: u64,
    /// People on exactly two.
    pub twice: u64,
}

impl Chao {
    /// The bound that holds for a few lists of different reach; where nobody is on exactly two lists, the classic one.
    pub fn for_few_lists(&self) -> f64 {
        self.unequal_lists.unwrap_or(self.classic)
    }
}

/// Chao's lower bounds: people who differ in how easily they are listed make the overlap larger, and so the true number larger than these.
pub fn chao(table: &Table) -> Chao {
    let (once, twice) = (table.on_exactly(1), table.on_exactly(2));
    let (observed, lists) = (table.observed() as f64, table.lists().len());
    let (singles, doubles) = (once as f64, twice as f64);
    let squares: f64 = (0..lists)
        .map(|list| (table.counts()[1 << list] as f64).powi(2))
        .sum();
    let over = |numerator: f64| (twice > 0).then(|| observed + numerator / doubles);
    let share = (lists as f64 - 1.0) / lists as f64;
    Chao {
        classic: over(singles.powi(2) / 2.0).unwrap_or(observed + singles * (singles - 1.0) / 2.0),
        bias_corrected: observed + singles * (singles - 1.0) / (2.0 * (doubles + 1.0)),
        equal_lists: over(share * singles.powi(2) / 2.0),
        unequal_lists: over((singles.powi(2) - squares) / 2.0),
        once,
        twice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two(counts: [u64; 3]) -> Table {
        Table::new(
            vec!["A".into(), "B".into()],
            vec![0, counts[0], counts[1], counts[2]],
        )
        .unwrap()
    }

    #[test]
    fn chapman_of_a_textbook_case() {
        // Seber 1982, p. 60: n1 = 200, n2 = 150, m = 30: 201 · 151 / 31 - 1 = 978.06.
        let found = chapman(&two([170, 120, 30])).unwrap();
        assert!((found.estimate - 978.064_5).abs() < 1e-3);
        assert!(found.low > 320.0 && found.low < found.estimate && found.high > found.estimate);
        assert_eq!(chapman(&two([10, 10, 0])), None);
    }

    #[test]
    fn the_bound_for_unequal_lists_is_exact_for_two() {
        let table = two([170, 120, 30]);
        assert!(
            (chao(&table).unequal_lists.unwrap() - (320.0 + 170.0 * 120.0 / 30.0)).abs() < 1e-9
        );
        assert!(chao(&two([10, 10, 0])).equal_lists.is_none());
    }
}
