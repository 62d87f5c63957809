//! Bundles: published material that proves itself offline (bundle.md).
//!
//! [`Writer`] puts one together; [`verify`] checks one in a single pass, in memory that does not grow with the material.

mod archive;
mod check;
mod manifest;
mod name;
mod read;
mod write;

pub use archive::{FILE_BYTES_MAX, MANIFEST_PATH};
pub use check::{ExhibitReport, Report};
pub use manifest::{Exhibit, FileLine, Manifest, ManifestError, Publisher, contents_digest};
pub use name::{MediaType, MediaTypeError, Path, PathError, Title, TitleError};
pub use write::{WriteError, Writer};

use std::io::Read;

use crate::policy::Policy;
use crate::verdict::Failure;

/// The longest manifest: 10,000 exhibits with their proofs have room.
pub const MANIFEST_BYTES_MAX: usize = 32 * 1024 * 1024;

/// The most exhibits of a bundle.
pub const EXHIBITS_MAX: usize = 10_000;

/// The payload type of a manifest's envelope.
pub const PAYLOAD_TYPE: &str = "application/vnd.mahzar.bundle.v1+json";

/// Checks a bundle against a policy, as bundle.md section 4 says, reading it once from front to back.
pub fn verify(bundle: impl Read, policy: &Policy) -> Result<Report, Failure> {
    let opened = read::open(bundle)?;
    check::check(opened, policy)
}
