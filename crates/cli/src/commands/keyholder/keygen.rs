//! `mahzar keyholder keygen`: on the key-holder's own machine.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use vault::hybrid;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::files;
use crate::surroundings;
use crate::words::say;

/// Make a key-holder's key, on the machine where it stays
#[derive(Debug, Args)]
pub struct Keygen {
    /// Where to keep the key: a new file, best on a medium that is locked away
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Writes the key and shows whom to encrypt to.
pub fn run(run: &Run, asked: &Keygen) -> Result<Exit, Failure> {
    let identity = hybrid::Identity::generate(&mut surroundings::setting().dice());
    let recipient = identity.to_recipient().to_string();
    let text = zeroize::Zeroizing::new(format!(
        "# public key: {recipient}\n{}\n",
        identity.to_text().expose()
    ));
    files::write_new(&asked.to, text.as_bytes())?;
    run.screen
        .say(say("keyholder-made").text("path", asked.to.display()));
    run.screen.line(&recipient);
    run.screen
        .answer(&json!({ "recipient": recipient, "path": asked.to }));
    Ok(Exit::Done)
}
