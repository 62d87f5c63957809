//! The finite fields as a [`Group`].

use crypto_bigint::modular::FixedMontyForm;
use crypto_bigint::{Odd, U2048};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::modp::{Exponent, FieldElement, ModP, PowerTable};
use super::montgomery::{Residue, WORDS};
use super::{Group, GroupName};
use crate::decimal;

/// Section 5.2: bits below the integers, filled so that the number is of the group.
const PADDING_BITS: u32 = 8;

/// Decimal digits of 2^2048.
const DIGITS_MAX: usize = 617;

/// A source that returns numbers above the order so often is broken; what it gives is then reduced.
const DRAWS_MAX: usize = 128;

impl ModP {
    fn number(&self, element: &FieldElement) -> Residue {
        let mut one = Residue([0; WORDS]);
        one.0[0] = 1;
        self.mul(&element.0, &one)
    }

    fn field_element(&self, number: &U2048) -> FieldElement {
        FieldElement(self.mul(&Residue(*number.as_words()), &self.0.radix_squared))
    }

    fn secret_form(&self, element: &FieldElement) -> FixedMontyForm<WORDS> {
        FixedMontyForm::from_montgomery(U2048::from_words(element.0.0), &self.0.field)
    }
}

impl Group for ModP {
    type Scalar = Exponent;
    type Element = FieldElement;
    type Table = PowerTable;

    fn name(&self) -> GroupName {
        self.0.name
    }

    fn scalar(&self, number: u64) -> Exponent {
        Exponent(U2048::from_u64(number))
    }

    fn read_scalar(&self, text: &str) -> Option<Exponent> {
        let number = U2048::from_words(decimal::parse(text)?);
        (number < *self.0.order).then_some(Exponent(number))
    }

    fn write_scalar(&self, scalar: &Exponent, out: &mut String) {
        decimal::write(scalar.0.as_words(), out);
    }

    fn reduce(&self, big_endian: &[u8]) -> Exponent {
        let mut words = [0_u64; WORDS];
        for (at, byte) in big_endian.iter().rev().take(WORDS * 8).enumerate() {
            words[at / 8] |= u64::from(*byte) << (8 * (at % 8));
        }
        Exponent(U2048::from_words(words).rem(&self.0.order))
    }

    fn random_scalar(&self, random: &mut dyn CryptoRng) -> Exponent {
        let (bits, mut bytes) = (self.0.order_bits, [0_u8; WORDS * 8]);
        let drawn = &mut bytes[..bits.div_ceil(8)];
        for _ in 0..DRAWS_MAX {
            random.fill_bytes(drawn);
            drawn[0] &= 0xff >> (drawn.len() * 8 - bits);
            let mut words = [0_u64; WORDS];
            for (at, byte) in drawn.iter().rev().enumerate() {
                words[at / 8] |= u64::from(*byte) << (8 * (at % 8));
            }
            let number = U2048::from_words(words);
            words.zeroize();
            if number < *self.0.order {
                drawn.zeroize();
                return Exponent(number);
            }
        }
        self.reduce(drawn)
    }

    fn add(&self, a: &Exponent, b: &Exponent) -> Exponent {
        Exponent(a.0.add_mod(&b.0, &self.0.order))
    }

    fn subtract(&self, a: &Exponent, b: &Exponent) -> Exponent {
        Exponent(a.0.sub_mod(&b.0, &self.0.order))
    }

    fn times(&self, a: &Exponent, b: &Exponent) -> Exponent {
        let form = |one: &Exponent| FixedMontyForm::new(&one.0, &self.0.exponents);
        Exponent((form(a) * form(b)).retrieve())
    }

    fn invert_public(&self, a: &Exponent) -> Exponent {
        let inverse = Odd::new(*self.0.order)
            .into_option()
            .and_then(|order| a.0.invert_odd_mod_vartime(&order).into_option());
        Exponent(inverse.unwrap_or(U2048::ZERO))
    }

    fn identity(&self) -> FieldElement {
        FieldElement(self.0.one)
    }

    fn generator(&self) -> FieldElement {
        FieldElement(self.0.generator)
    }

    fn multiply(&self, a: &FieldElement, b: &FieldElement) -> FieldElement {
        FieldElement(self.mul(&a.0, &b.0))
    }

    fn inverse_public(&self, a: &FieldElement) -> FieldElement {
        let inverse = self.secret_form(a).invert_vartime().into_option();
        FieldElement(inverse.map_or(self.0.one, |one| Residue(*one.as_montgomery().as_words())))
    }

    fn element(&self, text: &str) -> Option<FieldElement> {
        let number = U2048::from_words(decimal::parse(text)?);
        let is_inside = number != U2048::ZERO && number < self.0.modulus_number;
        is_inside.then(|| self.field_element(&number))
    }

    fn write_element(&self, element: &FieldElement, out: &mut String) {
        decimal::write(&self.number(element).0, out);
    }

