//! The office over HTTP: its pages, the static files of its record, and countersigning between offices.
//!
//! Pages are rendered here and work without scripts; nothing is loaded from anywhere else. A handler takes parsed values,
//! calls one verb of the office and returns a page; whether the person may is decided by the office, whose verbs take the
//! permission as an argument. All routes stand in [`routes`].
//!
//! Deliberately absent: rules (the office's), SQL, a template that reads the database, client-side rendering, logs of who
//! looked at what.

pub mod address;
pub mod app;
pub mod assets;
pub mod calendar;
pub mod clock;
pub mod cookie;
pub mod delay;
pub mod door;
pub mod filled;
pub mod flow;
pub mod form;
pub mod headers;
pub mod language;
pub mod number;
pub mod pages;
pub mod passkeys;
pub mod proof_tree;
pub mod refusal;
pub mod routes;
pub mod second;
pub mod serving;
pub mod shell;
pub mod token;
pub mod upload;
pub mod view;
pub mod visit;
pub mod witness;
pub mod words;

/// The booth, the trustee's page and the auditor's page as files, each with its name: to be written into one folder, from
/// which they work without a network and without a server. An election's `election.json` or `election.bel` beside them is
/// found when a web server hands the folder out.
pub fn booth_files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    pages::booth::saved_files()
}
