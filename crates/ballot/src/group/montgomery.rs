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
    /// The words from the most significant on.
    reversed: [u64; WORDS],
    /// -1/m modulo 2^64.
    negated_inverse: u64,
}

/// The sum of the products of one column: 192 bits hold more than 2 * [`WORDS`] of them.
#[derive(Clone, Copy, Default)]
struct Column {
    low: u128,
    high: u64,
}

impl Column {
    #[inline(always)]
    fn add(&mut self, a: u64, b: u64) {
        let product = u128::from(a) * u128::from(b);
        let (sum, overflows) = self.low.overflowing_add(product);
        self.low = sum;
        self.high += u64::from(overflows);
    }

    /// Two lists of products at once: two sums that do not wait for each other take a quarter less time than one.
    #[inline(always)]
    fn add_both(&mut self, (a, b): (&[u64], &[u64]), (c, d): (&[u64], &[u64])) {
        let mut other = Column::default();
        for ((a, b), (c, d)) in a.iter().zip(b).zip(c.iter().zip(d)) {
            self.add(*a, *b);
            other.add(*c, *d);
        }
        let (sum, overflows) = self.low.overflowing_add(other.low);
        self.low = sum;
        self.high += other.high + u64::from(overflows);
    }

    /// Goes on to the next column; the word of this one.
    #[inline(always)]
    fn next(&mut self) -> u64 {
        let word = self.low as u64;
        self.low = (self.low >> 64) | (u128::from(self.high) << 64);
        self.high = 0;
        word
    }
}

impl Modulus {
    /// The words of the modulus, least significant first.
    pub fn new(words: [u64; WORDS]) -> Modulus {
        // Newton's iteration doubles the correct bits: 1, 2, 4 … 64.
        let mut inverse = 1_u64;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2_u64.wrapping_sub(words[0].wrapping_mul(inverse)));
        }
        let mut reversed = words;
        reversed.reverse();
        Modulus {
            words,
            reversed,
            negated_inverse: inverse.wrapping_neg(),
        }
    }

    /// `a * b / R`, column by column: the products of `a` and `b` together with those of the modulus that clear the lower half.
    pub fn multiply(&self, a: &Residue, b: &Residue) -> Residue {
        let (a, modulus) = (&a.0, &self.reversed);
        let mut b = b.0;
        let first = b[0];
        b.reverse();
        let mut factors = [0_u64; WORDS];
        let mut column = Column::default();
        for at in 0..WORDS {
            let behind = WORDS - 1 - at..WORDS - 1;
            column.add_both(
                (&a[..at], &b[behind.clone()]),
                (&factors[..at], &modulus[behind]),
            );
            column.add(a[at], first);
            factors[at] = (column.low as u64).wrapping_mul(self.negated_inverse);
            column.add(factors[at], self.words[0]);
            column.next();
        }
        let mut upper = [0_u64; WORDS];
        for (at, word) in upper[..WORDS - 1].iter_mut().enumerate() {
            let before = ..WORDS - 1 - at;
            column.add_both(
                (&a[at + 1..], &b[before]),
                (&factors[at + 1..], &modulus[before]),
            );
            *word = column.next();
        }
        upper[WORDS - 1] = column.low as u64;
        self.reduce_once(upper, (column.low >> 64) as u64)
    }

    /// `a * a / R`. Computing the mixed products once only was no faster: fewer products, but shorter sums.
    pub fn square(&self, a: &Residue) -> Residue {
        self.multiply(a, a)
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
