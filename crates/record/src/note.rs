//! Signed notes (C2SP signed-note; record.md, section 5) and the keys that verify them.

use core::fmt;
use core::str::FromStr;

use crate::encoding::{self, base64_text};
use crate::hash::sha256_of;
use crate::ids::Origin;
use crate::signature::{SIGNATURE_BYTES, SignatureError, VerifyingKey};

/// The longest note: a checkpoint with tens of cosignatures has room, a flood of lines has not.
pub const NOTE_BYTES_MAX: usize = 64 * 1024;

/// The most signature lines. C2SP asks for at least 16.
pub const SIGNATURES_MAX: usize = 64;

/// A text and the signatures below it; read, not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    name: String,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

/// Why bytes are not a signed note. Nothing of them may be used; fetch the note again from its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Over [`NOTE_BYTES_MAX`].
    #[error("the note is longer than 64 KiB")]
    TooLong,
    /// Not UTF-8, or with a control character other than newline.
    #[error("the note is not UTF-8 without control characters")]
    Characters,
    /// No empty line between text and signatures, or no newline at the end.
    #[error("the note has no text and signatures with an empty line between them")]
    NotSigned,
    /// No signature line, or over [`SIGNATURES_MAX`].
    #[error("the note has no signature line, or more than 64")]
    SignatureCount,
    /// A line below the text that is not `— name base64`.
    #[error("a line below the text is not a signature line")]
    SignatureLine,
}

impl Note {
    /// Puts signatures under a text that ends with a newline.
    pub(crate) fn new(text: String, signatures: Vec<Signature>) -> Note {
        Note { text, signatures }
    }

    /// Reads a note.
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong);
        }
        let note = core::str::from_utf8(bytes).map_err(|_| NoteError::Characters)?;
        if note.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err(NoteError::Characters);
        }
        let empty_line = note.rfind("\n\n").ok_or(NoteError::NotSigned)?;
        let (text, below) = note.split_at(empty_line + 1);
        let signatures = parse_signatures(&below[1..])?;
        Ok(Note {
            text: text.to_owned(),
            signatures,
        })
    }

    /// What is signed, its last newline included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in their order.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds a signature line, unless the very line is there already.
    pub fn add_signature(&mut self, signature: Signature) {
        if !self.signatures.contains(&signature) {
            self.signatures.push(signature);
        }
    }
}

impl fmt::Display for Note {
    /// The note's exact text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| writeln!(f, "{signature}"))
    }
}

/// Reads signature lines, each with its newline, such as a witness answers with.
pub fn parse_signatures(text: &str) -> Result<Vec<Signature>, NoteError> {
    let Some(lines) = text.strip_suffix('\n') else {
        return Err(match text.is_empty() {
            true => NoteError::SignatureCount,
            false => NoteError::NotSigned,
        });
    };
    let signatures: Vec<Signature> = lines
        .split('\n')
        .take(SIGNATURES_MAX + 1)
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    match signatures.len() {
        1..=SIGNATURES_MAX => Ok(signatures),
        _ => Err(NoteError::SignatureCount),
    }
}

impl Signature {
    pub(crate) fn new(key: &Vkey, bytes: Vec<u8>) -> Signature {
        Signature {
            name: key.name.as_str().to_owned(),
            key_id: key.id,
            bytes,
        }
    }

    /// The key name of the line.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What follows the key id: for a log 64 bytes, for a witness a time and 64 bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the line claims to be by this key: its name and its id.
    pub fn is_by(&self, key: &Vkey) -> bool {
        self.name == key.name.as_str() && self.key_id == key.id
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [self.key_id.as_slice(), &self.bytes].concat();
        write!(f, "— {} {}", self.name, base64_text(&blob))
    }
}

impl FromStr for Signature {
    type Err = NoteError;

