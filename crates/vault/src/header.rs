//! The header of an age file: read strictly, built anew, and bound to the place that the file belongs to.

use std::collections::HashSet;
use std::io::{self, Read};

use age_core::format::{FileKey, Stanza, read};
use age_core::secrecy::ExposeSecret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;

use crate::binding::Binding;
use crate::derive::hkdf;

/// A header has one or a few recipients: 64 KiB is room for forty hybrid ones. More exists only to fill the memory.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;

const INTRODUCTION: &[u8] = b"age-encryption.org/v1\n";
const MAC_LINE_START: &[u8] = b"---";
/// A space, 43 characters of base64, and the newline.
const MAC_LINE_REST_BYTES: usize = 45;
const BODY_LINE_CHARACTERS: usize = 64;
const BINDING_TAG: &str = "mahzar-binding";
const SCRYPT_TAG: &str = "scrypt";

/// Why a header cannot be read or does not open. Nothing of the file may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Not an age v1 header: damaged, or another kind of file.
    #[error("this is not an age header")]
    Malformed,
    /// Over [`HEADER_BYTES_MAX`].
    #[error("the age header is longer than 64 KiB")]
    TooLong,
    /// None of the recipients is this identity. Open it with the key it was encrypted to.
    #[error("this key does not open the file")]
    NoMatch,
    /// The identity found the file key, but the header was altered after it was made.
    #[error("the age header was altered")]
    Altered,
    /// The header belongs to another office, circle, epoch, object or purpose: somebody put it where it is not from.
    #[error("the age header belongs to something else")]
    WrongBinding,
}

/// Why a header cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecipientsError {
    /// There are no recipients; nobody could open the file.
    #[error("nobody to encrypt to")]
    None,
    /// Hybrid and X25519 recipients together: the weaker would decide.
    #[error("recipients of different strength cannot share a file")]
    Mixed,
    /// The library refused to encrypt to a recipient, or there are too many for [`HEADER_BYTES_MAX`].
    #[error("could not encrypt to a recipient")]
    Refused,
}

/// A header that was read. Its contents are the writer's claims until [`Header::unwrap`] checked them.
pub struct Header {
    stanzas: Vec<Stanza>,
    mac: Vec<u8>,
    /// Everything up to and including `---`: what the MAC covers.
    covered: Vec<u8>,
}

impl Header {
    /// Reads exactly one header.
    pub fn parse(bytes: &[u8]) -> Result<Header, HeaderError> {
        if bytes.len() > HEADER_BYTES_MAX {
            return Err(HeaderError::TooLong);
        }
        let mut rest = bytes
            .strip_prefix(INTRODUCTION)
            .ok_or(HeaderError::Malformed)?;
        let mut stanzas = Vec::new();
        while !rest.starts_with(MAC_LINE_START) {
            let (after, stanza) = read::age_stanza(rest).map_err(|_| HeaderError::Malformed)?;
            stanzas.push(Stanza::from(stanza));
            rest = after;
        }
        let covered = bytes[..bytes.len() - rest.len() + MAC_LINE_START.len()].to_vec();
        let mac = mac_of_line(&rest[MAC_LINE_START.len()..]).ok_or(HeaderError::Malformed)?;
        let header = Header {
            stanzas,
            mac,
            covered,
        };
        header.check_shape()?;
        Ok(header)
    }

    /// At least one recipient; a passphrase recipient stands alone, because it also authenticates.
    fn check_shape(&self) -> Result<(), HeaderError> {
        let scrypt = self.stanzas.iter().any(|stanza| stanza.tag == SCRYPT_TAG);
        if self.stanzas.is_empty() || (scrypt && self.stanzas.len() > 1) {
            return Err(HeaderError::Malformed);
        }
        Ok(())
    }

    /// Finds the file key with `identity` and checks that the header is as it was made.
    pub fn unwrap(&self, identity: &dyn age::Identity) -> Result<FileKey, HeaderError> {
        let key = match identity.unwrap_stanzas(&self.stanzas) {
            None => return Err(HeaderError::NoMatch),
            Some(Err(error)) => return Err(refusal(&error)),
            Some(Ok(key)) => key,
        };
        mac(&key, &self.covered)
            .verify_slice(&self.mac)
            .map_err(|_| HeaderError::Altered)?;
        Ok(key)
    }

    /// As [`Header::unwrap`], and refuses a header that belongs to anything but `binding`.
    pub fn unwrap_bound(
        &self,
        identity: &dyn age::Identity,
        binding: &Binding,
    ) -> Result<FileKey, HeaderError> {
        let key = self.unwrap(identity)?;
        let wanted = binding_stanza(binding);
        let mut found = self
            .stanzas
            .iter()
            .filter(|stanza| stanza.tag == BINDING_TAG);
        match (found.next(), found.next()) {
            (Some(stanza), None) if *stanza == wanted => Ok(key),
            _ => Err(HeaderError::WrongBinding),
        }
    }
}

