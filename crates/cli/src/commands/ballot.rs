//! `mahzar ballot`: an election in which every role works in a folder of its own and hands files to the others.

mod audit;
mod booth;
mod counting;
mod files;
mod setup;
mod trustee;
mod urn;
mod voter;

use clap::Subcommand;

use crate::commands::Run;
use crate::failure::{Exit, Failure};

/// Secret ballots that anyone can check
#[derive(Debug, Subcommand)]
pub enum Ballot {
    Setup(setup::Setup),
    Credentials(setup::Credentials),
    /// A trustee's key: alone, or one of several of whom some suffice
    #[command(subcommand)]
    Trustee(trustee::Trustee),
    Open(setup::Open),
    Cast(voter::Cast),
    Receive(urn::Receive),
    Close(urn::Close),
    Shuffle(trustee::Shuffle),
    Decrypt(trustee::Decrypt),
    Tally(urn::Tally),
    Audit(audit::Audit),
    Booth(booth::Booth),
}

/// Does one of them.
pub fn run(run: &Run, asked: &Ballot) -> Result<Exit, Failure> {
    match asked {
        Ballot::Setup(asked) => setup::setup(run, asked),
        Ballot::Credentials(asked) => setup::credentials(run, asked),
        Ballot::Trustee(asked) => trustee::run(run, asked),
        Ballot::Open(asked) => setup::open(run, asked),
        Ballot::Cast(asked) => voter::cast(run, asked),
        Ballot::Receive(asked) => urn::receive(run, asked),
        Ballot::Close(asked) => urn::close(run, asked),
        Ballot::Shuffle(asked) => trustee::shuffle(run, asked),
        Ballot::Decrypt(asked) => trustee::decrypt(run, asked),
        Ballot::Tally(asked) => urn::tally(run, asked),
        Ballot::Audit(asked) => audit::audit(run, asked),
        Ballot::Booth(asked) => booth::booth(run, asked),
    }
}
