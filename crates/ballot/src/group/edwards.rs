//! The prime-order subgroup of the curve of Ed25519. Elements are written as 64 hexadecimal digits, most significant
//! first, of the compressed point (specification 3.3, section 5.2.1).

use std::sync::{Arc, OnceLock};

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::VartimeEdwardsPrecomputation;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsBasepointTable, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{
    BasepointTable, Identity, IsIdentity, VartimeMultiscalarMul, VartimePrecomputedMultiscalarMul,
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::{Ciphertext, ElectionKey, Group, GroupName};
use crate::decimal;
use crate::proof::Proof;

/// Bits below the integers, filled so that the number is a point of the group.
const PADDING_BITS: u32 = 14;

/// Integers that fit between the padding and the sign.
const INTEGERS_MAX: usize = 29;

/// The generator's hash is shortened by so many bits, to be below the field's size.
const GENERATOR_SHIFT: u32 = 2;

/// Candidates tried for an independent generator; each is a point with probability one half.
const GENERATOR_TRIES: u64 = 256;

/// The group Ed25519.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ed25519;

/// Powers of a point: one table in constant time, one that is faster and is not.
#[derive(Clone)]
pub struct PointTable(Arc<Tables>);

struct Tables {
    secret: EdwardsBasepointTable,
    /// Of the generator and the point, in this order.
    public: VartimeEdwardsPrecomputation,
}

impl PointTable {
    fn new(point: &EdwardsPoint) -> PointTable {
        PointTable(Arc::new(Tables {
            secret: EdwardsBasepointTable::create(point),
            public: VartimeEdwardsPrecomputation::new([ED25519_BASEPOINT_POINT, *point]),
        }))
    }
}

fn generator_table() -> &'static PointTable {
    static TABLE: OnceLock<PointTable> = OnceLock::new();
    TABLE.get_or_init(|| PointTable::new(&ED25519_BASEPOINT_POINT))
}

/// The point of a compressed number, if that is its one compressed form.
fn uncompress(little_endian: [u8; 32]) -> Option<EdwardsPoint> {
    let point = CompressedEdwardsY(little_endian).decompress()?;
    (point.compress().0 == little_endian).then_some(point)
}