fn refusal(error: &age::DecryptError) -> HeaderError {
    match error {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => HeaderError::NoMatch,
        _ => HeaderError::Malformed,
    }
}

/// Draws the key of a new file.
pub fn new_file_key(rng: &mut impl CryptoRng) -> FileKey {
    FileKey::init_with_mut(|key| rng.fill_bytes(key))
}

/// Makes the header that gives `key` to `recipients`, bound to a place if there is one.
pub fn build(
    key: &FileKey,
    recipients: &[impl age::Recipient],
    binding: Option<&Binding>,
) -> Result<Vec<u8>, RecipientsError> {
    let mut stanzas = wrap(key, recipients)?;
    stanzas.extend(binding.map(binding_stanza));
    let mut out = INTRODUCTION.to_vec();
    for stanza in &stanzas {
        write_stanza(&mut out, stanza);
    }
    out.extend_from_slice(MAC_LINE_START);
    let mac = mac(key, &out).finalize().into_bytes();
    out.push(b' ');
    out.extend_from_slice(STANDARD_NO_PAD.encode(mac).as_bytes());
    out.push(b'\n');
    if out.len() > HEADER_BYTES_MAX {
        return Err(RecipientsError::Refused);
    }
    Ok(out)
}

/// Splits a whole age file: returns the header's bytes and leaves `file` at the payload.
pub fn split(file: &mut impl Read) -> io::Result<Result<Vec<u8>, HeaderError>> {
    let mut header = Vec::new();
    loop {
        let start = header.len();
        if !read_line(file, &mut header)? {
            return Ok(Err(HeaderError::Malformed));
        }
        let line = &header[start..];
        if header.len() > HEADER_BYTES_MAX {
            return Ok(Err(HeaderError::TooLong));
        }
        if start == 0 && line != INTRODUCTION {
            return Ok(Err(HeaderError::Malformed));
        }
        if line.starts_with(MAC_LINE_START) {
            return Ok(Ok(header));
        }
    }
}

/// Reads a line byte by byte, so that nothing of the payload is taken; `file` should be buffered.
fn read_line(file: &mut impl Read, out: &mut Vec<u8>) -> io::Result<bool> {
    let mut byte = [0];
    while out.len() <= HEADER_BYTES_MAX {
        match file.read(&mut byte) {
            Ok(0) => return Ok(false),
            Ok(_) => out.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if byte[0] == b'\n' {
            break;
        }
    }
    Ok(true)
}

fn wrap(key: &FileKey, recipients: &[impl age::Recipient]) -> Result<Vec<Stanza>, RecipientsError> {
    let mut stanzas = Vec::new();
    let mut labels: Option<HashSet<String>> = None;
    for recipient in recipients {
        let (mut more, own) = recipient
            .wrap_file_key(key)
            .map_err(|_| RecipientsError::Refused)?;
        if labels.as_ref().is_some_and(|labels| *labels != own) {
            return Err(RecipientsError::Mixed);
        }
        labels = Some(own);
        stanzas.append(&mut more);
    }
    match labels {
        Some(_) => Ok(stanzas),
        None => Err(RecipientsError::None),
    }
}

fn binding_stanza(binding: &Binding) -> Stanza {
    Stanza {
        tag: BINDING_TAG.to_owned(),
        args: vec![STANDARD_NO_PAD.encode(binding.digest())],
        body: Vec::new(),
    }
}

/// `-> tag args`, then the body in lines of 64 characters, the last one shorter.
fn write_stanza(out: &mut Vec<u8>, stanza: &Stanza) {
    out.extend_from_slice(b"-> ");
    out.extend_from_slice(stanza.tag.as_bytes());
    for argument in &stanza.args {
        out.push(b' ');
        out.extend_from_slice(argument.as_bytes());
    }
    out.push(b'\n');
    let body = STANDARD_NO_PAD.encode(&stanza.body);
    let mut lines = body.as_bytes().chunks_exact(BODY_LINE_CHARACTERS);
    for line in lines.by_ref() {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.extend_from_slice(lines.remainder());
    out.push(b'\n');
}

fn mac_of_line(line: &[u8]) -> Option<Vec<u8>> {
    if line.len() != MAC_LINE_REST_BYTES {
        return None;
    }
    let text = line.strip_prefix(b" ")?.strip_suffix(b"\n")?;
    STANDARD_NO_PAD.decode(text).ok()
}

fn mac(key: &FileKey, covered: &[u8]) -> Hmac<Sha256> {
    let secret = hkdf(key.expose_secret(), b"", &[b"header"]);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose()).expect("HMAC takes any key");
    mac.update(covered);
    mac
}
