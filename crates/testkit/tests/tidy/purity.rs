//! The pure rooms touch nothing outside; SQL, HTTP and the signing of checkpoints stay where they belong.

use crate::source::Source;
use crate::tree::Tree;

/// Rooms that take clock, files, network, environment and chance as arguments, so that the same input gives the same
/// output for ever. Those that do not exist yet are held to it from their first line.
const PURE: [&str; 5] = ["record", "vault", "assembly", "ballot", "count"];

/// Modules of the standard library that reach outside.
const OUTSIDE: [&str; 6] = [
    "fs",
    "net",
    "env",
    "process",
    "time::SystemTime",
    "time::Instant",
];

/// Names from elsewhere that do, looked for in code without its spaces.
const OUTSIDE_NAMES: [&str; 14] = [
    "SystemTime",
    "Instant::",
    "getrandom",
    "OsRng",
    "SysRng",
    "thread_rng",
    "rand::rng(",
    "rand::random",
    "tokio::",
    "rusqlite",
    "rustix",
    "println!",
    "eprintln!",
    "stdin()",
];

/// How SQL begins; statements are written in capitals (CONTRIBUTING.md).
const SQL: [&str; 14] = [
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "UPDATE ",
    "DELETE FROM ",
    "REPLACE INTO ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "CREATE UNIQUE ",
    "CREATE VIRTUAL ",
    "DROP TABLE ",
    "ALTER TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
];

/// Lines of code that ship from `crates/<room>/src`.
fn ships_from(source: &Source) -> bool {
    source
        .path
        .starts_with(&format!("crates/{}/src/", source.room()))
}

fn purity_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in tree
        .sources()
        .iter()
        .filter(|one| ships_from(one) && PURE.contains(&one.room()))
    {
        for (line, code) in source.shipped() {
            let tight: String = code.split_whitespace().collect();
            let names = OUTSIDE_NAMES.iter().filter(|name| tight.contains(*name));
            faults
                .extend(names.map(|name| format!("{}:{line}: {name} in a pure room", source.path)));
        }
        faults.extend(
            standard_library(source)
                .iter()
                .map(|name| format!("{}: std::{name} in a pure room", source.path)),
        );
    }
    faults
}

/// Modules of [`OUTSIDE`] that the shipped code names, alone or in a group such as `use std::{fs, io};`.
fn standard_library(source: &Source) -> Vec<&'static str> {
    let tight: String = source
        .shipped()
        .flat_map(|(_, code)| code.split_whitespace())
        .collect();
    let mut found: Vec<&str> = OUTSIDE
        .into_iter()
        .filter(|name| names_path(&tight, name))
        .collect();
    for group in tight.split("std::{").skip(1) {
        found.extend(
            members(group)
                .iter()
                .flat_map(|member| OUTSIDE.into_iter().filter(|name| starts_path(member, name))),
        );
    }
    found
}

fn names_path(tight: &str, name: &str) -> bool {
    tight
        .split("std::")
        .skip(1)
        .any(|rest| starts_path(rest, name))
}

fn starts_path(text: &str, name: &str) -> bool {
    let word_ends = |rest: &str| !rest.starts_with(|one: char| one.is_alphanumeric() || one == '_');
    text.strip_prefix(name).is_some_and(word_ends)
}

/// The members of a `{…}` group, whose opening brace was taken, at its own depth.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut found) = (0, vec![String::new()]);
    for one in group.chars() {
        match one {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => found.push(String::new()),
            _ => {}
        }
        if one != ','
            && let Some(last) = found.last_mut()
        {
            last.push(one);
        }
    }
    found
}

fn sql_faults(tree: &Tree) -> Vec<String> {
    let rooms = |source: &&Source| {
        ships_from(source) && !["store", "desk", "testkit"].contains(&source.room())
    };
    let mut faults = Vec::new();
    for source in tree.sources().iter().filter(rooms) {
        let shipped = source
            .literals
            .iter()
            .filter(|(line, _)| !source.is_test(*line));
        for (line, literal) in shipped.filter(|(_, literal)| {
            SQL.iter()
                .any(|start| literal.trim_start().starts_with(start))
        }) {
            faults.push(format!(
                "{}:{line}: SQL outside store and desk: {literal:?}",
                source.path
            ));
        }
    }
    faults
}

