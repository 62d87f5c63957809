//! Counting decrypted ranks and scores: Schulze, single transferable vote, majority judgement, and who wins every duel.
//!
//! The protocol proves what each ballot said; these rules say what follows. The archive names the rule in the field `extra`
//! of a question, as Belenios does: `{"method":"Schulze","blank":true}`, `{"method":"STV","seats":3}` or
//! `{"method":"MajorityJudgment","blank":true,"grades":["good","bad"]}`; other members of it are not read. Ballots that a rule
//! cannot use are counted as invalid, never mended. A tie is said, never broken by the order of the answers.
//!
//! Specification: `docs/spec/ballot.md`, section 5. Deliberately absent: drawing lots. Whoever draws one hands in the order.

mod judgement;
mod pairwise;
mod told;
mod transfer;

pub use judgement::Judgement;
pub use pairwise::{Duels, Schulze};
pub use told::{lot_between, order, value};
pub use transfer::{Stage, Transfer, UNIT};

use serde_json::Value;

use crate::message::election::Question;
use crate::message::outcome::Answered;

/// Grades that a ballot can carry: one byte each, and 0 is none.
const GRADES_MAX: usize = 255;

/// A rule of counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Schulze's, with winning votes. The lowest number is the best, equal numbers are allowed, 0 is behind all others.
    Schulze {
        /// Whether a ballot of zeros is blank; otherwise it ranks all alike.
        blank: bool,
    },
    /// Single transferable vote by the rules of Scotland. 1 is the best; 0 is no preference.
    Transferable {
        /// How many are elected, at least 1.
        seats: usize,
    },
    /// Majority judgement. 1 is the best grade; each answer must have one.
    Judgement {
        /// How many grades there are, at least 1.
        grades: usize,
        /// Whether a ballot of zeros is blank; otherwise it is invalid.
        blank: bool,
    },
}

impl Method {
    /// The rule that a question's `extra` names; `None` if it names none that we know.
    pub fn of_extra(extra: &str) -> Option<Method> {
        let extra: Value = serde_json::from_str(extra).ok()?;
        let blank = extra["blank"].as_bool().unwrap_or(false);
        match extra["method"].as_str()? {
            "Schulze" => Some(Method::Schulze { blank }),
            "STV" => {
                let seats = usize::try_from(extra["seats"].as_u64()?).ok()?;
                (seats > 0).then_some(Method::Transferable { seats })
            }
            "MajorityJudgment" => {
                let grades = extra["grades"].as_array()?.len();
                let is_usable = (1..=GRADES_MAX).contains(&grades);
                is_usable.then_some(Method::Judgement { grades, blank })
            }
            _ => None,
        }
    }

    /// As an archive names it.
    pub fn name(&self) -> &'static str {
        match self {
            Method::Schulze { .. } => "Schulze",
            Method::Transferable { .. } => "STV",
            Method::Judgement { .. } => "MajorityJudgment",
        }
    }
}

/// What a rule makes of the ballots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Ballots that were counted.
    pub valid: u64,
    /// Ballots that chose nothing, where that is allowed.
    pub blank: u64,
    /// Ballots that the rule cannot use.
    pub invalid: u64,
    /// What follows from the valid ones.
    pub outcome: Outcome,
}

/// What follows, by rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// By Schulze's.
    Schulze(Schulze),
    /// By transfers.
    Transferable(Transfer),
    /// By grades.
    Judgement(Judgement),
}

/// Counts what was decrypted of one question by the rule that the question names, or by `other` where it names none.
///
/// `None` for a question whose sums are the result already, and where there is no rule.
pub fn count_answered(
    question: &Question,
    answered: &Answered,
    other: Option<&Method>,
    lot: &[usize],
) -> Option<(Method, Counted)> {
    let (Question::NonHomomorphic(ranking), Answered::Ballots(ballots)) = (question, answered)
    else {
        return None;
    };
    let named = ranking.extra.as_deref().and_then(Method::of_extra);
    let method = named.or_else(|| other.cloned())?;
    let counted = count(&method, ranking.answers.len(), ballots, lot);
    Some((method, counted))
}

impl Outcome {
    /// The answers from best to worst, those together that the rule does not tell apart; of transfers, those elected.
    pub fn order(&self) -> Vec<Vec<usize>> {
        match self {
            Outcome::Schulze(found) => found.ranking.clone(),
            Outcome::Judgement(found) => found.ranking.clone(),
            Outcome::Transferable(found) => found.elected.iter().map(|one| vec![*one]).collect(),
        }
    }

