//! A folder in the form of BagIt 1.0 (RFC 8493): the payload, and a manifest that `sha256sum --check` reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use record::hash::Hasher;
use serde_json::Value;

use crate::failure::{Failure, malformed};

/// Bytes that are hashed and written at a time.
const PIECE_BYTES: usize = 64 * 1024;
/// The model, so that whoever has the folder knows what its fields and codes mean.
const MODEL_FILES: [(&str, &str); 3] = [
    (
        "types.tsv",
        include_str!("../../../../desk/model/types.tsv"),
    ),
    (
        "fields.tsv",
        include_str!("../../../../desk/model/fields.tsv"),
    ),
    (
        "terms.tsv",
        include_str!("../../../../desk/model/terms.tsv"),
    ),
];
const README: &str = "What is in this folder\n\
    \n\
    data/entities/TYPE.jsonl   one JSON object a line: id, type, fields (each a list of values as text)\n\
    data/ftm.json              if it was asked for: the same in FollowTheMoney's form, as far as that has a place for it\n\
    data/files/ID              files, under the id by which fields name them\n\
    data/model/                what the types, fields and codes are called, in English, Persian, Arabic and French\n\
    manifest-sha256.txt        check it with: sha256sum --check manifest-sha256.txt\n\
    \n\
    Dates are EDTF; sh: before one means Solar Hijri, hj: Hijri. Places are degrees north, degrees east, precision in metres.\n";

/// A bag while it is filled.
pub struct Bag {
    folder: PathBuf,
    lines: BTreeMap<String, Written>,
    manifest: BTreeMap<String, String>,
    files: BTreeSet<String>,
    bytes: u64,
}

/// A file that grows, with the hash of what is in it.
struct Written {
    file: BufWriter<File>,
    hasher: Hasher,
}

impl Bag {
    /// Makes the folder; one that exists is left alone.
    pub fn begin(folder: &Path) -> Result<Bag, Failure> {
        fs::create_dir(folder).map_err(|error| cannot_write(folder, &error))?;
        for inner in ["data/entities", "data/files", "data/model"] {
            fs::create_dir_all(folder.join(inner)).map_err(|error| cannot_write(folder, &error))?;
        }
        let mut bag = Bag {
            folder: folder.to_owned(),
            lines: BTreeMap::new(),
            manifest: BTreeMap::new(),
            files: BTreeSet::new(),
            bytes: 0,
        };
        for (name, text) in MODEL_FILES {
            bag.put(&format!("data/model/{name}"), &mut text.as_bytes())?;
        }
        bag.put("data/README.txt", &mut README.as_bytes())?;
        Ok(bag)
    }

    /// Adds a line to the file of a type.
    pub fn line(&mut self, type_name: &str, value: &Value) -> Result<(), Failure> {
        self.append(&format!("data/entities/{type_name}.jsonl"), value)
    }

    /// Adds a line to a file of the payload.
    pub fn append(&mut self, path: &str, value: &Value) -> Result<(), Failure> {
        let path = path.to_owned();
        let full = self.folder.join(&path);
        let text = format!("{value}\n");
        self.bytes += text.len() as u64;
        if !self.lines.contains_key(&path) {
            let file = File::create_new(&full).map_err(|error| cannot_write(&full, &error))?;
            let (file, hasher) = (BufWriter::new(file), Hasher::new());
            self.lines.insert(path.clone(), Written { file, hasher });
        }
        if let Some(written) = self.lines.get_mut(&path) {
            written.hasher.update(text.as_bytes());
            written
                .file
                .write_all(text.as_bytes())
                .map_err(|error| cannot_write(&full, &error))?;
        }
        Ok(())
    }

    /// Adds a file under its id, once.
    pub fn file(&mut self, id: &str, mut content: impl Read) -> Result<(), Failure> {
        if self.files.insert(id.to_owned()) {
            self.put(&format!("data/files/{id}"), &mut content)?;
        }
        Ok(())
    }

    fn put(&mut self, path: &str, content: &mut dyn Read) -> Result<(), Failure> {
        let full = self.folder.join(path);
        let copied = copy(&full, content).map_err(|error| cannot_write(&full, &error))?;
        self.bytes += copied.1;
        self.manifest.insert(path.to_owned(), copied.0);
        Ok(())
    }

    /// Writes the manifest and what BagIt asks for. Returns how many files the payload has.
    pub fn finish(mut self, recipient: &str, name: Option<&str>) -> Result<u64, Failure> {
        for (path, written) in std::mem::take(&mut self.lines) {
            let full = self.folder.join(&path);
            let file = written
                .file
                .into_inner()
                .map_err(|error| cannot_write(&full, error.error()))?;
            file.sync_all()
                .map_err(|error| cannot_write(&full, &error))?;
            self.manifest
                .insert(path, written.hasher.finish().to_string());
        }
        let files = self.manifest.len() as u64;
        let manifest: String = self
            .manifest
            .iter()
            .map(|(path, hash)| format!("{hash}  {path}\n"))
            .collect();
        let name = name.map_or(String::new(), |name| {
            format!("External-Description: for {}\n", desk::name::visible(name))
        });
        let info = format!(
            "Payload-Oxum: {}.{files}\nInternal-Sender-Description: for {recipient}\n{name}",
            self.bytes
        );
        let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        for (path, text) in [
            ("manifest-sha256.txt", manifest.as_str()),
            ("bag-info.txt", &info),
            ("bagit.txt", declaration),
        ] {
            let full = self.folder.join(path);
            copy(&full, &mut text.as_bytes()).map_err(|error| cannot_write(&full, &error))?;
        }
        Ok(files)
    }
}

/// Writes and hashes; the hash in hex and the number of bytes.
fn copy(path: &Path, content: &mut dyn Read) -> io::Result<(String, u64)> {
    let mut file = File::create_new(path)?;
    let mut hasher = Hasher::new();
    let mut piece = vec![0; PIECE_BYTES];
    let mut bytes = 0;
    loop {
        let count = content.read(&mut piece)?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        hasher.update(read);
        file.write_all(read)?;
        bytes += count as u64;
    }
    file.sync_all()?;
    Ok((hasher.finish().to_string(), bytes))
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    malformed("fault-write")
        .text("path", path.display())
        .because(error)
}
