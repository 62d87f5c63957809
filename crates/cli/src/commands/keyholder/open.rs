//! `mahzar keyholder open`: on the requester's own machine.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use vault::header;
use vault::keys::Identity;
use vault::object;
use vault::share::{self, Share};

use super::identity;
use super::sealing::Sealed;
use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::files;
use crate::words::say;

/// A released share, or what belongs to a sealed item.
const SMALL_FILE_BYTES_MAX: u64 = 64 * 1024;

/// Open a sealed item with the shares that key-holders gave; on the requester's own machine
#[derive(Debug, Args)]
pub struct Open {
    /// Your key, to which the shares were encrypted
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,

    /// The folder that `mahzar keyholder export` wrote; its shares are not needed here
    #[arg(long, value_name = "DIR")]
    sealed: PathBuf,

    /// The shares that the key-holders gave
    #[arg(required = true, value_name = "SHARE")]
    shares: Vec<PathBuf>,

    /// Where to write the material: a new file
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Puts the shares together and opens the material. The key exists in this process only, and only now.
pub fn run(run: &Run, asked: &Open) -> Result<Exit, Failure> {
    let requester = identity::read(run, &asked.identity)?;
    let sealed = Sealed::parse(&files::read(
        &asked.sealed.join("sealing.json"),
        SMALL_FILE_BYTES_MAX,
    )?)?;
    let open = |path: &PathBuf| {
        let file = files::read(path, SMALL_FILE_BYTES_MAX)?;
        Share::open_released(&file, &sealed.place, &requester)
            .map_err(|error| fault("fault-share").because(format!("{}: {error}", path.display())))
    };
    let shares = asked
        .shares
        .iter()
        .map(open)
        .collect::<Result<Vec<Share>, _>>()?;
    // Each share must be one of those that the office published, and their key the one that the material is encrypted to.
    let identity = share::combine(&shares, &sealed.split(), &sealed.recipient)
        .map_err(|error| fault("fault-share").because(error))?;
    let identity = Identity::Hybrid(Box::new(identity));
    let written = write(
        &asked.sealed.join("sealed.age"),
        &sealed,
        &identity,
        &asked.to,
    );
    if written.is_err() {
        // Half of it is nothing to rely on; what matters is the error.
        let _left = fs::remove_file(&asked.to);
    }
    written?;
    run.screen
        .say(say("open-done").text("path", asked.to.display()));
    run.screen
        .answer(&json!({ "path": asked.to, "size": sealed.size }));
    Ok(Exit::Done)
}

fn write(from: &Path, sealed: &Sealed, identity: &Identity, to: &Path) -> Result<(), Failure> {
    let unreadable = |error: &std::io::Error| files::cannot_read(from, error);
    let mut file =
        std::io::BufReader::new(fs::File::open(from).map_err(|error| unreadable(&error))?);
    let header = header::split(&mut file).map_err(|error| unreadable(&error))?;
    let header = header.map_err(|error| fault("fault-share").because(error))?;
    let binding = office::sealed_binding(&sealed.place);
    let mut opened = object::open(&header, file, identity, &binding, sealed.size)
        .map_err(|error| fault("fault-share").because(error))?;
    let mut out = files::create_new(to)?;
    std::io::copy(&mut opened, &mut out).map_err(|error| fault("fault-damaged").because(error))?;
    out.flush()
        .and_then(|()| out.sync_all())
        .map_err(|error| files::cannot_write(to, &error))
}
