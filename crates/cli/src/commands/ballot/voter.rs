//! `mahzar ballot cast`: on the voter's machine.

use std::path::PathBuf;

use ballot::message::ballot::tracker;
use ballot::role::credential::Credential;
use ballot::role::voter;
use clap::Args;
use serde_json::json;
use zeroize::Zeroizing;

use super::files;
use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Encrypt and sign a choice; shows the tracker by which the ballot is found again
#[derive(Debug, Args)]
pub struct Cast {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,

    /// The file that holds the voter's credential
    #[arg(long, value_name = "FILE")]
    credential: PathBuf,

    /// The file that holds the choices: `[[1,0,0],[0,1]]`, a list for each question
    #[arg(long, value_name = "FILE")]
    choices: PathBuf,

    /// The ballot to write
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Casts.
pub fn cast(run: &Run, asked: &Cast) -> Result<Exit, Failure> {
    let opened = files::archive(run, &asked.archive)?;
    let typed = Zeroizing::new(files::message(&asked.credential)?);
    let typed = std::str::from_utf8(&typed)
        .map_err(|error| files::out_of_form(&asked.credential, error))?;
    let credential =
        Credential::read(typed).map_err(|error| files::out_of_form(&asked.credential, error))?;
    let choices = Zeroizing::new(files::message(&asked.choices)?);
    let choices: Vec<Vec<u64>> = serde_json::from_slice(&choices)
        .map_err(|error| files::out_of_form(&asked.choices, error))?;
    let text = ballot::with_group!(opened.election.group, group => {
        let parts = opened.parts(group).ok_or_else(|| files::refused("the archive has no set-up"))?;
        let cast = voter::cast(&parts.context, &credential, &choices, &mut files::random());
        cast.map_err(files::refused)?.text(&group)
    });
    files::write(run, "ballot", &asked.to, &text)?;
    let tracker = tracker(text.as_bytes());
    run.screen
        .say(say("ballot-tracker").text("tracker", &tracker));
    run.screen.answer(&json!({ "tracker": tracker }));
    Ok(Exit::Done)
}
