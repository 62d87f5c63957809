//! `mahzar keyholder seal`

use std::fs::File;
use std::path::PathBuf;

use clap::Args;
use office::{Material, Receipt, SealItemError};
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::words::say;
use crate::{files, walk};

/// Take a file in so that only several key-holders together can open it; not even its circle can
#[derive(Debug, Args)]
pub struct Seal {
    /// The file
    #[arg(value_name = "PATH")]
    path: PathBuf,

    /// The circle that sees that it is there, and may issue warrants
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    /// How many key-holders must open together
    #[arg(long, value_name = "M", default_value_t = 2)]
    threshold: u8,
}

/// Seals the file.
pub fn run(run: &Run, asked: &Seal) -> Result<Exit, Failure> {
    let findings = walk::find(std::slice::from_ref(&asked.path));
    let [found] = findings.files.as_slice() else {
        return Err(fault("fault-read").text("path", asked.path.display()));
    };
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let writer = office
        .writer(&session, circle)
        .map_err(|error| run.write_fault(error))?;
    let content =
        File::open(&found.path).map_err(|error| files::cannot_read(&found.path, &error))?;
    let material = Material {
        content,
        folder: String::new(),
        file_name: found.file_name.clone(),
    };
    let sealed = office
        .receive_sealed(&writer, material, asked.threshold)
        .map_err(|error| match error {
            SealItemError::Fault(fault) => run.fault(&fault),
            other => fault("fault-failed").because(other),
        })?;
    let item = match sealed.receipt {
        Receipt::New { item, .. } => item,
        Receipt::Duplicate { of, .. } => of,
    };
    run.enter_waiting(&office)?;
    let holders = sealed.key_holders.join(", ");
    run.screen.say(
        say("keyholder-sealed")
            .text("item", item)
            .text("holders", holders)
            .n("threshold", sealed.threshold),
    );
    run.screen.answer(&json!({ "item": item.to_string(), "key_holders": sealed.key_holders, "threshold": sealed.threshold }));
    Ok(Exit::Done)
}
