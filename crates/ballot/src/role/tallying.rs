//! Counting: the encrypted tally of the ballots, and the result of the decryptions (sections 4.16 and 4.19).

use crate::group::Group;
use crate::message::election::Question;
use crate::message::outcome::Answered;
use crate::message::tally::Pairs;
use crate::verify::Context;
use crate::verify::decryptions::{combine, logarithm};
use crate::verify::setup::Trustees;

/// Why there is no result yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResultError {
    /// Too few trustees decrypted: wait for the others.
    #[error("there are fewer decryptions than the result needs")]
    Missing,
    /// The decrypted number is larger than all ballots together: a decryption was not checked before it was taken.
    #[error("the decrypted count of question {question} is larger than all ballots together")]
    TooLarge {
        /// The question, from 1.
        question: usize,
    },
}

/// The result, from checked decryptions by the trustees' numbers (from 0).
pub fn result<G: Group>(
    context: &Context<G>,
    trustees: &Trustees<G>,
    pairs: &Pairs<G>,
    factors: &[(usize, Vec<Vec<G::Element>>)],
    total_weight: u64,
) -> Result<Vec<Answered>, ResultError> {
    let group = &context.group;
    let combined = combine(group, trustees, pairs, factors).ok_or(ResultError::Missing)?;
    let mut result = Vec::new();
    for (at, question) in context.election.questions.iter().enumerate() {
        let plain = pairs[at].iter().zip(&combined[at]);
        let mut plain =
            plain.map(|(pair, factor)| group.multiply(&pair.beta, &group.inverse_public(factor)));
        result.push(match question {
            Question::Homomorphic(_) => {
                let counts: Option<Vec<u64>> = plain
                    .map(|power| logarithm(group, &power, total_weight))
                    .collect();
                Answered::Counts(counts.ok_or(ResultError::TooLarge { question: at + 1 })?)
            }
            Question::NonHomomorphic(ranking) => {
                let count = ranking.answers.len();
                let numbers = |one: G::Element| {
                    group
                        .extract(&one, count)
                        .into_iter()
                        .map(u64::from)
                        .collect()
                };
                Answered::Ballots(plain.by_ref().map(numbers).collect())
            }
        });
    }
    Ok(result)
}
