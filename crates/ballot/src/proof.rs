//! The zero-knowledge proofs. Every challenge is a hash over the whole statement and its context (strong Fiat-Shamir):
//! what is hashed is given by the specification, section by section, and named at each function.
//!
//! Responses are `w - x c` throughout, so a verifier recomputes the commitment as `g^response X^challenge`.

use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::group::{Ciphertext, ElectionKey, Group};
use crate::text::{Read, Reader, write_scalar};

/// A challenge and the response to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof<G: Group> {
    /// The challenge, below the order.
    pub challenge: G::Scalar,
    /// The response, below the order.
    pub response: G::Scalar,
}

impl<G: Group> Proof<G> {
    /// Reads `{"challenge":…,"response":…}`.
    pub fn read(reader: &mut Reader<'_>, group: &G) -> Read<Proof<G>> {
        reader.expect("{\"challenge\":")?;
        let challenge = reader.scalar(group)?;
        reader.expect(",\"response\":")?;
        let response = reader.scalar(group)?;
        reader.expect("}")?;
        Ok(Proof {
            challenge,
            response,
        })
    }

    /// Writes it.
    pub fn write(&self, group: &G, out: &mut String) {
        out.push_str("{\"challenge\":");
        write_scalar(group, &self.challenge, out);
        out.push_str(",\"response\":");
        write_scalar(group, &self.response, out);
        out.push('}');
    }

    fn random(group: &G, random: &mut dyn CryptoRng) -> Proof<G> {
        Proof {
            challenge: group.random_scalar(random),
            response: group.random_scalar(random),
        }
    }
}

/// SHA-256 of a text, modulo the order.
pub fn hash<G: Group>(group: &G, text: &str) -> G::Scalar {
    group.reduce(&Sha256::digest(text.as_bytes()))
}

/// Proofs of one exponent for one public element: knowledge of a key, and signatures. What is hashed is
/// `<prefix>A`, with the prefix given by the caller.
pub mod exponent {
    use super::*;

    /// Proves knowledge of `secret`.
    pub fn prove<G: Group>(
        group: &G,
        prefix: &str,
        secret: &G::Scalar,
        random: &mut dyn CryptoRng,
    ) -> Proof<G> {
        let witness = Zeroizing::new(group.random_scalar(random));
        let commitment = group.element_text(&group.generator_power(&witness));
        let challenge = hash(group, &format!("{prefix}{commitment}"));
        let response = group.subtract(&witness, &group.times(secret, &challenge));
        Proof {
            challenge,
            response,
        }
    }

    /// Checks it for the public element.
    pub fn holds<G: Group>(group: &G, prefix: &str, public: &G::Element, proof: &Proof<G>) -> bool {
        let commitment = group.generator_product_public(&proof.response, public, &proof.challenge);
        hash(
            group,
            &format!("{prefix}{}", group.element_text(&commitment)),
        ) == proof.challenge
    }
}

/// The prefix of a proof of knowledge of a trustee's key (section 4.5).
pub fn key_prefix<G: Group>(group: &G, public: &G::Element) -> String {
    format!(
        "pok|{}|{}|",
        group.name().text(),
        group.element_text(public)
    )
}

/// The prefix of a ballot's signature (section 4.14).
pub fn signature_prefix(hash: &str) -> String {
    format!("sig|{hash}|")
}

/// The prefix of a signed message between trustees (section 4.6.1).
pub fn message_prefix(message: &str) -> String {
    format!("sigmsg|{message}|")
}

/// One of several statements: a pair and the number that it is said to encrypt.
pub struct Case<'a, G: Group> {
    /// The pair.
    pub pair: &'a Ciphertext<G>,
    /// The number.
    pub number: u64,
}

/// What the prover knows of a pair: `r`, and the number that it does encrypt.
#[derive(Clone)]
pub struct Opening<G: Group> {
    /// The exponent.
    pub exponent: G::Scalar,
    /// The number.
    pub number: u64,
}

impl<G: Group> Drop for Opening<G> {
    fn drop(&mut self) {
        self.exponent.zeroize();
        self.number.zeroize();
    }
}

/// A disjunction: of several cases, one is true (sections 4.12 and 4.13). What is hashed is `<prefix>A0,B0,A1,B1,…`.
pub mod disjunction {
    use super::*;