    fn is_member(&self, element: &FieldElement) -> bool {
        let order = [self.0.order.get()];
        self.powers(&element.0, &[&order[0]], self.0.order_bits)[0] == self.0.one
    }

    fn element_text_max(&self) -> usize {
        DIGITS_MAX
    }

    fn power(&self, base: &FieldElement, exponent: &Exponent) -> FieldElement {
        let power = self
            .secret_form(base)
            .pow_bounded_exp(&exponent.0, self.0.order_bits as u32);
        FieldElement(Residue(*power.as_montgomery().as_words()))
    }

    fn power_public(&self, base: &FieldElement, exponent: &Exponent) -> FieldElement {
        let bits = exponent.0.bits_vartime() as usize;
        FieldElement(self.powers(&base.0, &[&exponent.0], bits)[0])
    }

    fn powers_public(
        &self,
        base: &FieldElement,
        exponents: &[Exponent],
    ) -> (Vec<FieldElement>, bool) {
        let order = self.0.order.get();
        let mut all: Vec<&U2048> = exponents.iter().map(|one| &one.0).collect();
        all.push(&order);
        let mut powers = self.powers(&base.0, &all, self.0.order_bits);
        let is_member = powers.pop() == Some(self.0.one);
        (powers.into_iter().map(FieldElement).collect(), is_member)
    }

    fn shared_powers_public(
        &self,
        base: &FieldElement,
        exponents: &[Exponent],
    ) -> Vec<FieldElement> {
        let all: Vec<&U2048> = exponents.iter().map(|one| &one.0).collect();
        let powers = self.powers(&base.0, &all, self.0.order_bits);
        powers.into_iter().map(FieldElement).collect()
    }

    fn product_public(&self, factors: &[(FieldElement, Exponent)]) -> FieldElement {
        FieldElement(self.product(factors))
    }

    fn table(&self, base: &FieldElement) -> PowerTable {
        self.prepare(&base.0)
    }

    fn table_power(&self, table: &PowerTable, exponent: &Exponent) -> FieldElement {
        FieldElement(self.prepared(table, &exponent.0))
    }

    fn table_power_public(&self, table: &PowerTable, exponent: &Exponent) -> FieldElement {
        FieldElement(self.prepared_public(table, &exponent.0))
    }

    fn generator_power(&self, exponent: &Exponent) -> FieldElement {
        self.table_power(self.generator_table(), exponent)
    }

    fn generator_power_public(&self, exponent: &Exponent) -> FieldElement {
        self.table_power_public(self.generator_table(), exponent)
    }

    fn order_key(&self, element: &FieldElement) -> Vec<u8> {
        let number = self.number(element);
        number
            .0
            .iter()
            .rev()
            .flat_map(|word| word.to_be_bytes())
            .collect()
    }

    fn pack(&self, element: &FieldElement) -> Vec<u8> {
        element
            .0
            .0
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect()
    }

    fn unpack(&self, packed: &[u8]) -> FieldElement {
        let mut residue = Residue([0; WORDS]);
        let words = packed.as_chunks::<8>().0;
        if words.len() != WORDS {
            return self.identity();
        }
        for (word, bytes) in residue.0.iter_mut().zip(words) {
            *word = u64::from_le_bytes(*bytes);
        }
        FieldElement(residue)
    }

    fn embed(&self, integers: &[u8]) -> Option<FieldElement> {
        if !self.0.name.embeds() || integers.len() + 2 > WORDS * 8 {
            return None;
        }
        let mut words = [0_u64; WORDS];
        for (at, integer) in integers.iter().rev().enumerate() {
            words[(at + 1) / 8] |= u64::from(*integer) << (8 * ((at + 1) % 8));
        }
        (0..1_u64 << PADDING_BITS).find_map(|filler| {
            words[0] = (words[0] & !0xff) | filler;
            let number = U2048::from_words(words);
            let element = self.field_element(&number);
            (filler > 0 || number != U2048::ZERO)
                .then_some(element)
                .filter(|one| self.is_member(one))
        })
    }

    fn extract(&self, element: &FieldElement, count: usize) -> Vec<u8> {
        let number = self.number(element);
        let byte = |at: usize| (number.0.get(at / 8).copied().unwrap_or(0) >> (8 * (at % 8))) as u8;
        (1..=count).rev().map(byte).collect()
    }

    fn independent_generator(&self, index: i64) -> Option<FieldElement> {
        let digest = Sha256::digest(format!("ggen|{index}"));
        let mut words = [0_u64; WORDS];
        for (at, byte) in digest.iter().rev().enumerate() {
            words[at / 8] |= u64::from(*byte) << (8 * (at % 8));
        }
        let base = self.field_element(&U2048::from_words(words));
        let cofactor = Exponent(self.0.cofactor);
        let generator = self.power_public(&base, &cofactor);
        let is_usable = generator != self.identity()
            && generator != self.generator()
            && generator.0 != Residue([0; WORDS]);
        is_usable.then_some(generator)
    }
}
