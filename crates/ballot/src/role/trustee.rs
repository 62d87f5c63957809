//! A trustee who comes alone, and the decryption that every trustee does (sections 4.5 and 4.18).

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::group::{Ciphertext, Group};
use crate::message::decryption::PartialDecryption;
use crate::message::shuffle::Shuffle;
use crate::message::tally::Pairs;
use crate::message::trustees::TrusteeKey;
use crate::proof::{exponent, factor, key_prefix};
use crate::verify::Context;

/// A new secret key.
pub fn secret<G: Group>(group: &G, random: &mut dyn CryptoRng) -> Zeroizing<G::Scalar> {
    Zeroizing::new(group.random_scalar(random))
}

/// The public key of a secret one, with the proof that it is known.
pub fn public_key<G: Group>(
    group: &G,
    secret: &G::Scalar,
    random: &mut dyn CryptoRng,
) -> TrusteeKey<G> {
    let public_key = group.generator_power(secret);
    TrusteeKey {
        pok: exponent::prove(group, &key_prefix(group, &public_key), secret, random),
        public_key,
        signature: None,
    }
}

/// Decrypts a trustee's part of a tally.
pub fn decrypt<G: Group>(
    context: &Context<G>,
    secret: &G::Scalar,
    pairs: &Pairs<G>,
    random: &mut dyn CryptoRng,
) -> PartialDecryption<G> {
    let mut decryption = PartialDecryption {
        factors: Vec::new(),
        proofs: Vec::new(),
    };
    for question in pairs {
        let decrypted = question.iter().map(|pair: &Ciphertext<G>| {
            factor::prove(
                &context.group,
                &context.fingerprint,
                secret,
                &pair.alpha,
                random,
            )
        });
        let (factors, proofs) = decrypted.unzip();
        decryption.factors.push(factors);
        decryption.proofs.push(proofs);
    }
    decryption
}

/// Shuffles the questions of a tally that are shuffled. `None` if the group has no independent generators, which no group
/// of ours lacks.
pub fn shuffle<G: Group>(
    context: &Context<G>,
    pairs: &Pairs<G>,
    random: &mut dyn CryptoRng,
) -> Option<Shuffle<G>> {
    let mut shuffle = Shuffle {
        ciphertexts: Vec::new(),
        proofs: Vec::new(),
    };
    for (question, pairs) in context.election.questions.iter().zip(pairs) {
        if question.is_shuffled() {
            let (group, key, fingerprint) = (&context.group, &context.key, &context.fingerprint);
            let (shuffled, proof) =
                crate::shuffle::shuffle(group, key, fingerprint, pairs, random)?;
            shuffle.ciphertexts.push(shuffled);
            shuffle.proofs.push(proof);
        }
    }
    Some(shuffle)
}
