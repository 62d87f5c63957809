//! Secret credentials: what a voter types, and the exponent that it stands for (specification 2.0 and 3.3, section 4.8).

use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::group::Group;
use crate::message::election::BASE58;

/// Random characters of the shorter form; one more is the checksum.
const RANDOM_LETTERS: usize = 14;

/// Characters of the longer form, which has no checksum.
const LONG_LETTERS: usize = 22;

/// The checksum's modulus.
const CHECKSUM: u64 = 53;

/// Iterations of PBKDF2 for the shorter form.
const ROUNDS: usize = 1000;

/// Base-58 letters drawn evenly from a random byte: those below 4 times 58.
const EVEN_BYTES: u8 = 232;

/// Bytes that may be drawn for one letter; a source that needs more is broken, and its last byte is taken.
const DRAWS_MAX: usize = 256;

/// Why a credential cannot be read: a slip of the pen, most likely. Compare it with what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// It has a letter that credentials do not use.
    #[error("a credential has only digits and letters, without 0, O, I and l")]
    Letter,
    /// It is too short or too long.
    #[error("a credential has 15 letters, or 22")]
    Length,
    /// Its last letter does not fit the others.
    #[error("a letter of the credential is wrong: the last does not fit the others")]
    Checksum,
}

/// A secret credential in its one written form; wiped from memory when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential(Zeroizing<String>);

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// Letters of base 58, each equally likely.
pub(crate) fn random_letters(count: usize, random: &mut dyn CryptoRng) -> Zeroizing<String> {
    let mut letters = Zeroizing::new(String::with_capacity(count));
    let mut byte = [0_u8];
    for _ in 0..count {
        for _ in 0..DRAWS_MAX {
            random.fill_bytes(&mut byte);
            if byte[0] < EVEN_BYTES {
                break;
            }
        }
        letters.push(char::from(BASE58[usize::from(byte[0]) % BASE58.len()]));
    }
    byte.zeroize();
    letters
}

fn value(letter: u8) -> Option<u64> {
    let place = BASE58.iter().position(|one| *one == letter);
    place.map(|place| place as u64)
}

/// The letter that makes the number, with it, a multiple of 53.
fn checksum(letters: &[u8]) -> u64 {
    let rest = letters
        .iter()
        .filter_map(|letter| value(*letter))
        .fold(0, |rest, digit| (rest * 58 + digit) % CHECKSUM);
    CHECKSUM - rest
}

fn grouped(letters: &str, lengths: &[usize]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(letters.len() + lengths.len()));
    let mut rest = letters;
    for length in lengths {
        let (group, behind) = rest.split_at_checked(*length).unwrap_or((rest, ""));
        if !text.is_empty() {
            text.push('-');
        }
        text.push_str(group);
        rest = behind;
    }
    text
}

impl Credential {
    /// A new one, of 82 random bits.
    pub fn generate(random: &mut dyn CryptoRng) -> Credential {
        let mut letters = random_letters(RANDOM_LETTERS, random);
        let last = checksum(letters.as_bytes()) as usize;
        letters.push(char::from(BASE58[last]));
        Credential(grouped(&letters, &[3; 5]))
    }

    /// Reads one as people type it: hyphens and spaces are passed over.
    pub fn read(typed: &str) -> Result<Credential, CredentialError> {
        let is_passed_over = |one: &char| one.is_whitespace() || *one == '-';
        let letters = Zeroizing::new(
            typed
                .chars()
                .filter(|one| !is_passed_over(one))
                .collect::<String>(),
        );
        if letters.bytes().any(|letter| value(letter).is_none()) {
            return Err(CredentialError::Letter);
        }
        match letters.len() {
            LONG_LETTERS => Ok(Credential(grouped(&letters, &[5, 6, 5, 6]))),
            length if length == RANDOM_LETTERS + 1 => {
                let (random, last) = letters.as_bytes().split_at(RANDOM_LETTERS);
                match value(last[0]) == Some(checksum(random)) {
                    true => Ok(Credential(grouped(&letters, &[3; 5]))),
                    false => Err(CredentialError::Checksum),
                }
            }
            _ => Err(CredentialError::Length),
        }
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The exponent that it stands for in an election.
    pub fn exponent<G: Group>(&self, group: &G, uuid: &str) -> G::Scalar {
        let mut digest = match self.0.len() {
            // 22 letters and three hyphens.
            25 => derived(&self.0, uuid),
            _ => stretched(&self.0, uuid).to_vec(),
        };
        let exponent = group.reduce(&digest);
        digest.zeroize();
        exponent
    }
}

/// PBKDF2 with HMAC-SHA256, one block (RFC 8018, section 5.2).
fn stretched(credential: &str, uuid: &str) -> [u8; 32] {
    let keyed = |parts: [&[u8]; 2]| -> [u8; 32] {
        // HMAC takes keys of every length.
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(credential.as_bytes()) else {
            return [0; 32];
        };
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    };
    let mut block = keyed([uuid.as_bytes(), &1_u32.to_be_bytes()]);
    let mut sum = block;
    for _ in 1..ROUNDS {
        block = keyed([&block, &[]]);
        sum.iter_mut()
            .zip(block)
            .for_each(|(sum, byte)| *sum ^= byte);
    }
    block.zeroize();
    sum
}

/// Two digests, one behind the other.
fn derived(credential: &str, uuid: &str) -> Vec<u8> {
    let half =
        |number: u8| Sha256::digest(format!("derive_credential|{uuid}|{number}|{credential}"));
    [half(0), half(1)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found() {
        let credential = Credential::generate(&mut crate::testing::random(1));
        let text = credential.text().to_owned();
        assert_eq!(Credential::read(&text.replace('-', " ")), Ok(credential));
        let wrong = if text.starts_with('z') { 'y' } else { 'z' };
        assert_eq!(
            Credential::read(&format!("{wrong}{}", &text[1..])),
            Err(CredentialError::Checksum)
        );
        assert_eq!(Credential::read("0OIl"), Err(CredentialError::Letter));
        assert_eq!(Credential::read("abc"), Err(CredentialError::Length));
    }
}
