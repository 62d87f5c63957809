//! `mahzar keyholder export`

use std::fs;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::sealing::Sealed;
use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::files;
use crate::words::say;

/// Write a sealed item, as closed as it is, and the shares for their key-holders
#[derive(Debug, Args)]
pub struct Export {
    /// The sealed item's id
    #[arg(value_name = "ID")]
    item: String,

    /// The folder to make: sealed.age and sealing.json for the requester, a share for each key-holder
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Writes the folder.
pub fn run(run: &Run, asked: &Export) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let (item, circle) = run.item(&office, &session, &asked.item)?;
    let reader = office
        .reader(&session, circle)
        .map_err(|error| run.fault(&error))?;
    let sealing = office
        .sealing(&reader, item)
        .map_err(|error| run.fault(&error))?;
    fs::create_dir(&asked.to).map_err(|error| files::cannot_write(&asked.to, &error))?;
    let path = asked.to.join("sealed.age");
    let mut out = BufWriter::new(files::create_new(&path)?);
    let size = office
        .export_sealed(&reader, item, &mut out)
        .map_err(|error| run.fault(&error))?;
    out.flush()
        .map_err(|error| files::cannot_write(&path, &error))?;
    let sealed = Sealed {
        place: sealing.place.clone(),
        recipient: sealing.recipient.clone(),
        threshold: sealing.threshold,
        digests: sealing.digests.clone(),
        size,
    };
    files::write_new(&asked.to.join("sealing.json"), &sealed.encode()?)?;
    for (number, (holder, share)) in (1..).zip(&sealing.shares) {
        let path = asked.to.join(format!("{number}.share"));
        files::write_new(&path, share)?;
        let holder = desk::name::visible(holder);
        run.screen.say(
            say("share-for")
                .text("name", &holder)
                .text("path", path.display()),
        );
        run.screen
            .answer(&json!({ "key_holder": holder, "share": path }));
    }
    run.screen
        .answer(&json!({ "item": item.to_string(), "path": asked.to, "size": size }));
    Ok(Exit::Done)
}
