//! The first half of checking: all that can be malformed, in one pass over the archive (bundle.md, section 4, group 1).

use std::io::{BufReader, Read};

use crate::canonical::{FieldError, Fields};
use crate::checkpoint::SignedCheckpoint;
use crate::dsse::{DsseError, Signed};
use crate::entry::{Entry, Envelope};
use crate::hash::{Hash, Hasher, sha256};
use crate::ids::MemberId;
use crate::proof::{Extra, PROOF_BYTES_MAX, Proof, checkpoint_failure};
use crate::verdict::{Failure, Malformed};

use super::archive::{Archive, MANIFEST_PATH};
use super::manifest::{Manifest, SHAPE};
use super::{MANIFEST_BYTES_MAX, Path};

/// How much is read from the source at a time.
const READ_BYTES: usize = 256 * 1024;

/// A bundle whose shape holds; nothing in it is verified yet.
pub(super) struct Opened {
    pub(super) signed: Signed,
    pub(super) manifest: Manifest,
    pub(super) checkpoint: SignedCheckpoint,
    pub(super) admission: PublicEntry<Admission>,
    pub(super) publication: PublicEntry<Publication>,
    /// Size and digest of each file as found, in the order of the manifest's `files`.
    pub(super) found: Vec<(u64, Hash)>,
}

/// A public entry, its place in the tree, and its body.
pub(super) struct PublicEntry<B> {
    pub(super) envelope: Envelope,
    pub(super) index: u64,
    pub(super) hashes: Vec<Hash>,
    pub(super) body: B,
}

/// The body of `publisher.admitted`.
pub(super) struct Admission {
    pub(super) key: [u8; 32],
}

/// The body of `publication.made`.
pub(super) struct Publication {
    pub(super) contents: Hash,
    pub(super) count: u64,
    pub(super) title: String,
}

pub(super) fn open(bundle: impl Read) -> Result<Opened, Failure> {
    let mut archive = Archive::new(BufReader::with_capacity(READ_BYTES, bundle));
    let size = archive.enter(MANIFEST_PATH)?;
    let envelope = archive.read_whole(size, MANIFEST_BYTES_MAX)?;
    let signed = Signed::parse(&SHAPE, &envelope).map_err(envelope_failure)?;
    drop(envelope);
    let manifest = Manifest::parse(&signed.payload)
        .map_err(|error| Failure::malformed(Malformed::Manifest, error))?;
    let checkpoint =
        SignedCheckpoint::parse(manifest.checkpoint.as_bytes()).map_err(checkpoint_failure)?;
    let files = read_files(&mut archive, &manifest)?;
    archive.finish()?;
    let (Some(admission), Some(publication)) = (files.admission, files.publication) else {
        return Err(Failure::malformed(Malformed::Files, "a proof is missing"));
    };
    let admission = public_entry(admission, "publisher.admitted", admission_body)?;
    let publication = public_entry(publication, "publication.made", publication_body)?;
    Ok(Opened {
        signed,
        manifest,
        checkpoint,
        admission,
        publication,
        found: files.found,
    })
}

fn envelope_failure(error: DsseError) -> Failure {
    Failure::malformed(Malformed::Envelope, error)
}

#[derive(Default)]
struct Files {
    admission: Option<Proof>,
    publication: Option<Proof>,
    found: Vec<(u64, Hash)>,
}

fn read_files<R: std::io::BufRead>(
    archive: &mut Archive<R>,
    manifest: &Manifest,
) -> Result<Files, Failure> {
    let mut files = Files::default();
    for file in &manifest.files {
        let size = archive.enter(file.path.as_str())?;
        let digest = if file.path == manifest.publisher.admitted {
            read_proof(archive, size, manifest, &file.path, &mut files.admission)?
        } else if file.path == manifest.publication {
            read_proof(archive, size, manifest, &file.path, &mut files.publication)?
        } else {
            let mut hasher = Hasher::new();
            archive.read_file(size, |piece| hasher.update(piece))?;
            hasher.finish()
        };
        files.found.push((size, digest));
    }
    Ok(files)
}

fn read_proof<R: std::io::BufRead>(
    archive: &mut Archive<R>,
    size: u64,
    manifest: &Manifest,
    path: &Path,
    slot: &mut Option<Proof>,
) -> Result<Hash, Failure> {
    let bytes = archive.read_whole(size, PROOF_BYTES_MAX)?;
    let proof = Proof::parse(&bytes)?;
    let shape = |detail| Failure::malformed(Malformed::Proof, format!("{path} {detail}"));
    if proof.checkpoint.to_string() != manifest.checkpoint {
        return Err(shape("has another checkpoint than the manifest"));
    }
    if !matches!(proof.extra, Some(Extra::Public(_))) {
        return Err(shape("does not hold a public entry"));
    }
    *slot = Some(proof);
    Ok(sha256(&bytes))
}

fn public_entry<B>(
    proof: Proof,
    kind: &str,
    body: fn(Fields) -> Result<B, FieldError>,
) -> Result<PublicEntry<B>, Failure> {
    let Some(Extra::Public(envelope)) = proof.extra else {
        return Err(Failure::malformed(
            Malformed::Proof,
            "it does not hold a public entry",
        ));
    };
    let shape = |detail: String| Failure::malformed(Malformed::Entry, detail);
    if !is_by_the_office(envelope.entry(), kind) {
        return Err(shape(format!("not an entry {kind} by the office")));
    }
    let body = body(Fields::new(envelope.entry().body.clone()));
    let body = body.map_err(|error| shape(error.to_string()))?;
    Ok(PublicEntry {
        envelope: *envelope,
        index: proof.index,
        hashes: proof.hashes,
        body,
    })
}

fn is_by_the_office(entry: &Entry, kind: &str) -> bool {
    entry.kind.as_str() == kind && entry.by == MemberId::OFFICE
}

fn admission_body(mut fields: Fields) -> Result<Admission, FieldError> {
    let body = Admission {
        key: fields.base64("key")?,
    };
    fields.literal("purpose", "publication")?;
    fields.finish()?;
    Ok(body)
}

fn publication_body(mut fields: Fields) -> Result<Publication, FieldError> {
    let body = Publication {
        contents: fields.hash("contents")?,
        count: fields.count("count")?,
        title: fields.text("title")?,
    };
    fields.finish()?;
    Ok(body)
}
