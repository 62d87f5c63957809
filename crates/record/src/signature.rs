//! Ed25519, verified strictly so that every implementation gives the same answer (entry.md, section 3).
//!
//! Libraries differ on points of small order, on encodings that are not canonical, and on the equation.
//! Here both points are judged by their bytes before the library is asked, S must be below the group order,
//! and the equation is the cofactorless one.

use core::fmt;

use ed25519_dalek::Signer as _;

use crate::encoding;
use crate::hash::sha256_of;
use crate::ids::KeyId;

/// The bytes of a signature: R and S, 32 each.
pub const SIGNATURE_BYTES: usize = 64;

/// The prime 2^255 - 19, little-endian.
const FIELD_PRIME: [u8; 32] = {
    let mut prime = [0xff; 32];
    prime[0] = 0xed;
    prime[31] = 0x7f;
    prime
};

/// The group order L, little-endian.
const GROUP_ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The y coordinates, sign bit cleared, of the eight points whose order divides 8.
const SMALL_ORDER_Y: [[u8; 32]; 5] = [
    [0; 32],
    {
        let mut one = [0; 32];
        one[0] = 1;
        one
    },
    {
        let mut minus_one = FIELD_PRIME;
        minus_one[0] = 0xec;
        minus_one
    },
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
];

/// Why 32 bytes cannot be a public key. No honest program makes such a key; refuse whoever presents it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The y coordinate is not below the field prime: a second spelling of another point.
    #[error("the public key is not in its canonical encoding")]
    NotCanonical,
    /// One of the eight points under which a signature says nothing about the message.
    #[error("the public key is a point of small order")]
    SmallOrder,
    /// No point of the curve has this y coordinate.
    #[error("the public key is not a point of the curve")]
    NotOnCurve,
}

/// Why a signature is refused. The message, the key or the signature is not the one that was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// R is a second spelling of another point.
    #[error("the signature's R is not in its canonical encoding")]
    NotCanonical,
    /// R is one of the eight points of small order.
    #[error("the signature's R is a point of small order")]
    SmallOrder,
    /// S is not below the group order: a second spelling of another signature.
    #[error("the signature's S is not below the group order")]
    ScalarTooLarge,
    /// The equation does not hold.
    #[error("the signature does not verify")]
    Mismatch,
}

/// A public key under which signatures can be verified.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// Reads 32 bytes, refusing what the strict rules refuse.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<VerifyingKey, KeyError> {
        match judge_point(bytes) {
            Point::NotCanonical => Err(KeyError::NotCanonical),
            Point::SmallOrder => Err(KeyError::SmallOrder),
            Point::Plausible => ed25519_dalek::VerifyingKey::from_bytes(bytes)
                .map(VerifyingKey)
                .map_err(|_| KeyError::NotOnCurve),
        }
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key's name in an envelope.
    pub fn key_id(&self) -> KeyId {
        key_id(self.as_bytes())
    }

    /// Checks a signature over `message`.
    pub fn verify(
        &self,
        message: &[u8],
        signature: &[u8; SIGNATURE_BYTES],
    ) -> Result<(), SignatureError> {
        let (r, s) = halves(signature);
        match judge_point(&r) {
            Point::NotCanonical => return Err(SignatureError::NotCanonical),
            Point::SmallOrder => return Err(SignatureError::SmallOrder),
            Point::Plausible => {}
        }
        if !below(&s, &GROUP_ORDER) {
            return Err(SignatureError::ScalarTooLarge);
        }
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        ed25519_dalek::Verifier::verify(&self.0, message, &signature)
            .map_err(|_| SignatureError::Mismatch)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        encoding::write_hex(f, self.as_bytes())
    }
}

/// A private key. It prints nothing, and its bytes are wiped when it is dropped.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Makes the key of a seed: 32 bytes that must be random and secret.
    pub fn from_seed(seed: &[u8; 32]) -> SigningKey {
        SigningKey(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The secret seed, to be stored encrypted and nowhere else.
    pub fn expose_seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs `message`.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

/// The name of a public key in an envelope: the first 16 bytes of `SHA-256("mahzar/v1/key\0" || key)`.
pub fn key_id(public_key: &[u8; 32]) -> KeyId {
    let digest = sha256_of(&[b"mahzar/v1/key\0", public_key]);
    let mut id = [0; 16];
    id.copy_from_slice(&digest.as_bytes()[..16]);
    KeyId::from_bytes(id)
}

enum Point {
    NotCanonical,
    SmallOrder,
    Plausible,
}

/// Judges the encoding of a point. x = 0 happens only at y = 1 and y = -1, both of small order,
/// so the spelling "x = 0 with the sign bit set" is refused with them.
fn judge_point(bytes: &[u8; 32]) -> Point {
    let mut y = *bytes;
    y[31] &= 0x7f;
    if !below(&y, &FIELD_PRIME) {
        return Point::NotCanonical;
    }
    if SMALL_ORDER_Y.contains(&y) {
        return Point::SmallOrder;
    }
    Point::Plausible
}

/// Compares little-endian numbers. Everything compared here is public, so it need not be constant in time.
fn below(number: &[u8; 32], limit: &[u8; 32]) -> bool {
    number.iter().rev().lt(limit.iter().rev())
}

fn halves(signature: &[u8; SIGNATURE_BYTES]) -> ([u8; 32], [u8; 32]) {
    let (mut r, mut s) = ([0; 32], [0; 32]);
    r.copy_from_slice(&signature[..32]);
    s.copy_from_slice(&signature[32..]);
    (r, s)
}
