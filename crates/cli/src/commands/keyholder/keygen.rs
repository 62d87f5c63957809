//! `mahzar keyholder keygen`: on the key-holder's own machine.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use vault::passphrase::Passphrase;
use vault::{hybrid, key_file};

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::files;
use crate::surroundings;
use crate::words::say;

/// Make a key-holder's key, on the machine where it stays
///
/// The key lies in its file under a passphrase: the one given (MAHZAR_PASSPHRASE, --passphrase-fd), or one that is made and shown once.
#[derive(Debug, Args)]
pub struct Keygen {
    /// Where to keep the key: a new file, best on a medium that is locked away
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Writes the key and shows whom to encrypt to.
pub fn run(run: &Run, asked: &Keygen) -> Result<Exit, Failure> {
    let mut dice = surroundings::setting().dice();
    let chosen = run.secrets.passphrase_if_given()?;
    let (passphrase, made) = match chosen {
        Some(typed) => (chosen_passphrase(&typed, &asked.to)?, None),
        None => {
            let made = Passphrase::generate(&mut dice);
            let printed = made.to_printed();
            (made, Some(printed))
        }
    };
    let identity = hybrid::Identity::generate(&mut dice);
    let recipient = identity.to_recipient().to_string();
    let file = key_file::seal(&identity, &passphrase, run.key_file_work)
        .map_err(|error| fault("fault-failed").because(error))?;
    files::write_new(&asked.to, &file)?;
    let screen = run.screen;
    screen.say(say("keyholder-made").text("path", asked.to.display()));
    screen.line(&recipient);
    if let Some(made) = &made {
        screen.say(say("keyholder-passphrase"));
        screen.line(made.expose());
    }
    screen.answer(&json!({
        "recipient": recipient,
        "path": asked.to,
        "passphrase": made.as_ref().map(|made| made.expose()),
    }));
    Ok(Exit::Done)
}

fn chosen_passphrase(typed: &str, path: &Path) -> Result<Passphrase, Failure> {
    let refused = || malformed("fault-keyholder-passphrase").text("path", path.display());
    Passphrase::choose(typed).map_err(|error| refused().because(error))
}
