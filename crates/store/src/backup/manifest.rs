//! What a backup says it holds.

use std::collections::BTreeSet;
use std::fmt::Write;

use record::encoding::EncodingError;
use record::hash::{Hash, sha256};
use record::ids::Origin;

use crate::disk::Spot;

/// The longest manifest: some ten million files.
pub const MANIFEST_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

const FIRST_LINE: &str = "mahzar backup v1";

/// The files of a backup, or of its part with the keys, which names no origin.
///
/// The text is: the first line `mahzar backup v1`; `origin ORIGIN`, if there is one; for each file `file SHA256 SIZE PATH`; and last
/// `sum SHA256` over all bytes before this line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The name of the record.
    pub origin: Option<Origin>,
    /// Path, length and digest of each file.
    pub files: Vec<(Spot, u64, Hash)>,
}

/// Why bytes are not a manifest. The backup was damaged or is none; use another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not UTF-8, or without the first line.
    #[error("this is not the manifest of a backup")]
    Form,
    /// A line that is none of the three kinds, or is out of its place.
    #[error("line {0} of the manifest cannot be read")]
    Line(usize),
    /// A path occurs twice.
    #[error("line {0} of the manifest names a file again")]
    Twice(usize),
    /// The last line is missing or its digest is another.
    #[error("the manifest is not whole")]
    Sum,
}

impl Manifest {
    /// The text.
    pub fn encode(&self) -> String {
        let mut text = format!("{FIRST_LINE}\n");
        if let Some(origin) = &self.origin {
            let _ = writeln!(text, "origin {origin}");
        }
        for (spot, size, digest) in &self.files {
            let _ = writeln!(text, "file {digest} {size} {spot}");
        }
        let sum = sha256(text.as_bytes());
        let _ = writeln!(text, "sum {sum}");
        text
    }

    /// Reads the text.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, ManifestError> {
        let text = std::str::from_utf8(bytes).map_err(|_| ManifestError::Form)?;
        let rest = text
            .strip_prefix(FIRST_LINE)
            .and_then(|rest| rest.strip_prefix('\n'));
        rest.ok_or(ManifestError::Form)?;
        let body = text
            .strip_suffix('\n')
            .and_then(|text| text.rfind('\n'))
            .map(|end| text.split_at(end + 1));
        let (body, last) = body.ok_or(ManifestError::Sum)?;
        if last != format!("sum {}\n", sha256(body.as_bytes())) {
            return Err(ManifestError::Sum);
        }
        let mut manifest = Manifest::default();
        let mut seen = BTreeSet::new();
        for (number, line) in body.lines().enumerate().skip(1) {
            let wrong = ManifestError::Line(number + 1);
            if let Some(origin) = line.strip_prefix("origin ") {
                if number != 1 {
                    return Err(wrong);
                }
                manifest.origin = Some(Origin::new(origin).map_err(|_| wrong)?);
                continue;
            }
            let file = line
                .strip_prefix("file ")
                .and_then(parse_file)
                .ok_or(wrong)?;
            if !seen.insert(file.0.clone()) {
                return Err(ManifestError::Twice(number + 1));
            }
            manifest.files.push(file);
        }
        // One text for each manifest: no carriage returns, no second spellings of numbers.
        if manifest.encode() == text {
            Ok(manifest)
        } else {
            Err(ManifestError::Form)
        }
    }
}

fn parse_file(line: &str) -> Option<(Spot, u64, Hash)> {
    let mut parts = line.splitn(3, ' ');
    let digest: Result<Hash, EncodingError> = parts.next()?.parse();
    let size = parts.next()?.parse().ok()?;
    Some((Spot::parse(parts.next()?)?, size, digest.ok()?))
}
