//! The recipient type `mlkem768x25519`: ML-KEM-768 and X25519 together, for what must stay closed for decades.
//!
//! Whoever stores the ciphertext today and owns a quantum computer in thirty years still has to break ML-KEM; whoever
//! breaks ML-KEM still has to break X25519. The format is that of age's `age1pq1…` recipients: HPKE (RFC 9180) in base
//! mode with the KEM X-Wing (0x647a), HKDF-SHA-256 and ChaCha20-Poly1305. The crate `age` has no such type in software.

use core::fmt;
use core::str::FromStr;
use std::collections::HashSet;

use age::{DecryptError, EncryptError};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::secrecy::ExposeSecret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, XWing};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use rand_core::CryptoRng;
use zeroize::Zeroize;

use crate::keys::{KeyTextError, bech32_bytes, bech32_text};
use crate::secret::{Secret, SecretText};

/// The stanza's tag.
const TAG: &str = "mlkem768x25519";
/// HPKE's `info`.
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
/// All recipients of a file must carry it, so that no weaker one stands beside a stronger.
const LABEL: &str = "postquantum";
/// The wrapped file key: the key and a tag.
const BODY_BYTES: usize = FILE_KEY_BYTES + 16;

const RECIPIENT_PREFIX: &str = "age1pq";
const IDENTITY_PREFIX: &str = "age-secret-key-pq-";

type PublicKey = <XWing as Kem>::PublicKey;
type PrivateKey = <XWing as Kem>::PrivateKey;
type EncappedKey = <XWing as Kem>::EncappedKey;

/// Whom to encrypt to: `age1pq1…`, 1,216 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(PublicKey);

/// Who can open: `AGE-SECRET-KEY-PQ-1…`, a seed of 32 bytes. Prints nothing.
#[derive(Clone)]
pub struct Identity {
    seed: Secret<32>,
    recipient: Recipient,
}

impl Identity {
    /// Draws a new identity.
    pub fn generate(rng: &mut impl CryptoRng) -> Identity {
        Identity::from_seed(Secret::random(rng))
    }

    /// The identity of a seed, which must be random and secret.
    pub fn from_seed(seed: Secret<32>) -> Identity {
        let recipient = Recipient(XWing::sk_to_pk(&private_key(&seed)));
        Identity { seed, recipient }
    }

    /// The seed, to be stored encrypted or split into shares.
    pub fn seed(&self) -> &Secret<32> {
        &self.seed
    }

    /// Whom to encrypt to so that this identity can open.
    pub fn to_recipient(&self) -> Recipient {
        self.recipient.clone()
    }

    /// The identity as `age` writes it.
    pub fn to_text(&self) -> SecretText {
        let mut lower = bech32_text(IDENTITY_PREFIX, self.seed.expose());
        let text = SecretText::new(lower.to_uppercase());
        lower.zeroize();
        text
    }
}

/// X-Wing's private key is its 32-byte seed; every 32 bytes are one.
fn private_key(seed: &Secret<32>) -> PrivateKey {
    PrivateKey::from_bytes(seed.expose())
        .expect("the length, which the type fixes, is all it checks")
}

impl FromStr for Identity {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Identity, KeyTextError> {
        let mut bytes = bech32_bytes(IDENTITY_PREFIX, text, char::is_ascii_lowercase)?;
        let seed = Secret::copy(&bytes).ok_or(KeyTextError::Length);
        bytes.zeroize();
        seed.map(Identity::from_seed)
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hybrid::Identity")
    }
}

impl FromStr for Recipient {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Recipient, KeyTextError> {
        let bytes = bech32_bytes(RECIPIENT_PREFIX, text, char::is_ascii_uppercase)?;
        PublicKey::from_bytes(&bytes)
            .map(Recipient)
            .map_err(|_| KeyTextError::Point)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32_text(RECIPIENT_PREFIX, &self.0.to_bytes()))
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl age::Recipient for Recipient {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let (share, body) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &self.0,
            INFO,
            file_key.expose_secret(),
            b"",
        )
        .map_err(|error| EncryptError::Io(std::io::Error::other(error.to_string())))?;
        let stanza = Stanza {
            tag: TAG.to_owned(),
            args: vec![STANDARD_NO_PAD.encode(share.to_bytes())],
            body,
        };
        Ok((vec![stanza], HashSet::from([LABEL.to_owned()])))
    }
}

impl age::Identity for Identity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        let Some(share) = share_of(stanza) else {
            return Some(Err(DecryptError::InvalidHeader));
        };
        // As with X25519, a stanza that does not open is somebody else's.
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &private_key(&self.seed),
            &share,
            INFO,
            &stanza.body,
            b"",
        );
        file_key(opened.ok()?).map(Ok)
    }
}

fn share_of(stanza: &Stanza) -> Option<EncappedKey> {
    let [share] = &stanza.args[..] else {
        return None;
    };
    if stanza.body.len() != BODY_BYTES {
        return None;
    }
    let bytes = STANDARD_NO_PAD.decode(share).ok()?;
    if is_low_order(bytes.last_chunk()?) {
        return None;
    }
    EncappedKey::from_bytes(&bytes).ok()
}

/// Whether an X25519 share is a point that gives the same secret with every key: age forbids it, the library does not look.
fn is_low_order(share: &[u8; 32]) -> bool {
    let mut u = *share;
    u[31] &= 0x7f;
    let near_prime = u[1..31].iter().all(|byte| *byte == 0xff) && u[31] == 0x7f;
    let zero_or_one = u[1..].iter().all(|byte| *byte == 0) && u[0] <= 1;
    zero_or_one || (near_prime && (0xec..=0xee).contains(&u[0])) || ORDER_EIGHT.contains(&u)
}

/// The u coordinates of the points of order eight, little-endian (RFC 7748's curve; listed by cr.yp.to/ecdh.html).
const ORDER_EIGHT: [[u8; 32]; 2] = [
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4,
        0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49,
        0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef,
        0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f,
        0x11, 0x57,
    ],
];

fn file_key(mut bytes: Vec<u8>) -> Option<FileKey> {
    let fits = bytes.len() == FILE_KEY_BYTES;
    let key = fits.then(|| FileKey::init_with_mut(|key| key.copy_from_slice(&bytes)));
    bytes.zeroize();
    key
}
