//! How long a file and a function may be, and what a module may not be called.

use crate::tree::Tree;

const FILE_LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;

/// Files that may be longer, each with its reason.
const LONG_FILES: [(&str, &str); 2] = [
    (
        "tools/verify.py",
        "a whole verifier in one file, so that an outsider can carry it alone",
    ),
    (
        "tools/verify_ballot.py",
        "a whole verifier in one file, so that an outsider can carry it alone",
    ),
];

/// Functions that may be longer, each with its reason.
const LONG_FUNCTIONS: [(&str, &str, &str); 10] = [
    (
        "crates/count/src/report/persian.rs",
        "doubt",
        "a sentence for each doubt: a table, not a procedure",
    ),
    (
        "crates/web/tests/house/mod.rs",
        "new",
        "furnishes a whole office for the permission matrix",
    ),
    (
        "crates/cli/tests/canary/mod.rs",
        "lived_in",
        "a day told from beginning to end",
    ),
    (
        "crates/ballot/src/shuffle.rs",
        "prove",
        "a table of the specification, line by line",
    ),
    (
        "crates/ballot/tests/suite/simulation.rs",
        "run",
        "an election told from beginning to end",
    ),
    (
        "crates/office/tests/office/day.rs",
        "material_goes_in_and_an_outsider_can_prove_it",
        "a story told from beginning to end",
    ),
    (
        "crates/office/tests/office/day.rs",
        "whoever_leaves_reads_nothing_new_and_whoever_comes_reads_the_archive",
        "a story told from beginning to end",
    ),
    (
        "crates/office/tests/office/sealed.rs",
        "two_of_three_open_for_a_warrant_and_nobody_alone",
        "a story told from beginning to end",
    ),
    (
        "crates/vault/tests/suite/stranger.rs",
        "disk",
        "a whole disk, laid out file by file",
    ),
    (
        "crates/web/src/routes.rs",
        "table",
        "all routes on one screen: a table, not a procedure",
    ),
];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: [&str; 11] = [
    "util",
    "utils",
    "utility",
    "utilities",
    "common",
    "helper",
    "helpers",
    "manager",
    "service",
    "services",
    "misc",
];

const WRITTEN_BY_HAND: [&str; 8] = [".rs", ".py", ".js", ".mjs", ".css", ".html", ".ftl", ".sh"];

fn file_faults(tree: &Tree, excused: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        let lines = text.lines().count();
        let is_excused = excused.iter().any(|(long, _)| *long == path);
        if WRITTEN_BY_HAND.iter().any(|end| path.ends_with(end))
            && lines > FILE_LINES_MAX
            && !is_excused
        {
            faults.push(format!("{path}: {lines} lines, at most {FILE_LINES_MAX}"));
        }
        if is_excused && lines <= FILE_LINES_MAX {
            faults.push(format!("{path}: no longer long; take it out of LONG_FILES"));
        }
    }
    let gone = excused.iter().filter(|(path, _)| !tree.has(path));
    faults.extend(gone.map(|(path, _)| format!("{path}: in LONG_FILES, but not there")));
    faults
}

fn function_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in tree.sources() {
        for function in source
            .functions()
            .into_iter()
            .filter(|one| one.lines > FUNCTION_LINES_MAX)
            .filter(|one| {
                !LONG_FUNCTIONS
                    .iter()
                    .any(|(path, name, _)| *path == source.path && *name == one.name)
            })
        {
            let place = format!("{}:{}", source.path, function.line);
            faults.push(format!(
                "{place}: `{}` has {} lines, at most {FUNCTION_LINES_MAX}",
                function.name, function.lines
            ));
        }
    }
    faults
}

fn name_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in tree.sources() {
        let names = source
            .path
            .split('/')
            .map(|part| part.trim_end_matches(".rs"));
        faults.extend(
            names
                .filter(|name| EMPTY_NAMES.contains(name))
                .map(|name| format!("{}: a module named {name}", source.path)),
        );
        for (line, code) in source.lines() {
            let words: Vec<&str> = code.split_whitespace().collect();
            let inline = words
                .windows(3)
                .filter(|three| three[0] == "mod" && three[2].starts_with('{'));
            faults.extend(
                inline
                    .filter(|three| EMPTY_NAMES.contains(&three[1]))
                    .map(|three| format!("{}:{line}: a module named {}", source.path, three[1])),
            );
        }
    }
    faults
}

#[test]
fn files_are_short() {
    crate::none(file_faults(&Tree::of_project(), &LONG_FILES));
}

#[test]
fn functions_are_short() {
    crate::none(function_faults(&Tree::of_project()));
}

#[test]
fn modules_are_nouns_of_the_office() {
    crate::none(name_faults(&Tree::of_project()));
}

#[cfg(test)]
mod samples {
    use super::*;

    #[test]
    fn a_long_file_is_found_and_an_idle_excuse_too() {
        let long = "\n".repeat(FILE_LINES_MAX + 1);
        let tree = Tree::sample(&[("a.rs", &long), ("b.rs", ""), ("c.json", &long)]);
        assert_eq!(file_faults(&tree, &[]).len(), 1);
        assert!(file_faults(&tree, &[("a.rs", "reason")]).is_empty());
        assert_eq!(
            file_faults(
                &tree,
                &[("a.rs", "reason"), ("b.rs", "reason"), ("z.rs", "reason")]
            )
            .len(),
            2
        );
    }

    #[test]
    fn a_long_function_is_found() {
        let body = "    let x = 1;\n".repeat(FUNCTION_LINES_MAX - 2);
        let fits = format!("fn a() {{\n{body}}}\n");
        let long = format!("fn b() {{\n{body}\n}}\n");
        assert!(function_faults(&Tree::sample(&[("a.rs", &fits)])).is_empty());
        assert_eq!(function_faults(&Tree::sample(&[("a.rs", &long)])).len(), 1);
    }

    #[test]
    fn an_empty_name_is_found() {
        assert!(
            name_faults(&Tree::sample(&[(
                "crates/a/src/roll.rs",
                "mod custody { }"
            )]))
            .is_empty()
        );
        assert_eq!(
            name_faults(&Tree::sample(&[("crates/a/src/utils.rs", "")])).len(),
            1
        );
        assert_eq!(
            name_faults(&Tree::sample(&[("crates/a/src/helpers/mod.rs", "")])).len(),
            1
        );
        assert_eq!(
            name_faults(&Tree::sample(&[("a.rs", "pub mod misc {\n}")])).len(),
            1
        );
    }
}
