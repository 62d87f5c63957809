//! What is doubtful about an estimate, in words that stand beside it.

use std::fmt;

/// One doubt. [`Warning::code`] is for machines, `Display` for people.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// Two lists: independence cannot be examined.
    TwoLists,
    /// Combinations without a row in the file were taken as zero.
    RowsMissing(Vec<String>),
    /// No person is on both of these lists.
    NoOverlap(String, String),
    /// A list shares no person with any other.
    Isolated(String),
    /// Everybody on the first list is on the second.
    Contained(String, String),
    /// So many of the cells are empty.
    Sparse {
        /// Empty cells.
        empty: usize,
        /// All observed cells.
        cells: usize,
    },
    /// Few people are on more than one list.
    LittleOverlap {
        /// People on two lists or more.
        overlapping: u64,
        /// People observed.
        observed: u64,
    },
    /// Models were left out because the data do not determine them.
    Undetermined {
        /// No finite maximum.
        no_maximum: usize,
        /// Not identified.
        not_identified: usize,
        /// All that were tried.
        tried: usize,
    },
    /// Models that fit as well give very different numbers.
    RivalsDisagree {
        /// How many rivals.
        models: usize,
        /// The smallest estimate among them.
        smallest: f64,
        /// The largest.
        largest: f64,
        /// By which criterion.
        criterion: &'static str,
    },
    /// The two criteria choose models with very different numbers.
    CriteriaDisagree {
        /// The best by BIC.
        bic: f64,
        /// The best by AIC.
        aic: f64,
    },
    /// The chosen model reproduces the table exactly, so nothing is left to judge it by.
    NothingLeftToCheck,
    /// The chosen model fits the table badly.
    BadFit {
        /// The deviance.
        deviance: f64,
        /// Its degrees of freedom.
        degrees: u32,
        /// How often chance alone is as bad.
        p_value: f64,
    },
    /// The chosen model has parameters at minus infinity.
    InfiniteParameters(Vec<String>),
    /// The interval is very wide.
    Wide {
        /// Upper end of the unseen over lower end.
        factor: f64,
    },
    /// Most people were seen by nobody, so that the estimate rests on the model more than on the data.
    MostlyUnseen {
        /// Estimated people for each one observed.
        factor: f64,
    },
    /// The two methods' intervals do not meet.
    MethodsDisagree {
        /// The latent-class interval.
        low: f64,
        /// Its upper end.
        high: f64,
    },
    /// The chains of the latent-class sampler have not mixed.
    NotConverged {
        /// Split R-hat.
        r_hat: f64,
        /// Effective sample size.
        effective: f64,
    },
    /// The estimate is below Chao's bound for lists of unequal reach.
    BelowChao(f64),
    /// Lists that name nobody in this stratum were left out of it.
    EmptyInStratum(Vec<String>),
    /// Two lists have exactly the same people.
    SameLists(String, String),
    /// The people of some strata could not be estimated.
    StrataWithheld(Vec<String>),
    /// Only a few people were observed.
    FewPeople(u64),
}

