//! Casting: encrypting a choice, proving that it is one that may be made, signing it (sections 4.11 to 4.15).

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::credential::Credential;
use crate::group::{Ciphertext, Group};
use crate::message::ballot::{Answer, Ballot, ChoiceAnswer, hash_text};
use crate::message::election::{Choice, Question};
use crate::proof::{
    Case, Opening, Proof, disjunction, exponent, interval_prefix, signature_prefix,
};
use crate::verify::Context;
use crate::verify::statements::{ranking_prefix, sum, whole_context};

/// Why a choice cannot be cast. Choose again; the question says what it allows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CastError {
    /// There are not as many answers as questions.
    #[error("there are {given} answers to {asked} questions")]
    Questions {
        /// Answers given.
        given: usize,
        /// Questions asked.
        asked: usize,
    },
    /// An answer has not one number for each choice, blank first where it may be.
    #[error("answer {question} needs {wanted} numbers and has {given}")]
    Width {
        /// The question, from 1.
        question: usize,
        /// Numbers wanted.
        wanted: usize,
        /// Numbers given.
        given: usize,
    },
    /// A number is neither 0 nor 1, or is no byte where ranks are asked.
    #[error("answer {question} has the number {number}, which is not allowed")]
    Number {
        /// The question, from 1.
        question: usize,
        /// The number.
        number: u64,
    },
    /// Too few or too many are chosen, or something beside blank.
    #[error(
        "answer {question}: choose at least {min} and at most {max}, or blank alone where that is allowed"
    )]
    Count {
        /// The question, from 1.
        question: usize,
        /// The fewest.
        min: u64,
        /// The most.
        max: u64,
    },
    /// The group cannot encode ranks.
    #[error("answer {question} cannot be encoded in this election's group")]
    Encoding {
        /// The question, from 1.
        question: usize,
    },
}

/// Makes a ballot. `choices` has a list for each question: 0 or 1 for each answer, with blank before them where it may be;
/// or a number from 0 to 255 for each answer of a question that is shuffled.
pub fn cast<G: Group>(
    context: &Context<G>,
    credential: &Credential,
    choices: &[Vec<u64>],
    random: &mut dyn CryptoRng,
) -> Result<Ballot<G>, CastError> {
    let group = &context.group;
    let questions = &context.election.questions;
    if choices.len() != questions.len() {
        return Err(CastError::Questions {
            given: choices.len(),
            asked: questions.len(),
        });
    }
    let secret = Zeroizing::new(credential.exponent(group, &context.election.uuid));
    let public = group.generator_power(&secret);
    let start = format!("{}|{}", context.fingerprint, group.element_text(&public));
    let mut answers = Vec::with_capacity(questions.len());
    for (number, (question, numbers)) in (1..).zip(questions.iter().zip(choices)) {
        answers.push(match question {
            Question::Homomorphic(choice) => {
                let truth = check(choice, numbers, number)?;
                Answer::Homomorphic(choose(context, &start, choice, numbers, truth, random))
            }
            Question::NonHomomorphic(ranking) => rank(
                context,
                &start,
                ranking.answers.len(),
                numbers,
                number,
                random,
            )?,
        });
    }
    let mut ballot = Ballot {
        election_uuid: context.election.uuid.clone(),
        election_hash: context.fingerprint.clone(),
        credential: public,
        answers,
        signed_hash: String::new(),
        signature: Proof {
            challenge: group.scalar(0),
            response: group.scalar(0),
        },
    };
    ballot.signed_hash = hash_text(&[ballot.unsigned_text(group).as_bytes()]);
    ballot.signature = exponent::prove(
        group,
        &signature_prefix(&ballot.signed_hash),
        &secret,
        random,
    );
    Ok(ballot)
}

/// Whether a choice is blank, and how many are chosen.
#[derive(Clone, Copy)]
struct Truth {
    is_blank: bool,
    chosen: u64,
}

fn check(choice: &Choice, numbers: &[u64], question: usize) -> Result<Truth, CastError> {
    if numbers.len() != choice.width() {
        return Err(CastError::Width {
            question,
            wanted: choice.width(),
            given: numbers.len(),
        });
    }
    if let Some(number) = numbers.iter().find(|number| **number > 1) {
        return Err(CastError::Number {
            question,
            number: *number,
        });
    }
    let (blank, chosen) = match choice.blank {
        true => numbers.split_at(1),
        false => (&[][..], numbers),
    };
    let truth = Truth {
        is_blank: blank == [1],
        chosen: chosen.iter().sum(),
    };
    let is_allowed = match truth.is_blank {
        true => truth.chosen == 0,
        false => (choice.min..=choice.max).contains(&truth.chosen),
    };
    match is_allowed {
        true => Ok(truth),
        false => Err(CastError::Count {
            question,
            min: choice.min,
            max: choice.max,
        }),
    }
}

