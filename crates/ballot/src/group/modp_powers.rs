//! Powers in the finite fields: one base and many exponents, many bases, and bases that were prepared.

use subtle::{ConditionallySelectable, ConstantTimeEq};

use crypto_bigint::U2048;

use super::modp::{Exponent, FieldElement, ModP, PowerTable};
use super::montgomery::Residue;

/// `bits` bits of a number, from bit `from` on.
fn window(number: &U2048, from: usize, bits: usize) -> usize {
    let words = number.as_words();
    let (word, shift) = (from / 64, from % 64);
    let low = words.get(word).copied().unwrap_or(0) >> shift;
    let high = match shift {
        0 => 0,
        _ => words.get(word + 1).copied().unwrap_or(0) << (64 - shift),
    };
    ((low | high) & ((1 << bits) - 1)) as usize
}

impl ModP {
    pub(super) fn mul(&self, a: &Residue, b: &Residue) -> Residue {
        self.0.modulus.multiply(a, b)
    }

    pub(super) fn square_times(&self, a: &Residue, count: usize) -> Residue {
        (0..count).fold(*a, |power, _| self.0.modulus.square(&power))
    }

    /// Powers of one base, the squarings shared (Yao): the base's powers by 2^(wi) are thrown into a bucket for each value
    /// of the i-th window, and the buckets are then gathered.
    pub(super) fn powers(&self, base: &Residue, exponents: &[&U2048], bits: usize) -> Vec<Residue> {
        let width = self.0.window;
        let mut buckets = vec![vec![None; (1 << width) - 1]; exponents.len()];
        let mut power = *base;
        for from in (0..bits).step_by(width) {
            for (bucket, exponent) in buckets.iter_mut().zip(exponents) {
                if let Some(digit) = window(exponent, from, width).checked_sub(1) {
                    bucket[digit] = Some(self.times_if(bucket[digit], &power));
                }
            }
            if from + width < bits {
                power = self.square_times(&power, width);
            }
        }
        buckets.iter().map(|bucket| self.gather(bucket)).collect()
    }

    fn times_if(&self, sum: Option<Residue>, factor: &Residue) -> Residue {
        match sum {
            None => *factor,
            Some(sum) => self.mul(&sum, factor),
        }
    }

    /// The product of each bucket to the power of its number, which begins with 1.
    fn gather(&self, buckets: &[Option<Residue>]) -> Residue {
        let (mut above, mut all): (Option<Residue>, Option<Residue>) = (None, None);
        for bucket in buckets.iter().rev() {
            if let Some(bucket) = bucket {
                above = Some(self.times_if(above, bucket));
            }
            if let Some(above) = above {
                all = Some(self.times_if(all, &above));
            }
        }
        all.unwrap_or(self.0.one)
    }

    /// The product of powers, the squarings shared (Straus).
    pub(super) fn product(&self, factors: &[(FieldElement, Exponent)]) -> Residue {
        let width = self.0.window;
        let tables: Vec<Vec<Residue>> = factors
            .iter()
            .map(|(base, _)| self.small_powers(&base.0, width))
            .collect();
        let mut product: Option<Residue> = None;
        let windows = self.0.order_bits.div_ceil(width);
        for from in (0..windows).rev().map(|at| at * width) {
            product = product.map(|one| self.square_times(&one, width));
            for (table, (_, exponent)) in tables.iter().zip(factors) {
                if let Some(digit) = window(&exponent.0, from, width).checked_sub(1) {
                    product = Some(self.times_if(product, &table[digit]));
                }
            }
        }
        product.unwrap_or(self.0.one)
    }

    /// The powers 1 to 2^width - 1.
    fn small_powers(&self, base: &Residue, width: usize) -> Vec<Residue> {
        let mut powers = vec![*base];
        for _ in 2..1_usize << width {
            let next = self.mul(&powers[powers.len() - 1], base);
            powers.push(next);
        }
        powers
    }

    pub(super) fn prepare(&self, base: &Residue) -> PowerTable {
        let width = self.0.table_window;
        let mut rows = Vec::new();
        let mut base = *base;
        for _ in 0..self.0.order_bits.div_ceil(width) {
            rows.extend(self.small_powers(&base, width));
            base = self.square_times(&base, width);
        }
        PowerTable(std::sync::Arc::new(rows))
    }

    pub(super) fn prepared_public(&self, table: &PowerTable, exponent: &U2048) -> Residue {
        let width = self.0.table_window;
        let mut product = None;
        for (at, row) in table.0.chunks_exact((1 << width) - 1).enumerate() {
            if let Some(digit) = window(exponent, at * width, width).checked_sub(1) {
                product = Some(self.times_if(product, &row[digit]));
            }
        }
        product.unwrap_or(self.0.one)
    }

    /// Reads every entry of every row, so that neither time nor cache tell which was taken.
    pub(super) fn prepared(&self, table: &PowerTable, exponent: &U2048) -> Residue {
        let width = self.0.table_window;
        let mut product = self.0.one;
        for (at, row) in table.0.chunks_exact((1 << width) - 1).enumerate() {
            let digit = window(exponent, at * width, width) as u64;
            let mut factor = self.0.one;
            for (entry, value) in row.iter().zip(1_u64..) {
                factor.conditional_assign(entry, value.ct_eq(&digit));
            }
            product = self.mul(&product, &factor);
        }
        product
    }

    pub(super) fn generator_table(&self) -> &'static PowerTable {
        let parameters = self.0;
        parameters
            .generator_table
            .get_or_init(|| self.prepare(&parameters.generator))
    }
}
