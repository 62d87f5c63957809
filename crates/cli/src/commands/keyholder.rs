//! `mahzar keyholder`

use clap::Subcommand;

use crate::commands::Run;
use crate::failure::{Exit, Failure};

mod add;
mod export;
mod identity;
mod keygen;
mod list;
mod open;
mod seal;
mod sealing;
mod share;
mod warrant;

/// Key-holders, who together can open the sealed tier
#[derive(Debug, Subcommand)]
pub enum Keyholder {
    Keygen(keygen::Keygen),
    Add(add::Add),
    List(list::List),
    Seal(seal::Seal),
    Warrant(warrant::Warrant),
    Export(export::Export),
    Share(share::Share),
    Open(open::Open),
}

/// Does one of them.
pub fn run(run: &Run, asked: &Keyholder) -> Result<Exit, Failure> {
    match asked {
        Keyholder::Keygen(asked) => keygen::run(run, asked),
        Keyholder::Add(asked) => add::run(run, asked),
        Keyholder::List(asked) => list::run(run, asked),
        Keyholder::Seal(asked) => seal::run(run, asked),
        Keyholder::Warrant(asked) => warrant::run(run, asked),
        Keyholder::Export(asked) => export::run(run, asked),
        Keyholder::Share(asked) => share::run(run, asked),
        Keyholder::Open(asked) => open::run(run, asked),
    }
}
