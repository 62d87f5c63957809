//! The manifest: what a bundle holds, and what proves it (bundle.md, section 2).

use std::collections::{BTreeMap, BTreeSet};

use crate::canonical::{self, CanonicalError, FieldError, Fields, Map, Value};
use crate::dsse::{DsseError, Shape, Signed};
use crate::encoding::base64_text;
use crate::hash::{Hash, sha256};
use crate::ids::Origin;
use crate::map;
use crate::proof::{HASHES_MAX, OpenedContent};
use crate::signature::SigningKey;
use crate::timestamp::Day;

use super::{
    EXHIBITS_MAX, MANIFEST_BYTES_MAX, MANIFEST_PATH, MediaType, PAYLOAD_TYPE, Path, Title,
};

pub(super) const SHAPE: Shape = Shape {
    payload_type: PAYLOAD_TYPE,
    bytes_max: MANIFEST_BYTES_MAX,
    signatures_max: 1,
};

/// What a bundle holds, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The office that publishes.
    pub office: Origin,
    /// The day on which the bundle was made, by the office's clock.
    pub day: Day,
    /// What it is called.
    pub title: Title,
    /// The text of the checkpoint under which all its proofs are made.
    pub checkpoint: String,
    /// The key that signs the manifest.
    pub publisher: Publisher,
    /// The proof of the entry `publication.made`.
    pub publication: Path,
    /// The exhibits, by number from 1.
    pub contents: Vec<Exhibit>,
    /// Every file but the manifest, in the order of the archive.
    pub files: Vec<FileLine>,
}

/// The key that signs a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publisher {
    /// The public key.
    pub key: [u8; 32],
    /// The proof of the entry `publisher.admitted`.
    pub admitted: Path,
}

/// One exhibit and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// From 1, without gaps.
    pub number: u64,
    /// Its file.
    pub path: Path,
    /// What kind of file it is, as the office says.
    pub media_type: MediaType,
    /// What its leaf commits to, opened: digest, size, salt.
    pub opened: OpenedContent,
    /// The index of its leaf.
    pub index: u64,
    /// From the leaf to the root of the manifest's checkpoint.
    pub proof: Vec<Hash>,
}

/// One file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// Where it lies.
    pub path: Path,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its size in bytes.
    pub size: u64,
}

/// Why a manifest is refused, on writing as on reading. On writing: correct what it says. On reading: it is malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// The envelope.
    #[error("{0}")]
    Envelope(DsseError),
    /// The payload is not canonical JSON.
    #[error("the manifest: {0}")]
    Canonical(CanonicalError),
    /// A field is missing, unknown or wrong.
    #[error("the manifest: {0}")]
    Field(FieldError),
    /// No exhibit, or over [`EXHIBITS_MAX`].
    #[error("the manifest names no exhibit, or more than 10,000")]
    ExhibitCount,
    /// Numbers are not 1, 2, 3 and so on.
    #[error("the exhibits are not numbered from 1 without gaps")]
    Numbers,
    /// An exhibit's proof is over [`HASHES_MAX`] long.
    #[error("the proof of exhibit {0} has more than 64 hashes")]
    ProofLength(u64),
    /// Two files, or two users of a file, have one path; or a file would lie where the manifest lies.
    #[error("the path {0} is used twice")]
    PathTwice(Path),
    /// `files` names something else than the exhibits and the two proofs.
    #[error("the list of files is not that of the exhibits and the two proofs")]
    OtherFiles,
    /// An exhibit and its file differ in digest or size.
    #[error("exhibit {0} and its file differ in digest or size")]
    OtherFile(u64),
}

impl Manifest {
    /// Checks the manifest and signs it; gives the bytes of `manifest.json`.
    pub fn sign(&self, key: &SigningKey) -> Result<Vec<u8>, ManifestError> {
        self.check()?;
        let payload =
            canonical::encode(&Value::Map(self.map())).map_err(ManifestError::Canonical)?;
        let signed = Signed::sign(&SHAPE, payload, key);
        signed.encode(&SHAPE).map_err(ManifestError::Envelope)
    }

