//! The file of a key that a person keeps on their own machine: an identity of the sealed tier under a passphrase.
//!
//! It is what `age` calls a passphrase-encrypted identity file (age v1, scrypt), so that another program opens it in thirty years
//! and gets the line `AGE-SECRET-KEY-PQ-1…`. Whoever finds the medium finds nothing to open with.

use std::io::{Read, Write};

use age::scrypt;
use age::secrecy::SecretString;
use zeroize::Zeroizing;

use crate::hybrid;
use crate::passphrase::Passphrase;

/// How such a file begins, as every age file does.
const AGE: &[u8] = b"age-encryption.org/v1\n";
/// A key and a few lines of comment, encrypted.
const TEXT_BYTES_MAX: u64 = 16 * 1024;
/// A file may not ask for more than this: 2^20 takes 1 GiB of memory.
const WORK_MAX: u8 = 20;

/// What a guess at the passphrase costs: 2^n rounds of scrypt, 1 KiB of memory for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Work(u8);

impl Work {
    /// 256 MiB, about a second: what `age` takes.
    pub const STANDARD: Work = Work(18);
    /// Next to nothing. For tests: what is slow for a guesser is slow for a test.
    pub const CHEAP: Work = Work(4);
}

/// Why a key file does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// The passphrase is another one.
    #[error("the passphrase is not right")]
    WrongPassphrase,
    /// It is no such file, or was damaged, or asks for more memory than a key file may.
    #[error("it is no key file: {0}")]
    Form(String),
}

/// Encrypts an identity under a passphrase.
pub fn seal(
    identity: &hybrid::Identity,
    passphrase: &Passphrase,
    work: Work,
) -> Result<Vec<u8>, KeyFileError> {
    let text = Zeroizing::new(format!(
        "# public key: {}\n{}\n",
        identity.to_recipient(),
        identity.to_text().expose()
    ));
    let mut recipient = scrypt::Recipient::new(secret(passphrase));
    recipient.set_work_factor(work.0);
    let failed = |error: &dyn std::fmt::Display| KeyFileError::Form(error.to_string());
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).map_err(|error| failed(&error))?;
    let mut file = Vec::new();
    let mut writer = encryptor
        .wrap_output(&mut file)
        .map_err(|error| failed(&error))?;
    writer
        .write_all(text.as_bytes())
        .and_then(|()| writer.finish().map(drop))
        .map_err(|error| failed(&error))?;
    Ok(file)
}

/// Whether it takes a passphrase to read this file.
pub fn is_sealed(file: &[u8]) -> bool {
    file.starts_with(AGE)
}

/// Opens a file that [`seal`] or `age` encrypted.
pub fn open(file: &[u8], passphrase: &Passphrase) -> Result<hybrid::Identity, KeyFileError> {
    let failed = |error: &dyn std::fmt::Display| KeyFileError::Form(error.to_string());
    let decryptor = age::Decryptor::new_buffered(file).map_err(|error| failed(&error))?;
    let mut identity = scrypt::Identity::new(secret(passphrase));
    identity.set_max_work_factor(WORK_MAX);
    let opened = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity));
    let opened = opened.map_err(|error| match error {
        age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed => {
            KeyFileError::WrongPassphrase
        }
        other => failed(&other),
    })?;
    // As long as it can get, so that no half of a key stays behind in memory that was given back.
    let mut text = Zeroizing::new(Vec::with_capacity(TEXT_BYTES_MAX as usize));
    opened
        .take(TEXT_BYTES_MAX)
        .read_to_end(&mut text)
        .map_err(|error| failed(&error))?;
    read_text(&text)
}

/// Reads the first line of an identity file that is no comment, as `age` does.
pub fn read_text(text: &[u8]) -> Result<hybrid::Identity, KeyFileError> {
    let form = |what: &str| KeyFileError::Form(what.to_owned());
    let text = std::str::from_utf8(text).map_err(|_| form("it is no text"))?;
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .ok_or_else(|| form("there is no key in it"))?;
    line.parse()
        .map_err(|error: crate::keys::KeyTextError| form(&error.to_string()))
}

fn secret(passphrase: &Passphrase) -> SecretString {
    SecretString::from(passphrase.folded().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::SeedableRng as _;

    fn sealed() -> (hybrid::Identity, Passphrase, Vec<u8>) {
        let mut rng = rand_chacha::ChaCha20Rng::from_seed([5; 32]);
        let identity = hybrid::Identity::generate(&mut rng);
        let passphrase = Passphrase::choose("a good and long passphrase").expect("good enough");
        let file = seal(&identity, &passphrase, Work::CHEAP).expect("sealed");
        (identity, passphrase, file)
    }

    #[test]
    fn it_opens_with_its_passphrase_and_no_other() {
        let (identity, passphrase, file) = sealed();
        assert!(is_sealed(&file));
        let opened = open(&file, &passphrase).expect("it opens");
        assert_eq!(opened.to_recipient(), identity.to_recipient());
        let other = Passphrase::choose("another and longer passphrase").expect("good enough");
        assert_eq!(
            open(&file, &other).err(),
            Some(KeyFileError::WrongPassphrase)
        );
        let text = identity.to_text();
        let key = text.expose().as_bytes();
        assert!(!file.windows(24).any(|window| key.starts_with(window)));
    }

    #[test]
    fn no_altered_file_gives_another_key() {
        let (identity, passphrase, file) = sealed();
        for at in 0..file.len() {
            let mut altered = file.clone();
            altered[at] ^= 1;
            if let Ok(opened) = open(&altered, &passphrase) {
                assert_eq!(opened.to_recipient(), identity.to_recipient(), "byte {at}");
            }
            assert!(open(&file[..at], &passphrase).is_err(), "cut to {at}");
        }
    }
}
