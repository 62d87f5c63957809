//! The demonstration checks its own bundle, as an outsider would: with the library, and with the other program if it is there.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use record::bundle;
use record::policy::Policy;

use super::people::not_done;
use crate::commands::Run;
use crate::failure::Failure;
use crate::words::say;

/// Checks the bundle against the policy; both are files, as an outsider would get them.
pub fn check(run: &Run, bundle_path: &Path, policy_path: &Path) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| not_done("checking the bundle", error);
    let policy = std::fs::read(policy_path).map_err(|error| failed(&error))?;
    let policy = Policy::parse(&policy).map_err(|error| failed(&error))?;
    let file = File::open(bundle_path).map_err(|error| failed(&error))?;
    let report = bundle::verify(file, &policy).map_err(|error| failed(&error))?;
    run.screen.say(
        say("demo-checked")
            .n("exhibits", report.exhibits.len())
            .n("offices", report.countersigned.len()),
    );
    check_with_program(run, bundle_path, policy_path)
}

/// Runs `mahzar-verify` if it lies beside this program.
fn check_with_program(run: &Run, bundle_path: &Path, policy_path: &Path) -> Result<(), Failure> {
    let beside = std::env::current_exe()
        .ok()
        .and_then(|own| own.parent().map(|folder| folder.join("mahzar-verify")));
    let Some(program) = beside.filter(|program| program.is_file()) else {
        run.screen.say(say("demo-no-verifier"));
        return Ok(());
    };
    let output = Command::new(&program)
        .arg(bundle_path)
        .arg("--policy")
        .arg(policy_path)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| not_done("mahzar-verify", error))?;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        run.screen.line(format!("    {line}"));
    }
    if !output.status.success() {
        return Err(not_done(
            "mahzar-verify",
            String::from_utf8_lossy(&output.stderr),
        ));
    }
    run.screen.say(say("demo-verifier"));
    Ok(())
}
