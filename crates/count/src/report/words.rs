//! The words of the report.

use super::{english, persian};
use crate::estimate::analysis::Refusal;
use crate::estimate::warning::{Warning, people};

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Persian, from right to left.
    Persian,
}

/// Fixed texts; `{}` stands for what is put in, in order.
pub(super) struct Words {
    pub tag: &'static str,
    pub direction: &'static str,
    pub title: &'static str,
    pub draft: &'static str,
    pub draft_short: &'static str,
    pub approved: &'static str,
    pub answer: &'static str,
    pub finding: &'static str,
    pub no_finding: &'static str,
    pub averaged_finding: &'static str,
    pub strata_finding: &'static str,
    pub what_it_means: &'static str,
    pub meaning: [&'static str; 5],
    pub doubts: &'static str,
    pub no_doubts: &'static str,
    pub overlap: &'static str,
    pub overlap_explained: &'static str,
    pub overlap_description: &'static str,
    pub combination: &'static str,
    pub people: &'static str,
    pub estimates: &'static str,
    pub estimates_explained: &'static str,
    pub estimates_description: &'static str,
    pub scope: &'static str,
    pub whole: &'static str,
    pub total: &'static str,
    pub method: &'static str,
    pub observed: &'static str,
    pub estimate: &'static str,
    pub interval: &'static str,
    pub best_by: &'static str,
    pub averaged_by: &'static str,
    pub profile: &'static str,
    pub latent: &'static str,
    pub two_lists: &'static str,
    pub chao: &'static str,
    pub at_least: &'static str,
    pub none: &'static str,
    pub no_limit: &'static str,
    pub models: &'static str,
    pub models_explained: &'static str,
    pub model: &'static str,
    pub parameters: &'static str,
    pub deviance: &'static str,
    pub weight: &'static str,
    pub convergence: &'static str,
    pub convergence_explained: &'static str,
    pub trace_description: &'static str,
    pub iterations: &'static str,
    pub made_how: &'static str,
    pub methods: [&'static str; 4],
    pub provenance: &'static str,
    pub table: &'static str,
    pub digest: &'static str,
    pub program: &'static str,
    pub seed: &'static str,
    pub command: &'static str,
    pub approval: &'static str,
    pub approval_asked: &'static str,
    pub approval_given: &'static str,
    pub name: &'static str,
    pub qualification: &'static str,
    pub date: &'static str,
    pub signature: &'static str,
}

impl Language {
    pub(super) fn words(self) -> &'static Words {
        match self {
            Language::English => &english::WORDS,
            Language::Persian => &persian::WORDS,
        }
    }

    /// A doubt in words.
    pub fn doubt(self, warning: &Warning) -> String {
        match self {
            Language::English => warning.to_string(),
            Language::Persian => persian::doubt(warning),
        }
    }

    /// A refusal in words.
    pub fn refusal(self, refusal: &Refusal) -> String {
        match self {
            Language::English => refusal.to_string(),
            Language::Persian => persian::refusal(refusal),
        }
    }

    /// A number of people, with marks between the thousands.
    pub fn number(self, value: f64) -> String {
        let grouped = people(value);
        match self {
            Language::English => grouped,
            Language::Persian => self.digits(&grouped.replace(',', "٬")),
        }
    }

    /// A number with decimals.
    pub fn decimal(self, value: f64, places: usize) -> String {
        let text = format!("{value:.places$}");
        match self {
            Language::English => text,
            Language::Persian => self.digits(&text.replace('.', "٫")),
        }
    }

    /// Persian text has Persian digits.
    pub(super) fn digits(self, text: &str) -> String {
        let digit = |sign: char| match sign.to_digit(10) {
            Some(value) if sign.is_ascii() => char::from_u32('۰' as u32 + value).unwrap_or(sign),
            _ => sign,
        };
        match self {
            Language::English => text.to_owned(),
            Language::Persian => text.chars().map(digit).collect(),
        }
    }

    /// From one number to another.
    pub fn range(self, low: f64, high: f64) -> String {
        let between = match self {
            Language::English => "to",
            Language::Persian => "تا",
        };
        format!("{} {between} {}", self.number(low), self.number(high))
    }
}

/// Puts values into a text, in order.
pub(super) fn put(text: &str, values: &[String]) -> String {
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        out.push_str(values.get(index).map_or("", String::as_str));
        out.push_str(part);
    }
    out
}
