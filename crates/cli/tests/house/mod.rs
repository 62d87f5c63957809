//! A house for tests: an office in a temporary folder, worked through the real program.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The unlock secret of every house of the tests.
pub const UNLOCK: &str = "unlock CANARY-unlock of the test house";

/// An office and the passphrases of its members.
pub struct House {
    place: TempDir,
    passphrases: BTreeMap<String, String>,
}

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` if it was killed.
    pub code: Option<i32>,
    /// The lines of its JSON.
    pub lines: Vec<Value>,
    /// What it told people.
    pub told: String,
}

impl House {
    /// An office whose founder is `founder`.
    pub fn found() -> House {
        let mut house = House {
            place: tempfile::tempdir().expect("a temporary folder"),
            passphrases: BTreeMap::new(),
        };
        let passphrase = passphrase_of("founder");
        house.passphrases.insert("founder".to_owned(), passphrase);
        fs::create_dir(house.temporary()).expect("made");
        house.done(
            "founder",
            &["init", "--name", "CANARY-office", "--founder", "founder"],
        );
        house
    }

    /// Where the office lies.
    pub fn office(&self) -> PathBuf {
        self.place.path().join("office")
    }

    /// Where the program would put temporary files, had it any.
    pub fn temporary(&self) -> PathBuf {
        self.place.path().join("temporary")
    }

    /// A path beside the office.
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// A path beside the office, as an argument.
    pub fn at(&self, name: &str) -> String {
        self.path(name).to_str().expect("UTF-8").to_owned()
    }

    /// A file beside the office.
    pub fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(&path, content).expect("written");
        self.at(name)
    }

    /// Admits a member.
    pub fn admit(&mut self, name: &str, duty: &str) {
        let ran = self.done("founder", &["member", "add", name, "--duty", duty]);
        let passphrase = ran.lines[0]["passphrase"]
            .as_str()
            .expect("a passphrase was made")
            .to_owned();
        self.passphrases.insert(name.to_owned(), passphrase);
    }

    /// The passphrase of a member.
    pub fn passphrase(&self, member: &str) -> &str {
        &self.passphrases[member]
    }

    /// Another passphrase, by which the member signs in from now on.
    pub fn learn(&mut self, member: &str, passphrase: &str) {
        self.passphrases
            .insert(member.to_owned(), passphrase.to_owned());
    }

    /// The program, ready to run as a member.
    pub fn command(&self, member: &str, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .args([
                "--office",
                self.office().to_str().expect("UTF-8"),
                "--as",
                member,
                "--json",
                "--cheap-passphrases-for-tests",
            ])
            .args(arguments)
            .env("TMPDIR", self.temporary())
            .env("SQLITE_TMPDIR", self.temporary())
            .env("MAHZAR_UNLOCK", UNLOCK)
            .env(
                "MAHZAR_PASSPHRASE",
                self.passphrases.get(member).map_or("", String::as_str),
            );
        command
    }

    /// Runs and returns what came of it.
    pub fn run(&self, member: &str, arguments: &[&str]) -> Ran {
        Ran::of(
            &self
                .command(member, arguments)
                .output()
                .expect("the program runs"),
        )
    }

    /// Runs what must succeed.
    pub fn done(&self, member: &str, arguments: &[&str]) -> Ran {
        let ran = self.run(member, arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.told);
        ran
    }

    /// Runs what must fail, and returns the key of the fault.
    pub fn refused(&self, member: &str, arguments: &[&str]) -> String {
        let ran = self.run(member, arguments);
        assert!(
            matches!(ran.code, Some(1 | 2)),
            "{arguments:?} gave {:?}: {}",
            ran.code,
            ran.told
        );
        ran.lines
            .last()
            .and_then(|line| line["error"]["key"].as_str())
            .unwrap_or_default()
            .to_owned()
    }
}

impl Ran {
    /// Takes apart what a run wrote.
    pub fn of(output: &Output) -> Ran {
        let text = String::from_utf8_lossy(&output.stdout);
        Ran {
            code: output.status.code(),
            lines: text
                .lines()
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect(),
            told: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The lines that have a field.
    pub fn with(&self, field: &str) -> impl Iterator<Item = &Value> {
        self.lines
            .iter()
            .filter(move |line| line.get(field).is_some())
    }
}

/// The program with an empty environment.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mahzar"));
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null());
    command
}

/// What a member of the tests typed at the beginning.
pub fn passphrase_of(member: &str) -> String {
    format!("CANARY-passphrase of {member} 0123")
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found
}

/// Runs a command with something on its standard input.
pub fn with_input(mut command: Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(input)
        .expect("it reads");
    child.wait_with_output().expect("it ends")
}
