//! What persons decided: kept as lines, the latest about a pair counts, and each can be withdrawn.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::cluster::Constraints;
use crate::mix::Map;
use crate::table::Table;

/// A record, by its list and its id there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordName {
    /// The list.
    pub list: String,
    /// The id on it.
    pub id: String,
}

/// A decision about two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// A record.
    pub one: RecordName,
    /// Another.
    pub other: RecordName,
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided.
    pub by: String,
    /// When, as they write it.
    #[serde(default)]
    pub at: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// What was decided about two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// One person.
    Same,
    /// Two persons.
    Different,
    /// Nothing any more: what was decided before is withdrawn.
    Withdrawn,
}

/// Why decisions could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DecisionError {
    /// A line that is no decision: mend it; the number counts from 1.
    #[error("line {line}: {why}")]
    Form {
        /// The line.
        line: usize,
        /// What the reader of JSON says.
        why: String,
    },
    /// A record that is on no list: the lists changed, or the decision is for others.
    #[error("line {line}: no record {id:?} on the list {list:?}")]
    NoSuchRecord {
        /// The line.
        line: usize,
        /// The list.
        list: String,
        /// The id.
        id: String,
    },
    /// A record and itself.
    #[error("line {0}: both records are the same")]
    Itself(usize),
}

/// Reads decisions, one JSON object a line; empty lines are passed over.
pub fn read(text: &str) -> Result<Vec<(usize, Decision)>, DecisionError> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let read = serde_json::from_str(line).map_err(|why| DecisionError::Form {
                line: at + 1,
                why: why.to_string(),
            });
            read.map(|decision| (at + 1, decision))
        })
        .collect()
}

/// What the decisions demand of the rows of a table.
pub fn constraints(
    table: &Table,
    decisions: &[(usize, Decision)],
) -> Result<Constraints, DecisionError> {
    let mut rows: Map<(usize, &str), u32> = Map::default();
    if !decisions.is_empty() {
        rows = (0..table.len() as u32)
            .map(|row| ((table.list_of(row), table.id(row)), row))
            .collect();
    }
    let row = |line: usize, name: &RecordName| {
        let list = table.lists().iter().position(|list| *list == name.list);
        let row = list.and_then(|list| rows.get(&(list, name.id.as_str())));
        row.copied().ok_or_else(|| DecisionError::NoSuchRecord {
            line,
            list: name.list.clone(),
            id: name.id.clone(),
        })
    };
    let mut latest: Map<(u32, u32), Verdict> = Map::default();
    for (line, decision) in decisions {
        let (one, other) = (row(*line, &decision.one)?, row(*line, &decision.other)?);
        if one == other {
            return Err(DecisionError::Itself(*line));
        }
        latest.insert((one.min(other), one.max(other)), decision.verdict);
    }
    let pairs = |verdict: Verdict| {
        let mut pairs: Vec<(u32, u32)> = latest
            .iter()
            .filter(|(_, one)| **one == verdict)
            .map(|(pair, _)| *pair)
            .collect();
        pairs.sort_unstable();
        pairs
    };
    Ok(Constraints {
        same: pairs(Verdict::Same),
        different: pairs(Verdict::Different),
        once_on: Vec::new(),
    })
}
