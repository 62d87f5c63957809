//! The files of the project, read once, so that a rule can be tried on a sample as well.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::source::Source;

/// Folders that no rule looks into: built, fetched, or git's own.
const NOT_OURS: [&str; 6] = [
    "target",
    "node_modules",
    ".git",
    "__pycache__",
    "artifacts",
    "coverage",
];

/// Paths from the root with `/`, and what they hold.
pub struct Tree {
    files: BTreeMap<String, Vec<u8>>,
}

impl Tree {
    /// The project as it lies on disk.
    pub fn of_project() -> Tree {
        let mut files = BTreeMap::new();
        gather(&root(), &root(), &mut files);
        Tree { files }
    }

    /// A tree for a rule's own test.
    pub fn sample(files: &[(&str, &str)]) -> Tree {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Tree {
            files: files.collect(),
        }
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether a file or a folder of that name exists.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.files.contains_key(path) || self.files.keys().any(|file| file.starts_with(&folder))
    }

    pub fn bytes(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The files that are UTF-8 text, fuzz corpora left out: those are foreign bytes by intent.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.bytes()
            .filter(|(path, _)| !path.starts_with("fuzz/corpus/"))
            .filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)))
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Every Rust file, taken apart.
    pub fn sources(&self) -> Vec<Source> {
        let rust = self.texts().filter(|(path, _)| path.ends_with(".rs"));
        let mut sources: Vec<Source> = rust.map(|(path, text)| Source::read(path, text)).collect();
        crate::source::mark_test_modules(&mut sources);
        sources
    }
}

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .expect("testkit lies two folders below the root")
        .to_path_buf()
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder of the project can be listed") {
        let path = entry.expect("an entry of a folder can be read").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            if !NOT_OURS.contains(&name) {
                gather(root, &path, files);
            }
        } else if let Ok(bytes) = fs::read(&path) {
            let inside = path
                .strip_prefix(root)
                .expect("the walk stays under the root");
            files.insert(inside.to_string_lossy().replace('\\', "/"), bytes);
        }
    }
}

#[test]
fn a_folder_is_there_when_a_file_in_it_is() {
    let tree = Tree::sample(&[("docs/a.md", "")]);
    assert!(tree.has("docs") && tree.has("docs/a.md"));
    assert!(!tree.has("doc") && !tree.has("docs/b.md"));
}
