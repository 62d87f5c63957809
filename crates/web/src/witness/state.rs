//! What a witness remembers: its key, the logs it knows, and for each the last checkpoint that it cosigned.
//!
//! It lives in a folder of its own, away from any office: `key` (who may cosign), `logs` (one vkey a line), and
//! `seen/` with one checkpoint for each log. A checkpoint is written to a new file, synced, renamed, and its folder
//! synced, before the cosignature is given: a crash at any step leaves the old checkpoint or the new one. Giving a
//! cosignature and then forgetting it would let a log rewind; remembering one that was not given costs the log a retry.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use record::checkpoint::{Extensions, SignedCheckpoint};
use record::cosignature::witness_vkey;
use record::hash::sha256;
use record::ids::Origin;
use record::note::{KeyKind, Vkey};
use record::signature::SigningKey;
use rustix::fs::{FlockOperation, flock};

/// The most logs that one witness knows; a line each is read at every start.
pub const LOGS_MAX: usize = 10_000;

const KEY_FIRST_LINE: &str = "mahzar-witness-key/v1";

/// Why a witness's folder cannot be used. Nothing has been cosigned.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The operating system refused; see the reason.
    #[error("could not {doing} {path}: {cause}", path = path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// Another process serves this witness. Two would give cosignatures that contradict each other; stop one.
    #[error("another process is serving this witness")]
    Busy,
    /// A file of the folder does not read as what it should be. Restore the folder from its backup; never start it empty
    /// under the same key, because then it would cosign an older head.
    #[error("{path} is damaged", path = path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
    /// The folder has a key already. Use another folder for another witness.
    #[error("the folder holds a witness already")]
    Exists,
    /// The log is known already, or under the same origin with another key. A key is never exchanged silently: a log that
    /// begins anew takes a new origin.
    #[error("a log of this origin is known already")]
    LogKnown,
    /// The witness knows as many logs as it can.
    #[error("the witness knows as many logs as it can")]
    LogsFull,
}

fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StateError {
    move |cause| StateError::Io {
        doing,
        path: path.to_owned(),
        cause,
    }
}

/// A witness's folder, held by this process.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    _lock: File,
}

/// Who cosigns: the name and the key.
pub struct Identity {
    /// Name and public key, as a policy has it.
    pub vkey: Vkey,
    /// The private key.
    pub key: SigningKey,
}

impl Folder {
    /// Begins a witness of this name in a folder that has none. `seed` is 32 random bytes.
    pub fn create(path: &Path, name: &Origin, seed: &[u8; 32]) -> Result<Self, StateError> {
        let seen = path.join("seen");
        fs::create_dir_all(&seen).map_err(io_error("make", &seen))?;
        let folder = Self::locked(path)?;
        let key = path.join("key");
        if key.exists() {
            return Err(StateError::Exists);
        }
        let text = format!("{KEY_FIRST_LINE}\n{name}\n{}\n", hex::encode(seed));
        folder.replace(path, "key", text.as_bytes())?;
        Ok(folder)
    }

    /// Takes hold of an existing witness's folder.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        Self::locked(path)
    }

    fn locked(path: &Path) -> Result<Self, StateError> {
        let lock = path.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&lock)
            .map_err(io_error("open", &lock))?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| StateError::Busy)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: file,
        })
    }

    /// The witness's name and key.
    pub fn identity(&self) -> Result<Identity, StateError> {
        let path = self.path.join("key");
        let damaged = || StateError::Damaged { path: path.clone() };
        let text = read(&path)?.ok_or_else(damaged)?;
        let text = String::from_utf8(text).map_err(|_| damaged())?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [KEY_FIRST_LINE, name, seed, ""] = lines[..] else {
            return Err(damaged());
        };
        let name = Origin::new(name).map_err(|_| damaged())?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(seed, &mut bytes).map_err(|_| damaged())?;
        let key = SigningKey::from_seed(&bytes);
        Ok(Identity {
            vkey: witness_vkey(name, &key),
            key,
        })
    }

    /// The logs that this witness knows.
    pub fn logs(&self) -> Result<Vec<Vkey>, StateError> {
        let path = self.path.join("logs");
        let damaged = || StateError::Damaged { path: path.clone() };
        let Some(text) = read(&path)? else {
            return Ok(Vec::new());
        };
        let text = String::from_utf8(text).map_err(|_| damaged())?;
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .take(LOGS_MAX)
            .map(|line| Vkey::parse(line, KeyKind::Log).map_err(|_| damaged()))
            .collect()
    }

    /// Adds a log whose heads are to be cosigned from now on.
    pub fn add_log(&self, log: &Vkey) -> Result<(), StateError> {
        let mut logs = self.logs()?;
        if logs.iter().any(|known| known.name() == log.name()) {
            return Err(StateError::LogKnown);
        }
        if logs.len() >= LOGS_MAX {
            return Err(StateError::LogsFull);
        }
        logs.push(log.clone());
        let text: String = logs.iter().map(|log| format!("{log}\n")).collect();
        self.replace(&self.path, "logs", text.as_bytes())
    }

    /// The last checkpoint cosigned for a log; `None` if there was none.
    pub fn last(&self, origin: &Origin) -> Result<Option<SignedCheckpoint>, StateError> {
        let path = self.path.join("seen").join(file_name(origin));
        let damaged = || StateError::Damaged { path: path.clone() };
        let Some(bytes) = read(&path)? else {
            return Ok(None);
        };
        let checkpoint =
            SignedCheckpoint::parse_with(&bytes, Extensions::Carried).map_err(|_| damaged())?;
        match checkpoint.checkpoint().origin == *origin {
            true => Ok(Some(checkpoint)),
            false => Err(damaged()),
        }
    }

    /// Remembers a checkpoint, durably. After an error it is not known which one is on the disk: do not cosign for this
    /// log again before the process has been started anew.
    pub fn remember(&self, checkpoint: &SignedCheckpoint) -> Result<(), StateError> {
        let name = file_name(&checkpoint.checkpoint().origin);
        self.replace(
            &self.path.join("seen"),
            &name,
            checkpoint.to_string().as_bytes(),
        )
    }

    fn replace(&self, folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StateError> {
        let (new, path) = (folder.join(format!("{name}.new")), folder.join(name));
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&new)
            .map_err(io_error("create", &new))?;
        file.write_all(bytes).map_err(io_error("write", &new))?;
        file.sync_all().map_err(io_error("sync", &new))?;
        fs::rename(&new, &path).map_err(io_error("rename", &path))?;
        let directory = File::open(folder).map_err(io_error("open", folder))?;
        directory.sync_all().map_err(io_error("sync", folder))
    }
}

/// An origin may hold slashes and dots; its digest holds neither.
fn file_name(origin: &Origin) -> String {
    sha256(origin.as_str().as_bytes()).to_string()
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, StateError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io_error("open", path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(16 * 1024 * 1024)
        .read_to_end(&mut bytes)
        .map_err(io_error("read", path))?;
    Ok(Some(bytes))
}
