//! The subgroups of finite fields: their parameters, elements, exponents and tables.

use std::sync::OnceLock;

use crypto_bigint::modular::FixedMontyParams;
use crypto_bigint::{NonZero, Odd, U2048};
use zeroize::Zeroize;

use super::GroupName;
use super::montgomery::{Modulus, Residue, WORDS};
use super::parameters::{BELENIOS_G, BELENIOS_P, BELENIOS_Q, RFC3526_P};

/// An element of the field without zero, in Montgomery's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldElement(pub(super) Residue);

/// An exponent below the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exponent(pub(super) U2048);

impl Zeroize for Exponent {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// For each window of an exponent, the powers of the base by every value of that window; row after row.
#[derive(Clone)]
pub struct PowerTable(pub(super) std::sync::Arc<Vec<Residue>>);

/// BELENIOS-2048 or RFC-3526-2048; copied freely.
#[derive(Clone, Copy)]
pub struct ModP(pub(super) &'static Parameters);

impl PartialEq for ModP {
    fn eq(&self, other: &ModP) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for ModP {}

impl std::fmt::Debug for ModP {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name.text())
    }
}

/// What is computed once for a group.
pub(super) struct Parameters {
    pub name: GroupName,
    pub modulus: Modulus,
    pub modulus_number: U2048,
    /// `R^2`, to bring numbers into Montgomery's form.
    pub radix_squared: Residue,
    pub one: Residue,
    pub generator: Residue,
    pub order: NonZero<U2048>,
    pub order_bits: usize,
    /// `(p - 1) / q`.
    pub cofactor: U2048,
    /// For secret powers of foreign bases.
    pub field: FixedMontyParams<WORDS>,
    /// For products of exponents.
    pub exponents: FixedMontyParams<WORDS>,
    /// Bits of an exponent that one row of a table covers: wide where exponents are short.
    pub table_window: usize,
    /// The same where nothing is prepared.
    pub window: usize,
    pub generator_table: OnceLock<PowerTable>,
}

impl ModP {
    /// The group BELENIOS-2048.
    pub fn belenios_2048() -> ModP {
        static PARAMETERS: OnceLock<Parameters> = OnceLock::new();
        ModP(PARAMETERS.get_or_init(|| {
            let generator = U2048::from_be_hex(BELENIOS_G);
            let order = U2048::from_be_hex(BELENIOS_Q);
            Parameters::new(
                GroupName::Belenios2048,
                BELENIOS_P,
                generator,
                order,
                (8, 4),
            )
        }))
    }

    /// The group RFC-3526-2048.
    pub fn rfc_3526_2048() -> ModP {
        static PARAMETERS: OnceLock<Parameters> = OnceLock::new();
        ModP(PARAMETERS.get_or_init(|| {
            let order = U2048::from_be_hex(RFC3526_P).shr_vartime(1);
            Parameters::new(
                GroupName::Rfc3526,
                RFC3526_P,
                U2048::from_u64(2),
                order,
                (6, 5),
            )
        }))
    }
}

impl Parameters {
    fn new(
        name: GroupName,
        modulus: &str,
        generator: U2048,
        order: U2048,
        (table_window, window): (usize, usize),
    ) -> Parameters {
        let modulus_number = U2048::from_be_hex(modulus);
        let field = monty(modulus_number);
        let modulus = Modulus::new(*modulus_number.as_words());
        let radix_squared = Residue(*field.r2().as_words());
        let order = NonZero::new(order).unwrap_or(NonZero::ONE);
        let into = |number: &U2048| modulus.multiply(&Residue(*number.as_words()), &radix_squared);
        Parameters {
            name,
            one: into(&U2048::ONE),
            generator: into(&generator),
            cofactor: modulus_number.wrapping_sub(&U2048::ONE) / order,
            order_bits: order.bits_vartime() as usize,
            exponents: monty(*order),
            radix_squared,
            modulus,
            modulus_number,
            order,
            field,
            table_window,
            window,
            generator_table: OnceLock::new(),
        }
    }
}

/// The prepared modulus; the constants are odd, and if they were not, nothing would verify.
fn monty(modulus: U2048) -> FixedMontyParams<WORDS> {
    let odd = Odd::new(modulus).unwrap_or(<Odd<U2048> as crypto_bigint::One>::one());
    FixedMontyParams::new_vartime(odd)
}
