//! The texts that a ballot's proofs are about, for those who prove and those who check.

use super::board::Context;
use crate::group::{Ciphertext, Group};
use crate::proof::{pair_texts, write_pair};

/// The prefix of the proof of a ranking.
pub(crate) fn ranking_prefix<G: Group>(
    context: &Context<G>,
    start: &str,
    pair: &Ciphertext<G>,
) -> String {
    let mut prefix = format!("raweg|{start}|");
    context
        .group
        .write_element(&context.key.element, &mut prefix);
    prefix.push(',');
    write_pair(&context.group, pair, &mut prefix);
    prefix.push('|');
    prefix
}

/// `S`: `S0` and all pairs of the answer.
pub(crate) fn whole_context<G: Group>(group: &G, start: &str, pairs: &[Ciphertext<G>]) -> String {
    whole_context_of(start, &pair_texts(group, pairs))
}

/// The same from the texts of the pairs.
pub(crate) fn whole_context_of(start: &str, pairs: &[String]) -> String {
    format!("{start}|{}", pairs.join(","))
}

/// The product of the pairs that stand for choices, blank left out.
pub(crate) fn sum<G: Group>(group: &G, pairs: &[Ciphertext<G>]) -> Ciphertext<G> {
    let neutral = Ciphertext::neutral(group);
    pairs
        .iter()
        .fold(neutral, |sum, pair| sum.times(pair, group))
}
