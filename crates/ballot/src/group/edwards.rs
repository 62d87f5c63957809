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
    if !is_canonical(little_endian) {
        return None;
    }
    CompressedEdwardsY(little_endian).decompress()
}

/// Whether y is below 2^255 - 19, and the sign is not set where x is 0, which is where y is 1 or -1. The library takes what is
/// neither; to compress again and compare would cost an inversion.
fn is_canonical(mut bytes: [u8; 32]) -> bool {
    let has_sign = bytes[31] & 0x80 != 0;
    bytes[31] &= 0x7f;
    let is_between = |from: usize, value: u8| bytes[from..31].iter().all(|one| *one == value);
    let is_reduced = !(is_between(1, 0xff) && bytes[31] == 0x7f && bytes[0] >= 0xed);
    let is_one = bytes[0] == 1 && is_between(1, 0) && bytes[31] == 0;
    let is_minus_one = bytes[0] == 0xec && is_between(1, 0xff) && bytes[31] == 0x7f;
    is_reduced && !(has_sign && (is_one || is_minus_one))
}

/// The compressed forms of several points, with one inversion for all.
fn compressed(points: &[&EdwardsPoint]) -> impl Iterator<Item = [u8; 32]> {
    let points: Vec<EdwardsPoint> = points.iter().map(|one| **one).collect();
    let compressed = EdwardsPoint::compress_batch_alloc(&points);
    compressed.into_iter().map(|one| one.0)
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

    fn element_texts(&self, elements: &[&EdwardsPoint]) -> Vec<String> {
        let texts = compressed(elements).map(|mut bytes| {
            bytes.reverse();
            hex::encode(bytes)
        });
        texts.collect()
    }

    fn pack_all(&self, elements: &[&EdwardsPoint]) -> Vec<u8> {
        compressed(elements).flatten().collect()
    }

    fn is_member(&self, element: &EdwardsPoint) -> bool {
        // q - 1 times the point is its negative exactly where q times the point is the neutral element. The points that are
        // asked about are public, and this has few additions.
        let below_order = -Scalar::ONE;
        let product =
            EdwardsPoint::vartime_double_scalar_mul_basepoint(&below_order, element, &Scalar::ZERO);
        product == -element
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
        (
            self.shared_powers_public(base, exponents),
            self.is_member(base),
        )
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

    fn generator_product_public(
        &self,
        exponent: &Scalar,
        base: &EdwardsPoint,
        other: &Scalar,
    ) -> EdwardsPoint {
        EdwardsPoint::vartime_double_scalar_mul_basepoint(other, base, exponent)
    }

    fn shared_powers_public(&self, base: &EdwardsPoint, exponents: &[Scalar]) -> Vec<EdwardsPoint> {
        let powers = exponents.iter().map(|one| self.power_public(base, one));
        powers.collect()
    }

    fn commitments(
        &self,
        key: &ElectionKey<Self>,
        pair: &Ciphertext<Self>,
        proofs: &[(&Proof<Self>, u64)],
    ) -> Vec<(EdwardsPoint, EdwardsPoint)> {
        let commitments = proofs.iter().map(|(proof, offset)| {
            let (challenge, response) = (&proof.challenge, &proof.response);
            let first = self.generator_product_public(response, &pair.alpha, challenge);
            let lowered = -(challenge * Scalar::from(*offset));
            let second = key.table.0.public.vartime_mixed_multiscalar_mul(
                [lowered, *response],
                [challenge],
                [&pair.beta],
            );
            (first, second)
        });
        commitments.collect()
    }

    fn pair_commitments(
        &self,
        key: &ElectionKey<Self>,
        pair: &Ciphertext<Self>,
        proofs: &[(&Proof<Self>, u64)],
    ) -> (Vec<(EdwardsPoint, EdwardsPoint)>, bool) {
        let belongs = self.is_member(&pair.alpha) && self.is_member(&pair.beta);
        (self.commitments(key, pair, proofs), belongs)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every encoding at the edges: what compressing again would refuse is refused without it, and nothing else.
    #[test]
    fn only_the_one_form_of_a_point_is_read() {
        let ends = [0x00, 0x01, 0x02, 0xeb, 0xec, 0xed, 0xee, 0xff];
        for (middle, last) in [
            (0x00, 0x00),
            (0xff, 0x7f),
            (0xff, 0x3f),
            (0x00, 0x7f),
            (0xff, 0x00),
        ] {
            for (end, sign) in ends.into_iter().flat_map(|end| [(end, 0), (end, 0x80)]) {
                let mut bytes = [middle; 32];
                bytes[0] = end;
                bytes[31] = last | sign;
                let read = CompressedEdwardsY(bytes).decompress();
                let expected = read.filter(|point| point.compress().0 == bytes);
                assert_eq!(uncompress(bytes), expected, "{bytes:x?}");
            }
        }
    }

    /// The eight points of small order, and their sums with a member: none of them but the neutral element is a member.
    #[test]
    fn members_are_what_the_library_calls_free_of_torsion() {
        let member = Ed25519.generator_power(&Scalar::from(1_234_567_u64));
        for small in curve25519_dalek::constants::EIGHT_TORSION {
            for point in [small, small + member] {
                assert_eq!(Ed25519.is_member(&point), point.is_torsion_free());
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn together_is_as_one_by_one(numbers in proptest::collection::vec(proptest::prelude::any::<u64>(), 0..5)) {
            let points: Vec<EdwardsPoint> = numbers.iter().map(|one| Ed25519.generator_power(&Scalar::from(*one))).collect();
            let all: Vec<&EdwardsPoint> = points.iter().collect();
            let texts: Vec<String> = all.iter().map(|one| Ed25519.element_text(one)).collect();
            proptest::prop_assert_eq!(Ed25519.element_texts(&all), texts);
            let packed: Vec<u8> = all.iter().flat_map(|one| Ed25519.pack(one)).collect();
            proptest::prop_assert_eq!(Ed25519.pack_all(&all), packed);
        }
    }
}
