//! `mahzar witness`: countersigning, both sides.

use clap::{Args, Subcommand};
use office::WitnessError;
use office::roster::WitnessOffice;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::words::say;

mod serve;

pub use serve::start;

/// Countersigning: of this office's record by others, and of theirs by this program
#[derive(Debug, Subcommand)]
pub enum Witness {
    Serve(serve::Serve),
    /// Name an outside office that is asked to countersign this office's record
    Add(Add),
    /// List the outside offices, and how many must countersign
    List,
    /// Set how many of them must countersign
    Quorum(Quorum),
    /// Ask an outside office no longer
    Remove(Remove),
}

/// An outside office.
#[derive(Debug, Args)]
pub struct Add {
    /// A name for it, one word
    name: String,
    /// Its verifier key, as it tells it: NAME+ID+KEY
    #[arg(long, value_name = "KEY")]
    vkey: String,
    /// Where it is asked
    #[arg(long, value_name = "URL")]
    url: String,
}

/// How many.
#[derive(Debug, Args)]
pub struct Quorum {
    /// How many must countersign
    count: u64,
}

/// Which.
#[derive(Debug, Args)]
pub struct Remove {
    /// Its name
    name: String,
}

/// Does one of them.
pub fn run(run: &Run, asked: &Witness) -> Result<Exit, Failure> {
    match asked {
        Witness::Serve(asked) => serve::run(run, asked),
        Witness::List => list(run),
        Witness::Add(asked) => {
            let witness = WitnessOffice {
                name: asked.name.clone(),
                vkey: asked.vkey.clone(),
                url: asked.url.clone(),
            };
            change(run, &asked.name, |office, administrator| {
                office.add_witness(administrator, witness.clone())
            })
        }
        Witness::Remove(asked) => change(run, &asked.name, |office, administrator| {
            office.remove_witness(administrator, &asked.name)
        }),
        Witness::Quorum(asked) => change(run, &asked.count.to_string(), |office, administrator| {
            office.set_quorum(administrator, asked.count)
        }),
    }
}

fn change(
    run: &Run,
    what: &str,
    change: impl Fn(
        &office::Office,
        &office::Administrator<'_>,
    ) -> Result<office::Accepted, WitnessError>,
) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let administrator = office
        .administrator(&session)
        .map_err(|error| run.fault(&error))?;
    let accepted = change(&office, &administrator).map_err(|error| refused(run, &error))?;
    run.screen.say(say("witness-changed").text("what", what));
    run.screen
        .answer(&json!({ "witness": what, "entry": accepted.id.to_string() }));
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}

fn list(run: &Run) -> Result<Exit, Failure> {
    let office = run.office()?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    for witness in roster.witnesses() {
        run.screen.line(format!(
            "{}  {}  {}",
            witness.name, witness.url, witness.vkey
        ));
        run.screen
            .answer(&json!({ "name": witness.name, "url": witness.url, "vkey": witness.vkey }));
    }
    run.screen
        .say(say("witness-quorum").n("quorum", roster.quorum()));
    run.screen.answer(&json!({ "quorum": roster.quorum() }));
    Ok(Exit::Done)
}

/// Why a change about outside offices or key-holders was refused.
pub fn refused(run: &Run, error: &WitnessError) -> Failure {
    match error {
        WitnessError::Fault(fault) => run.fault(fault),
        WitnessError::Roster(why) => fault("fault-failed").because(why),
        other => malformed("fault-witness").because(other),
    }
}
