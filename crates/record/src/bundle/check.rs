//! The second half of checking: whether what the bundle claims is so (bundle.md, section 4, group 2).

use crate::hash::{Hash, leaf_hash};
use crate::ids::Origin;
use crate::note::Vkey;
use crate::policy::{Countersigned, Policy};
use crate::signature::VerifyingKey;
use crate::timestamp::Day;
use crate::tree::verify_inclusion;
use crate::verdict::{DoesNotHold, Failure};

use super::manifest::{Exhibit, FileLine, SHAPE};
use super::read::{Opened, PublicEntry};
use super::{MediaType, Path, Title};

/// What a bundle that holds shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The office, by the name of its record.
    pub office: Origin,
    /// How many leaves the record had at the bundle's checkpoint.
    pub tree_size: u64,
    /// The root of its tree.
    pub root: Hash,
    /// What the publisher calls the bundle.
    pub title: Title,
    /// The day on which it was made, as the publisher says.
    pub day: Day,
    /// The outside offices that countersigned the checkpoint, and when.
    pub countersigned: Vec<Countersigned>,
    /// The index of the entry that admits the publisher's key.
    pub admission_index: u64,
    /// The index of the entry that makes the publication.
    pub publication_index: u64,
    /// The exhibits in their order.
    pub exhibits: Vec<ExhibitReport>,
}

/// One exhibit that is unaltered since it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExhibitReport {
    /// From 1.
    pub number: u64,
    /// Its file in the bundle.
    pub path: Path,
    /// Its kind of file, as the publisher says.
    pub media_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// The index of the entry since which it is unaltered.
    pub index: u64,
}

impl Report {
    /// The earliest countersignature, in seconds since 1970: from then on the record held all this, if that office is honest.
    pub fn earliest_countersignature(&self) -> Option<u64> {
        self.countersigned
            .iter()
            .map(|witness| witness.unix_seconds)
            .min()
    }

    /// The latest countersignature, in seconds since 1970.
    pub fn latest_countersignature(&self) -> Option<u64> {
        self.countersigned
            .iter()
            .map(|witness| witness.unix_seconds)
            .max()
    }
}

fn fails(reason: DoesNotHold) -> Failure {
    Failure::does_not_hold(reason, "")
}

fn holds(condition: bool, reason: DoesNotHold) -> Result<(), Failure> {
    match condition {
        true => Ok(()),
        false => Err(fails(reason)),
    }
}

pub(super) fn check(bundle: Opened, policy: &Policy) -> Result<Report, Failure> {
    let office = &bundle.manifest.office;
    let log = policy
        .log(office)
        .ok_or_else(|| fails(DoesNotHold::OfficeUnknown))?;
    let head = bundle.checkpoint.checkpoint();
    holds(head.origin == *office, DoesNotHold::CheckpointOffice)?;
    let countersigned = policy.evaluate(&bundle.checkpoint).map_err(fails)?;
    check_admission(&bundle, &log.vkey)?;
    check_publication(&bundle)?;
    check_files(&bundle)?;
    check_exhibits(&bundle)?;
    Ok(report(bundle, countersigned))
}

fn check_admission(bundle: &Opened, log: &Vkey) -> Result<(), Failure> {
    let admission = &bundle.admission;
    check_place(
        bundle,
        admission,
        DoesNotHold::AdmissionProof,
        DoesNotHold::AdmissionOffice,
    )?;
    holds(
        admission.body.key == bundle.manifest.publisher.key,
        DoesNotHold::AdmissionKey,
    )?;
    let office_key = log
        .verifying_key()
        .ok_or_else(|| fails(DoesNotHold::AdmissionSignature))?;
    admission
        .envelope
        .verify(office_key)
        .map_err(|error| Failure::does_not_hold(DoesNotHold::AdmissionSignature, error))
}

