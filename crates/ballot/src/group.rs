//! The groups of prime order in which an election's numbers live.
//!
//! Two kinds are behind the trait [`Group`]: subgroups of a finite field ([`modp`]) and of an elliptic curve ([`edwards`]).
//! Source: specification of Belenios, 2.0 section 5 and 3.3 section 5.

pub mod edwards;
pub mod modp;
mod modp_group;
mod modp_powers;
mod montgomery;
pub mod parameters;

use rand_core::CryptoRng;
use zeroize::Zeroize;

use crate::proof::Proof;

/// The groups that elections may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupName {
    /// `BELENIOS-2048`: 256-bit order in a 2048-bit field; for questions that are only counted.
    Belenios2048,
    /// `RFC-3526-2048`: a safe prime; also for ranks and scores.
    Rfc3526,
    /// `Ed25519`: the prime-order subgroup of the twisted Edwards curve; for both, understood by Belenios from 2.1 on.
    Ed25519,
}

impl GroupName {
    /// All of them.
    pub const ALL: [GroupName; 3] = [
        GroupName::Belenios2048,
        GroupName::Rfc3526,
        GroupName::Ed25519,
    ];

    /// As an election writes it.
    pub fn text(self) -> &'static str {
        match self {
            GroupName::Belenios2048 => "BELENIOS-2048",
            GroupName::Rfc3526 => "RFC-3526-2048",
            GroupName::Ed25519 => "Ed25519",
        }
    }

    /// The group of that name.
    pub fn of_text(text: &str) -> Option<GroupName> {
        GroupName::ALL.into_iter().find(|one| one.text() == text)
    }

    /// Whether ranks and scores can be encoded in it.
    pub fn embeds(self) -> bool {
        self != GroupName::Belenios2048
    }
}

/// Calls a generic function with the group of a name: `with_group!(name, group => expression)`.
#[macro_export]
macro_rules! with_group {
    ($name:expr, $group:ident => $body:expr) => {
        match $name {
            $crate::group::GroupName::Belenios2048 => {
                let $group = $crate::group::modp::ModP::belenios_2048();
                $body
            }
            $crate::group::GroupName::Rfc3526 => {
                let $group = $crate::group::modp::ModP::rfc_3526_2048();
                $body
            }
            $crate::group::GroupName::Ed25519 => {
                let $group = $crate::group::edwards::Ed25519;
                $body
            }
        }
    };
}

/// The two commitments of a proof about a pair.
pub type Commitments<G> = (<G as Group>::Element, <G as Group>::Element);

/// An ElGamal pair `(g^r, y^r m)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ciphertext<G: Group> {
    /// `g^r`.
    pub alpha: G::Element,
    /// `y^r m`.
    pub beta: G::Element,
}

impl<G: Group> Ciphertext<G> {
    /// The encryption of the neutral element with r = 0: where a sum begins.
    pub fn neutral(group: &G) -> Ciphertext<G> {
        Ciphertext {
            alpha: group.identity(),
            beta: group.identity(),
        }
    }

    /// The product, component by component: it encrypts the product of the messages.
    pub fn times(&self, other: &Ciphertext<G>, group: &G) -> Ciphertext<G> {
        Ciphertext {
            alpha: group.multiply(&self.alpha, &other.alpha),
            beta: group.multiply(&self.beta, &other.beta),
        }
    }

    /// Raised to a public weight.
    pub fn to_power(&self, weight: u64, group: &G) -> Ciphertext<G> {
        if weight == 1 {
            return self.clone();
        }
        let exponent = group.scalar(weight);
        Ciphertext {
            alpha: group.power_public(&self.alpha, &exponent),
            beta: group.power_public(&self.beta, &exponent),
        }
    }
}

/// The election's public key with what speeds its powers up.
#[derive(Clone)]
pub struct ElectionKey<G: Group> {
    /// `y`.
    pub element: G::Element,
    /// Powers of `y`.
    pub table: G::Table,
}

impl<G: Group> ElectionKey<G> {
    /// Prepares a key; takes the time of a few hundred powers.
    pub fn new(group: &G, element: G::Element) -> ElectionKey<G> {
        let table = group.table(&element);
        ElectionKey { element, table }
    }
}