impl Warning {
    /// A word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Warning::TwoLists => "two_lists",
            Warning::RowsMissing(_) => "rows_missing",
            Warning::NoOverlap(..) => "no_overlap",
            Warning::Isolated(_) => "isolated_list",
            Warning::Contained(..) => "contained_list",
            Warning::Sparse { .. } => "sparse",
            Warning::LittleOverlap { .. } => "little_overlap",
            Warning::Undetermined { .. } => "models_undetermined",
            Warning::RivalsDisagree { .. } => "rivals_disagree",
            Warning::CriteriaDisagree { .. } => "criteria_disagree",
            Warning::NothingLeftToCheck => "nothing_left_to_check",
            Warning::BadFit { .. } => "bad_fit",
            Warning::InfiniteParameters(_) => "infinite_parameters",
            Warning::Wide { .. } => "wide_interval",
            Warning::MostlyUnseen { .. } => "mostly_unseen",
            Warning::MethodsDisagree { .. } => "methods_disagree",
            Warning::NotConverged { .. } => "not_converged",
            Warning::BelowChao(_) => "below_chao",
            Warning::EmptyInStratum(_) => "empty_in_stratum",
            Warning::SameLists(..) => "same_lists",
            Warning::StrataWithheld(_) => "strata_withheld",
            Warning::FewPeople(_) => "few_people",
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::TwoLists => f.write_str(
                "two lists only: nothing in the data can show whether being on one makes being on the other more likely; if it does, the true number is higher",
            ),
            Warning::RowsMissing(cells) => write!(f, "no row for: {}; taken as 0 people", cells.join("; ")),
            Warning::NoOverlap(one, other) => write!(f, "nobody is on both {one} and {other}"),
            Warning::Isolated(list) => write!(f, "{list} shares nobody with any other list, so it says nothing of the unseen"),
            Warning::Contained(inner, outer) => write!(
                f,
                "everybody on {inner} is on {outer} too: {inner} is no independent source, and models in which it depends on {outer} cannot be fitted"
            ),
            Warning::Sparse { empty, cells } => write!(f, "sparse table: {empty} of {cells} combinations of lists have nobody"),
            Warning::LittleOverlap { overlapping, observed } => write!(
                f,
                "little overlap: only {overlapping} of {observed} people are on more than one list, and the estimate rests on those few"
            ),
            Warning::Undetermined { no_maximum, not_identified, tried } => write!(
                f,
                "of {tried} models {} were left out, because the data do not determine them ({no_maximum} without a finite maximum, {not_identified} not identified)",
                no_maximum + not_identified
            ),
            Warning::RivalsDisagree { models, smallest, largest, criterion } => write!(
                f,
                "{models} models are as good by {criterion} (within 2), and their estimates go from {} to {}: the interval of one model is too narrow, see the average",
                people(*smallest),
                people(*largest)
            ),
            Warning::CriteriaDisagree { bic, aic } => write!(f, "the criteria disagree: the best model by BIC gives {}, the best by AIC {}", people(*bic), people(*aic)),
            Warning::NothingLeftToCheck => f.write_str("the chosen model reproduces the table exactly, so that nothing is left to judge it by"),
            Warning::BadFit { deviance, degrees, p_value } => write!(
                f,
                "the chosen model fits badly: deviance {deviance:.1} on {degrees} degrees of freedom (p = {p_value:.2e})"
            ),
            Warning::InfiniteParameters(terms) => write!(
                f,
                "the chosen model explains empty overlaps by a parameter of minus infinity: {}",
                terms.join("; ")
            ),
            Warning::Wide { factor } => write!(f, "the interval is wide: its upper end leaves {factor:.0} times as many unseen as its lower end"),
            Warning::MostlyUnseen { factor } => write!(
                f,
                "the estimate is {factor:.0} times what was observed, so it rests on the model more than on the data"
            ),
            Warning::MethodsDisagree { low, high } => write!(f, "the latent-class model disagrees: its 95 % interval is {} to {}", people(*low), people(*high)),
            Warning::NotConverged { r_hat, effective } => write!(
                f,
                "the latent-class chains have not settled (R-hat {r_hat:.3}, effective samples {effective:.0}): take more iterations before using that figure"
            ),
            Warning::BelowChao(bound) => write!(f, "the estimate is below Chao's lower bound for lists of unequal reach, {}", people(*bound)),
            Warning::EmptyInStratum(lists) => write!(f, "left out, because they name nobody in this stratum: {}", lists.join(", ")),
            Warning::SameLists(one, other) => write!(f, "{one} and {other} have exactly the same people: one of them is a copy"),
            Warning::StrataWithheld(strata) => write!(f, "no total over strata, because these cannot be estimated: {}", strata.join(", ")),
            Warning::FewPeople(observed) => write!(f, "only {observed} people were observed: the interval, which holds for large numbers, is too narrow"),
        }
    }
}

/// A number of people, with commas between the thousands.
pub(crate) fn people(value: f64) -> String {
    let digits = format!("{:.0}", value.max(0.0));
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
