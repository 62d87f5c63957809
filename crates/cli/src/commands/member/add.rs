//! `mahzar member add`

use clap::{Args, ValueEnum};
use office::roster::Duty;

use super::show_once;
use crate::commands::{Run, chosen};
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Admit a member to the office; by this alone they can read nothing
///
/// A passphrase is made and shown once, unless MAHZAR_NEW_PASSPHRASE gives one.
#[derive(Debug, Args)]
pub struct Add {
    /// The member's name, by which they sign in
    name: String,

    /// What the member may do in the office as a whole
    #[arg(long, value_enum, default_value_t = Rank::Member)]
    duty: Rank,
}

/// What a member may do in the office as a whole.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Rank {
    /// What their circles allow
    Member,
    /// Also approve recoveries
    Steward,
    /// Also admit and revoke members, name outside offices and key-holders
    Administrator,
}

/// Admits a member.
pub fn run(run: &Run, asked: &Add) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let administrator = office
        .administrator(&session)
        .map_err(|error| run.fault(&error))?;
    let duty = match asked.duty {
        Rank::Member => Duty::Member,
        Rank::Steward => Duty::Steward,
        Rank::Administrator => Duty::Administrator,
    };
    let passphrase = chosen(run.secrets.new_passphrase_if_given()?)?;
    let admitted = office
        .admit_member(&administrator, &asked.name, duty, passphrase, run.cost)
        .map_err(|error| run.admit_fault(&error))?;
    run.screen.say(
        say("member-added")
            .text("name", &asked.name)
            .text("member", admitted.member),
    );
    show_once(run, &asked.name, &admitted);
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}