    /// Proves it; `openings` belong to the cases, and `truth` is the index of one that is true.
    ///
    /// Every commitment is computed in the same way, from tables of `g` and `y` alone, whichever case is true.
    pub fn prove<G: Group>(
        group: &G,
        key: &ElectionKey<G>,
        prefix: &str,
        cases: &[Case<'_, G>],
        openings: &[&Opening<G>],
        truth: usize,
        random: &mut dyn CryptoRng,
    ) -> Vec<Proof<G>> {
        let mut proofs: Vec<Proof<G>> =
            cases.iter().map(|_| Proof::random(group, random)).collect();
        let witness = Zeroizing::new(group.random_scalar(random));
        let mut text = prefix.to_owned();
        for (at, ((case, opening), proof)) in cases.iter().zip(openings).zip(&proofs).enumerate() {
            let (exponent, excess) = match at == truth {
                true => (witness.clone(), Zeroizing::new(group.scalar(0))),
                false => simulated(group, case, opening, proof),
            };
            separate(at, &mut text);
            group.write_element(&group.generator_power(&exponent), &mut text);
            text.push(',');
            let blinded = group.table_power(&key.table, &exponent);
            let second = group.multiply(&blinded, &group.generator_power(&excess));
            group.write_element(&second, &mut text);
        }
        let mut challenge = hash(group, &text);
        for (at, proof) in proofs.iter().enumerate() {
            if at != truth {
                challenge = group.subtract(&challenge, &proof.challenge);
            }
        }
        if let (Some(proof), Some(opening)) = (proofs.get_mut(truth), openings.get(truth)) {
            proof.response = group.subtract(&witness, &group.times(&opening.exponent, &challenge));
            proof.challenge = challenge;
        }
        proofs
    }

    /// `g^response a^c = g^(response + rc)` and `y^response (b/g^M)^c = y^(response + rc) g^((m - M)c)`.
    fn simulated<G: Group>(
        group: &G,
        case: &Case<'_, G>,
        opening: &Opening<G>,
        proof: &Proof<G>,
    ) -> (Zeroizing<G::Scalar>, Zeroizing<G::Scalar>) {
        let moved = Zeroizing::new(group.times(&opening.exponent, &proof.challenge));
        let difference = group.subtract(&group.scalar(opening.number), &group.scalar(case.number));
        let difference = Zeroizing::new(difference);
        (
            Zeroizing::new(group.add(&proof.response, &moved)),
            Zeroizing::new(group.times(&difference, &proof.challenge)),
        )
    }

    /// Checks that the challenges add up to the hash of the recomputed commitments.
    pub fn holds<G: Group>(
        group: &G,
        prefix: &str,
        commitments: &[(G::Element, G::Element)],
        proofs: &[&Proof<G>],
    ) -> bool {
        let mut text = String::with_capacity(
            prefix.len() + commitments.len() * 2 * (group.element_text_max() + 1),
        );
        text.push_str(prefix);
        let elements: Vec<&G::Element> = commitments
            .iter()
            .flat_map(|(first, second)| [first, second])
            .collect();
        for (at, element) in group.element_texts(&elements).iter().enumerate() {
            separate(at, &mut text);
            text.push_str(element);
        }
        let sum = proofs.iter().fold(group.scalar(0), |sum, proof| {
            group.add(&sum, &proof.challenge)
        });
        hash(group, &text) == sum
    }

    fn separate(at: usize, text: &mut String) {
        if at > 0 {
            text.push(',');
        }
    }
}

/// The prefix of a proof of an interval (section 4.12); `context` is `S0` or `S`.
pub fn interval_prefix<G: Group>(group: &G, context: &str, pair: &Ciphertext<G>) -> String {
    interval_prefix_of(context, &pair_text(group, pair))
}

/// The same from the text of the pair.
pub fn interval_prefix_of(context: &str, pair: &str) -> String {
    format!("prove|{context}|{pair}|")
}

/// `alpha,beta`.
pub fn pair_text<G: Group>(group: &G, pair: &Ciphertext<G>) -> String {
    let mut text = String::new();
    write_pair(group, pair, &mut text);
    text
}

/// The texts of several pairs, together in less time.
pub fn pair_texts<G: Group>(group: &G, pairs: &[Ciphertext<G>]) -> Vec<String> {
    let elements: Vec<&G::Element> = pairs
        .iter()
        .flat_map(|pair| [&pair.alpha, &pair.beta])
        .collect();
    let texts = group.element_texts(&elements);
    texts.chunks(2).map(|pair| pair.join(",")).collect()
}

/// `alpha,beta`.
pub fn write_pair<G: Group>(group: &G, pair: &Ciphertext<G>, out: &mut String) {
    group.write_element(&pair.alpha, out);
    out.push(',');
    group.write_element(&pair.beta, out);
}

/// Decryption factors: `alpha^x` for the `x` of a public key (section 4.18). Hashed: `decrypt|φ|X|A,B`.
pub mod factor {
    use super::*;

    fn challenge<G: Group>(
        group: &G,
        fingerprint: &str,
        public: &G::Element,
        commitments: [&G::Element; 2],
    ) -> G::Scalar {
        let [public, first, second] =
            [public, commitments[0], commitments[1]].map(|one| group.element_text(one));
        hash(
            group,
            &format!("decrypt|{fingerprint}|{public}|{first},{second}"),
        )
    }

    /// The factor and its proof.
    pub fn prove<G: Group>(
        group: &G,
        fingerprint: &str,
        secret: &G::Scalar,
        alpha: &G::Element,
        random: &mut dyn CryptoRng,
    ) -> (G::Element, Proof<G>) {
        let public = group.generator_power(secret);
        let witness = Zeroizing::new(group.random_scalar(random));
        let commitments = [
            group.generator_power(&witness),
            group.power(alpha, &witness),
        ];
        let challenge = challenge(
            group,
            fingerprint,
            &public,
            [&commitments[0], &commitments[1]],
        );
        let response = group.subtract(&witness, &group.times(secret, &challenge));
        let proof = Proof {
            challenge,
            response,
        };
        (group.power(alpha, secret), proof)
    }

    /// Checks it.
    pub fn holds<G: Group>(
        group: &G,
        fingerprint: &str,
        public: &G::Element,
        alpha: &G::Element,
        factor: &G::Element,
        proof: &Proof<G>,
    ) -> bool {
        let pair = |response: G::Element, base: &G::Element| {
            group.multiply(&response, &group.power_public(base, &proof.challenge))
        };
        let first = pair(group.generator_power_public(&proof.response), public);
        let second = pair(group.power_public(alpha, &proof.response), factor);
        challenge(group, fingerprint, public, [&first, &second]) == proof.challenge
    }
}
