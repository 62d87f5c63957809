//! Checking and combining decryptions, and comparing the result with what they give (sections 4.18 and 4.19).

use super::board::Context;
use super::failure::Reason;
use super::setup::{Faults, Trustees};
use crate::group::Group;
use crate::message::decryption::PartialDecryption;
use crate::message::election::Question;
use crate::message::outcome::Answered;
use crate::message::tally::Pairs;
use crate::proof::factor;

/// Checks a trustee's decryption of a tally.
pub fn check<G: Group>(
    context: &Context<G>,
    public: &G::Element,
    pairs: &Pairs<G>,
    decryption: &PartialDecryption<G>,
) -> Faults {
    let group = &context.group;
    let shape: Vec<usize> = pairs.iter().map(Vec::len).collect();
    let factors: Vec<usize> = decryption.factors.iter().map(Vec::len).collect();
    let proofs: Vec<usize> = decryption.proofs.iter().map(Vec::len).collect();
    if shape != factors || shape != proofs {
        return vec![(String::new(), Reason::FactorShape)];
    }
    let mut faults = Faults::new();
    for (question, pairs) in pairs.iter().enumerate() {
        for (answer, pair) in pairs.iter().enumerate() {
            let (value, proof) = (
                &decryption.factors[question][answer],
                &decryption.proofs[question][answer],
            );
            if !group.is_member(value) {
                faults.push((
                    format!("decryption_factors[{question}][{answer}]"),
                    Reason::FactorMember,
                ));
            }
            if !factor::holds(
                group,
                &context.fingerprint,
                public,
                &pair.alpha,
                value,
                proof,
            ) {
                faults.push((
                    format!("decryption_proofs[{question}][{answer}]"),
                    Reason::FactorProof,
                ));
            }
        }
    }
    faults
}

/// The factors of all trustees together, in the shape of the tally; `None` if there are too few.
pub fn combine<G: Group>(
    group: &G,
    trustees: &Trustees<G>,
    pairs: &Pairs<G>,
    factors: &[(usize, Vec<Vec<G::Element>>)],
) -> Option<Vec<Vec<G::Element>>> {
    let mut combined: Vec<Vec<G::Element>> = pairs
        .iter()
        .map(|pairs| vec![group.identity(); pairs.len()])
        .collect();
    for (keys, needed, is_group) in &trustees.items {
        let came = factors.iter().filter(|(owner, _)| keys.contains(owner));
        let came: Vec<_> = came.take(*needed).collect();
        if came.len() < *needed || *needed == 0 {
            return None;
        }
        let indices: Vec<u64> = came
            .iter()
            .map(|(owner, _)| (owner - keys.start) as u64 + 1)
            .collect();
        for ((_, values), index) in came.iter().zip(&indices) {
            let exponent = is_group.then(|| lagrange(group, *index, &indices));
            multiply_in(group, &mut combined, values, exponent.as_ref());
        }
    }
    Some(combined)
}

fn multiply_in<G: Group>(
    group: &G,
    combined: &mut [Vec<G::Element>],
    values: &[Vec<G::Element>],
    exponent: Option<&G::Scalar>,
) {
    for (sums, values) in combined.iter_mut().zip(values) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = match exponent {
                None => group.multiply(sum, value),
                Some(exponent) => group.multiply(sum, &group.power_public(value, exponent)),
            };
        }
    }
}

/// `∏ k / (k - index)` over the other indices k.
pub fn lagrange<G: Group>(group: &G, index: u64, indices: &[u64]) -> G::Scalar {
    let others = indices.iter().filter(|other| **other != index);
    others.fold(group.scalar(1), |product, other| {
        let difference = group.subtract(&group.scalar(*other), &group.scalar(index));
        let factor = group.times(&group.scalar(*other), &group.invert_public(&difference));
        group.times(&product, &factor)
    })
}

/// Compares a result with the decrypted tally.
pub fn compare<G: Group>(
    context: &Context<G>,
    pairs: &Pairs<G>,
    combined: &[Vec<G::Element>],
    result: &[Answered],
    weight: u64,
) -> Faults {
    let group = &context.group;
    let mut faults = Faults::new();
    for (at, answered) in result.iter().enumerate() {
        let plain: Vec<G::Element> = pairs[at]
            .iter()
            .zip(&combined[at])
            .map(|(pair, factor)| group.multiply(&pair.beta, &group.inverse_public(factor)))
            .collect();
        let question = &context.election.questions[at];
        let count = match answered {
            Answered::Counts(counts) => counts.len(),
            Answered::Ballots(ballots) => ballots.len(),
        };
        if count != plain.len() {
            faults.push((format!("result[{at}]"), Reason::ResultShape));
            continue;
        }
        for number in 0..count {
            if !is_right(group, question, answered, number, &plain[number], weight) {
                faults.push((format!("result[{at}][{number}]"), Reason::ResultContent));
            }
        }
    }
    faults
}

fn is_right<G: Group>(
    group: &G,
    question: &Question,
    answered: &Answered,
    number: usize,
    plain: &G::Element,
    weight: u64,
) -> bool {
    match answered {
        Answered::Counts(counts) => {
            let count = counts[number];
            count <= weight && group.generator_power_public(&group.scalar(count)) == *plain
        }
        Answered::Ballots(ballots) => {
            let decoded = group.extract(plain, question.answers().len());
            let decoded: Vec<u64> = decoded.into_iter().map(u64::from).collect();
            ballots[number] == decoded
        }
    }
}

/// The number of which this is the power of the generator, up to `max`; steps are taken in strides of the square root.
pub fn logarithm<G: Group>(group: &G, power: &G::Element, max: u64) -> Option<u64> {
    let stride = max.isqrt() + 1;
    let mut small = std::collections::HashMap::new();
    let mut element = group.identity();
    for step in 0..stride {
        small.entry(group.pack(&element)).or_insert(step);
        element = group.multiply(&element, &group.generator());
    }
    let back = group.inverse_public(&element);
    let mut rest = power.clone();
    for stride_number in 0..=max / stride {
        if let Some(step) = small.get(&group.pack(&rest)) {
            return Some(stride_number * stride + step).filter(|number| *number <= max);
        }
        rest = group.multiply(&rest, &back);
    }
    None
}
