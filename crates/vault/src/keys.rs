//! Whom a file is encrypted to, and who can open it: age's X25519 and the hybrid type, as one.

use core::fmt;
use core::str::FromStr;
use std::collections::HashSet;

use age::{DecryptError, EncryptError};
use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret as _;
use bech32::{FromBase32 as _, ToBase32 as _, Variant};
use rand_core::CryptoRng;
use zeroize::Zeroize;

use crate::hybrid;
use crate::secret::{Secret, SecretText};

const X25519_IDENTITY_PREFIX: &str = "age-secret-key-";

/// Why a text is not a recipient or an identity. Ask for it again; the error keeps nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTextError {
    /// A mistyped character: Bech32's checksum finds up to four. Or lower and upper case where the other belongs.
    #[error("the key is mistyped or incomplete")]
    Text,
    /// Another kind of key, such as an identity where a recipient belongs.
    #[error("this is another kind of key")]
    Kind,
    /// Right kind, wrong number of bytes.
    #[error("the key has a wrong length")]
    Length,
    /// Right length, but no public key of this kind has these bytes.
    #[error("these bytes are no public key")]
    Point,
}

/// Whom to encrypt to: `age1…` or `age1pq1…`.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// X25519: circles and members.
    X25519(age::x25519::Recipient),
    /// ML-KEM-768 and X25519: the sealed tier.
    Hybrid(Box<hybrid::Recipient>),
}

/// Who can open: `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`. Prints nothing.
#[derive(Clone)]
pub enum Identity {
    /// X25519: circles and members.
    X25519(age::x25519::Identity),
    /// ML-KEM-768 and X25519: the sealed tier.
    Hybrid(Box<hybrid::Identity>),
}

impl Identity {
    /// Draws a new X25519 identity.
    pub fn generate(rng: &mut impl CryptoRng) -> Identity {
        Identity::X25519(x25519_identity(&Secret::random(rng)))
    }

    /// The X25519 identity of 32 secret random bytes.
    pub fn from_x25519(secret: &Secret<32>) -> Identity {
        Identity::X25519(x25519_identity(secret))
    }

    /// Whom to encrypt to so that this identity can open.
    pub fn to_recipient(&self) -> Recipient {
        match self {
            Identity::X25519(identity) => Recipient::X25519(identity.to_public()),
            Identity::Hybrid(identity) => Recipient::Hybrid(Box::new(identity.to_recipient())),
        }
    }

    /// The identity as `age` writes it, in upper case.
    pub fn to_text(&self) -> SecretText {
        match self {
            Identity::X25519(identity) => {
                SecretText::new(identity.to_string().expose_secret().to_owned())
            }
            Identity::Hybrid(identity) => identity.to_text(),
        }
    }
}

/// The crate takes a key only as text. Every 32 bytes are an X25519 key, so its text is always read.
fn x25519_identity(secret: &Secret<32>) -> age::x25519::Identity {
    let mut text = bech32_text(X25519_IDENTITY_PREFIX, secret.expose());
    let identity = text
        .parse()
        .expect("the text was made of 32 bytes and the right prefix");
    text.zeroize();
    identity
}

impl FromStr for Identity {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Identity, KeyTextError> {
        if text.starts_with("AGE-SECRET-KEY-PQ-1") {
            return text
                .parse()
                .map(|identity| Identity::Hybrid(Box::new(identity)));
        }
        x25519_secret(text).map(|secret| Identity::from_x25519(&secret))
    }
}

/// The 32 bytes of `AGE-SECRET-KEY-1…`.
pub(crate) fn x25519_secret(text: &str) -> Result<Secret<32>, KeyTextError> {
    let mut bytes = bech32_bytes(X25519_IDENTITY_PREFIX, text, char::is_ascii_lowercase)?;
    let secret = Secret::copy(&bytes).ok_or(KeyTextError::Length);
    bytes.zeroize();
    secret
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

impl FromStr for Recipient {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Recipient, KeyTextError> {
        if text.starts_with("age1pq1") {
            return text
                .parse()
                .map(|recipient| Recipient::Hybrid(Box::new(recipient)));
        }
        let bytes = bech32_bytes("age", text, char::is_ascii_uppercase)?;
        if bytes.len() != 32 {
            return Err(KeyTextError::Length);
        }
        text.parse()
            .map(Recipient::X25519)
            .map_err(|_| KeyTextError::Text)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Recipient::X25519(recipient) => recipient.fmt(f),
            Recipient::Hybrid(recipient) => recipient.fmt(f),
        }
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
        match self {
            Recipient::X25519(recipient) => recipient.wrap_file_key(file_key),
            Recipient::Hybrid(recipient) => recipient.wrap_file_key(file_key),
        }
    }
}

