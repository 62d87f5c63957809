//! The elections that tests and vectors are about.

use ballot::group::GroupName;
use ballot::message::election::Question;

use crate::simulation::{Keys, Plan, Until, choice, ranking};

/// The archives that the frozen vectors begin from.
pub fn bases() -> Vec<(&'static str, Plan, Until)> {
    let simple = Plan {
        questions: vec![choice(&["آری", "نه", "ممتنع"], false, (1, 1))],
        weights: None,
        ballots: vec![
            (0, vec![vec![1, 0, 0]]),
            (1, vec![vec![0, 1, 0]]),
            (0, vec![vec![0, 0, 1]]),
        ],
        voters: 3,
        seed: 11,
        ..mixed(GroupName::Belenios2048, Keys::Single(2))
    };
    let other = Plan {
        seed: 12,
        ..mixed(GroupName::Ed25519, Keys::Single(1))
    };
    let mixed = mixed(GroupName::Ed25519, Keys::OneAndTwoOfThree);
    vec![
        ("simple", simple.clone(), Until::Finished),
        ("simple-open", simple, Until::Voting),
        ("mixed", mixed.clone(), Until::Finished),
        ("mixed-open", mixed, Until::Voting),
        ("other", other, Until::Voting),
        ("ranked", ranked(GroupName::Ed25519), Until::Finished),
        ("counted", counted(GroupName::Ed25519), Until::Finished),
    ]
}

/// Three answers and a question that may be left blank; revotes; weights.
pub fn mixed(group: GroupName, keys: Keys) -> Plan {
    Plan {
        group,
        keys,
        questions: vec![
            choice(&["آری", "نه", "ممتنع"], false, (1, 1)),
            choice(&["A", "B", "C"], true, (1, 2)),
        ],
        weights: Some(vec![1, 2, 3, 1]),
        voters: 4,
        ballots: vec![
            (0, vec![vec![1, 0, 0], vec![0, 1, 1, 0]]),
            (1, vec![vec![0, 1, 0], vec![1, 0, 0, 0]]),
            (2, vec![vec![0, 0, 1], vec![0, 0, 0, 1]]),
            (0, vec![vec![0, 1, 0], vec![0, 0, 1, 0]]),
        ],
        shuffles: 0,
        seed: 7,
    }
}

/// Ranks whose rule of counting the archive names.
fn counted(group: GroupName) -> Plan {
    let mut plan = Plan {
        seed: 13,
        ..ranked(group)
    };
    if let Some(Question::NonHomomorphic(ranking)) = plan.questions.last_mut() {
        ranking.extra = Some(r#"{"method":"Schulze","blank":true}"#.to_owned());
    }
    plan
}

/// A question that is counted and one that is ranked.
pub fn ranked(group: GroupName) -> Plan {
    Plan {
        group,
        keys: Keys::Single(2),
        questions: vec![
            choice(&["A", "B"], false, (0, 2)),
            ranking(&["x", "y", "z"]),
        ],
        weights: None,
        voters: 4,
        ballots: vec![
            (0, vec![vec![1, 1], vec![1, 2, 3]]),
            (1, vec![vec![0, 0], vec![3, 2, 1]]),
            (3, vec![vec![0, 1], vec![0, 255, 1]]),
        ],
        shuffles: 2,
        seed: 8,
    }
}
