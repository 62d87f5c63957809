//! Two outside offices that countersign, each a real witness behind real HTTP on this machine.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use office::roster::WitnessOffice;
use record::ids::Origin;
use record::note::{KeyKind, Vkey};
use web::serving;
use web::witness::server::router;

use super::people::{People, not_done};
use crate::commands::Run;
use crate::commands::witness::start;
use crate::failure::Failure;
use crate::words::say;

/// Their names; nobody is meant.
const NAMES: [&str; 2] = ["north-archive", "south-archive"];

/// Starts both below `folder` and has the office ask them; both must countersign. They serve until the program ends.
pub fn open(run: &Run, people: &People, folder: &Path) -> Result<(), Failure> {
    let office = &people.office;
    let policy = office.policy().map_err(|error| run.fault(&error))?;
    let log = policy
        .lines()
        .find_map(|line| line.strip_prefix("log "))
        .ok_or_else(|| not_done("witnesses", "no log key"))?;
    let log = Vkey::parse(log, KeyKind::Log).map_err(|error| not_done("witnesses", error))?;
    let administrator = office
        .administrator(&people.clerk)
        .map_err(|error| run.fault(&error))?;
    for name in NAMES {
        let (vkey, url) = serve(name, &folder.join(name), &log)?;
        run.screen
            .say(say("demo-witness").text("name", name).text("url", &url));
        let named = WitnessOffice {
            name: name.to_owned(),
            vkey,
            url,
        };
        office
            .add_witness(&administrator, named)
            .map_err(|error| not_done("witnesses", error))?;
    }
    office
        .set_quorum(&administrator, NAMES.len() as u64)
        .map_err(|error| not_done("witnesses", error))?;
    Ok(())
}

fn serve(name: &str, folder: &Path, log: &Vkey) -> Result<(String, String), Failure> {
    let failed = |error: std::io::Error| not_done("witnesses", error);
    let origin = Origin::new(format!("{name}.invalid/witness"))
        .map_err(|error| not_done("witnesses", error))?;
    let witness = Arc::new(start(folder, Some(&origin), std::slice::from_ref(log))?);
    let vkey = witness.vkey().to_string();
    let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
    let url = format!("http://{}", listener.local_addr().map_err(failed)?);
    std::thread::spawn(move || {
        if let Err(error) = serving::serve(listener, router(witness), std::future::pending()) {
            eprintln!("mahzar: a witness of the demonstration has stopped: {error}");
        }
    });
    Ok((vkey, url))
}