/// A group of prime order with what the protocol asks of it.
///
/// Contract. Every [`Group::Element`] is an element of the surrounding set (the field without zero, the curve);
/// [`Group::element`] reads no other and reads each from exactly one text. Whether it is of the prime-order subgroup is
/// asked with [`Group::is_member`], before anything is concluded from it. Scalars are always reduced. Methods whose name says `public`
/// may take a time that depends on their arguments; all others on scalars do not, so that they may be given secrets. Nothing
/// here fails or panics for any argument of its type.
pub trait Group: Copy + PartialEq + Eq + std::fmt::Debug + Send + Sync + 'static {
    /// An exponent, modulo the order.
    type Scalar: Clone + PartialEq + Eq + Zeroize + Send + Sync + std::fmt::Debug;
    /// An element of the surrounding set.
    type Element: Clone + PartialEq + Eq + Send + Sync + std::fmt::Debug;
    /// Powers of one base, computed in advance.
    type Table: Clone + Send + Sync;

    /// Which group this is.
    fn name(&self) -> GroupName;

    /// A small number as an exponent.
    fn scalar(&self, number: u64) -> Self::Scalar;
    /// Reads an exponent: canonical base 10, below the order.
    fn read_scalar(&self, text: &str) -> Option<Self::Scalar>;
    /// Writes it.
    fn write_scalar(&self, scalar: &Self::Scalar, out: &mut String);
    /// A big-endian number of at most 64 bytes, modulo the order.
    fn reduce(&self, big_endian: &[u8]) -> Self::Scalar;
    /// A uniformly random exponent.
    fn random_scalar(&self, random: &mut dyn CryptoRng) -> Self::Scalar;
    /// The sum.
    fn add(&self, a: &Self::Scalar, b: &Self::Scalar) -> Self::Scalar;
    /// The difference.
    fn subtract(&self, a: &Self::Scalar, b: &Self::Scalar) -> Self::Scalar;
    /// The product.
    fn times(&self, a: &Self::Scalar, b: &Self::Scalar) -> Self::Scalar;
    /// The inverse of a public number, 0 for 0.
    fn invert_public(&self, a: &Self::Scalar) -> Self::Scalar;

    /// The neutral element.
    fn identity(&self) -> Self::Element;
    /// `g`.
    fn generator(&self) -> Self::Element;
    /// The product of two elements.
    fn multiply(&self, a: &Self::Element, b: &Self::Element) -> Self::Element;
    /// The inverse of a public element.
    fn inverse_public(&self, a: &Self::Element) -> Self::Element;
    /// Reads an element of the surrounding set from its one text.
    fn element(&self, text: &str) -> Option<Self::Element>;
    /// Writes it.
    fn write_element(&self, element: &Self::Element, out: &mut String);
    /// Whether it is of the subgroup of prime order.
    fn is_member(&self, element: &Self::Element) -> bool;
    /// A bound on the length of an element's text.
    fn element_text_max(&self) -> usize;

    /// A power.
    fn power(&self, base: &Self::Element, exponent: &Self::Scalar) -> Self::Element;
    /// A power with a public exponent.
    fn power_public(&self, base: &Self::Element, exponent: &Self::Scalar) -> Self::Element;
    /// Several powers of one base, and whether that base is a member.
    fn powers_public(
        &self,
        base: &Self::Element,
        exponents: &[Self::Scalar],
    ) -> (Vec<Self::Element>, bool);
    /// The product of powers.
    fn product_public(&self, factors: &[(Self::Element, Self::Scalar)]) -> Self::Element;
    /// Prepares powers of a base.
    fn table(&self, base: &Self::Element) -> Self::Table;
    /// A power of the base that was prepared.
    fn table_power(&self, table: &Self::Table, exponent: &Self::Scalar) -> Self::Element;
    /// The same with a public exponent.
    fn table_power_public(&self, table: &Self::Table, exponent: &Self::Scalar) -> Self::Element;
    /// `g^x`.
    fn generator_power(&self, exponent: &Self::Scalar) -> Self::Element;
    /// `g^x` with a public exponent.
    fn generator_power_public(&self, exponent: &Self::Scalar) -> Self::Element;

    /// `g^x b^y` with public exponents.
    fn generator_product_public(
        &self,
        exponent: &Self::Scalar,
        base: &Self::Element,
        other: &Self::Scalar,
    ) -> Self::Element {
        let power = self.power_public(base, other);
        self.multiply(&self.generator_power_public(exponent), &power)
    }
    /// Several powers of one base.
    fn shared_powers_public(
        &self,
        base: &Self::Element,
        exponents: &[Self::Scalar],
    ) -> Vec<Self::Element>;

    /// The commitments `(g^r a^c, y^r (b / g^m)^c)` of each proof with its `m`.
    fn commitments(
        &self,
        key: &ElectionKey<Self>,
        pair: &Ciphertext<Self>,
        proofs: &[(&Proof<Self>, u64)],
    ) -> Vec<Commitments<Self>> {
        let challenges = challenges(proofs);
        let alphas = self.shared_powers_public(&pair.alpha, &challenges);
        let betas = self.shared_powers_public(&pair.beta, &challenges);
        committed(self, key, proofs, (&alphas, &betas))
    }

    /// The same, and whether `a` and `b` are members.
    fn pair_commitments(
        &self,
        key: &ElectionKey<Self>,
        pair: &Ciphertext<Self>,
        proofs: &[(&Proof<Self>, u64)],
    ) -> (Vec<Commitments<Self>>, bool) {
        let challenges = challenges(proofs);
        let (alphas, alpha_belongs) = self.powers_public(&pair.alpha, &challenges);
        let (betas, beta_belongs) = self.powers_public(&pair.beta, &challenges);
        let commitments = committed(self, key, proofs, (&alphas, &betas));
        (commitments, alpha_belongs && beta_belongs)
    }

    /// What elements are sorted by before a shuffle: as numbers in a field, by the bytes of the compressed point, least
    /// significant first, on the curve (as release 3.3 does; the specification does not say).
    fn order_key(&self, element: &Self::Element) -> Vec<u8>;

    /// Bytes from which [`Group::unpack`] makes the element again: what is kept of a ballot until the tally.
    fn pack(&self, element: &Self::Element) -> Vec<u8>;
    /// Several packed one behind the other, which may take less time than one by one.
    fn pack_all(&self, elements: &[&Self::Element]) -> Vec<u8> {
        elements.iter().flat_map(|one| self.pack(one)).collect()
    }
    /// The element that was packed; the neutral element if these are no packed element.
    fn unpack(&self, packed: &[u8]) -> Self::Element;

    /// Encodes small integers (section 4.11.2), `None` if the group has no encoding or they do not fit.
    fn embed(&self, integers: &[u8]) -> Option<Self::Element>;
    /// The inverse of [`Group::embed`] for `count` integers. Any element gives some list: nobody must be able to stop a count
    /// by encrypting something that encodes nothing.
    fn extract(&self, element: &Self::Element, count: usize) -> Vec<u8>;
    /// The generator number `index` of the shuffle (table 8 or 9); `None` if the specification has it abort.
    fn independent_generator(&self, index: i64) -> Option<Self::Element>;

    /// The text of an element.
    fn element_text(&self, element: &Self::Element) -> String {
        let mut text = String::with_capacity(self.element_text_max());
        self.write_element(element, &mut text);
        text
    }

    /// The texts of several elements, which may take less time than one by one.
    fn element_texts(&self, elements: &[&Self::Element]) -> Vec<String> {
        elements.iter().map(|one| self.element_text(one)).collect()
    }

    /// The text of an exponent.
    fn scalar_text(&self, scalar: &Self::Scalar) -> String {
        let mut text = String::new();
        self.write_scalar(scalar, &mut text);
        text
    }

    /// Whether it is the neutral element.
    fn is_identity(&self, element: &Self::Element) -> bool {
        *element == self.identity()
    }
}

