//! `mahzar completions`

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

use crate::arguments::Arguments;
use crate::failure::{Exit, Failure};

/// Write the completions of a shell
#[derive(Debug, Args)]
pub struct Completions {
    /// For which shell
    shell: Shell,
}

/// Writes the completions to stdout.
pub fn run(asked: &Completions) -> Result<Exit, Failure> {
    generate(
        asked.shell,
        &mut Arguments::command(),
        "mahzar",
        &mut std::io::stdout(),
    );
    Ok(Exit::Done)
}