    /// Reads and checks a payload.
    pub(super) fn parse(payload: &[u8]) -> Result<Manifest, ManifestError> {
        let map = canonical::parse_payload(payload).map_err(ManifestError::Canonical)?;
        let manifest = Manifest::from_fields(Fields::new(map)).map_err(ManifestError::Field)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The digest that the entry `publication.made` names: SHA-256 of what the exhibits are, without their proofs.
    pub fn contents_digest(&self) -> Result<Hash, CanonicalError> {
        contents_digest(&self.contents)
    }

    fn check(&self) -> Result<(), ManifestError> {
        if self.contents.is_empty() || self.contents.len() > EXHIBITS_MAX {
            return Err(ManifestError::ExhibitCount);
        }
        self.check_exhibits()?;
        self.check_paths()
    }

    fn check_exhibits(&self) -> Result<(), ManifestError> {
        self.contents
            .iter()
            .zip(1..)
            .try_for_each(|(exhibit, number)| {
                if exhibit.number != number {
                    return Err(ManifestError::Numbers);
                }
                match exhibit.proof.len() {
                    0..=HASHES_MAX => Ok(()),
                    _ => Err(ManifestError::ProofLength(number)),
                }
            })
    }

    fn check_paths(&self) -> Result<(), ManifestError> {
        let mut files = BTreeMap::new();
        for file in &self.files {
            if file.path.as_str() == MANIFEST_PATH || files.insert(&file.path, file).is_some() {
                return Err(ManifestError::PathTwice(file.path.clone()));
            }
        }
        let mut used = BTreeSet::new();
        for path in self.used_paths() {
            if !used.insert(path) {
                return Err(ManifestError::PathTwice(path.clone()));
            }
        }
        if !files.keys().copied().eq(used) {
            return Err(ManifestError::OtherFiles);
        }
        self.contents
            .iter()
            .try_for_each(|exhibit| match files.get(&exhibit.path) {
                Some(file) if exhibit.is_in(file) => Ok(()),
                _ => Err(ManifestError::OtherFile(exhibit.number)),
            })
    }

    fn used_paths(&self) -> impl Iterator<Item = &Path> {
        let exhibits = self.contents.iter().map(|exhibit| &exhibit.path);
        exhibits.chain([&self.publisher.admitted, &self.publication])
    }

    fn map(&self) -> Map {
        let exhibits: Vec<Value> = self.contents.iter().map(|e| Value::Map(e.map())).collect();
        let files: Vec<Value> = self.files.iter().map(|f| Value::Map(f.map())).collect();
        map! {
            "v" => 1i64,
            "office" => self.office.as_str(),
            "day" => self.day.to_string(),
            "title" => self.title.as_str(),
            "checkpoint" => self.checkpoint.as_str(),
            "publisher" => map! {
                "key" => base64_text(&self.publisher.key),
                "admitted" => self.publisher.admitted.as_str(),
            },
            "publication" => self.publication.as_str(),
            "contents" => exhibits,
            "files" => files,
        }
    }

    fn from_fields(mut fields: Fields) -> Result<Manifest, FieldError> {
        fields.version(1)?;
        let mut publisher = fields.fields("publisher")?;
        let exhibits = fields.list_of_fields("contents")?.into_iter();
        let files = fields.list_of_fields("files")?.into_iter();
        let manifest = Manifest {
            office: fields.parsed("office")?,
            day: fields.parsed("day")?,
            title: fields.parsed("title")?,
            checkpoint: fields.text("checkpoint")?,
            publisher: Publisher {
                key: publisher.base64("key")?,
                admitted: publisher.parsed("admitted")?,
            },
            publication: fields.parsed("publication")?,
            contents: exhibits
                .map(Exhibit::from_fields)
                .collect::<Result<_, _>>()?,
            files: files.map(FileLine::from_fields).collect::<Result<_, _>>()?,
        };
        publisher.finish()?;
        fields.finish()?;
        Ok(manifest)
    }
}

impl Exhibit {
    fn is_in(&self, file: &FileLine) -> bool {
        file.sha256 == self.opened.sha256 && file.size == self.opened.size
    }

    fn map(&self) -> Map {
        let proof = self.proof.iter().map(|hash| Value::Text(hash.to_base64()));
        map! {
            "number" => self.number,
            "path" => self.path.as_str(),
            "media_type" => self.media_type.as_str(),
            "sha256" => self.opened.sha256.to_string(),
            "size" => self.opened.size,
            "salt" => Hash::from_bytes(self.opened.salt).to_string(),
            "commitment_env" => self.opened.commitment_env.to_string(),
            "index" => self.index,
            "proof" => proof.collect::<Vec<Value>>(),
        }
    }

    fn from_fields(mut fields: Fields) -> Result<Exhibit, FieldError> {
        let exhibit = Exhibit {
            number: fields.count("number")?,
            path: fields.parsed("path")?,
            media_type: fields.parsed("media_type")?,
            opened: OpenedContent {
                sha256: fields.hash("sha256")?,
                size: fields.count("size")?,
                salt: fields.hex("salt")?,
                commitment_env: fields.hash("commitment_env")?,
            },
            index: fields.count("index")?,
            proof: fields
                .list("proof")?
                .iter()
                .map(proof_hash)
                .collect::<Result<_, _>>()?,
        };
        fields.finish()?;
        Ok(exhibit)
    }
}

fn proof_hash(value: &Value) -> Result<Hash, FieldError> {
    match value {
        Value::Text(text) => {
            Hash::from_base64(text).map_err(|error| FieldError::value("proof", error))
        }
        _ => Err(FieldError::Type {
            name: "proof",
            wanted: "a list of texts",
        }),
    }
}

impl FileLine {
    fn map(&self) -> Map {
        map! {
            "path" => self.path.as_str(),
            "sha256" => self.sha256.to_string(),
            "size" => self.size,
        }
    }

    fn from_fields(mut fields: Fields) -> Result<FileLine, FieldError> {
        let file = FileLine {
            path: fields.parsed("path")?,
            sha256: fields.hash("sha256")?,
            size: fields.count("size")?,
        };
        fields.finish()?;
        Ok(file)
    }
}

/// The digest by which the entry `publication.made` names its exhibits (bundle.md, section 3); their proofs are not in it,
/// so it can be made before the entry stands in the record.
pub fn contents_digest(exhibits: &[Exhibit]) -> Result<Hash, CanonicalError> {
    let exhibits = exhibits.iter().map(|exhibit| {
        Value::Map(map! {
            "media_type" => exhibit.media_type.as_str(),
            "number" => exhibit.number,
            "sha256" => exhibit.opened.sha256.to_string(),
            "size" => exhibit.opened.size,
        })
    });
    let map = map! { "contents" => exhibits.collect::<Vec<Value>>() };
    Ok(sha256(&canonical::encode(&Value::Map(map))?))
}
