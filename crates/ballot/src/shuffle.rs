//! Shuffles that anyone can check: the proof of CHVote 1.3.2 as the specification gives it (section 6).

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::group::{Ciphertext, ElectionKey, Group};
use crate::message::shuffle::ShuffleProof;
use crate::proof::{hash, write_pair};

/// Shuffles the ballots of one question, and proves it (tables 1 and 4).
pub fn shuffle<G: Group>(
    group: &G,
    key: &ElectionKey<G>,
    fingerprint: &str,
    pairs: &[Ciphertext<G>],
    random: &mut dyn CryptoRng,
) -> Option<(Vec<Ciphertext<G>>, ShuffleProof<G>)> {
    let order = permutation(pairs.len(), random);
    let exponents = randoms(group, pairs.len(), random);
    let renewed: Vec<Ciphertext<G>> = pairs
        .iter()
        .zip(exponents.iter())
        .map(|(pair, exponent)| Ciphertext {
            alpha: group.multiply(&pair.alpha, &group.generator_power(exponent)),
            beta: group.multiply(&pair.beta, &group.table_power(&key.table, exponent)),
        })
        .collect();
    let shuffled: Vec<Ciphertext<G>> = order.iter().map(|at| renewed[*at].clone()).collect();
    let secret = Secret { order, exponents };
    let proof = prove(group, key, fingerprint, (pairs, &shuffled), &secret, random)?;
    Some((shuffled, proof))
}

/// What the shuffler knows.
struct Secret<G: Group> {
    /// The place in the old list of each of the new.
    order: Vec<usize>,
    /// The exponent with which each of the old was re-encrypted.
    exponents: Zeroizing<Vec<G::Scalar>>,
}

impl<G: Group> Drop for Secret<G> {
    fn drop(&mut self) {
        self.order.zeroize();
    }
}

/// Table 2: uniformly random, up to a bias of 2^-64 in each draw.
fn permutation(length: usize, random: &mut dyn CryptoRng) -> Vec<usize> {
    let mut order: Vec<usize> = (0..length).collect();
    for at in 0..length {
        let mut wide = [0_u8; 16];
        random.fill_bytes(&mut wide);
        let drawn = u128::from_le_bytes(wide) % (length - at) as u128;
        order.swap(at, at + drawn as usize);
    }
    order
}

/// The generators h and h0, h1, … (tables 6 and 7).
fn generators<G: Group>(group: &G, count: usize) -> Option<(G::Element, Vec<G::Element>)> {
    let second = group.independent_generator(-1)?;
    let all = (0..count as i64).map(|at| group.independent_generator(at));
    Some((second, all.collect::<Option<Vec<_>>>()?))
}

/// Tables 10 and 11: the text of the statement, and a challenge for each ballot.
fn challenges<G: Group>(
    group: &G,
    fingerprint: &str,
    (old, new): (&[Ciphertext<G>], &[Ciphertext<G>]),
    permutation: &[G::Element],
) -> (String, Vec<G::Scalar>) {
    let mut statement = String::new();
    for pair in old.iter().chain(new) {
        write_pair(group, pair, &mut statement);
        statement.push(',');
    }
    write_all(group, permutation, &mut statement);
    let text = format!("shuffle-challenges|{fingerprint}|{statement}");
    let first = hex::encode(Sha256::digest(text));
    let challenges = (0..old.len()).map(|at| {
        let second = hex::encode(Sha256::digest(at.to_string()));
        hash(group, &format!("{first}{second}"))
    });
    let challenges = challenges.collect();
    (statement, challenges)
}

fn write_all<'a, G: Group>(
    group: &G,
    elements: impl IntoIterator<Item = &'a G::Element>,
    out: &mut String,
) {
    for element in elements {
        group.write_element(element, out);
        out.push(',');
    }
}

