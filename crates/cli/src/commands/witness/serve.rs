//! `mahzar witness serve`: this program countersigns the records of others.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use record::ids::Origin;
use record::note::{KeyKind, Vkey};
use serde_json::json;
use web::clock::Edge;
use web::serving;
use web::witness::server::{Witness, router};
use web::witness::state::{Folder, StateError};

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::surroundings;
use crate::words::say;

/// Countersign the records of other offices
///
/// The witness lives in a folder of its own, away from any office. Whoever has that folder can countersign in its name; if an old copy of it is
/// put back, it countersigns what it has forgotten.
#[derive(Debug, Args)]
pub struct Serve {
    /// The witness's folder; made if it is absent
    #[arg(long, value_name = "DIR", default_value = "witness")]
    state: PathBuf,

    /// The witness's name, needed when the folder is made: an address without scheme
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// The verifier key of a record to countersign; it stays known
    #[arg(long = "log", value_name = "KEY")]
    logs: Vec<String>,

    /// The address to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7410")]
    listen: SocketAddr,
}

/// Serves until it is told to end.
pub fn run(run: &Run, asked: &Serve) -> Result<Exit, Failure> {
    let name = asked
        .name
        .as_deref()
        .map(Origin::new)
        .transpose()
        .map_err(|error| malformed("fault-origin").because(error))?;
    let logs = asked
        .logs
        .iter()
        .map(|text| log(text))
        .collect::<Result<Vec<_>, _>>()?;
    let witness = start(&asked.state, name.as_ref(), &logs)?;
    let listener =
        TcpListener::bind(asked.listen).map_err(|error| fault("fault-serve").because(error))?;
    let address = listener
        .local_addr()
        .map_err(|error| fault("fault-serve").because(error))?;
    run.screen
        .say(say("witness-serving").text("url", format!("http://{address}")));
    run.screen.line(witness.vkey().to_string());
    run.screen
        .answer(&json!({ "url": format!("http://{address}"), "vkey": witness.vkey().to_string() }));
    let served = serving::serve(listener, router(Arc::new(witness)), serving::asked_to_end());
    served.map_err(|error| fault("fault-serve").because(error))?;
    Ok(Exit::Done)
}

/// Reads the verifier key of a record.
pub fn log(text: &str) -> Result<Vkey, Failure> {
    Vkey::parse(text, KeyKind::Log).map_err(|error| malformed("fault-witness").because(error))
}

/// Takes hold of a witness's folder, made if it is absent, and lets it know these records.
pub fn start(state: &Path, name: Option<&Origin>, logs: &[Vkey]) -> Result<Witness, Failure> {
    let refused = |error: StateError| fault("fault-witness-state").because(error);
    let setting = surroundings::setting();
    let folder = match (state.join("key").exists(), name) {
        (true, _) => Folder::open(state).map_err(refused)?,
        (false, Some(name)) => {
            Folder::create(state, name, &setting.dice().bytes()).map_err(refused)?
        }
        (false, None) => return Err(malformed("fault-witness-name")),
    };
    for vkey in logs {
        match folder.add_log(vkey) {
            Ok(()) => {}
            Err(StateError::LogKnown) if folder.logs().map_err(refused)?.contains(vkey) => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Witness::start(folder, edge()).map_err(refused)
}

/// The time and the random source, as the web takes them.
pub fn edge() -> Edge {
    Edge::new(|| surroundings::now().unix_seconds(), surroundings::fill)
}