fn lowercase_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl Group for Ed25519 {
    type Scalar = Scalar;
    type Element = EdwardsPoint;
    type Table = PointTable;

    fn name(&self) -> GroupName {
        GroupName::Ed25519
    }

    fn scalar(&self, number: u64) -> Scalar {
        Scalar::from(number)
    }

    fn read_scalar(&self, text: &str) -> Option<Scalar> {
        let words: [u64; 4] = decimal::parse(text)?;
        let mut bytes = [0; 32];
        for (place, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
            *place = word.to_le_bytes();
        }
        Scalar::from_canonical_bytes(bytes).into_option()
    }

    fn write_scalar(&self, scalar: &Scalar, out: &mut String) {
        let mut words = [0_u64; 4];
        for (word, bytes) in words.iter_mut().zip(scalar.as_bytes().as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        decimal::write(&words, out);
        words.zeroize();
    }

    fn reduce(&self, big_endian: &[u8]) -> Scalar {
        let mut wide = [0_u8; 64];
        for (place, byte) in wide.iter_mut().zip(big_endian.iter().rev()) {
            *place = *byte;
        }
        let scalar = Scalar::from_bytes_mod_order_wide(&wide);
        wide.zeroize();
        scalar
    }

    fn random_scalar(&self, random: &mut dyn CryptoRng) -> Scalar {
        let mut wide = [0_u8; 64];
        random.fill_bytes(&mut wide);
        let scalar = Scalar::from_bytes_mod_order_wide(&wide);
        wide.zeroize();
        scalar
    }

    fn add(&self, a: &Scalar, b: &Scalar) -> Scalar {
        a + b
    }

    fn subtract(&self, a: &Scalar, b: &Scalar) -> Scalar {
        a - b
    }

    fn times(&self, a: &Scalar, b: &Scalar) -> Scalar {
        a * b
    }

    fn invert_public(&self, a: &Scalar) -> Scalar {
        match *a == Scalar::ZERO {
            true => Scalar::ZERO,
            false => a.invert(),
        }
    }

    fn identity(&self) -> EdwardsPoint {
        EdwardsPoint::identity()
    }

    fn generator(&self) -> EdwardsPoint {
        ED25519_BASEPOINT_POINT
    }

    fn multiply(&self, a: &EdwardsPoint, b: &EdwardsPoint) -> EdwardsPoint {
        a + b
    }

    fn inverse_public(&self, a: &EdwardsPoint) -> EdwardsPoint {
        -a
    }

    fn element(&self, text: &str) -> Option<EdwardsPoint> {
        let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
        let mut bytes = [0; 32];
        for (place, pair) in bytes.iter_mut().rev().zip(digits.as_chunks::<2>().0) {
            *place = (lowercase_digit(pair[0])? << 4) | lowercase_digit(pair[1])?;
        }
        uncompress(bytes)
    }

    fn write_element(&self, element: &EdwardsPoint, out: &mut String) {
        let mut bytes = element.compress().0;
        bytes.reverse();
        out.push_str(&hex::encode(bytes));
    }

    fn is_member(&self, element: &EdwardsPoint) -> bool {
        element.is_torsion_free()
    }

    fn element_text_max(&self) -> usize {
        64
    }

    fn power(&self, base: &EdwardsPoint, exponent: &Scalar) -> EdwardsPoint {
        base * exponent
    }

    fn power_public(&self, base: &EdwardsPoint, exponent: &Scalar) -> EdwardsPoint {
        EdwardsPoint::vartime_multiscalar_mul([exponent], [base])
    }

    fn powers_public(
        &self,
        base: &EdwardsPoint,
        exponents: &[Scalar],
    ) -> (Vec<EdwardsPoint>, bool) {
        let powers = exponents.iter().map(|one| self.power_public(base, one));
        (powers.collect(), base.is_torsion_free())
    }

    fn product_public(&self, factors: &[(EdwardsPoint, Scalar)]) -> EdwardsPoint {
        let exponents = factors.iter().map(|(_, exponent)| exponent);
        EdwardsPoint::vartime_multiscalar_mul(exponents, factors.iter().map(|(base, _)| base))
    }

    fn table(&self, base: &EdwardsPoint) -> PointTable {
        PointTable::new(base)
    }

    fn table_power(&self, table: &PointTable, exponent: &Scalar) -> EdwardsPoint {
        &table.0.secret * exponent
    }

    fn table_power_public(&self, table: &PointTable, exponent: &Scalar) -> EdwardsPoint {
        let exponents = [Scalar::ZERO, *exponent];
        table.0.public.vartime_multiscalar_mul(exponents)
    }

    fn generator_power(&self, exponent: &Scalar) -> EdwardsPoint {
        EdwardsPoint::mul_base(exponent)
    }

    fn generator_power_public(&self, exponent: &Scalar) -> EdwardsPoint {
        self.table_power_public(generator_table(), exponent)
    }

    fn pair_commitments(
        &self,
        key: &ElectionKey<Self>,
        pair: &Ciphertext<Self>,
        proofs: &[(&Proof<Self>, u64)],
    ) -> (Vec<(EdwardsPoint, EdwardsPoint)>, bool) {
        let belongs = pair.alpha.is_torsion_free() && pair.beta.is_torsion_free();
        let commitments = proofs.iter().map(|(proof, offset)| {
            let (challenge, response) = (&proof.challenge, &proof.response);
            let first =
                EdwardsPoint::vartime_double_scalar_mul_basepoint(challenge, &pair.alpha, response);
            let lowered = -(challenge * Scalar::from(*offset));
            let second = key.table.0.public.vartime_mixed_multiscalar_mul(
                [lowered, *response],
                [challenge],
                [&pair.beta],
            );
            (first, second)
        });
        (commitments.collect(), belongs)
    }

    fn order_key(&self, element: &EdwardsPoint) -> Vec<u8> {
        element.compress().0.to_vec()
    }

    fn pack(&self, element: &EdwardsPoint) -> Vec<u8> {
        element.compress().0.to_vec()
    }

    fn unpack(&self, packed: &[u8]) -> EdwardsPoint {
        let bytes: Option<[u8; 32]> = packed.try_into().ok();
        bytes.and_then(uncompress).unwrap_or_default()
    }

    fn embed(&self, integers: &[u8]) -> Option<EdwardsPoint> {
        if integers.len() > INTEGERS_MAX {
            return None;
        }
        // The integers shifted by 14 bits: by one byte here, and by the other six bits below.
        let mut number = [0_u8; 33];
        for (place, integer) in number[1..].iter_mut().zip(integers.iter().rev()) {
            *place = *integer;
        }
        let mut shifted = [0_u8; 32];
        for at in 0..32_usize {
            let below = at.checked_sub(1).map_or(0, |at| number[at]);
            shifted[at] = (number[at] << 6) | (below >> 2);
        }
        (0..1_u16 << PADDING_BITS).find_map(|filler| {
            let mut candidate = shifted;
            candidate[0] = filler as u8;
            candidate[1] = (shifted[1] & 0xc0) | (filler >> 8) as u8;
            uncompress(candidate).filter(EdwardsPoint::is_torsion_free)
        })
    }

    fn extract(&self, element: &EdwardsPoint, count: usize) -> Vec<u8> {
        let bytes = element.compress().0;
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
        let integer = |at: usize| (byte(at + 1) >> 6) | (byte(at + 2) << 2);
        (0..count).rev().map(integer).collect()
    }

    fn independent_generator(&self, index: i64) -> Option<EdwardsPoint> {
        let mut bytes: [u8; 32] = Sha256::digest(format!("ggen|{index}")).into();
        bytes.reverse();
        let mut words = [0_u64; 4];
        for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*chunk);
        }
        for at in 0..4 {
            let above = words.get(at + 1).copied().unwrap_or(0);
            words[at] = (words[at] >> GENERATOR_SHIFT) | (above << (64 - GENERATOR_SHIFT));
        }
        let point = (0..GENERATOR_TRIES).find_map(|step| uncompress(plus(words, step)))?;
        let generator = point.mul_by_cofactor();
        let is_usable = !generator.is_identity() && generator != ED25519_BASEPOINT_POINT;
        is_usable.then_some(generator)
    }
}

/// A number plus a small one, as little-endian bytes.
fn plus(words: [u64; 4], step: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    let mut carry = step;
    for (place, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        let (sum, overflows) = word.overflowing_add(carry);
        *place = sum.to_le_bytes();
        carry = u64::from(overflows);
    }
    bytes
}
