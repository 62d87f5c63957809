//! Proofs: that a leaf is in a record, in a file that needs nothing else (C2SP tlog-proof; record.md, section 4).

use core::fmt;

use crate::canonical::{self, FieldError, Fields, Map, Value};
use crate::checkpoint::{CheckpointError, SignedCheckpoint};
use crate::commitment;
use crate::encoding::{self, INTEGER_MAX, base64_text};
use crate::entry::Envelope;
use crate::hash::{Hash, leaf_hash};
use crate::ids::CircleId;
use crate::map;
use crate::tree::{InclusionError, verify_inclusion};
use crate::verdict::{Failure, Malformed};

/// The longest proof text: the longest public entry in base64 twice over, the hashes and a checkpoint have room.
pub const PROOF_BYTES_MAX: usize = 256 * 1024;

/// The most hashes of a proof: a tree of 2^64 leaves is 64 deep.
pub const HASHES_MAX: usize = 64;

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// What a private leaf commits to about material, opened; the envelope stays closed behind `commitment_env`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedContent {
    /// `C_env`, which says nothing about the envelope.
    pub commitment_env: Hash,
    /// `salt2`.
    pub salt: [u8; 32],
    /// SHA-256 of the material.
    pub sha256: Hash,
    /// Its size in bytes.
    pub size: u64,
}

impl OpenedContent {
    /// The leaf that this opens.
    pub fn leaf(&self) -> Hash {
        let content = commitment::c_content(&self.salt, &self.sha256, self.size);
        commitment::private(&self.commitment_env, &content)
    }
}

/// What a proof discloses about its leaf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extra {
    /// The material of an entry whose circle is not public.
    Private(OpenedContent),
    /// A public entry.
    Public(Box<Envelope>),
}

/// A proof that a leaf stands at an index of the tree of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What it discloses; without it the proof says nothing about content.
    pub extra: Option<Extra>,
    /// The index of the leaf, from 0.
    pub index: u64,
    /// From the leaf to the root.
    pub hashes: Vec<Hash>,
    /// The checkpoint, with all its signatures.
    pub checkpoint: SignedCheckpoint,
}

impl Extra {
    /// The bytes of the leaf.
    pub fn leaf(&self) -> Vec<u8> {
        match self {
            Extra::Private(opened) => opened.leaf().as_bytes().to_vec(),
            Extra::Public(envelope) => envelope.bytes().to_vec(),
        }
    }

    fn map(&self) -> Map {
        match self {
            Extra::Private(opened) => map! {
                "v" => 1i64,
                "circle" => "private",
                "commitment_env" => opened.commitment_env.to_string(),
                "salt" => Hash::from_bytes(opened.salt).to_string(),
                "sha256" => opened.sha256.to_string(),
                "size" => opened.size,
            },
            Extra::Public(envelope) => map! {
                "v" => 1i64,
                "circle" => "public",
                "envelope" => base64_text(envelope.bytes()),
            },
        }
    }

    fn parse(bytes: &[u8]) -> Result<Extra, Failure> {
        let proof = |error: &dyn fmt::Display| Failure::malformed(Malformed::Proof, error);
        let map = canonical::parse_payload(bytes).map_err(|error| proof(&error))?;
        match map.get("circle") {
            Some(Value::Text(circle)) if circle == "public" => {
                let envelope = public_envelope(Fields::new(map)).map_err(|error| proof(&error))?;
                read_public(&envelope)
            }
            _ => opened_content(Fields::new(map))
                .map(Extra::Private)
                .map_err(|error| proof(&error)),
        }
    }
}

fn opened_content(mut fields: Fields) -> Result<OpenedContent, FieldError> {
    fields.version(1)?;
    fields.literal("circle", "private")?;
    let opened = OpenedContent {
        commitment_env: fields.hash("commitment_env")?,
        salt: fields.hex("salt")?,
        sha256: fields.hash("sha256")?,
        size: fields.count("size")?,
    };
    fields.finish()?;
    Ok(opened)
}

fn public_envelope(mut fields: Fields) -> Result<Vec<u8>, FieldError> {
    fields.version(1)?;
    fields.literal("circle", "public")?;
    let envelope = fields.base64_bytes("envelope")?;
    fields.finish()?;
    Ok(envelope)
}

fn read_public(bytes: &[u8]) -> Result<Extra, Failure> {
    let envelope =
        Envelope::parse(bytes).map_err(|error| Failure::malformed(Malformed::Entry, error))?;
    match envelope.entry().circle {
        CircleId::PUBLIC => Ok(Extra::Public(Box::new(envelope))),
        _ => Err(Failure::malformed(
            Malformed::Entry,
            "its circle is not the public one",
        )),
    }
}

impl Proof {
    /// The proof's text. Fails only for an extra with a size or an index beyond 2^53 - 1.
    pub fn encode(&self) -> Result<String, canonical::CanonicalError> {
        let extra = match &self.extra {
            None => String::new(),
            Some(extra) => {
                let bytes = canonical::encode(&Value::Map(extra.map()))?;
                format!("extra {}\n", base64_text(&bytes))
            }
        };
        let hashes: String = self
            .hashes
            .iter()
            .map(|hash| hash.to_base64() + "\n")
            .collect();
        let index = self.index;
        Ok(format!(
            "{FIRST_LINE}\n{extra}index {index}\n{hashes}\n{}",
            self.checkpoint
        ))
    }

    /// Reads a proof's text: its shape, and the shape of what it discloses. Nothing is verified.
    pub fn parse(bytes: &[u8]) -> Result<Proof, Failure> {
        if bytes.len() > PROOF_BYTES_MAX {
            return Err(Failure::malformed(
                Malformed::Limit,
                "the proof is over 256 KiB",
            ));
        }
        let shape = |detail: &str| Failure::malformed(Malformed::Proof, detail);
        let (head, checkpoint) =
            split_at_empty_line(bytes).ok_or_else(|| shape("no empty line"))?;
        let head = core::str::from_utf8(head).map_err(|_| shape("not UTF-8"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(shape("it does not begin as a tlog-proof"));
        }
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            None => None,
            Some(extra) => {
                lines.next();
                Some(encoding::base64_bytes(extra).map_err(|error| shape(&error.to_string()))?)
            }
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = index.ok_or_else(|| shape("no index"))?;
        let index = encoding::decimal(index, INTEGER_MAX).map_err(|_| shape("no index"))?;
        let hashes: Result<Vec<Hash>, _> = lines.map(Hash::from_base64).collect();
        let hashes = hashes.map_err(|_| shape("a line is not a hash"))?;
        if hashes.len() > HASHES_MAX {
            return Err(shape("more than 64 hashes"));
        }
        let extra = extra.map(|extra| Extra::parse(&extra)).transpose()?;
        let checkpoint = SignedCheckpoint::parse(checkpoint).map_err(checkpoint_failure)?;
        Ok(Proof {
            extra,
            index,
            hashes,
            checkpoint,
        })
    }

    /// Checks that this leaf stands at the index of the checkpoint's tree. Who signed the checkpoint is another question.
    pub fn verify_leaf(&self, leaf: &[u8]) -> Result<(), InclusionError> {
        let head = self.checkpoint.checkpoint();
        verify_inclusion(
            &leaf_hash(leaf),
            self.index,
            head.size,
            &self.hashes,
            &head.root,
        )
    }
}

pub(crate) fn checkpoint_failure(error: CheckpointError) -> Failure {
    Failure::malformed(Malformed::Checkpoint, error)
}

/// The lines before the first empty line, without the last newline, and all behind it.
fn split_at_empty_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    Some((&bytes[..at], &bytes[at + 2..]))
}