    /// Reads one line without its newline.
    fn from_str(line: &str) -> Result<Signature, NoteError> {
        let wrong = NoteError::SignatureLine;
        let (name, blob) = line
            .strip_prefix("— ")
            .and_then(|rest| rest.split_once(' '))
            .ok_or(wrong)?;
        let blob = encoding::base64_bytes(blob).map_err(|_| wrong)?;
        // `char::is_whitespace` is Unicode's White_Space, the set that record.md lists.
        let name_allowed =
            !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace());
        match blob.split_first_chunk::<4>() {
            Some((key_id, bytes)) if name_allowed && !bytes.is_empty() => Ok(Signature {
                name: name.to_owned(),
                key_id: *key_id,
                bytes: bytes.to_vec(),
            }),
            _ => Err(wrong),
        }
    }
}

/// What a key of a note signs as. The number is C2SP's signature type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum KeyKind {
    /// A log, which signs the text.
    Log = 1,
    /// A witness, which signs the text with the time.
    Witness = 4,
}

/// A public key with its name and id, written `name+id+base64` (C2SP's vkey).
#[derive(Clone, PartialEq, Eq)]
pub struct Vkey {
    name: Origin,
    id: [u8; 4],
    kind: KeyKind,
    key: [u8; 32],
    /// `None` where the strict rules refuse the key: then nothing verifies under it.
    usable: Option<VerifyingKey>,
}

/// Why a text is not the vkey of a log or witness. Ask its owner for the exact line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VkeyError {
    /// Not three parts joined by `+`, or a part that cannot be read.
    #[error("not a vkey: name+id+base64")]
    Form,
    /// The name is not an origin.
    #[error("the vkey's name is not printable ASCII without space and plus sign")]
    Name,
    /// A key of another kind: of a log where a witness is asked for, or of a kind that is not known here.
    #[error("the vkey is of another kind of key")]
    Kind,
    /// The id is not the one that name and key give: a typing error, or a swapped key.
    #[error("the vkey's id does not match its name and key")]
    Id,
}

impl Vkey {
    /// The vkey of this name and key.
    pub fn new(name: Origin, kind: KeyKind, key: [u8; 32]) -> Vkey {
        let digest = sha256_of(&[name.as_str().as_bytes(), b"\n", &[kind as u8], &key]);
        let mut id = [0; 4];
        id.copy_from_slice(&digest.as_bytes()[..4]);
        Vkey {
            name,
            id,
            kind,
            key,
            usable: VerifyingKey::from_bytes(&key).ok(),
        }
    }

    /// Reads a vkey that must be of this kind.
    pub fn parse(text: &str, kind: KeyKind) -> Result<Vkey, VkeyError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VkeyError::Form);
        };
        let name = Origin::new(name).map_err(|_| VkeyError::Name)?;
        let key: [u8; 33] = encoding::base64_array(key).map_err(|_| VkeyError::Form)?;
        let [found_kind, key @ ..] = key;
        if found_kind != kind as u8 {
            return Err(VkeyError::Kind);
        }
        let vkey = Vkey::new(name, kind, key);
        match encoding::hex_array(id) {
            Ok(id) if id == vkey.id => Ok(vkey),
            Ok(_) => Err(VkeyError::Id),
            Err(_) => Err(VkeyError::Form),
        }
    }

    /// The key name: of a log, its origin.
    pub fn name(&self) -> &Origin {
        &self.name
    }

    /// The key id: the first four bytes of a digest over name, kind and key.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// The 32 bytes of the public key.
    pub fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// What it signs as.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key, unless the strict rules refuse it.
    pub fn verifying_key(&self) -> Option<&VerifyingKey> {
        self.usable.as_ref()
    }

    pub(crate) fn verify(
        &self,
        message: &[u8],
        signature: &[u8; SIGNATURE_BYTES],
    ) -> Result<(), SignatureError> {
        let key = self.usable.as_ref().ok_or(SignatureError::Mismatch)?;
        key.verify(message, signature)
    }
}

impl fmt::Display for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+", self.name)?;
        encoding::write_hex(f, &self.id)?;
        let key = [&[self.kind as u8], self.key.as_slice()].concat();
        write!(f, "+{}", base64_text(&key))
    }
}

impl fmt::Debug for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
