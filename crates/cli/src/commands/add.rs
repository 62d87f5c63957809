//! `mahzar add`: files and folders are taken in. Everything that was seen ends as received, a duplicate, or rejected with a reason.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};

use clap::Args;
use indicatif::ProgressBar;
use office::{
    Material, Office, Receipt, ReceiveError, SMALL_MATERIAL_BYTES_MAX, SmallMaterial, Writer,
};
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::walk::{self, Findings, Found};
use crate::words::say;

pub mod describe;
mod tally;

use tally::{Outcome, Tally};

/// Small files that are taken in together, for one fsync.
const BATCH_FILES: usize = 1_000;
/// Bytes of small files that are held at a time.
const BATCH_BYTES: usize = 16 * 1024 * 1024;
/// Batches that are read ahead while one is taken in.
const BATCHES_AHEAD: usize = 1;

/// Take in files and folders
#[derive(Debug, Args)]
pub struct Add {
    /// Files and folders; folders are taken in whole, links are not followed
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The circle that may read them, by name or id; needed if you are in several
    #[arg(long, value_name = "CIRCLE")]
    circle: Option<String>,

    #[command(flatten)]
    basis: describe::Basis,
}

/// What is handed to the office at a time.
enum Portion {
    /// Small files, read.
    Small(Vec<(Found, Vec<u8>)>),
    /// A file to be streamed.
    Large(Found, File),
    /// A file that could not be read.
    Unreadable(Found, std::io::Error),
}

/// Takes everything in and accounts for it.
pub fn run(run: &Run, asked: &Add) -> Result<Exit, Failure> {
    let findings = walk::find(&asked.paths);
    if findings.files.is_empty() && findings.refused.is_empty() {
        return Err(fault("fault-nothing-found"));
    }
    let office = run.office()?;
    let session = run.session(&office)?;
    let circle = run.circle(&office, &session, asked.circle.as_deref())?;
    let writer = office
        .writer(&session, circle)
        .map_err(|error| run.write_fault(error))?;
    let tally = take_in(run, &office, &writer, findings);
    describe::received(run, &office, &writer, &asked.basis, tally.items())?;
    run.enter_waiting(&office)?;
    tally.report(run.screen);
    match tally.rejected() {
        0 => Ok(Exit::Done),
        count => Err(fault("fault-rejected").text("count", count)),
    }
}

/// Takes in what was found; the tally accounts for all of it.
pub fn take_in(run: &Run, office: &Office, writer: &Writer<'_>, findings: Findings) -> Tally {
    let bytes = findings.files.iter().map(|file| file.size_bytes).sum();
    let mut intake = Intake {
        run,
        office,
        writer,
        tally: Tally::new(run.screen),
        bar: run.screen.bytes_bar(bytes),
        stopped: None,
    };
    for (path, reason) in findings.refused {
        intake
            .tally
            .count(&path, Outcome::Rejected(reason.word().to_owned()));
    }
    let (hand, portions) = sync_channel(BATCHES_AHEAD);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // The other side goes on to the end, so that a portion is never lost here.
            portion_out(findings.files, |portion| hand.send(portion).is_ok());
        });
        intake.take_all(&portions);
    });
    intake.bar.finish_and_clear();
    intake.tally
}

/// Reads files in their order and hands them on, small ones together.
fn portion_out(files: Vec<Found>, mut hand: impl FnMut(Portion) -> bool) {
    let (mut small, mut held_bytes) = (Vec::new(), 0);
    for found in files {
        let portion = match read(&found) {
            Ok(Content::Small(content)) => {
                held_bytes += content.len();
                small.push((found, content));
                if small.len() < BATCH_FILES && held_bytes < BATCH_BYTES {
                    continue;
                }
                held_bytes = 0;
                Portion::Small(std::mem::take(&mut small))
            }
            Ok(Content::Large(file)) => Portion::Large(found, file),
            Err(error) => Portion::Unreadable(found, error),
        };
        if !hand(portion) {
            return;
        }
    }
    if !small.is_empty() {
        hand(Portion::Small(small));
    }
}

enum Content {
    Small(Vec<u8>),
    Large(File),
}

/// The size is judged by what is read, not by what was said of it.
fn read(found: &Found) -> std::io::Result<Content> {
    let file = File::open(&found.path)?;
    if found.size_bytes > SMALL_MATERIAL_BYTES_MAX as u64 {
        return Ok(Content::Large(file));
    }
    let mut content = Vec::new();
    (&file)
        .take(SMALL_MATERIAL_BYTES_MAX as u64 + 1)
        .read_to_end(&mut content)?;
    if content.len() <= SMALL_MATERIAL_BYTES_MAX {
        return Ok(Content::Small(content));
    }
    File::open(&found.path).map(Content::Large)
}

