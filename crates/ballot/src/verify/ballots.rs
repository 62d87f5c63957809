//! Checking ballots: their proofs one by one, on several threads, and their place in the box in order.

use super::board::{Context, Located};
use super::failure::Reason;
use super::setup::Faults;
use super::statements::{ranking_prefix, sum, whole_context_of};
use crate::group::{Ciphertext, Group};
use crate::message::ballot::{self, Answer, ChoiceAnswer, ReadBallot};
use crate::message::election::{Choice, Question};
use crate::proof::{
    Proof, disjunction, exponent, interval_prefix, interval_prefix_of, pair_texts, signature_prefix,
};

/// What is kept of a ballot.
pub struct Checked {
    /// The packed credential.
    pub credential: Vec<u8>,
    /// The packed pairs, question by question.
    pub pairs: Vec<u8>,
}

/// Checks everything about a ballot that does not depend on the others: form, election, membership, proofs, signature.
pub fn check_ballot<G: Group>(context: &Context<G>, bytes: &[u8]) -> (Option<Checked>, Faults) {
    let group = &context.group;
    let read = match ballot::read(group, &context.election.questions, bytes) {
        Ok(read) => read,
        Err(fault) => return (None, vec![(String::new(), Reason::Form(fault))]),
    };
    let mut faults = Faults::new();
    check_envelope(context, &read, &mut faults);
    let start = format!("{}|{}", context.fingerprint, read.credential_text);
    let questions = context.election.questions.iter().zip(&read.ballot.answers);
    for (at, (question, answer)) in questions.enumerate() {
        let part = format!("answers[{at}]");
        match (question, answer) {
            (Question::Homomorphic(choice), Answer::Homomorphic(answer)) => {
                check_choice(context, &start, choice, answer, &part, &mut faults);
            }
            (_, Answer::NonHomomorphic { choices, proof }) => {
                check_ranking(context, &start, choices, proof, &part, &mut faults);
            }
            (Question::NonHomomorphic(_), _) => faults.push((part, Reason::BallotRanking)),
        }
    }
    let checked = Checked {
        credential: group.pack(&read.ballot.credential),
        pairs: packed_pairs(group, &read.ballot.answers),
    };
    (Some(checked), faults)
}

fn packed_pairs<G: Group>(group: &G, answers: &[Answer<G>]) -> Vec<u8> {
    let pairs = answers.iter().flat_map(|answer| match answer {
        Answer::Homomorphic(answer) => answer.choices.as_slice(),
        Answer::NonHomomorphic { choices, .. } => std::slice::from_ref(choices),
    });
    let elements: Vec<&G::Element> = pairs.flat_map(|pair| [&pair.alpha, &pair.beta]).collect();
    group.pack_all(&elements)
}

fn check_envelope<G: Group>(context: &Context<G>, read: &ReadBallot<G>, faults: &mut Faults) {
    let (group, ballot) = (&context.group, &read.ballot);
    if ballot.election_uuid != context.election.uuid || ballot.election_hash != context.fingerprint
    {
        faults.push(("election_hash".to_owned(), Reason::BallotElection));
    }
    if ballot.signed_hash != read.hash {
        faults.push(("signature.hash".to_owned(), Reason::BallotHash));
    }
    let prefix = signature_prefix(&ballot.signed_hash);
    if !exponent::holds(group, &prefix, &ballot.credential, &ballot.signature) {
        faults.push(("signature.proof".to_owned(), Reason::BallotSignature));
    }
}

/// Section 4.11.2: `raweg|S|y,α,β|A`, with `S0` for S.
fn check_ranking<G: Group>(
    context: &Context<G>,
    start: &str,
    pair: &Ciphertext<G>,
    proof: &Proof<G>,
    part: &str,
    faults: &mut Faults,
) {
    let group = &context.group;
    if !group.is_member(&pair.alpha) || !group.is_member(&pair.beta) {
        faults.push((format!("{part}.choices"), Reason::BallotMember));
    }
    if !exponent::holds(
        group,
        &ranking_prefix(context, start, pair),
        &pair.alpha,
        proof,
    ) {
        faults.push((format!("{part}.proof"), Reason::BallotRanking));
    }
}