    /// Between whom a lot has to be drawn before the count can go on.
    pub fn lot_between(&self) -> &[usize] {
        match self {
            Outcome::Transferable(found) => &found.lot,
            Outcome::Schulze(_) | Outcome::Judgement(_) => &[],
        }
    }
}

/// What a single ballot is to a rule.
enum Reading {
    Valid,
    Blank,
    Invalid,
}

/// Counts ballots of `answers` numbers each.
///
/// `lot` is an order of the answers that was drawn by lot, the favoured first; it is used only where the rules of transfers
/// ask for one, and may be empty: the count then stops at such a place and says so.
pub fn count(method: &Method, answers: usize, ballots: &[Vec<u64>], lot: &[usize]) -> Counted {
    let (mut blank, mut invalid) = (0, 0);
    let mut valid: Vec<&[u64]> = Vec::new();
    for ballot in ballots {
        let reading = match ballot.len() == answers {
            true => read(method, ballot),
            false => Reading::Invalid,
        };
        match reading {
            Reading::Valid => valid.push(ballot),
            Reading::Blank => blank += 1,
            Reading::Invalid => invalid += 1,
        }
    }
    let outcome = match method {
        Method::Schulze { .. } => Outcome::Schulze(Schulze::of(answers, &valid)),
        Method::Transferable { seats } => {
            Outcome::Transferable(Transfer::of(answers, *seats, &valid, lot))
        }
        Method::Judgement { grades, .. } => {
            Outcome::Judgement(Judgement::of(answers, *grades, &valid))
        }
    };
    Counted {
        valid: valid.len() as u64,
        blank,
        invalid,
        outcome,
    }
}

fn read(method: &Method, ballot: &[u64]) -> Reading {
    let is_empty = ballot.iter().all(|number| *number == 0);
    let of = |is_valid| match is_valid {
        true => Reading::Valid,
        false => Reading::Invalid,
    };
    match method {
        Method::Schulze { blank: true } if is_empty => Reading::Blank,
        Method::Schulze { .. } => Reading::Valid,
        Method::Transferable { .. } if is_empty => Reading::Blank,
        Method::Transferable { .. } => of(is_order(ballot)),
        Method::Judgement { blank: true, .. } if is_empty => Reading::Blank,
        Method::Judgement { grades, .. } => {
            let is_grade = |number: &u64| (1..=*grades as u64).contains(number);
            of(ballot.iter().all(is_grade))
        }
    }
}

/// Whether the numbers that are not 0 are 1, 2, 3 and so on, each once.
fn is_order(ballot: &[u64]) -> bool {
    let mut ranks: Vec<u64> = ballot.iter().copied().filter(|rank| *rank > 0).collect();
    ranks.sort_unstable();
    (1..).zip(ranks).all(|(expected, rank)| expected == rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_is_read_from_what_the_archive_says() {
        for (extra, expected) in [
            (
                r#"{"method":"Schulze"}"#,
                Some(Method::Schulze { blank: false }),
            ),
            (
                r#"{"type":"PreferentialVoting","method":"Schulze","blank":true}"#,
                Some(Method::Schulze { blank: true }),
            ),
            (
                r#"{"method":"STV","seats":3}"#,
                Some(Method::Transferable { seats: 3 }),
            ),
            (
                r#"{"method":"MajorityJudgment","blank":true,"grades":["good","fair","bad"]}"#,
                Some(Method::Judgement {
                    grades: 3,
                    blank: true,
                }),
            ),
            (r#"{"method":"STV","seats":0}"#, None),
            (r#"{"method":"STV","seats":-1}"#, None),
            (r#"{"method":"MajorityJudgment","grades":[]}"#, None),
            (r#"{"method":"Borda"}"#, None),
            ("[1]", None),
            ("{:::", None),
        ] {
            assert_eq!(Method::of_extra(extra), expected, "{extra}");
        }
    }

    #[test]
    fn a_ballot_of_another_length_is_invalid() {
        let counted = count(
            &Method::Schulze { blank: true },
            2,
            &[vec![1], vec![1, 2]],
            &[],
        );
        assert_eq!((counted.valid, counted.invalid), (1, 1));
    }
}
