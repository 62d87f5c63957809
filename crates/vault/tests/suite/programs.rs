//! Programs and packages from elsewhere. In CI a missing one is a failure; on a desk without it the test says that it did not run.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

fn npm() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/npm"))
}

/// Whether `found`; panics in CI if not.
#[expect(
    clippy::disallowed_methods,
    reason = "whether this is CI decides between failing and passing over"
)]
fn present(found: bool, what: &str) -> bool {
    let in_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(
        found || !in_ci,
        "{what} is missing, and CI=true: the gate installs it before the tests"
    );
    if !found {
        eprintln!("NOT RUN: {what} is missing");
    }
    found
}

/// Debian's `age` and `age-keygen`.
pub fn debian_age() -> bool {
    let answers = |name| Command::new(name).arg("--version").output().is_ok();
    present(
        answers("age") && answers("age-keygen"),
        "the package age (apt install age)",
    )
}

/// Node and the packages of `tests/npm/package-lock.json`.
pub fn node() -> bool {
    let node = Command::new("node").arg("--version").output().is_ok();
    let packages = ["age-encryption", "cctv-age"];
    let installed = packages
        .iter()
        .all(|name| npm().join("node_modules").join(name).is_dir());
    present(
        node && installed,
        "node, or npm ci in crates/vault/tests/npm",
    )
}

/// Runs a command with `input` and returns whether it succeeded, and what it wrote.
pub fn run(name: &str, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>) {
    let mut child = Command::new(name)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // A program that refuses its input early closes the pipe; its exit status says so.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the writer ends");
    (output.status.success(), output.stdout)
}

/// Runs a script of `tests/npm` and returns the JSON of each line that it wrote.
pub fn script(name: &str) -> Vec<Value> {
    let output = Command::new("node")
        .arg(name)
        .current_dir(npm())
        .output()
        .expect("node runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// npm `age-encryption`, one request at a time.
pub struct Typage {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Typage {
    pub fn start() -> Typage {
        let mut child = Command::new("node")
            .arg("interop.mjs")
            .current_dir(npm())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs");
        let requests = child.stdin.take().expect("a pipe");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Typage {
            child,
            requests,
            answers,
        }
    }

    pub fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.requests, "{request}").expect("a request");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("an answer");
        serde_json::from_str(&line).expect("JSON")
    }
}

impl Drop for Typage {
    fn drop(&mut self) {
        // It waits for the next request and would never end by itself; that it is gone already is no fault.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
