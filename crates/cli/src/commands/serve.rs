//! `mahzar serve`

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use office::{Office, Sequencer};
use register::witness::Witness;
use serde_json::json;
use web::door::Origin;
use web::serving::{self, End};

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::sequencing;
use crate::words::say;

/// Where the pages are, if nothing else is said.
pub const ADDRESS: &str = "127.0.0.1:7400";

/// How often a batch is closed. Shorter tells more of when something was entered; longer keeps people waiting.
const CADENCE: Duration = Duration::from_secs(2);

/// Serve the pages
#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = ADDRESS)]
    listen: SocketAddr,

    /// The address by which people reach the pages, if it is another: `https://NAME` or `http://NAME.onion`
    #[arg(long, value_name = "URL")]
    public: Option<String>,
}

/// Serves until it is told to end.
pub fn run(run: &Run, asked: &Serve) -> Result<Exit, Failure> {
    let office = run.office()?;
    pages(run, Arc::new(office), asked.listen, asked.public.as_deref())
}

/// Serves an office that is open, and writes its record meanwhile.
pub fn pages(
    run: &Run,
    office: Arc<Office>,
    listen: SocketAddr,
    public: Option<&str>,
) -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| fault("fault-serve").because(error);
    let listener = TcpListener::bind(listen).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let local = format!("http://{address}");
    let origins = [Some(local.as_str()), public]
        .into_iter()
        .flatten()
        .map(origin)
        .collect::<Result<Vec<_>, _>>()?;
    let app = web::app::App::new(Arc::clone(&office), origins, run.cost)
        .map_err(|error| fault("fault-serve").because(error))?;
    let ended = AtomicBool::new(false);
    run.screen.say(say("serving").text("url", &local));
    run.screen.answer(&json!({ "url": local }));
    let end = std::thread::scope(|scope| {
        let writer = scope.spawn(|| write_record(run, &office, &ended));
        let served = serving::pages(listener, app, serving::asked_to_end());
        ended.store(true, Ordering::Release);
        writer.thread().unpark();
        served.map_err(failed)
    })?;
    match end {
        End::Asked => Ok(Exit::Done),
        End::DiskFailed => Err(fault("fault-fatal")),
    }
}

fn origin(text: &str) -> Result<Origin, Failure> {
    Origin::new(text).map_err(|error| malformed("fault-serve").because(error))
}

/// Closes a batch on each beat, as long as no other process writes the record.
fn write_record(run: &Run, office: &Office, ended: &AtomicBool) {
    let mut held: Option<Sequencer> = None;
    let mut told = String::new();
    while !ended.load(Ordering::Acquire) {
        if let Err(failure) = beat(run, office, &mut held) {
            let said = failure.in_language(run.screen.language());
            // The same trouble every two seconds is one trouble.
            if said != told {
                run.screen.fail(&failure);
                told = said;
            }
        }
        std::thread::park_timeout(CADENCE);
    }
}

fn beat(run: &Run, office: &Office, held: &mut Option<Sequencer>) -> Result<(), Failure> {
    let witnesses = sequencing::witnesses(run, office)?;
    let asked: Vec<&dyn Witness> = witnesses
        .iter()
        .map(|witness| witness as &dyn Witness)
        .collect();
    if held.is_none() {
        *held = office
            .sequencer(&asked)
            .map_err(|error| run.fault(&error))?;
    }
    if let Some(sequencer) = held {
        office
            .round(sequencer, &asked)
            .map_err(|error| run.fault(&error))?;
    }
    Ok(())
}