fn check_publication(bundle: &Opened) -> Result<(), Failure> {
    let publication = &bundle.publication;
    let key = VerifyingKey::from_bytes(&bundle.manifest.publisher.key)
        .map_err(|error| Failure::does_not_hold(DoesNotHold::ManifestSignature, error))?;
    bundle
        .signed
        .verify(&SHAPE, &key)
        .map_err(|error| Failure::does_not_hold(DoesNotHold::ManifestSignature, error))?;
    check_place(
        bundle,
        publication,
        DoesNotHold::PublicationProof,
        DoesNotHold::PublicationOffice,
    )?;
    publication
        .envelope
        .verify(&key)
        .map_err(|error| Failure::does_not_hold(DoesNotHold::PublicationSignature, error))?;
    let digest = bundle
        .manifest
        .contents_digest()
        .map_err(|error| Failure::does_not_hold(DoesNotHold::PublicationContents, error))?;
    let (body, manifest) = (&publication.body, &bundle.manifest);
    holds(body.contents == digest, DoesNotHold::PublicationContents)?;
    holds(
        body.count == manifest.contents.len() as u64,
        DoesNotHold::PublicationCount,
    )?;
    holds(
        body.title == manifest.title.as_str(),
        DoesNotHold::PublicationTitle,
    )
}

fn check_place<B>(
    bundle: &Opened,
    entry: &PublicEntry<B>,
    not_included: DoesNotHold,
    other_office: DoesNotHold,
) -> Result<(), Failure> {
    let leaf = leaf_hash(entry.envelope.bytes());
    check_inclusion(bundle, &leaf, entry.index, &entry.hashes)
        .map_err(|error| Failure::does_not_hold(not_included, error))?;
    holds(
        entry.envelope.entry().office == bundle.manifest.office,
        other_office,
    )
}

fn check_inclusion(
    bundle: &Opened,
    leaf: &Hash,
    index: u64,
    hashes: &[Hash],
) -> Result<(), crate::tree::InclusionError> {
    let head = bundle.checkpoint.checkpoint();
    verify_inclusion(leaf, index, head.size, hashes, &head.root)
}

fn check_files(bundle: &Opened) -> Result<(), Failure> {
    let files = bundle.manifest.files.iter();
    files
        .zip(&bundle.found)
        .try_for_each(|(file, (size, digest))| {
            let FileLine {
                path,
                sha256,
                size: stated,
            } = file;
            if size != stated {
                return Err(Failure::does_not_hold(DoesNotHold::FileSize, path));
            }
            if digest != sha256 {
                return Err(Failure::does_not_hold(DoesNotHold::FileDigest, path));
            }
            Ok(())
        })
}

fn check_exhibits(bundle: &Opened) -> Result<(), Failure> {
    bundle.manifest.contents.iter().try_for_each(|exhibit| {
        let leaf = leaf_hash(exhibit.opened.leaf().as_bytes());
        check_inclusion(bundle, &leaf, exhibit.index, &exhibit.proof).map_err(|error| {
            let detail = format!("exhibit {}: {error}", exhibit.number);
            Failure::does_not_hold(DoesNotHold::ExhibitProof, detail)
        })
    })
}

fn report(bundle: Opened, countersigned: Vec<Countersigned>) -> Report {
    let head = bundle.checkpoint.checkpoint();
    Report {
        tree_size: head.size,
        root: head.root,
        countersigned,
        admission_index: bundle.admission.index,
        publication_index: bundle.publication.index,
        office: bundle.manifest.office,
        title: bundle.manifest.title,
        day: bundle.manifest.day,
        exhibits: bundle
            .manifest
            .contents
            .into_iter()
            .map(exhibit_report)
            .collect(),
    }
}

fn exhibit_report(exhibit: Exhibit) -> ExhibitReport {
    ExhibitReport {
        number: exhibit.number,
        path: exhibit.path,
        media_type: exhibit.media_type,
        size: exhibit.opened.size,
        sha256: exhibit.opened.sha256,
        index: exhibit.index,
    }
}
