//! `mahzar keyholder list`

use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};

/// List the key-holders
#[derive(Debug, Args)]
pub struct List {}

/// Lists them; members may see who they are.
pub fn run(run: &Run, _asked: &List) -> Result<Exit, Failure> {
    let office = run.office()?;
    run.session(&office)?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    for holder in roster.key_holders() {
        run.screen.line(format!(
            "{}  {}  {}",
            holder.name, holder.jurisdiction, holder.recipient
        ));
        run.screen.answer(&json!({ "name": holder.name, "jurisdiction": holder.jurisdiction, "recipient": holder.recipient }));
    }
    Ok(Exit::Done)
}
