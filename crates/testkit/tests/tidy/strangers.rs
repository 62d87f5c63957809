//! Nothing of others lies in the repository, no binaries, and no trace of the machine it was written on.

use crate::tree::Tree;

/// Names of folders, and endings of files, that hold what others made.
const FOREIGN_FOLDERS: [&str; 5] = [
    "vendor",
    "vendored",
    "third_party",
    "third-party",
    "external",
];
const FOREIGN_ENDINGS: [&str; 10] = [
    ".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf", ".eot", ".wasm", ".so", ".a",
];

/// Where files that are not text may lie: pictures of the interface, fuzz corpora, vectors for the parsers.
const BINARY_FOLDERS: [&str; 3] = ["docs/images/", "fuzz/corpus/", "vectors/"];

/// Longer lines in a script or a style sheet were made by a program.
const SCRIPT_LINE_BYTES_MAX: usize = 400;

/// No single file of the repository is larger; what is larger is made at run time.
const FILE_BYTES_MAX: usize = 1024 * 1024;

/// Folders of a particular machine, put together so that this list is not one of the finds.
const MACHINE_PATHS: [&str; 4] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
];

fn foreign_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, bytes) in tree.bytes() {
        if path.split('/').any(|part| FOREIGN_FOLDERS.contains(&part))
            || FOREIGN_ENDINGS.iter().any(|end| path.ends_with(end))
        {
            faults.push(format!(
                "{path}: made by others; it comes from a registry by a lock file"
            ));
        }
        let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
        if !is_text && !BINARY_FOLDERS.iter().any(|folder| path.contains(folder)) {
            faults.push(format!("{path}: not text"));
        }
        if bytes.len() > FILE_BYTES_MAX {
            faults.push(format!(
                "{path}: {} bytes, at most {FILE_BYTES_MAX}",
                bytes.len()
            ));
        }
    }
    faults
}

fn script_faults(tree: &Tree) -> Vec<String> {
    let scripts = tree.texts().filter(|(path, _)| {
        [".js", ".mjs", ".css"]
            .iter()
            .any(|end| path.ends_with(end))
    });
    let mut faults = Vec::new();
    for (path, text) in scripts {
        let long = text
            .lines()
            .enumerate()
            .filter(|(_, line)| line.len() > SCRIPT_LINE_BYTES_MAX);
        faults.extend(
            long.map(|(index, line)| {
                format!("{path}:{}: a line of {} bytes", index + 1, line.len())
            }),
        );
        if text.contains("Copyright (c)") || text.contains("@license") {
            faults.push(format!("{path}: carries somebody's licence"));
        }
    }
    faults
}

fn machine_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        for (index, line) in text.lines().enumerate() {
            let named = MACHINE_PATHS.iter().filter(|folder| line.contains(*folder));
            faults.extend(named.map(|folder| format!("{path}:{}: names {folder}", index + 1)));
        }
    }
    faults
}

#[test]
fn nothing_of_others_lies_here() {
    crate::none(foreign_faults(&Tree::of_project()));
    crate::none(script_faults(&Tree::of_project()));
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    crate::none(machine_faults(&Tree::of_project()));
}

#[cfg(test)]
mod samples {
    use super::*;

    #[test]
    fn what_others_made_is_found() {
        assert!(
            foreign_faults(&Tree::sample(&[
                ("crates/web/assets/app.js", "let a = 1;"),
                ("fuzz/corpus/a/b", "\0")
            ]))
            .is_empty()
        );
        for bad in [
            "crates/web/vendor/a.txt",
            "crates/web/assets/a.woff2",
            "tools/a.min.js",
        ] {
            assert_eq!(
                foreign_faults(&Tree::sample(&[(bad, "text")])).len(),
                1,
                "{bad}"
            );
        }
        assert_eq!(foreign_faults(&Tree::sample(&[("tools/a", "\0")])).len(), 1);
        assert_eq!(
            foreign_faults(&Tree::sample(&[("a.md", &"a".repeat(FILE_BYTES_MAX + 1))])).len(),
            1
        );
        assert_eq!(
            script_faults(&Tree::sample(&[(
                "a.js",
                &"a".repeat(SCRIPT_LINE_BYTES_MAX + 1)
            )]))
            .len(),
            1
        );
        assert_eq!(
            script_faults(&Tree::sample(&[("a.js", "/*! @license MIT */")])).len(),
            1
        );
    }

    #[test]
    fn a_path_of_a_machine_is_found() {
        assert!(machine_faults(&Tree::sample(&[("a.md", "see framework/README.md")])).is_empty());
        for folder in MACHINE_PATHS {
            assert_eq!(
                machine_faults(&Tree::sample(&[("a.md", &format!("in {folder}x"))])).len(),
                1
            );
        }
    }
}
