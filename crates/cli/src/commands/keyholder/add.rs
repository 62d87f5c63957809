//! `mahzar keyholder add`

use clap::Args;
use office::roster::KeyHolder;
use serde_json::json;

use crate::commands::{Run, witness};
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Name a key-holder: from now on they get a share of what is sealed
#[derive(Debug, Args)]
pub struct Add {
    /// Their name
    name: String,

    /// Whom to encrypt to: what `mahzar keyholder keygen` showed on their machine
    #[arg(long, value_name = "RECIPIENT")]
    recipient: String,

    /// Where they live: key-holders under one government can be coerced together
    #[arg(long, value_name = "WORDS")]
    jurisdiction: String,
}

/// Names the key-holder.
pub fn run(run: &Run, asked: &Add) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let administrator = office
        .administrator(&session)
        .map_err(|error| run.fault(&error))?;
    let holder = KeyHolder {
        name: asked.name.clone(),
        recipient: asked.recipient.clone(),
        jurisdiction: asked.jurisdiction.clone(),
    };
    let accepted = office
        .add_key_holder(&administrator, holder)
        .map_err(|error| witness::refused(run, &error))?;
    run.screen
        .say(say("keyholder-added").text("name", &asked.name));
    run.screen
        .answer(&json!({ "keyholder": asked.name, "entry": accepted.id.to_string() }));
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