fn socket_faults(tree: &Tree) -> Vec<String> {
    let rooms = |source: &&Source| {
        ships_from(source) && !["web", "cli", "testkit"].contains(&source.room())
    };
    let mut faults = Vec::new();
    for source in tree.sources().iter().filter(rooms) {
        for (line, code) in source.shipped() {
            let named = [
                "TcpListener",
                "TcpStream",
                "UdpSocket",
                "std::net",
                "tokio::net",
            ]
            .into_iter()
            .filter(|name| code.contains(name));
            faults.extend(named.map(|name| format!("{}:{line}: {name} outside web", source.path)));
        }
    }
    faults
}

/// A checkpoint is signed by `Checkpoint::sign` (record) and nobody but register calls it.
fn signing_faults(tree: &Tree) -> Vec<String> {
    let rooms = |source: &&Source| {
        ships_from(source) && !["record", "register", "testkit"].contains(&source.room())
    };
    let mut faults = Vec::new();
    for source in tree.sources().iter().filter(rooms) {
        let lines = source.shipped().filter(|(_, code)| {
            code.contains("Checkpoint::sign") || code.contains("checkpoint.sign(")
        });
        faults.extend(lines.map(|(line, _)| {
            format!(
                "{}:{line}: signs a checkpoint outside register",
                source.path
            )
        }));
    }
    faults
}

#[test]
fn pure_rooms_touch_nothing_outside() {
    crate::none(purity_faults(&Tree::of_project()));
}

#[test]
fn sql_is_spoken_in_store_and_desk_only() {
    crate::none(sql_faults(&Tree::of_project()));
}

#[test]
fn sockets_are_opened_in_web_only() {
    crate::none(socket_faults(&Tree::of_project()));
}

#[test]
fn only_register_signs_checkpoints() {
    crate::none(signing_faults(&Tree::of_project()));
}

#[cfg(test)]
mod samples {
    use super::*;

    fn in_record(code: &str) -> Tree {
        Tree::sample(&[("crates/record/src/a.rs", code)])
    }

    #[test]
    fn an_impure_line_is_found() {
        for good in [
            "use std::{fmt, io::{self, Read}};",
            "// SystemTime\nconst A: &str = \"std::fs\";",
            "#[cfg(test)]\nmod tests { use std::fs; }",
            "use std::fmt; use std::time::Duration;",
        ] {
            crate::none(purity_faults(&in_record(good)));
        }
        for bad in [
            "use std::fs;",
            "use std::fs::File;",
            "use std::{\n    fmt,\n    fs,\n};",
            "use std::{io, time::SystemTime};",
            "fn a() { std::env::var(\"A\"); }",
            "let x = OsRng;",
            "let now = Instant ::now();",
        ] {
            assert!(!purity_faults(&in_record(bad)).is_empty(), "{bad}");
        }
        assert!(
            purity_faults(&Tree::sample(&[("crates/office/src/a.rs", "use std::fs;")])).is_empty()
        );
    }

    #[test]
    fn sql_sockets_and_signing_are_found_where_they_do_not_belong() {
        let sql = "const A: &str = \"SELECT 1\";";
        assert_eq!(
            sql_faults(&Tree::sample(&[
                ("crates/office/src/a.rs", sql),
                ("crates/store/src/a.rs", sql)
            ]))
            .len(),
            1
        );
        let socket = "use std::net::IpAddr;";
        assert_eq!(
            socket_faults(&Tree::sample(&[
                ("crates/office/src/a.rs", socket),
                ("crates/web/src/a.rs", socket)
            ]))
            .len(),
            1
        );
        let sign = "let x = checkpoint.sign(&key);";
        let both = Tree::sample(&[
            ("crates/office/src/a.rs", sign),
            ("crates/register/src/a.rs", sign),
        ]);
        assert_eq!(signing_faults(&both).len(), 1);
    }
}
