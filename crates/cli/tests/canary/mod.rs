//! Marked names, texts and passphrases go through everything that the program does; then every file that it left is searched for them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::house::{House, UNLOCK, files_below, program};

/// What must not be found outside ciphertext. Each is as somebody typed, named or wrote it.
const MARKS: [&str; 9] = [
    "CANARY-office",
    "CANARY-unlock",
    "CANARY-passphrase",
    "CANARY-member",
    "CANARY-circle",
    "CANARY-purpose",
    "CANARY-reason",
    "CANARY-name",
    "CANARY-content",
];

/// An office in which everything was done once, with marks everywhere.
fn lived_in() -> (House, String) {
    let mut house = House::found();
    house.admit("CANARY-member", "steward");
    house.done("founder", &["circle", "create", "CANARY-circle"]);
    house.done(
        "founder",
        &["circle", "add", "CANARY-circle", "CANARY-member"],
    );
    for number in 0..4 {
        house.file(
            &format!("in/CANARY-name {number}.txt"),
            format!("CANARY-content {number}").as_bytes(),
        );
    }
    let large = [b"CANARY-content large ".repeat(8_000), vec![b'x'; 100_000]].concat();
    house.file("in/CANARY-name large.txt", &large);
    let folder = house.at("in");
    let added = house.done(
        "CANARY-member",
        &[
            "add",
            "--circle",
            "CANARY-circle",
            &folder,
            "--basis",
            "own",
            "--identifies",
            "no",
            "--strangers",
            "no",
        ],
    );
    let items: Vec<String> = added
        .with("item")
        .filter_map(|line| line["item"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(items.len(), 5);
    house.done(
        "founder",
        &[
            "list",
            "--circle",
            "CANARY-circle",
            "--search",
            "CANARY-name",
        ],
    );
    let copy = house.at("copy");
    house.done(
        "CANARY-member",
        &[
            "open",
            &items[0],
            "--to",
            &copy,
            "--purpose",
            "CANARY-purpose",
        ],
    );
    let bundle = house.at("bundle.mahzar");
    house.done(
        "founder",
        &[
            "publish", &items[1], &items[2], "--to", &bundle, "--title", "A title", "--yes",
        ],
    );
    house.done(
        "founder",
        &["erase", &items[3], "--reason", "CANARY-reason", "--yes"],
    );
    house.done(
        "founder",
        &[
            "circle",
            "remove",
            "CANARY-circle",
            "CANARY-member",
            "--reason",
            "CANARY-reason",
        ],
    );
    house.done(
        "founder",
        &[
            "member",
            "revoke",
            "CANARY-member",
            "--reason",
            "CANARY-reason",
        ],
    );
    let backup = house.at("backup");
    house.done("founder", &["backup", "--to", &backup]);
    (house, bundle)
}

fn marks_in(path: &Path) -> Vec<&'static str> {
    let bytes = fs::read(path).expect("readable");
    MARKS
        .into_iter()
        .filter(|mark| {
            bytes
                .windows(mark.len())
                .any(|window| window == mark.as_bytes())
        })
        .collect()
}

#[test]
fn nothing_that_was_typed_is_readable_at_rest() {
    let (house, _) = lived_in();
    let mut searched = 0;
    for root in [house.office(), house.path("backup")] {
        for file in files_below(&root) {
            // What was published is public: its entries stand open in the record, and say no mark but a title.
            let found = marks_in(&file);
            assert!(found.is_empty(), "{}: {found:?}", file.display());
            let name = file.to_string_lossy();
            let below = name
                .strip_prefix(&*root.to_string_lossy())
                .expect("below the root");
            assert!(!below.contains("CANARY"), "{name}");
            searched += 1;
        }
    }
    assert!(searched > 10, "only {searched} files");
    assert_eq!(files_below(&house.temporary()), Vec::<PathBuf>::new());
    // The search itself finds what is there.
    assert_eq!(marks_in(&house.path("copy")), ["CANARY-content"]);
}

#[test]
fn a_published_bundle_names_nobody() {
    let (house, bundle) = lived_in();
    // The material is public now; everything else is not.
    assert_eq!(marks_in(Path::new(&bundle)), ["CANARY-content"]);
    let bytes = fs::read(&bundle).expect("readable");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert!(!text.contains("founder"));
    let listed = house.done("founder", &["list", "--circle", "CANARY-circle"]);
    for item in listed.with("item") {
        for field in ["item", "by", "received", "commitment"] {
            let value = item[field].as_str().expect("text");
            assert!(
                !text.contains(value),
                "the bundle holds the {field} {value}"
            );
        }
    }
}

#[test]
fn no_secret_is_an_argument_and_none_is_echoed() {
    let house = House::found();
    let mut command = house.command("founder", &["member", "list"]);
    let output = command.output().expect("it runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(!said.contains(UNLOCK) && !said.contains(house.passphrase("founder")));

    let help = program().args(["help"]).output().expect("it runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(help.contains("MAHZAR_PASSPHRASE") && !help.contains("--passphrase "));
}

#[test]
fn no_core_file_can_be_written() {
    let house = House::found();
    let state = house.at("witness");
    let mut command = program();
    command.args([
        "witness",
        "serve",
        "--state",
        &state,
        "--name",
        "canary.invalid/witness",
        "--listen",
        "127.0.0.1:0",
        "--json",
    ]);
    let mut child = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut line = String::new();
    let stdout = child.stdout.take().expect("piped");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut line)
        .expect("it says where it serves");
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("readable");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .expect("a limit");
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
}
