//! `mahzar init`

use clap::Args;
use office::{Founding, FoundingError, Office};
use record::ids::Origin;
use serde_json::json;
use vault::passphrase::Passphrase;

use crate::commands::{Run, chosen};
use crate::failure::{Exit, Failure, fault, malformed};
use crate::surroundings;
use crate::words::say;

/// A day: long enough for the owner of an account to see that somebody else is recovering it.
const RECOVERY_DELAY_SECONDS: u64 = 24 * 3600;
/// How many stewards approve a recovery: no one alone.
const RECOVERY_STEWARDS: u64 = 2;

/// Make an office, its first member and its record
///
/// The unlock secret and the founder's passphrase are made and shown once, unless MAHZAR_UNLOCK and MAHZAR_PASSPHRASE (or
/// --unlock-fd and --passphrase-fd) give them.
#[derive(Debug, Args)]
pub struct Init {
    /// The office's name
    #[arg(long, default_value = "Record office")]
    name: String,

    /// The name of the first member, an administrator
    #[arg(long, default_value = "founder")]
    founder: String,

    /// The name of the record: an address without scheme, such as records.example.org/office; without it, random digits
    #[arg(long)]
    origin: Option<String>,

    /// How many stewards must approve a recovery
    #[arg(long, default_value_t = RECOVERY_STEWARDS, value_name = "N")]
    recovery_stewards: u64,

    /// Seconds between the beginning of a recovery and its end
    #[arg(long, default_value_t = RECOVERY_DELAY_SECONDS, value_name = "SECONDS")]
    recovery_delay: u64,
}

/// Founds the office and shows what must be written down.
pub fn run(run: &Run, asked: &Init) -> Result<Exit, Failure> {
    let setting = surroundings::setting();
    let unlock = chosen(run.secrets.unlock_if_given()?)?;
    let chosen_unlock = unlock.is_some();
    let unlock = unlock.unwrap_or_else(|| Passphrase::generate(&mut setting.dice()));
    let founding = Founding {
        folder: run.office_folder.clone(),
        origin: asked
            .origin
            .as_deref()
            .map(Origin::new)
            .transpose()
            .map_err(|error| malformed("fault-origin").because(error))?,
        name: asked.name.clone(),
        founder: asked.founder.clone(),
        founder_passphrase: chosen(run.secrets.passphrase_if_given()?)?,
        unlock: unlock.clone(),
        cost: run.cost,
        recovery_stewards: asked.recovery_stewards,
        recovery_delay_seconds: asked.recovery_delay,
    };
    let founded = Office::found(founding, setting).map_err(|error| refused(run, &error))?;
    let screen = run.screen;
    screen.say(
        say("init-done")
            .text("folder", run.office_folder.display())
            .text("origin", founded.office.origin()),
    );
    screen.say(
        say("init-founder")
            .text("name", &asked.founder)
            .text("member", founded.member),
    );
    let shown_unlock = (!chosen_unlock).then(|| unlock.to_printed());
    if let Some(unlock) = &shown_unlock {
        screen.say(say("secret-unlock").text("secret", unlock.expose()));
    }
    if let Some(passphrase) = &founded.passphrase {
        screen.say(
            say("secret-passphrase")
                .text("name", &asked.founder)
                .text("secret", passphrase.expose()),
        );
    }
    screen.say(
        say("secret-recovery")
            .text("name", &asked.founder)
            .text("secret", founded.recovery_key.expose()),
    );
    screen.say(say("secrets-once"));
    screen.answer(&json!({
        "origin": founded.office.origin().to_string(),
        "member": founded.member.to_string(),
        "unlock": shown_unlock.as_ref().map(|secret| secret.expose()),
        "passphrase": founded.passphrase.as_ref().map(|secret| secret.expose()),
        "recovery_key": founded.recovery_key.expose(),
    }));
    run.enter_waiting(&founded.office)?;
    Ok(Exit::Done)
}

fn refused(run: &Run, error: &FoundingError) -> Failure {
    let folder = run.office_folder.display();
    match error {
        FoundingError::NotEmpty => fault("fault-init-not-empty").text("folder", folder),
        FoundingError::Cost => fault("fault-failed").because(error),
        FoundingError::Fault(fault) => run.fault(fault),
    }
}
