//! Vocabularies: the codes that may stand in a field, in four languages, each with the version that brought it.

use super::Label;

/// A list of terms under one name, such as `violation`.
#[derive(Debug)]
pub struct Vocabulary {
    /// Its name in `fields.tsv`.
    pub name: &'static str,
    /// Its terms, in the order of a menu; one code may stand in several versions.
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug)]
pub struct Term {
    /// Its code in entries, such as `enforced_disappearance`; never used again with another meaning.
    pub code: &'static str,
    /// The version of the vocabulary that brought this wording, from 1.
    pub version: u32,
    /// What it is called.
    pub label: Label,
    /// The numbers of others' lists that mean the same, `;` between them: `huridocs 04 01 02;rome 7(1)(i);ced 2`.
    pub mapping: &'static str,
}

impl Vocabulary {
    /// The newest wording of a code.
    #[must_use]
    pub fn term(&self, code: &str) -> Option<&Term> {
        let known = self.terms.iter().filter(|term| term.code == code);
        known.max_by_key(|term| term.version)
    }

    /// A code in the wording of a version, or the newest one before it: what a record was coded with.
    #[must_use]
    pub fn term_at(&self, code: &str, version: u32) -> Option<&Term> {
        let known = self
            .terms
            .iter()
            .filter(|term| term.code == code && term.version <= version);
        known.max_by_key(|term| term.version)
    }

    /// The vocabulary's version: that of its newest term.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.terms
            .iter()
            .map(|term| term.version)
            .max()
            .unwrap_or(1)
    }
}