/// Table 13, over the statement, the chain and the commitments.
fn challenge<G: Group>(
    group: &G,
    fingerprint: &str,
    statement: &str,
    proof: &ShuffleProof<G>,
    key: &G::Element,
) -> G::Scalar {
    let mut text = format!("shuffle-challenge|{fingerprint}|");
    write_all(group, &proof.commitments, &mut text);
    write_all(group, &proof.chained_commitments, &mut text);
    text.push_str(statement);
    write_all(group, &proof.chain, &mut text);
    group.write_element(key, &mut text);
    hash(group, &text)
}

/// Table 9: commitments to the permutation, in the old order, and their exponents.
fn commit<G: Group>(
    group: &G,
    order: &[usize],
    generators: &[G::Element],
    random: &mut dyn CryptoRng,
) -> (Vec<G::Element>, Zeroizing<Vec<G::Scalar>>) {
    let mut commitments = vec![group.identity(); order.len()];
    let mut exponents = Zeroizing::new(vec![group.scalar(0); order.len()]);
    for (generator, place) in generators.iter().zip(order) {
        let exponent = group.random_scalar(random);
        commitments[*place] = group.multiply(&group.generator_power(&exponent), generator);
        exponents[*place] = exponent;
    }
    (commitments, exponents)
}

fn dot<'a, G: Group>(
    group: &G,
    left: impl IntoIterator<Item = &'a G::Scalar>,
    right: impl IntoIterator<Item = &'a G::Scalar>,
) -> G::Scalar {
    left.into_iter()
        .zip(right)
        .fold(group.scalar(0), |sum, (a, b)| {
            group.add(&sum, &group.times(a, b))
        })
}

/// Wiped when they are not needed any more.
fn randoms<G: Group>(
    group: &G,
    count: usize,
    random: &mut dyn CryptoRng,
) -> Zeroizing<Vec<G::Scalar>> {
    Zeroizing::new((0..count).map(|_| group.random_scalar(random)).collect())
}

/// A product of powers with secret exponents.
fn secret_product<'a, G: Group>(
    group: &G,
    first: G::Element,
    bases: impl Iterator<Item = &'a G::Element>,
    exponents: &[G::Scalar],
) -> G::Element {
    bases
        .zip(exponents)
        .fold(first, |product, (base, exponent)| {
            group.multiply(&product, &group.power(base, exponent))
        })
}

