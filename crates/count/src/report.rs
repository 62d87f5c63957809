//! What was found, written down so that a court can follow it: a page, JSON and CSV.
//!
//! A report begins as a [`Draft`] and says so on every page. [`Draft::release`] makes it a [`Released`] report, and only with the name of the
//! statistician who answers for it: no estimate enters a case or a publication without that name. Every figure carries its method, the
//! digest of the data, the seed and the version of the program, so that another person gets the same number.
//!
//! The page is one file without a script, a font or a request; charts are SVG with a title, a description and a table that says the same.

use crate::estimate::analysis::Settings;
use crate::estimate::strata::StrataAnalysis;

mod charts;
mod english;
mod json;
mod page;
mod persian;
mod rows;
mod sections;
mod svg;
mod words;

pub use words::Language;

/// Where the figures come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// What the table is called, such as its file name.
    pub table: String,
    /// SHA-256 of the table's bytes, in hexadecimal.
    pub data_sha256: String,
    /// The program and its version, such as `mahzar 0.1.0`.
    pub program: String,
    /// The column of strata, if there is one.
    pub strata: Option<String>,
    /// The command that gives the same numbers again.
    pub command: String,
}

/// Why a report was not released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// Nobody is named. Give the name of the statistician who has examined the estimate and answers for it.
    #[error("no estimate is released without the name of the statistician who approves it")]
    NobodyNamed,
    /// There is no number to release. Read the warnings.
    #[error("there is no estimate to approve: the data do not allow one")]
    NoEstimate,
}

/// A report that nobody has approved.
#[derive(Clone, Debug)]
pub struct Draft {
    found: Found,
}

/// A report that a named statistician approved.
#[derive(Clone, Debug)]
pub struct Released {
    found: Found,
    approved_by: String,
}

#[derive(Clone, Debug)]
struct Found {
    analysis: StrataAnalysis,
    settings: Settings,
    provenance: Provenance,
}

/// A report in either state, as its writers see it.
#[derive(Clone, Copy)]
struct Report<'a> {
    found: &'a Found,
    approved_by: Option<&'a str>,
}

impl Draft {
    /// A draft of what was found.
    pub fn new(analysis: StrataAnalysis, settings: Settings, provenance: Provenance) -> Draft {
        Draft {
            found: Found {
                analysis,
                settings,
                provenance,
            },
        }
    }

    /// Puts the name of the statistician who approves under the report.
    ///
    /// # Errors
    /// [`ReleaseError`]: no name, or no estimate.
    pub fn release(self, approved_by: &str) -> Result<Released, ReleaseError> {
        let name = approved_by.trim();
        if !name.chars().any(char::is_alphabetic) {
            return Err(ReleaseError::NobodyNamed);
        }
        if self.found.analysis.whole.answer.is_err() && self.found.analysis.total.is_none() {
            return Err(ReleaseError::NoEstimate);
        }
        Ok(Released {
            approved_by: name.to_owned(),
            found: self.found,
        })
    }

    /// The page, marked as a draft.
    pub fn html(&self, language: Language) -> String {
        page::write(self.report(), language)
    }

    /// The figures for machines; `approved_by` is null.
    pub fn json(&self) -> serde_json::Value {
        json::write(self.report())
    }

    /// The figures as rows, one for each scope and method.
    pub fn csv(&self) -> String {
        rows::write(self.report())
    }

    fn report(&self) -> Report<'_> {
        Report {
            found: &self.found,
            approved_by: None,
        }
    }
}

impl Released {
    /// The page, with the name of who approved it.
    pub fn html(&self, language: Language) -> String {
        page::write(self.report(), language)
    }

    /// The figures for machines.
    pub fn json(&self) -> serde_json::Value {
        json::write(self.report())
    }

    /// The figures as rows, one for each scope and method.
    pub fn csv(&self) -> String {
        rows::write(self.report())
    }

    /// Who approved it.
    pub fn approved_by(&self) -> &str {
        &self.approved_by
    }

    fn report(&self) -> Report<'_> {
        Report {
            found: &self.found,
            approved_by: Some(&self.approved_by),
        }
    }
}