fn challenges<G: Group>(proofs: &[(&Proof<G>, u64)]) -> Vec<G::Scalar> {
    let challenges = proofs.iter().map(|(one, _)| one.challenge.clone());
    challenges.collect()
}

/// The commitments of proofs from the powers of `a` and `b` by their challenges; `(b / g^m)^c` is `b^c g^-mc`.
fn committed<G: Group>(
    group: &G,
    key: &ElectionKey<G>,
    proofs: &[(&Proof<G>, u64)],
    (alphas, betas): (&[G::Element], &[G::Element]),
) -> Vec<Commitments<G>> {
    let powers = alphas.iter().zip(betas);
    let commitments = proofs
        .iter()
        .zip(powers)
        .map(|((proof, offset), (alpha, beta))| {
            let first = group.generator_power_public(&proof.response);
            let mut second = group.table_power_public(&key.table, &proof.response);
            if *offset > 0 {
                let lowered = match offset {
                    1 => proof.challenge.clone(),
                    _ => group.times(&proof.challenge, &group.scalar(*offset)),
                };
                let lowered = group.subtract(&group.scalar(0), &lowered);
                second = group.multiply(&second, &group.generator_power_public(&lowered));
            }
            (group.multiply(&first, alpha), group.multiply(&second, beta))
        });
    commitments.collect()
}
