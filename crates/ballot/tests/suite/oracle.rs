//! `belenios-tool`, Debian's 2.0, as a second judge.

use std::path::Path;
use std::process::Command;

/// Whether the tool is there. Under CI its absence is a failure, not a reason to pass.
pub fn is_there() -> bool {
    let is_there = Command::new("belenios-tool")
        .arg("--version")
        .output()
        .is_ok();
    #[expect(
        clippy::disallowed_methods,
        reason = "a test asks whether it runs in the gate"
    )]
    let is_gate = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(
        is_there || !is_gate,
        "belenios-tool is missing; tools/test machine brings it"
    );
    is_there
}

/// Whether it accepts an archive.
pub fn accepts(uuid: &str, archive: &[u8]) -> bool {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    std::fs::write(folder.path().join(format!("{uuid}.bel")), archive).expect("a file");
    run(folder.path(), &["election", "verify"])
}

fn run(folder: &Path, arguments: &[&str]) -> bool {
    let output = Command::new("belenios-tool")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("it was there");
    output.status.code() == Some(0)
}
