//! Multiplication modulo an odd number of 2048 bits, in Montgomery's form with R = 2^2048.
//!
//! The instructions carried out do not depend on the numbers, so that the same code serves secrets. `crypto-bigint` does
//! the rest (inverses, arithmetic of exponents, secret powers of foreign bases) and is the oracle of the tests. Why the
//! inner loop is ours: docs/decisions/0011.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use zeroize::Zeroize;

/// Words of 64 bits in a number.
pub const WORDS: usize = 32;

/// A number below the modulus, least significant word first; times R where it stands for a residue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Zeroize)]
pub struct Residue(pub [u64; WORDS]);

/// An odd modulus of 2048 bits, its top bit set.
#[derive(Clone, Debug)]
pub struct Modulus {
    words: [u64; WORDS],
    /// -1/m modulo 2^64.
    negated_inverse: u64,
}

/// `a + b * c + carry`, low and high word.
#[inline(always)]
fn multiply_add(a: u64, b: u64, c: u64, carry: u64) -> (u64, u64) {
    let sum = u128::from(a) + u128::from(b) * u128::from(c) + u128::from(carry);
    (sum as u64, (sum >> 64) as u64)
}

impl Modulus {
    /// The words of the modulus, least significant first.
    pub fn new(words: [u64; WORDS]) -> Modulus {
        // Newton's iteration doubles the correct bits: 1, 2, 4 … 64.
        let mut inverse = 1_u64;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(words[0].wrapping_mul(inverse)));
        }
        Modulus {
            words,
            negated_inverse: inverse.wrapping_neg(),
        }
    }

    /// `a * b / R`.
    pub fn multiply(&self, a: &Residue, b: &Residue) -> Residue {
        let (a, modulus) = (&a.0, &self.words);
        let mut sum = [0_u64; WORDS];
        let mut top = 0_u64;
        for &word in &b.0 {
            let (low, mut carry) = multiply_add(sum[0], a[0], word, 0);
            let factor = low.wrapping_mul(self.negated_inverse);
            let (_, mut reduction) = multiply_add(low, factor, modulus[0], 0);
            for at in 1..WORDS {
                let (product, next) = multiply_add(sum[at], a[at], word, carry);
                carry = next;
                let (reduced, next) = multiply_add(product, factor, modulus[at], reduction);
                reduction = next;
                sum[at - 1] = reduced;
            }
            let last = u128::from(top) + u128::from(carry) + u128::from(reduction);
            sum[WORDS - 1] = last as u64;
            top = (last >> 64) as u64;
        }
        self.reduce_once(sum, top)
    }

    /// `a * a / R`: the mixed products are computed once and doubled.
    pub fn square(&self, a: &Residue) -> Residue {
        let mut wide = mixed_products(&a.0);
        double_and_add_squares(&mut wide, &a.0);
        let mut top = 0_u64;
        for at in 0..WORDS {
            let factor = wide[at].wrapping_mul(self.negated_inverse);
            let mut carry = 0_u64;
            for (sum, &word) in wide[at..at + WORDS].iter_mut().zip(&self.words) {
                (*sum, carry) = multiply_add(*sum, factor, word, carry);
            }
            let last = u128::from(wide[at + WORDS]) + u128::from(carry) + u128::from(top);
            wide[at + WORDS] = last as u64;
            top = (last >> 64) as u64;
        }
        let mut upper = [0_u64; WORDS];
        upper.copy_from_slice(&wide[WORDS..]);
        self.reduce_once(upper, top)
    }

    /// A number below twice the modulus, of which `top` is the word above, brought below the modulus.
    fn reduce_once(&self, sum: [u64; WORDS], top: u64) -> Residue {
        let mut less = [0_u64; WORDS];
        let mut borrow = 0_u64;
        for at in 0..WORDS {
            let (difference, first) = sum[at].overflowing_sub(self.words[at]);
            let (difference, second) = difference.overflowing_sub(borrow);
            less[at] = difference;
            borrow = u64::from(first | second);
        }
        // Below the modulus already: the subtraction borrowed, and there was nothing above to borrow from.
        let is_below = Choice::from((borrow & (1 - top)) as u8);
        Residue::conditional_select(&Residue(less), &Residue(sum), is_below)
    }
}

fn mixed_products(a: &[u64; WORDS]) -> [u64; 2 * WORDS] {
    let mut wide = [0_u64; 2 * WORDS];
    for at in 0..WORDS - 1 {
        let mut carry = 0_u64;
        let sums = &mut wide[2 * at + 1..at + WORDS];
        for (sum, &word) in sums.iter_mut().zip(&a[at + 1..]) {
            (*sum, carry) = multiply_add(*sum, word, a[at], carry);
        }
        wide[at + WORDS] = carry;
    }
    wide
}

fn double_and_add_squares(wide: &mut [u64; 2 * WORDS], a: &[u64; WORDS]) {
    let (mut carry, mut shifted_out) = (0_u64, 0_u64);
    for at in 0..WORDS {
        let square = u128::from(a[at]) * u128::from(a[at]);
        let (low, high) = (wide[2 * at], wide[2 * at + 1]);
        let doubled_low = (low << 1) | shifted_out;
        let doubled_high = (high << 1) | (low >> 63);
        shifted_out = high >> 63;
        let sum = u128::from(doubled_low) + u128::from(square as u64) + u128::from(carry);
        wide[2 * at] = sum as u64;
        let sum = u128::from(doubled_high) + (square >> 64) + (sum >> 64);
        wide[2 * at + 1] = sum as u64;
        carry = (sum >> 64) as u64;
    }
}

impl ConditionallySelectable for Residue {
    fn conditional_select(a: &Residue, b: &Residue, choice: Choice) -> Residue {
        let mut words = [0_u64; WORDS];
        for (at, word) in words.iter_mut().enumerate() {
            *word = u64::conditional_select(&a.0[at], &b.0[at], choice);
        }
        Residue(words)
    }
}

impl ConstantTimeEq for Residue {
    fn ct_eq(&self, other: &Residue) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
    use crypto_bigint::{Odd, U2048};
    use proptest::prelude::*;

    use super::*;
    use crate::group::parameters::{BELENIOS_P, RFC3526_P};

    fn both(hexadecimal: &str) -> (Modulus, FixedMontyParams<WORDS>) {
        let modulus = U2048::from_be_hex(hexadecimal);
        let parameters = FixedMontyParams::new_vartime(Odd::new(modulus).expect("odd"));
        (Modulus::new(*modulus.as_words()), parameters)
    }

    fn below(words: Vec<u64>, modulus: &Modulus) -> Residue {
        let mut residue = Residue([0; WORDS]);
        residue.0.copy_from_slice(&words);
        modulus.reduce_once(residue.0, 0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn products_are_those_of_crypto_bigint(a in prop::collection::vec(prop_oneof![any::<u64>(), Just(0), Just(u64::MAX)], WORDS),
                                               b in prop::collection::vec(prop_oneof![any::<u64>(), Just(u64::MAX)], WORDS)) {
            for hexadecimal in [BELENIOS_P, RFC3526_P] {
                let (modulus, parameters) = both(hexadecimal);
                let (a, b) = (below(a.clone(), &modulus), below(b.clone(), &modulus));
                let oracle = |one: &Residue| FixedMontyForm::from_montgomery(U2048::from_words(one.0), &parameters);
                let product = oracle(&a) * oracle(&b);
                prop_assert_eq!(&modulus.multiply(&a, &b).0, product.as_montgomery().as_words());
                let square = oracle(&a).square();
                prop_assert_eq!(&modulus.square(&a).0, square.as_montgomery().as_words());
            }
        }
    }
}
