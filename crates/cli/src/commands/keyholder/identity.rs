//! Reading a key-holder's or a requester's key file.

use std::path::Path;

use vault::hybrid;
use vault::key_file::{self, KeyFileError};
use vault::passphrase::Passphrase;
use zeroize::Zeroizing;

use crate::commands::Run;
use crate::failure::{Failure, fault, malformed};
use crate::files;

/// A key and a few lines of comment.
const KEY_FILE_BYTES_MAX: u64 = 16 * 1024;

/// Reads a key: under its passphrase as `mahzar keyholder keygen` writes it, or plain, as other programs do.
pub fn read(run: &Run, path: &Path) -> Result<hybrid::Identity, Failure> {
    let refused = || malformed("fault-keyholder-key").text("path", path.display());
    let wrong = || fault("fault-keyholder-passphrase").text("path", path.display());
    let bytes = Zeroizing::new(files::read(path, KEY_FILE_BYTES_MAX)?);
    let identity = if key_file::is_sealed(&bytes) {
        let typed = run.secrets.passphrase()?;
        let passphrase = Passphrase::read(&typed).map_err(|error| wrong().because(error))?;
        key_file::open(&bytes, &passphrase)
    } else {
        key_file::read_text(&bytes)
    };
    identity.map_err(|error| match error {
        KeyFileError::WrongPassphrase => wrong(),
        other => refused().because(other),
    })
}
