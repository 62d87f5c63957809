//! Finding what to take in: files, and the files of folders, each with the place where it lay. Nothing is left out in
//! silence: what cannot be taken in is in the list too, with the reason.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use desk::ids::{ItemId, ObjectId};
use desk::kinds::{ItemEntry, Received};
use record::hash::Hash;

/// How deep folders may be nested. Deeper ones exist only by mistake or malice.
const DEPTH_MAX: usize = 64;

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it lies.
    pub path: PathBuf,
    /// The folder relative to what was named, `/` between names; empty for a file that was named itself.
    pub folder: String,
    /// Its own name.
    pub file_name: String,
    /// Its size when it was found.
    pub size_bytes: u64,
}

/// Why something that was found cannot be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A symbolic link: it names a file, it is none. Name the file itself.
    Link,
    /// A device, a socket or a pipe.
    NotAFile,
    /// A name that is not UTF-8.
    Name,
    /// Nothing there, or no permission to read.
    Unreadable,
    /// Folders nested too deep.
    TooDeep,
}

impl Reason {
    /// The word for machines.
    pub fn word(self) -> &'static str {
        match self {
            Reason::Link => "link",
            Reason::NotAFile => "not_a_file",
            Reason::Name => "name",
            Reason::Unreadable => "unreadable",
            Reason::TooDeep => "too_deep",
        }
    }
}

/// What was found: files, and what is refused before it is read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// To be taken in, in a fixed order.
    pub files: Vec<Found>,
    /// Refused, each with its reason.
    pub refused: Vec<(PathBuf, Reason)>,
}

/// Why a name cannot be entered as it is; `None` if it can.
pub fn name_fault(found: &Found) -> Option<String> {
    let received = ItemEntry::Received(Received {
        item: ItemId::from_bytes([0; 16]),
        object: ObjectId::from_bytes([0; 16]),
        folder: found.folder.clone(),
        file_name: found.file_name.clone(),
        media_type: "application/octet-stream".to_owned(),
        size_bytes: 0,
        sha256: Hash::ZERO,
        tool: "mahzar".to_owned(),
    });
    received
        .body()
        .err()
        .map(|error| format!("name: {}", error.reason))
}

/// Looks at everything that was named on the command line, folders all the way down, in the order of names.
pub fn find(named: &[PathBuf]) -> Findings {
    let mut findings = Findings::default();
    for path in named {
        let folder = match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => path
                .file_name()
                .map_or(Some(""), OsStr::to_str)
                .map(str::to_owned),
            _ => Some(String::new()),
        };
        match folder {
            Some(folder) => look(path, &folder, 0, &mut findings),
            None => findings.refused.push((path.clone(), Reason::Name)),
        }
    }
    findings
}

fn look(path: &Path, folder: &str, depth: usize, findings: &mut Findings) {
    let refused = match fs::symlink_metadata(path) {
        Err(_) => Reason::Unreadable,
        Ok(found) if found.is_symlink() => Reason::Link,
        Ok(found) if found.is_dir() => return look_inside(path, folder, depth, findings),
        Ok(found) if !found.is_file() => Reason::NotAFile,
        Ok(found) => match path.file_name().and_then(OsStr::to_str) {
            None => Reason::Name,
            Some(name) => {
                let (folder, file_name) = (folder.to_owned(), name.to_owned());
                findings.files.push(Found {
                    path: path.to_owned(),
                    folder,
                    file_name,
                    size_bytes: found.len(),
                });
                return;
            }
        },
    };
    findings.refused.push((path.to_owned(), refused));
}

fn look_inside(path: &Path, folder: &str, depth: usize, findings: &mut Findings) {
    if depth >= DEPTH_MAX {
        findings.refused.push((path.to_owned(), Reason::TooDeep));
        return;
    }
    let Ok(mut inside) = names(path) else {
        findings.refused.push((path.to_owned(), Reason::Unreadable));
        return;
    };
    inside.sort();
    for child in inside {
        let is_folder = fs::symlink_metadata(&child).is_ok_and(|found| found.is_dir());
        let below = match child.file_name().and_then(OsStr::to_str) {
            _ if !is_folder => folder.to_owned(),
            Some(name) if folder.is_empty() => name.to_owned(),
            Some(name) => format!("{folder}/{name}"),
            None => {
                findings.refused.push((child, Reason::Name));
                continue;
            }
        };
        look(&child, &below, depth + 1, findings);
    }
}

fn names(path: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn folders_are_walked_in_order_and_keep_their_names() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("روز ۱");
        fs::create_dir_all(root.join("b/c")).unwrap();
        fs::write(root.join("z.txt"), "z").unwrap();
        fs::write(root.join("b/c/x.txt"), "xx").unwrap();
        fs::write(place.path().join("alone.txt"), "").unwrap();

        let found = find(&[place.path().join("alone.txt"), root]);
        let shown: Vec<(&str, &str, u64)> = found
            .files
            .iter()
            .map(|file| {
                (
                    file.folder.as_str(),
                    file.file_name.as_str(),
                    file.size_bytes,
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("", "alone.txt", 0),
                ("روز ۱/b/c", "x.txt", 2),
                ("روز ۱", "z.txt", 1)
            ]
        );
        assert!(found.refused.is_empty());
    }

    #[test]
    fn what_cannot_be_taken_in_is_told() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("in");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("good"), "x").unwrap();
        symlink("/etc/passwd", root.join("link")).unwrap();
        symlink(&root, root.join("loop")).unwrap();
        fs::write(root.join(OsStr::from_bytes(b"bad\xff")), "x").unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(root.join("socket")).unwrap();

        let found = find(&[root, place.path().join("absent")]);
        assert_eq!(found.files.len(), 1);
        let mut reasons: Vec<&str> = found
            .refused
            .iter()
            .map(|(_, reason)| reason.word())
            .collect();
        reasons.sort_unstable();
        assert_eq!(
            reasons,
            ["link", "link", "name", "not_a_file", "unreadable"]
        );
    }
}
