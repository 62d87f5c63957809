//! `mahzar demo`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::commands::{Run, serve};
use crate::demo;
use crate::failure::{Exit, Failure};

/// Make an office to look at, with members, circles, outside offices, material and a desk of invented documentation
///
/// Makes the office in the folder that --office names, takes material in, fills the desk with an invented country, shares what consent allows, opens, publishes, checks what it published, and tells each step. Then it
/// serves the pages. It shows every passphrase that it makes.
#[derive(Debug, Args)]
pub struct Demo {
    /// Take in this folder of yours; without it, files that were invented for the demonstration and say so
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,

    /// How many entities the desk is filled with
    #[arg(long, value_name = "N", default_value_t = demo::SCALE_DEFAULT, value_parser = clap::value_parser!(u64).range(demo::SCALE_LEAST..))]
    scale: u64,

    /// Stop before the pages
    #[arg(long)]
    no_serve: bool,

    /// The address of the pages
    #[arg(long, value_name = "ADDRESS:PORT", default_value = serve::ADDRESS)]
    listen: SocketAddr,
}

/// Tells the story, then serves.
pub fn run(run: &Run, asked: &Demo) -> Result<Exit, Failure> {
    let office = demo::tell(run, asked.from.as_deref(), asked.scale)?;
    if asked.no_serve {
        return Ok(Exit::Done);
    }
    serve::pages(run, Arc::new(office), asked.listen, None)
}
