//! Which room may know which other, and which crates from outside belong to one room only.

use crate::crates::{Member, Workspace, room_of};
use crate::tree::Tree;

/// What each room may build on, of ours. A room that is not listed may not exist.
const MAY_USE: [(&str, &[&str]); 12] = [
    ("record", &[]),
    ("count", &[]),
    ("ballot", &[]),
    ("vault", &["record"]),
    ("register", &["record"]),
    ("store", &["record", "register"]),
    ("desk", &["record", "count"]),
    ("office", &["record", "vault", "register", "store", "desk"]),
    (
        "web",
        &["record", "vault", "register", "store", "desk", "office"],
    ),
    (
        "cli",
        &[
            "record", "ballot", "vault", "register", "store", "desk", "office", "web", "count",
        ],
    ),
    ("verifier", &["record", "ballot"]),
    (
        "testkit",
        &[
            "record", "ballot", "vault", "register", "store", "desk", "office", "web",
        ],
    ),
];

/// Crates from outside that only some rooms may ship with: a database, HTTP, the clock, errors without a type.
const BELONGS_TO: [(&str, &[&str]); 12] = [
    ("rusqlite", &["store", "desk"]),
    ("axum", &["web"]),
    ("hyper", &["web"]),
    ("http", &["web"]),
    ("tower", &["web"]),
    ("tower-http", &["web"]),
    ("ureq", &["web"]),
    ("webauthn-rs", &["web"]),
    ("anyhow", &["cli", "verifier"]),
    ("age", &["vault"]),
    ("getrandom", &["office", "web", "cli", "testkit"]),
    ("tempfile", &["testkit"]),
];

/// The limit of architecture.md for what an outsider has to trust in `mahzar-verify`.
const VERIFIER_CRATES_MAX: usize = 79;

/// Near 400 for the shipped program, sheets of Excel (16) included; the rest are oracles and tools that only tests use.
const LOCKED_CRATES_MAX: usize = 520;

fn edge_faults(members: &[Member]) -> Vec<String> {
    let mut faults = Vec::new();
    for member in members {
        let Some((_, allowed)) = MAY_USE.iter().find(|(room, _)| *room == member.room) else {
            faults.push(format!(
                "{}: a room that MAY_USE in tests/tidy/edges.rs does not know",
                member.room
            ));
            continue;
        };
        for used in member.ships.iter().filter_map(|name| room_of(name)) {
            if !allowed.contains(&used) {
                faults.push(format!("{} must not build on {used}", member.room));
            }
        }
        for used in member.tests_with.iter().filter_map(|name| room_of(name)) {
            if !allowed.contains(&used) && used != "testkit" {
                faults.push(format!(
                    "the tests of {} must not build on {used}",
                    member.room
                ));
            }
        }
    }
    faults
}

fn belonging_faults(members: &[Member]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, rooms) in BELONGS_TO {
        for member in members
            .iter()
            .filter(|one| one.ships.contains(name) && !rooms.contains(&one.room.as_str()))
        {
            faults.push(format!(
                "{} must not build on {name}; it belongs to {}",
                member.room,
                rooms.join(", ")
            ));
        }
    }
    faults
}

/// Every crate takes the lints of the workspace, and those forbid unsafe code.
fn lint_faults(tree: &Tree) -> Vec<String> {
    let manifests = tree
        .texts()
        .filter(|(path, _)| path.starts_with("crates/") && path.ends_with("/Cargo.toml"));
    let mut faults: Vec<String> = manifests
        .filter(|(_, text)| !text.contains("[lints]\nworkspace = true\n"))
        .map(|(path, _)| format!("{path}: takes no lints from the workspace"))
        .collect();
    if !tree
        .text("Cargo.toml")
        .unwrap_or_default()
        .contains("unsafe_code = \"forbid\"")
    {
        faults.push("Cargo.toml: does not forbid unsafe code".to_owned());
    }
    faults
}

fn locked(tree: &Tree) -> usize {
    tree.text("Cargo.lock")
        .unwrap_or_default()
        .matches("[[package]]")
        .count()
}

#[test]
fn rooms_know_only_their_neighbours() {
    crate::none(edge_faults(&Workspace::of_project().members));
}

#[test]
fn sql_http_and_chance_have_their_rooms() {
    crate::none(belonging_faults(&Workspace::of_project().members));
}

#[test]
fn every_crate_forbids_unsafe_code() {
    crate::none(lint_faults(&Tree::of_project()));
}

#[test]
fn the_verifier_is_small_and_knows_only_what_it_checks() {
    let below = Workspace::of_project().below("mahzar-verify");
    println!(
        "mahzar-verify is built on {} crates (at most {VERIFIER_CRATES_MAX})",
        below.len()
    );
    assert!(
        below.len() <= VERIFIER_CRATES_MAX,
        "mahzar-verify is built on {} crates: {below:?}",
        below.len()
    );
    let ours: Vec<&str> = below
        .iter()
        .filter_map(|one| room_of(one.split(' ').next()?))
        .collect();
    assert_eq!(ours, ["ballot", "record"]);
}

#[test]
fn the_lock_file_is_bounded() {
    let count = locked(&Tree::of_project());
    println!("Cargo.lock holds {count} crates (at most {LOCKED_CRATES_MAX})");
    assert!(
        (1..=LOCKED_CRATES_MAX).contains(&count),
        "Cargo.lock holds {count} crates"
    );
}

#[cfg(test)]
mod samples {
    use super::*;

    fn member(room: &str, ships: &[&str], tests_with: &[&str]) -> Member {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Member {
            room: room.to_owned(),
            ships: names(ships),
            tests_with: names(tests_with),
        }
    }

    #[test]
    fn a_forbidden_edge_is_found() {
        let good = [
            member("vault", &["mahzar-record", "sha2"], &["mahzar-testkit"]),
            member("record", &["sha2"], &[]),
        ];
        assert!(edge_faults(&good).is_empty());
        for bad in [
            member("record", &["mahzar-vault"], &[]),
            member("verifier", &["mahzar-office"], &[]),
            member("desk", &["mahzar-store"], &[]),
            member("vault", &[], &["mahzar-store"]),
            member("web", &["mahzar"], &[]),
            member("shed", &[], &[]),
        ] {
            assert_eq!(edge_faults(&[bad]).len(), 1);
        }
    }

    #[test]
    fn a_crate_in_the_wrong_room_is_found() {
        assert!(
            belonging_faults(&[
                member("store", &["rusqlite"], &[]),
                member("record", &[], &["axum"])
            ])
            .is_empty()
        );
        assert_eq!(
            belonging_faults(&[member("office", &["rusqlite", "ureq"], &[])]).len(),
            2
        );
    }

    #[test]
    fn a_crate_without_lints_is_found() {
        let root = ("Cargo.toml", "unsafe_code = \"forbid\"");
        assert!(
            lint_faults(&Tree::sample(&[
                root,
                ("crates/a/Cargo.toml", "[lints]\nworkspace = true\n")
            ]))
            .is_empty()
        );
        assert_eq!(
            lint_faults(&Tree::sample(&[
                root,
                ("crates/a/Cargo.toml", "[package]\n")
            ]))
            .len(),
            1
        );
        assert_eq!(lint_faults(&Tree::sample(&[("Cargo.toml", "")])).len(), 1);
    }
}