struct Intake<'a> {
    run: &'a Run,
    office: &'a Office,
    writer: &'a Writer<'a>,
    tally: Tally,
    bar: ProgressBar,
    /// Why nothing more is taken in, once something failed that would fail for all.
    stopped: Option<String>,
}

impl Intake<'_> {
    fn take_all(&mut self, portions: &Receiver<Portion>) {
        for portion in portions {
            match portion {
                Portion::Unreadable(found, error) => {
                    self.tally.count(
                        &found.path,
                        Outcome::Rejected(format!("unreadable: {error}")),
                    );
                }
                Portion::Small(batch) => self.take_small(batch),
                Portion::Large(found, file) => self.take_large(&found, file),
            }
        }
    }

    fn take_small(&mut self, batch: Vec<(Found, Vec<u8>)>) {
        if let Some(why) = self.stopped.clone() {
            return batch.iter().for_each(|(found, _)| {
                self.tally
                    .count(&found.path, Outcome::Rejected(why.clone()))
            });
        }
        let mut paths = Vec::with_capacity(batch.len());
        let mut materials = Vec::with_capacity(batch.len());
        for (found, content) in batch {
            // One name that cannot be entered must not cost the others their place.
            match walk::name_fault(&found) {
                Some(fault) => self.tally.count(&found.path, Outcome::Rejected(fault)),
                None => {
                    paths.push(found.path);
                    materials.push(SmallMaterial {
                        content,
                        folder: found.folder,
                        file_name: found.file_name,
                    });
                }
            }
        }
        match self.office.receive_small(self.writer, &materials) {
            Ok(receipts) => paths
                .iter()
                .zip(receipts)
                .for_each(|(path, receipt)| self.tally.count(path, outcome(receipt))),
            Err(error) => {
                let why = self.why(&error);
                paths
                    .iter()
                    .for_each(|path| self.tally.count(path, Outcome::Rejected(why.clone())));
            }
        }
        self.bar
            .inc(materials.iter().map(|one| one.content.len() as u64).sum());
    }

    fn take_large(&mut self, found: &Found, file: File) {
        if let Some(why) = self.stopped.clone() {
            return self.tally.count(&found.path, Outcome::Rejected(why));
        }
        let material = Material {
            content: self.bar.wrap_read(file),
            folder: found.folder.clone(),
            file_name: found.file_name.clone(),
        };
        let outcome = match self.office.receive(self.writer, material) {
            Ok(receipt) => outcome(receipt),
            Err(error) => Outcome::Rejected(self.why(&error)),
        };
        self.tally.count(&found.path, outcome);
    }

    /// What to say of a failure. Most failures are of one file; those that will meet all end the intake.
    fn why(&mut self, error: &ReceiveError) -> String {
        let why = match error {
            ReceiveError::Fault(fault) if fault.is_fatal() => self
                .run
                .fault(fault)
                .in_language(self.run.screen.language()),
            other => other.to_string(),
        };
        if matches!(error, ReceiveError::RotationDue | ReceiveError::Fault(_)) {
            self.stopped = Some(format!("stopped: {why}"));
        }
        why
    }
}

fn outcome(receipt: Receipt) -> Outcome {
    match receipt {
        Receipt::New {
            item, size, sha256, ..
        } => Outcome::Received { item, size, sha256 },
        Receipt::Duplicate { of, sha256 } => Outcome::Duplicate { of, sha256 },
    }
}

/// A line about one file, for machines; people see what was rejected.
fn tell(screen: crate::screen::Screen, path: &Path, outcome: &Outcome) {
    let shown = desk::name::visible(&path.to_string_lossy());
    match outcome {
        Outcome::Received { item, size, sha256 } => screen.answer(&json!({
            "path": shown, "outcome": "received", "item": item.to_string(), "size": size, "sha256": sha256.to_string(),
        })),
        Outcome::Duplicate { of, sha256 } => screen.answer(&json!({
            "path": shown, "outcome": "duplicate", "of": of.to_string(), "sha256": sha256.to_string(),
        })),
        Outcome::Rejected(reason) => {
            screen.say(say("intake-rejected-one").text("path", &shown).text("reason", reason));
            screen.answer(&json!({ "path": shown, "outcome": "rejected", "reason": reason }));
        }
    }
}
