//! `mahzar member passphrase`

use clap::Args;
use office::PassphraseChangeError;
use serde_json::json;
use vault::passphrase::Passphrase;

use crate::commands::{Run, chosen};
use crate::failure::{Exit, Failure, fault, malformed};
use crate::words::say;

/// Give yourself another passphrase; needs the old one
///
/// The new one is made and shown once, unless MAHZAR_NEW_PASSPHRASE gives it.
#[derive(Debug, Args)]
pub struct ChangePassphrase {}

/// Changes the passphrase of whoever acts.
pub fn run(run: &Run, _asked: &ChangePassphrase) -> Result<Exit, Failure> {
    let office = run.office()?;
    let name = run
        .acting
        .as_deref()
        .ok_or_else(|| malformed("fault-acting-missing"))?;
    let old = run.secrets.passphrase()?;
    let old = Passphrase::read(&old)
        .map_err(|error| malformed("fault-passphrase-form").because(error))?;
    let new = chosen(run.secrets.new_passphrase_if_given()?)?;
    let made = office
        .change_passphrase(name, &old, new, run.cost)
        .map_err(|error| refused(run, &error))?;
    tell(run, name, made.as_ref().map(|secret| secret.expose()));
    Ok(Exit::Done)
}

/// Says that it was changed, and the new one if it was made.
pub fn tell(run: &Run, name: &str, made: Option<&str>) {
    run.screen.say(say("passphrase-changed").text("name", name));
    if let Some(secret) = made {
        run.screen.say(
            say("secret-passphrase")
                .text("name", name)
                .text("secret", secret),
        );
        run.screen.say(say("secrets-once"));
    }
    run.screen
        .answer(&json!({ "name": name, "passphrase": made }));
}

/// Why it was not.
pub fn refused(run: &Run, error: &PassphraseChangeError) -> Failure {
    match error {
        PassphraseChangeError::Refused => fault("fault-sign-in"),
        PassphraseChangeError::Cost => fault("fault-failed").because(error),
        PassphraseChangeError::Fault(fault) => run.fault(fault),
    }
}
