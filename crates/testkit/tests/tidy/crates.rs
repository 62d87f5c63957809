//! What cargo says of the workspace: its crates, what each asks for, and how much that is in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::tree::root;

/// A crate of ours.
pub struct Member {
    /// The folder under `crates/`.
    pub room: String,
    /// What it ships with, by package name: normal and build dependencies.
    pub ships: BTreeSet<String>,
    /// What only its tests use.
    pub tests_with: BTreeSet<String>,
}

/// The crates of the workspace and the graph below them.
pub struct Workspace {
    pub members: Vec<Member>,
    /// For every package of the graph, by `name version`, what it ships with.
    graph: BTreeMap<String, BTreeSet<String>>,
}

impl Workspace {
    /// Asks cargo about the project, for the machine that runs the test.
    pub fn of_project() -> Workspace {
        let metadata = metadata();
        let ours: BTreeSet<&str> = list(&metadata["workspace_members"])
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let packages = list(&metadata["packages"]);
        let members = packages
            .iter()
            .filter(|one| ours.contains(text(&one["id"])))
            .map(member)
            .collect();
        let names: BTreeMap<&str, String> = packages
            .iter()
            .map(|one| {
                (
                    text(&one["id"]),
                    format!("{} {}", text(&one["name"]), text(&one["version"])),
                )
            })
            .collect();
        let nodes = list(&metadata["resolve"]["nodes"]).iter();
        let graph = nodes
            .map(|node| (names[text(&node["id"])].clone(), shipped(node, &names)))
            .collect();
        Workspace { members, graph }
    }

    /// Everything that is built into a package, itself left out.
    pub fn below(&self, package: &str) -> BTreeSet<String> {
        let first = self
            .graph
            .keys()
            .filter(|key| key.split(' ').next() == Some(package));
        let mut waiting: Vec<&String> = first.collect();
        let mut found = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            for below in self.graph.get(next).into_iter().flatten() {
                if found.insert(below.clone()) {
                    waiting.push(below);
                }
            }
        }
        found
    }
}

/// Whether a package of ours; the folder's name then follows.
pub fn room_of(package: &str) -> Option<&str> {
    match package {
        "mahzar" => Some("cli"),
        "mahzar-verify" => Some("verifier"),
        other => other.strip_prefix("mahzar-"),
    }
}

fn metadata() -> Value {
    let version = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc answers");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc names its host");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--filter-platform",
            host,
        ])
        .current_dir(root())
        .output()
        .expect("cargo answers");
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn member(package: &Value) -> Member {
    let named = |tests: bool| {
        let dependencies = list(&package["dependencies"]).iter();
        dependencies
            .filter(move |one| (text(&one["kind"]) == "dev") == tests)
            .map(|one| text(&one["name"]).to_owned())
            .collect()
    };
    let room = room_of(text(&package["name"])).unwrap_or(text(&package["name"]));
    Member {
        room: room.to_owned(),
        ships: named(false),
        tests_with: named(true),
    }
}

fn shipped(node: &Value, names: &BTreeMap<&str, String>) -> BTreeSet<String> {
    let dependencies = list(&node["deps"]).iter();
    let built = dependencies.filter(|one| {
        list(&one["dep_kinds"])
            .iter()
            .any(|kind| text(&kind["kind"]) != "dev")
    });
    built.map(|one| names[text(&one["pkg"])].clone()).collect()
}
