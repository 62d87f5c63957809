//! `mahzar circle`

use clap::Subcommand;

use crate::commands::Run;
use crate::failure::{Exit, Failure};

mod add;
mod create;
mod remove;
mod rotate;
mod show;

/// Circles: who can read the same things
#[derive(Debug, Subcommand)]
pub enum Circle {
    Create(create::Create),
    Add(add::Add),
    Remove(remove::Remove),
    Rotate(rotate::Rotate),
    Show(show::Show),
}

/// Does one of them.
pub fn run(run: &Run, asked: &Circle) -> Result<Exit, Failure> {
    match asked {
        Circle::Create(asked) => create::run(run, asked),
        Circle::Add(asked) => add::run(run, asked),
        Circle::Remove(asked) => remove::run(run, asked),
        Circle::Rotate(asked) => rotate::run(run, asked),
        Circle::Show(asked) => show::run(run, asked),
    }
}
