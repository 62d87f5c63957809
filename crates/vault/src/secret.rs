//! Secrets: bytes that print nothing and are wiped when they are dropped.

use core::fmt;

use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// `N` secret bytes: a key, a seed. They lie on the heap, so that moving the value leaves no copy behind.
#[derive(Clone, ZeroizeOnDrop)]
pub struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Draws `N` random bytes.
    pub fn random(rng: &mut impl CryptoRng) -> Secret<N> {
        Secret::fill(|bytes| rng.fill_bytes(bytes))
    }

    /// Lets `write` put the bytes in their place.
    pub fn fill(write: impl FnOnce(&mut [u8; N])) -> Secret<N> {
        let mut secret = Secret(Box::new([0; N]));
        write(&mut secret.0);
        secret
    }

    /// Takes bytes over and wipes the original.
    pub fn take(bytes: &mut [u8; N]) -> Secret<N> {
        let secret = Secret::fill(|place| place.copy_from_slice(bytes));
        bytes.zeroize();
        secret
    }

    /// Copies bytes, unless there are more or fewer than `N`.
    pub fn copy(bytes: &[u8]) -> Option<Secret<N>> {
        let bytes: &[u8; N] = bytes.try_into().ok()?;
        Some(Secret::fill(|place| place.copy_from_slice(bytes)))
    }

    /// The bytes. Whoever copies them must wipe the copy.
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl<const N: usize> PartialEq for Secret<N> {
    fn eq(&self, other: &Secret<N>) -> bool {
        self.0.ct_eq(&*other.0).into()
    }
}

impl<const N: usize> Eq for Secret<N> {}

/// Secret bytes of any length: an opened entry, a small object, a row of the cabinet.
#[derive(Clone, Default, ZeroizeOnDrop)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    /// Takes bytes over. What an earlier growth of the vector left behind is out of reach: give it its capacity first.
    pub fn new(bytes: Vec<u8>) -> SecretBytes {
        SecretBytes(bytes)
    }

    /// The bytes. Whoever copies them must wipe the copy.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes there are; this is no secret.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn expose_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// Adds bytes, for which there must be room: a growth would leave a copy behind.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        debug_assert!(self.0.capacity() >= self.0.len() + bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// Forgets the bytes from `len` on, wiping them.
    pub fn truncate(&mut self, len: usize) {
        if let Some(rest) = self.0.get_mut(len..) {
            rest.zeroize();
            self.0.truncate(len);
        }
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes")
    }
}

/// A secret text: a passphrase, a printed key.
#[derive(Clone, ZeroizeOnDrop)]
pub struct SecretText(String);

impl SecretText {
    /// Takes a text over.
    pub fn new(text: String) -> SecretText {
        SecretText(text)
    }

    /// The text. Whoever copies it must wipe the copy.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText")
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &SecretText) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretText {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_print_nothing() {
        let key = Secret::fill(|bytes: &mut [u8; 4]| *bytes = *b"abcd");
        let data = SecretBytes::new(b"abcd".to_vec());
        let text = SecretText::new("abcd".into());
        let printed = format!("{key:?} {data:?} {text:?} {key:#?} {data:#?} {text:#?}");
        assert!(!printed.contains("abcd") && !printed.contains("97") && !printed.contains("61"));
    }

    #[test]
    fn taking_wipes_the_original() {
        let mut bytes = [1, 2, 3];
        let secret = Secret::take(&mut bytes);
        assert_eq!((bytes, secret.expose()), ([0; 3], &[1, 2, 3]));
        assert!(Secret::<3>::copy(&[1, 2]).is_none());
    }
}