fn check_choice<G: Group>(
    context: &Context<G>,
    start: &str,
    choice: &Choice,
    answer: &ChoiceAnswer<G>,
    part: &str,
    faults: &mut Faults,
) {
    let group = &context.group;
    let texts = pair_texts(group, &answer.choices);
    let pairs = answer.choices.iter().zip(&texts);
    for (at, ((pair, text), proofs)) in pairs.zip(&answer.individual_proofs).enumerate() {
        let cases: Vec<(&Proof<G>, u64)> = proofs.iter().zip(0..).collect();
        let (commitments, belongs) = group.pair_commitments(&context.key, pair, &cases);
        if !belongs {
            faults.push((format!("{part}.choices[{at}]"), Reason::BallotMember));
        }
        let proofs: Vec<&Proof<G>> = proofs.iter().collect();
        if !disjunction::holds(
            group,
            &interval_prefix_of(start, text),
            &commitments,
            &proofs,
        ) {
            faults.push((
                format!("{part}.individual_proofs[{at}]"),
                Reason::BallotIndividual,
            ));
        }
    }
    let whole = whole_context_of(start, &texts);
    match (&answer.blank_proof, answer.choices.split_first()) {
        (Some(blank), Some((first, rest))) => {
            check_blank(
                context,
                &whole,
                choice,
                (first, &sum(group, rest)),
                (blank, &answer.overall_proof),
                part,
                faults,
            );
        }
        _ => {
            let sum = sum(group, &answer.choices);
            let cases: Vec<(&Proof<G>, u64)> =
                answer.overall_proof.iter().zip(choice.min..).collect();
            let commitments = group.commitments(&context.key, &sum, &cases);
            let proofs: Vec<&Proof<G>> = answer.overall_proof.iter().collect();
            if !disjunction::holds(
                group,
                &interval_prefix(group, &whole, &sum),
                &commitments,
                &proofs,
            ) {
                faults.push((format!("{part}.overall_proof"), Reason::BallotOverall));
            }
        }
    }
}

/// Section 4.13.3: not blank or nothing chosen, and blank or as many chosen as may be.
fn check_blank<G: Group>(
    context: &Context<G>,
    whole: &str,
    choice: &Choice,
    (first, sum): (&Ciphertext<G>, &Ciphertext<G>),
    (blank, overall): (&[Proof<G>], &[Proof<G>]),
    part: &str,
    faults: &mut Faults,
) {
    let group = &context.group;
    let commit = |pair, cases: &[(&Proof<G>, u64)]| group.commitments(&context.key, pair, cases);
    if let [zero, none] = blank {
        let mut commitments = commit(first, &[(zero, 0)]);
        commitments.extend(commit(sum, &[(none, 0)]));
        if !disjunction::holds(
            group,
            &format!("bproof0|{whole}|"),
            &commitments,
            &[zero, none],
        ) {
            faults.push((format!("{part}.blank_proof"), Reason::BallotBlank));
        }
    }
    if let Some((is_blank, in_range)) = overall.split_first() {
        let mut commitments = commit(first, &[(is_blank, 1)]);
        let cases: Vec<(&Proof<G>, u64)> = in_range.iter().zip(choice.min..).collect();
        commitments.extend(commit(sum, &cases));
        let proofs: Vec<&Proof<G>> = overall.iter().collect();
        if !disjunction::holds(group, &format!("bproof1|{whole}|"), &commitments, &proofs) {
            faults.push((format!("{part}.overall_proof"), Reason::BallotOverall));
        }
    }
}

/// Checks several ballots at once; the results are in the order of the ballots.
pub(super) fn check_all<G: Group>(
    context: &Context<G>,
    ballots: &[Located],
    threads: usize,
) -> Vec<(Option<Checked>, Faults)> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            match ballots.get(at) {
                None => return done,
                Some(ballot) => done.push((at, check_ballot(context, &ballot.record.body))),
            }
        }
    };
    let mut results: Vec<_> = ballots.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        others
            .into_iter()
            .for_each(|other| all.extend(other.join().unwrap_or_default()));
        for (at, result) in all {
            results[at] = Some(result);
        }
    });
    // What a thread that panicked left undone is done again here, where the panic is heard.
    let checked = results.into_iter().zip(ballots);
    checked
        .map(|(result, ballot)| {
            result.unwrap_or_else(|| check_ballot(context, &ballot.record.body))
        })
        .collect()
}

/// A bound on the size of a ballot for these questions.
pub(super) fn size_max<G: Group>(group: &G, questions: &[Question]) -> u64 {
    let element = group.element_text_max() as u64 + 32;
    let proof = 2 * (group.element_text_max().max(80) as u64 + 32);
    let answers = questions.iter().map(|question| match question {
        Question::Homomorphic(choice) => {
            let width = choice.width() as u64;
            width * (2 * element + 2 * proof) + (choice.overall_length() as u64 + 2) * proof
        }
        Question::NonHomomorphic(_) => 2 * element + proof,
    });
    4 * 1024 + answers.sum::<u64>() + questions.len() as u64 * 256 + proof
}
