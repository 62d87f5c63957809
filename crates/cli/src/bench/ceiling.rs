//! What the machine could do at best: the parts of taking in, each measured alone on one core.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chacha20poly1305::aead::{AeadInOut, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};

use super::laboratory::{noise, timed};

/// What an age file encrypts at a time.
const CHUNK_BYTES: usize = 64 * 1024;
/// How much is encrypted to learn the speed.
const ENCRYPTED_BYTES: usize = 256 * 1024 * 1024;

/// Bytes a second of ChaCha20-Poly1305 in chunks of 64 KiB, on one core; `None` if the cipher refuses, which it has no reason to.
pub fn cipher_rate() -> Option<f64> {
    let cipher = ChaCha20Poly1305::new(&Key::from([1; 32]));
    let mut chunk = noise(CHUNK_BYTES);
    let (done, time) = timed(|| {
        (0..ENCRYPTED_BYTES / CHUNK_BYTES).try_for_each(|number| {
            let mut nonce = [0; 12];
            nonce[..8].copy_from_slice(&(number as u64).to_be_bytes());
            let tag = cipher.encrypt_inout_detached(
                &Nonce::from(nonce),
                &[],
                chunk.as_mut_slice().into(),
            );
            tag.map(|tag| {
                black_box(tag);
            })
        })
    });
    done.ok()?;
    black_box(&chunk);
    Some(ENCRYPTED_BYTES as f64 / time.as_secs_f64())
}

/// The rate at which hashing, encrypting and writing go together on two cores: the hash of a stream is one chain, the work of both is shared
/// by two cores, and the disk takes what it takes.
pub fn overlapped(hash: f64, cipher: f64, write: f64) -> f64 {
    let shared = 2.0 / (1.0 / hash + 1.0 / cipher);
    hash.min(shared).min(write)
}

/// The time that Debian's `age` takes for a file, followed by `sync` of what it wrote; `None` where it is not installed.
pub fn age_and_sync(recipient: &str, from: &Path, to: &Path) -> io::Result<Option<Duration>> {
    let quiet = |name: &str| {
        let mut command = Command::new(name);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    };
    if quiet("age").arg("--version").status().is_err() {
        return Ok(None);
    }
    let (done, time) = timed(|| -> io::Result<bool> {
        let encrypted = quiet("age")
            .arg("-r")
            .arg(recipient)
            .arg("-o")
            .arg(to)
            .arg(from)
            .status()?;
        let synced = quiet("sync").arg(to).status()?;
        Ok(encrypted.success() && synced.success())
    });
    fs::remove_file(to)?;
    if done? {
        Ok(Some(time))
    } else {
        Err(io::Error::other("age or sync failed"))
    }
}

/// Files a second when each is written and made durable by itself, in a folder that is synced too.
pub fn one_fsync_per_file(folder: &Path, files: usize, bytes: usize) -> io::Result<f64> {
    fs::create_dir_all(folder)?;
    let content = noise(bytes);
    let (done, time) = timed(|| {
        (0..files).try_for_each(|number| {
            let mut file = File::create(folder.join(number.to_string()))?;
            file.write_all(&content)?;
            file.sync_all()
        })
    });
    done?;
    fs::remove_dir_all(folder)?;
    Ok(files as f64 / time.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::overlapped;

    #[test]
    fn the_slowest_part_decides() {
        assert_eq!(overlapped(2.0, 2.0, 9.0), 2.0);
        assert_eq!(overlapped(9.0, 9.0, 1.0), 1.0);
        assert_eq!(overlapped(1.0, 3.0, 9.0), 1.0);
        assert_eq!(overlapped(6.0, 2.0, 9.0), 3.0);
    }
}