/// Table 4.
fn prove<G: Group>(
    group: &G,
    key: &ElectionKey<G>,
    fingerprint: &str,
    (old, new): (&[Ciphertext<G>], &[Ciphertext<G>]),
    secret: &Secret<G>,
    random: &mut dyn CryptoRng,
) -> Option<ShuffleProof<G>> {
    let count = old.len();
    let (second, generators) = generators(group, count)?;
    let (permutation, committed) = commit(group, &secret.order, &generators, random);
    let (statement, per_ballot) = challenges(group, fingerprint, (old, new), &permutation);
    let permuted = secret.order.iter().map(|at| per_ballot[*at].clone());
    let permuted: Zeroizing<Vec<G::Scalar>> = Zeroizing::new(permuted.collect());
    let chained = randoms(group, count, random);
    let mut chain: Vec<G::Element> = Vec::with_capacity(count);
    for (exponent, challenge) in chained.iter().zip(permuted.iter()) {
        let before = chain.last().unwrap_or(&second);
        let next = group.multiply(
            &group.generator_power(exponent),
            &group.power(before, challenge),
        );
        chain.push(next);
    }
    let witnesses = randoms(group, 4, random);
    let chained_witnesses = randoms(group, count, random);
    let permuted_witnesses = randoms(group, count, random);
    let negated = group.subtract(&group.scalar(0), &witnesses[3]);
    let chained_commitments = (0..count).map(|at| {
        let before = at.checked_sub(1).map_or(&second, |at| &chain[at]);
        let blinded = group.generator_power(&chained_witnesses[at]);
        group.multiply(&blinded, &group.power(before, &permuted_witnesses[at]))
    });
    let mut proof = ShuffleProof {
        commitments: [
            group.generator_power(&witnesses[0]),
            group.generator_power(&witnesses[1]),
            secret_product(
                group,
                group.generator_power(&witnesses[2]),
                generators.iter(),
                &permuted_witnesses,
            ),
            secret_product(
                group,
                group.table_power(&key.table, &negated),
                new.iter().map(|one| &one.beta),
                &permuted_witnesses,
            ),
            secret_product(
                group,
                group.generator_power(&negated),
                new.iter().map(|one| &one.alpha),
                &permuted_witnesses,
            ),
        ],
        chained_commitments: chained_commitments.collect(),
        responses: [(); 4].map(|()| group.scalar(0)),
        chained_responses: Vec::new(),
        permuted_responses: Vec::new(),
        permutation,
        chain,
    };
    let challenge = challenge(group, fingerprint, &statement, &proof, &key.element);
    let respond = |witness: &G::Scalar, value: &G::Scalar| {
        group.add(witness, &group.times(&challenge, value))
    };
    let all = |witnesses: &[G::Scalar], values: &[G::Scalar]| -> Vec<G::Scalar> {
        witnesses
            .iter()
            .zip(values)
            .map(|(witness, value)| respond(witness, value))
            .collect()
    };
    let one = vec![group.scalar(1); count];
    let sums = [
        dot(group, committed.iter(), &one),
        dot(group, chained.iter(), tails(group, &permuted).iter()),
        dot(group, committed.iter(), &per_ballot),
        dot(group, secret.exponents.iter(), &per_ballot),
    ];
    let sums = Zeroizing::new(sums.to_vec());
    for ((response, witness), sum) in proof
        .responses
        .iter_mut()
        .zip(witnesses.iter())
        .zip(sums.iter())
    {
        *response = respond(witness, sum);
    }
    proof.chained_responses = all(&chained_witnesses, &chained);
    proof.permuted_responses = all(&permuted_witnesses, &permuted);
    Some(proof)
}

/// `v_i`: the product of everything behind i, 1 for the last.
fn tails<G: Group>(group: &G, values: &[G::Scalar]) -> Zeroizing<Vec<G::Scalar>> {
    let mut tails = Zeroizing::new(vec![group.scalar(1); values.len()]);
    for at in (1..values.len()).rev() {
        tails[at - 1] = group.times(&values[at], &tails[at]);
    }
    tails
}

/// Checks a proof (table 5), and that everything in it has the right length and is of the group.
pub fn holds<G: Group>(
    group: &G,
    key: &ElectionKey<G>,
    fingerprint: &str,
    (old, new): (&[Ciphertext<G>], &[Ciphertext<G>]),
    proof: &ShuffleProof<G>,
) -> bool {
    let count = old.len();
    let lengths = [
        new.len(),
        proof.chained_commitments.len(),
        proof.chained_responses.len(),
        proof.permuted_responses.len(),
        proof.permutation.len(),
        proof.chain.len(),
    ];
    let Some((second, generators)) = generators(group, count) else {
        return false;
    };
    let elements = new.iter().flat_map(|one| [&one.alpha, &one.beta]);
    let inside = elements
        .chain(&proof.permutation)
        .chain(&proof.chain)
        .all(|one| group.is_member(one));
    if lengths.iter().any(|length| *length != count) || !inside {
        return false;
    }
    let (statement, per_ballot) = challenges(group, fingerprint, (old, new), &proof.permutation);
    let challenge = challenge(group, fingerprint, &statement, proof, &key.element);
    let check = Check {
        group,
        key,
        proof,
        negated: group.subtract(&group.scalar(0), &challenge),
        second,
    };
    check.permutation(&generators, &per_ballot)
        && check.content(old, new, &per_ballot)
        && check.chain()
}

struct Check<'a, G: Group> {
    group: &'a G,
    key: &'a ElectionKey<G>,
    proof: &'a ShuffleProof<G>,
    /// `-c`.
    negated: G::Scalar,
    /// `h`.
    second: G::Element,
}

