//! The bundle itself: manifest, proofs and exhibits, all under one head.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use record::bundle::{self, Exhibit, FileLine, Manifest, MediaType, Path, Publisher};
use record::entry::Envelope;
use record::hash::sha256;
use record::ids::{CircleId, EntryId, MemberId};
use record::proof::Proof;
use record::signature::SigningKey;

use super::{Plan, PlannedItem, PublishItemsError};
use crate::Office;
use crate::fault::Fault;
use crate::reading::Read as RowRead;
use crate::session::Session;
use crate::verbs::prove::{opened_content, public_extra};

const ADMISSION_PATH: &str = "proofs/publisher-admitted.tlog-proof";
const PUBLICATION_PATH: &str = "proofs/publication-made.tlog-proof";

/// The manifest, and the files of the archive that are no exhibits.
pub(super) struct Assembled {
    manifest: Manifest,
    proofs: BTreeMap<Path, String>,
}

impl Office {
    /// Everything about an exhibit but its place in the record.
    pub(super) fn exhibit(
        &self,
        session: &Session,
        planned: &PlannedItem,
    ) -> Result<Exhibit, Fault> {
        let reader = self.reader(session, planned.circle)?;
        let opened = self.received_entry(&reader, &planned.item)?;
        Ok(Exhibit {
            number: planned.number,
            path: path(&planned.path)?,
            media_type: media_type(&planned.item.media_type)?,
            opened: opened_content(&opened)?,
            index: opened.row.leaf_index.unwrap_or_default(),
            proof: Vec::new(),
        })
    }

    pub(super) fn assemble(
        &self,
        session: &Session,
        plan: &Plan,
        publisher: &SigningKey,
        publication: EntryId,
        head: &crate::Head,
    ) -> Result<Assembled, Fault> {
        let admission = self.public_entry(|envelope| self.is_admission(envelope, publisher))?;
        let made = self.public_entry(|envelope| envelope.entry().id == publication)?;
        let mut contents = Vec::with_capacity(plan.items().len());
        let mut files = Vec::with_capacity(plan.items().len() + 2);
        let mut proofs = BTreeMap::new();
        for planned in plan.items() {
            let mut exhibit = self.exhibit(session, planned)?;
            exhibit.proof = self.inclusion(&head.checkpoint, exhibit.index)?;
            let (sha256, size) = (exhibit.opened.sha256, exhibit.opened.size);
            files.push(FileLine {
                path: exhibit.path.clone(),
                sha256,
                size,
            });
            contents.push(exhibit);
        }
        for (name, (index, envelope)) in [(ADMISSION_PATH, admission), (PUBLICATION_PATH, made)] {
            let text = proof_text(&self.proof_under(
                &head.checkpoint,
                index,
                Some(public_extra(envelope)),
            )?)?;
            let name = path(name)?;
            files.push(FileLine {
                path: name.clone(),
                sha256: sha256(text.as_bytes()),
                size: text.len() as u64,
            });
            proofs.insert(name, text);
        }
        let manifest = Manifest {
            office: self.origin(),
            day: self.setting.now().day(),
            title: plan.title.clone(),
            checkpoint: head.checkpoint.note().to_string(),
            publisher: Publisher {
                key: *publisher.verifying_key().as_bytes(),
                admitted: path(ADMISSION_PATH)?,
            },
            publication: path(PUBLICATION_PATH)?,
            contents,
            files,
        };
        Ok(Assembled { manifest, proofs })
    }

    pub(super) fn write_bundle(
        &self,
        session: &Session,
        plan: &Plan,
        assembled: &Assembled,
        publisher: &SigningKey,
        out: impl Write,
    ) -> Result<(), PublishItemsError> {
        let failed = PublishItemsError::Bundle;
        let exhibits: BTreeMap<&str, &PlannedItem> = plan
            .items()
            .iter()
            .map(|planned| (planned.path.as_str(), planned))
            .collect();
        let mut writer =
            bundle::Writer::begin(out, &assembled.manifest, publisher).map_err(failed)?;
        for file in &assembled.manifest.files {
            let content: Box<dyn Read> = match (
                assembled.proofs.get(&file.path),
                exhibits.get(file.path.as_str()),
            ) {
                (Some(text), _) => Box::new(Cursor::new(text.as_bytes())),
                (None, Some(planned)) => Box::new(
                    self.exhibit_content(session, planned)
                        .map_err(PublishItemsError::Fault)?,
                ),
                (None, None) => return Err(PublishItemsError::Fault(Fault::Refused)),
            };
            writer.add(&file.path, content).map_err(failed)?;
        }
        writer.finish().map(drop).map_err(failed)
    }

    fn exhibit_content(
        &self,
        session: &Session,
        planned: &PlannedItem,
    ) -> Result<crate::Content, Fault> {
        let reader = self.reader(session, planned.circle)?;
        self.content(&reader, planned.item.clone())
    }

    /// The newest public entry that is meant, and its leaf's index.
    pub(crate) fn public_entry(
        &self,
        is_meant: impl Fn(&Envelope) -> bool,
    ) -> Result<(u64, Envelope), Fault> {
        let mut found = None;
        self.rows_of(CircleId::PUBLIC, 0, |row| {
            let index = row.leaf_index;
            if let RowRead::Entry(opened) = self.read_row(row, |_| None)?
                && is_meant(&opened.envelope)
                && let Some(index) = index
            {
                found = Some((index, opened.envelope));
            }
            Ok(())
        })?;
        found.ok_or_else(|| Fault::damaged("a public entry is missing"))
    }

    fn is_admission(&self, envelope: &Envelope, publisher: &SigningKey) -> bool {
        let entry = envelope.entry();
        let key = record::encoding::base64_text(publisher.verifying_key().as_bytes());
        entry.kind.as_str() == "publisher.admitted"
            && entry.by == MemberId::OFFICE
            && entry.office == self.origin()
            && entry.body.get("key") == Some(&key.into())
    }
}

/// A file name's ending by the media type, never by the name it came with. Where the ending is unknown the name says no more than the type.
pub(super) fn ending(media_type: &str) -> &'static str {
    match media_type {
        "text/plain" => "txt",
        "text/html" => "html",
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/tiff" => "tiff",
        "image/heif" | "image/heic" => "heic",
        "audio/x-wav" | "audio/wav" => "wav",
        "audio/mpeg" => "mp3",
        "audio/ogg" => "ogg",
        "audio/x-flac" | "audio/flac" => "flac",
        "audio/m4a" => "m4a",
        "video/mp4" => "mp4",
        "video/quicktime" => "mov",
        "video/webm" => "webm",
        "video/x-matroska" => "mkv",
        "application/zip" => "zip",
        _ => "bin",
    }
}

fn media_type(text: &str) -> Result<MediaType, Fault> {
    let known = MediaType::new(text).or_else(|_| MediaType::new("application/octet-stream"));
    known.map_err(|error| Fault::Failed(error.to_string()))
}

fn path(text: &str) -> Result<Path, Fault> {
    Path::new(text).map_err(|error| Fault::Failed(error.to_string()))
}

fn proof_text(proof: &Proof) -> Result<String, Fault> {
    proof
        .encode()
        .map_err(|error| Fault::Failed(error.to_string()))
}