impl age::Identity for Identity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        match self {
            Identity::X25519(identity) => identity.unwrap_stanza(stanza),
            Identity::Hybrid(identity) => identity.unwrap_stanza(stanza),
        }
    }
}

/// Bech32 in lower case, under one of the prefixes of this crate.
pub(crate) fn bech32_text(prefix: &str, bytes: &[u8]) -> String {
    bech32::encode(prefix, bytes.to_base32(), Variant::Bech32).expect("the prefix is well-formed")
}

/// Reads Bech32 with `prefix`, in the one case that `age` writes; the lengths of recipients exceed BIP 173's on purpose.
pub(crate) fn bech32_bytes(
    prefix: &str,
    text: &str,
    wrong_case: fn(&char) -> bool,
) -> Result<Vec<u8>, KeyTextError> {
    if text.chars().any(|one| wrong_case(&one)) {
        return Err(KeyTextError::Text);
    }
    let mut lower = text.to_ascii_lowercase();
    let decoded = bech32::decode(&lower);
    lower.zeroize();
    let (found, groups, variant) = decoded.map_err(|_| KeyTextError::Text)?;
    if variant != Variant::Bech32 {
        return Err(KeyTextError::Text);
    }
    if found != prefix {
        return Err(KeyTextError::Kind);
    }
    Vec::from_base32(&groups).map_err(|_| KeyTextError::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: &str =
        "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
    const RECIPIENT: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

    #[test]
    fn texts_are_those_of_age() {
        let identity: Identity = IDENTITY.parse().expect("an identity");
        assert_eq!(identity.to_text().expose(), IDENTITY);
        assert_eq!(identity.to_recipient().to_string(), RECIPIENT);
        assert_eq!(format!("{identity:?}"), "Identity");
        let recipient: Recipient = RECIPIENT.parse().expect("a recipient");
        assert_eq!(recipient, identity.to_recipient());
    }

    #[test]
    fn wrong_texts_are_named() {
        let lower = IDENTITY.to_lowercase();
        let typo = RECIPIENT.replace('7', "8");
        assert_eq!(
            RECIPIENT.parse::<Identity>().unwrap_err(),
            KeyTextError::Text
        );
        assert_eq!(lower.parse::<Identity>().unwrap_err(), KeyTextError::Text);
        assert_eq!(typo.parse::<Recipient>().unwrap_err(), KeyTextError::Text);
        assert_eq!(
            RECIPIENT.to_uppercase().parse::<Recipient>(),
            Err(KeyTextError::Text)
        );
        assert_eq!(lower.parse::<Recipient>(), Err(KeyTextError::Kind));
        assert_eq!(
            bech32_text("age", &[0; 31]).parse::<Recipient>(),
            Err(KeyTextError::Length)
        );
        assert_eq!("".parse::<Recipient>(), Err(KeyTextError::Text));
    }

    #[test]
    fn hybrid_texts_come_back() {
        let identity = hybrid::Identity::from_seed(Secret::fill(|seed| *seed = [9; 32]));
        let text = identity.to_text();
        let Ok(Identity::Hybrid(read)) = text.expose().parse::<Identity>() else {
            panic!("a hybrid identity");
        };
        assert_eq!(read.seed(), identity.seed());
        let recipient: Recipient = identity
            .to_recipient()
            .to_string()
            .parse()
            .expect("a recipient");
        assert_eq!(recipient, Identity::Hybrid(read).to_recipient());
        let short = bech32_text("age1pq", &[0; 1215]);
        assert_eq!(short.parse::<Recipient>(), Err(KeyTextError::Point));
    }
}
