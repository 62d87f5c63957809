//! `mahzar`: the record office of a parliament in exile, on the command line.

mod arguments;
mod bench;
mod commands;
mod demo;
mod failure;
mod files;
mod ftm;
mod hardening;
mod screen;
mod secrets;
mod sequencing;
mod sheet;
mod shown;
mod surroundings;
mod walk;
mod words;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use screen::Screen;

fn main() -> ExitCode {
    hardening::harden();
    hardening::keep_panics_quiet();
    let arguments = Arguments::parse();
    match commands::run(&arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            Screen::new(arguments.json, arguments.lang).fail(&failure);
            failure.exit.into()
        }
    }
}