fn encrypt<G: Group>(
    context: &Context<G>,
    number: u64,
    random: &mut dyn CryptoRng,
) -> (Ciphertext<G>, Opening<G>) {
    let group = &context.group;
    let exponent = group.random_scalar(random);
    let message = group.generator_power(&group.scalar(number));
    let pair = Ciphertext {
        alpha: group.generator_power(&exponent),
        beta: group.multiply(&group.table_power(&context.key.table, &exponent), &message),
    };
    (pair, Opening { exponent, number })
}

fn case<G: Group>(pair: &Ciphertext<G>, number: u64) -> Case<'_, G> {
    Case { pair, number }
}

/// That a choice is 0 or 1.
fn prove_bit<G: Group>(
    context: &Context<G>,
    start: &str,
    pair: &Ciphertext<G>,
    opening: &Opening<G>,
    random: &mut dyn CryptoRng,
) -> Vec<Proof<G>> {
    let (group, key) = (&context.group, &context.key);
    let cases = [0, 1].map(|number| Case { pair, number });
    let prefix = interval_prefix(group, start, pair);
    let openings = [opening, opening];
    let place = opening.number as usize;
    disjunction::prove(group, key, &prefix, &cases, &openings, place, random)
}

fn choose<G: Group>(
    context: &Context<G>,
    start: &str,
    choice: &Choice,
    numbers: &[u64],
    truth: Truth,
    random: &mut dyn CryptoRng,
) -> ChoiceAnswer<G> {
    let (group, key) = (&context.group, &context.key);
    let (choices, openings): (Vec<_>, Vec<_>) = numbers
        .iter()
        .map(|number| encrypt(context, *number, random))
        .unzip();
    let individual_proofs = choices
        .iter()
        .zip(&openings)
        .map(|(pair, opening)| prove_bit(context, start, pair, opening, random))
        .collect();
    let whole = whole_context(group, start, &choices);
    let chosen = usize::from(choice.blank);
    let total = sum(group, &choices[chosen..]);
    let opening = Opening {
        exponent: openings[chosen..]
            .iter()
            .fold(group.scalar(0), |sum, one| group.add(&sum, &one.exponent)),
        number: truth.chosen,
    };
    let in_range: Vec<Case<'_, G>> = (choice.min..=choice.max)
        .map(|number| case(&total, number))
        .collect();
    let place = (truth.chosen.saturating_sub(choice.min)) as usize;
    if !choice.blank {
        let prefix = interval_prefix(group, &whole, &total);
        let all = vec![&opening; in_range.len()];
        let overall_proof = disjunction::prove(group, key, &prefix, &in_range, &all, place, random);
        return ChoiceAnswer {
            choices,
            individual_proofs,
            overall_proof,
            blank_proof: None,
        };
    }
    let first = &choices[0];
    let not_blank = [first, &total].map(|pair| Case { pair, number: 0 });
    let blank_proof = disjunction::prove(
        group,
        key,
        &format!("bproof0|{whole}|"),
        &not_blank,
        &[&openings[0], &opening],
        usize::from(truth.is_blank),
        random,
    );
    let cases: Vec<_> = std::iter::once(case(first, 1)).chain(in_range).collect();
    let mut all = vec![&openings[0]];
    all.resize(cases.len(), &opening);
    let place = if truth.is_blank { 0 } else { place + 1 };
    let prefix = format!("bproof1|{whole}|");
    let overall_proof = disjunction::prove(group, key, &prefix, &cases, &all, place, random);
    ChoiceAnswer {
        choices,
        individual_proofs,
        overall_proof,
        blank_proof: Some(blank_proof),
    }
}

fn rank<G: Group>(
    context: &Context<G>,
    start: &str,
    wanted: usize,
    numbers: &[u64],
    question: usize,
    random: &mut dyn CryptoRng,
) -> Result<Answer<G>, CastError> {
    let group = &context.group;
    if numbers.len() != wanted {
        return Err(CastError::Width {
            question,
            wanted,
            given: numbers.len(),
        });
    }
    let bytes: Result<Vec<u8>, CastError> = numbers
        .iter()
        .map(|number| {
            u8::try_from(*number).map_err(|_| CastError::Number {
                question,
                number: *number,
            })
        })
        .collect();
    let message = group
        .embed(&bytes?)
        .ok_or(CastError::Encoding { question })?;
    let secret = Zeroizing::new(group.random_scalar(random));
    let choices = Ciphertext {
        alpha: group.generator_power(&secret),
        beta: group.multiply(&group.table_power(&context.key.table, &secret), &message),
    };
    let prefix = ranking_prefix(context, start, &choices);
    let proof = exponent::prove(group, &prefix, &secret, random);
    Ok(Answer::NonHomomorphic { choices, proof })
}
