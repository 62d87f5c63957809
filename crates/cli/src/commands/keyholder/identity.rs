//! Reading a key-holder's or a requester's key file.

use std::path::Path;

use vault::hybrid;
use zeroize::Zeroizing;

use crate::failure::{Failure, malformed};
use crate::files;

/// A key and a few lines of comment.
const KEY_FILE_BYTES_MAX: u64 = 16 * 1024;

/// Reads the first line of an identity file that is no comment, as `age` does.
pub fn read(path: &Path) -> Result<hybrid::Identity, Failure> {
    let refused = || malformed("fault-keyholder-key").text("path", path.display());
    let bytes = Zeroizing::new(files::read(path, KEY_FILE_BYTES_MAX)?);
    let text = std::str::from_utf8(&bytes).map_err(|_| refused())?;
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'));
    line.ok_or_else(refused)?
        .parse()
        .map_err(|error| refused().because(error))
}