impl<G: Group> Check<'_, G> {
    fn product(&self, elements: &[G::Element]) -> G::Element {
        let identity = self.group.identity();
        elements
            .iter()
            .fold(identity, |product, one| self.group.multiply(&product, one))
    }

    fn powers(&self, elements: &[G::Element], exponents: &[G::Scalar]) -> G::Element {
        let factors: Vec<(G::Element, G::Scalar)> = elements
            .iter()
            .cloned()
            .zip(exponents.iter().cloned())
            .collect();
        self.group.product_public(&factors)
    }

    /// `value^-c times`.
    fn lowered(&self, value: &G::Element, times: &G::Element) -> G::Element {
        self.group
            .multiply(&self.group.power_public(value, &self.negated), times)
    }

    /// t1, t2, t3: the commitments are to a permutation.
    fn permutation(&self, generators: &[G::Element], per_ballot: &[G::Scalar]) -> bool {
        let (group, proof) = (self.group, self.proof);
        let [s1, s2, s3, _] =
            [0, 1, 2, 3].map(|at| group.generator_power_public(&proof.responses[at]));
        let all = group.multiply(
            &self.product(&proof.permutation),
            &group.inverse_public(&self.product(generators)),
        );
        let product = per_ballot
            .iter()
            .fold(group.scalar(1), |product, one| group.times(&product, one));
        let last = proof.chain.last().unwrap_or(&self.second);
        let end = group.multiply(
            last,
            &group.inverse_public(&group.power_public(&self.second, &product)),
        );
        let weighted = self.powers(&proof.permutation, per_ballot);
        let moved = self.powers(generators, &proof.permuted_responses);
        proof.commitments[0] == self.lowered(&all, &s1)
            && proof.commitments[1] == self.lowered(&end, &s2)
            && proof.commitments[2] == self.lowered(&weighted, &group.multiply(&s3, &moved))
    }

    /// t41, t42: the new ballots are the old ones, re-encrypted in that order.
    fn content(
        &self,
        old: &[Ciphertext<G>],
        new: &[Ciphertext<G>],
        per_ballot: &[G::Scalar],
    ) -> bool {
        let (group, proof) = (self.group, self.proof);
        let fourth = group.subtract(&group.scalar(0), &proof.responses[3]);
        let parts = |pairs: &[Ciphertext<G>]| -> (Vec<G::Element>, Vec<G::Element>) {
            pairs
                .iter()
                .map(|one| (one.alpha.clone(), one.beta.clone()))
                .unzip()
        };
        let ((old_alphas, old_betas), (new_alphas, new_betas)) = (parts(old), parts(new));
        let side = |old: &[G::Element], new: &[G::Element], blinding: G::Element| {
            let moved = self.powers(new, &proof.permuted_responses);
            self.lowered(
                &self.powers(old, per_ballot),
                &group.multiply(&blinding, &moved),
            )
        };
        let betas = side(
            &old_betas,
            &new_betas,
            group.table_power_public(&self.key.table, &fourth),
        );
        let alphas = side(
            &old_alphas,
            &new_alphas,
            group.generator_power_public(&fourth),
        );
        proof.commitments[3] == betas && proof.commitments[4] == alphas
    }

    /// t̂: the chain's links.
    fn chain(&self) -> bool {
        let (group, proof) = (self.group, self.proof);
        (0..proof.chain.len()).all(|at| {
            let before = at
                .checked_sub(1)
                .map_or(&self.second, |at| &proof.chain[at]);
            let powers = self.powers(
                &[proof.chain[at].clone(), before.clone()],
                &[self.negated.clone(), proof.permuted_responses[at].clone()],
            );
            let expected = group.multiply(
                &group.generator_power_public(&proof.chained_responses[at]),
                &powers,
            );
            proof.chained_commitments[at] == expected
        })
    }
}
