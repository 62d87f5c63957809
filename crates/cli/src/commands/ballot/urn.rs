//! `mahzar ballot receive`, `close` and `tally`: whoever keeps the archive.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ballot::group::Group;
use ballot::message::decryption::PartialDecryption;
use ballot::message::event::{EventType, Owned};
use ballot::message::outcome;
use ballot::message::shuffle::Shuffle;
use ballot::message::tally::{self, SizedTally};
use ballot::role::opened::{Opened, Parts};
use ballot::role::tallying;
use ballot::verify::{Stage, check_ballot, decryptions};
use clap::Args;
use serde_json::json;

use super::{counting, files};
use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Check ballots, a shuffle or a decryption that came in, and append them
///
/// The archive is verified once for all files of a call. A ballot that is refused does not hold up the others.
#[derive(Debug, Args)]
pub struct Receive {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,

    /// What came in: any number of ballots, or one shuffle or decryption
    #[arg(value_name = "FILE", required = true)]
    messages: Vec<PathBuf>,

    /// Whose it is, for a shuffle or a decryption: the trustee's number, from 1
    #[arg(long, value_name = "N")]
    trustee: Option<u64>,
}

/// End the ballots and combine them
#[derive(Debug, Args)]
pub struct Close {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,
}

/// Combine the decryptions and append the result
#[derive(Debug, Args)]
pub struct Tally {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,

    #[command(flatten)]
    counting: counting::Counting,
}

const NO_PARTS: &str = "the archive has no set-up";

/// Receives.
pub fn receive(run: &Run, asked: &Receive) -> Result<Exit, Failure> {
    let opened = files::archive(run, &asked.archive)?;
    ballot::with_group!(opened.election.group, group => {
        let parts = opened.parts(group).ok_or_else(|| files::refused(NO_PARTS))?;
        match (asked.trustee, &asked.messages[..]) {
            (None, _) => receive_ballots(run, &opened, &parts, asked),
            (Some(owner), [path]) => receive_part(run, &opened, &parts, asked, (owner, path)),
            (Some(_), _) => Err(files::refused("one shuffle or decryption at a time")),
        }
    })
}

/// The ballots that hold are appended, and told; then the first that was refused is the failure.
fn receive_ballots<G: Group>(
    run: &Run,
    opened: &Opened,
    parts: &Parts<G>,
    asked: &Receive,
) -> Result<Exit, Failure> {
    let mut writer = opened.writer().ok_or_else(|| files::refused(NO_PARTS))?;
    if opened.report.stage != Stage::Voting {
        return Err(files::refused("the ballots have ended"));
    }
    let (mut received, mut refused) = (HashSet::new(), Vec::new());
    let mut came = Vec::new();
    for path in &asked.messages {
        let message = files::message(path)?;
        let digest = ballot::archive::digest(&message);
        let is_new = !opened.holds(digest) && !received.contains(&digest);
        match admit_ballot(parts, &message, is_new) {
            Err(failure) => refused.push(failure),
            Ok(()) => {
                received.insert(digest);
                let payload = writer.data(&message);
                writer.event(EventType::Ballot, Some(payload));
                came.push(path);
            }
        }
    }
    files::append(&asked.archive, writer)?;
    for path in came {
        tell_received(run, path, EventType::Ballot);
    }
    let mut refused = refused.into_iter();
    let first = refused.next();
    refused.for_each(|failure| run.screen.fail(&failure));
    first.map_or(Ok(Exit::Done), Err)
}

fn tell_received(run: &Run, path: &Path, kind: EventType) {
    run.screen
        .say(say("ballot-received").text("path", path.display()));
    run.screen.answer(&json!({ "received": kind.text() }));
}

fn admit_ballot<G: Group>(parts: &Parts<G>, message: &[u8], is_new: bool) -> Result<(), Failure> {
    let (checked, faults) = check_ballot(&parts.context, message);
    if let Some((part, reason)) = faults.first() {
        return Err(files::refused(format!("{part}: {reason}")));
    }
    let is_known = checked.is_some_and(|one| parts.roll.places.contains_key(&one.credential));
    match (is_known, is_new) {
        (true, true) => Ok(()),
        (false, _) => Err(files::refused("the ballot's credential is not in the list")),
        (true, false) => Err(files::refused("this ballot is in the box already")),
    }
}

/// A trustee's shuffle or decryption.
fn receive_part<G: Group>(
    run: &Run,
    opened: &Opened,
    parts: &Parts<G>,
    asked: &Receive,
    (owner, path): (u64, &Path),
) -> Result<Exit, Failure> {
    let mut writer = opened.writer().ok_or_else(|| files::refused(NO_PARTS))?;
    let message = files::message(path)?;
    let kind = admit_part(opened, parts, (owner, path), &message)?;
    let shuffles_end = opened.election.is_shuffled() && !opened.shuffles_ended();
    if kind == EventType::PartialDecryption && shuffles_end {
        writer.event(EventType::EndShuffles, None);
    }
    let payload = writer.data(&message);
    let payload = writer.data(Owned { owner, payload }.text().as_bytes());
    writer.event(kind, Some(payload));
    files::append(&asked.archive, writer)?;
    tell_received(run, path, kind);
    Ok(Exit::Done)
}

/// Checks a trustee's message before it is appended; what kind of event it makes.
fn admit_part<G: Group>(
    opened: &Opened,
    parts: &Parts<G>,
    (owner, path): (u64, &Path),
    message: &[u8],
) -> Result<EventType, Failure> {
    let group = &parts.context.group;
    let place = owner
        .checked_sub(1)
        .and_then(|at| parts.trustees.keys.get(at as usize));
    let public = place.ok_or_else(|| files::refused("there is no trustee of that number"))?;
    let pairs = opened
        .pairs(group)
        .ok_or_else(|| files::refused("close the ballots first"))?;
    if message.starts_with(b"{\"ciphertexts\"") {
        if opened.shuffles_ended() {
            return Err(files::refused("the shuffles have ended"));
        }
        if opened
            .owners(EventType::Shuffle)
            .any(|other| other == owner)
        {
            return Err(files::refused("this trustee has shuffled already"));
        }
        let read =
            Shuffle::read(group, message).map_err(|error| files::out_of_form(path, error))?;
        let questions = opened
            .election
            .questions
            .iter()
            .zip(&pairs)
            .filter(|(one, _)| one.is_shuffled());
        let parts_of = read.ciphertexts.iter().zip(&read.proofs);
        let context = &parts.context;
        let holds = read.ciphertexts.len() == questions.clone().count()
            && read.proofs.len() == read.ciphertexts.len()
            && questions.zip(parts_of).all(|((_, old), (new, proof))| {
                ballot::shuffle::holds(group, &context.key, &context.fingerprint, (old, new), proof)
            });
        return match holds {
            true => Ok(EventType::Shuffle),
            false => Err(files::refused("the proof of the shuffle does not hold")),
        };
    }
    let read =
        PartialDecryption::read(group, message).map_err(|error| files::out_of_form(path, error))?;
    let mut decrypted = opened.owners(EventType::PartialDecryption);
    if decrypted.any(|other| other == owner) {
        return Err(files::refused("this trustee has decrypted already"));
    }
    if opened.election.is_shuffled() && opened.owners(EventType::Shuffle).next().is_none() {
        return Err(files::refused("nobody has shuffled yet"));
    }
    match decryptions::check(&parts.context, public, &pairs, &read).first() {
        None => Ok(EventType::PartialDecryption),
        Some((part, reason)) => Err(files::refused(format!("{part}: {reason}"))),
    }
}

/// Closes.
pub fn close(run: &Run, asked: &Close) -> Result<Exit, Failure> {
    let opened = files::archive(run, &asked.archive)?;
    if opened.report.stage != Stage::Voting {
        return Err(files::refused("the ballots have ended"));
    }
    let mut writer = opened.writer().ok_or_else(|| files::refused(NO_PARTS))?;
    let text = ballot::with_group!(opened.election.group, group => {
        let parts = opened.parts(group).ok_or_else(|| files::refused(NO_PARTS))?;
        let mut text = String::new();
        tally::write(&group, &opened.combined(&parts), &mut text);
        text
    });
    writer.event(EventType::EndBallots, None);
    let sized = SizedTally {
        num_tallied: opened.report.tallied,
        total_weight: opened.report.weight,
        encrypted_tally: writer.data(text.as_bytes()),
    };
    let payload = writer.data(sized.text().as_bytes());
    writer.event(EventType::EncryptedTally, Some(payload));
    files::append(&asked.archive, writer)?;
    run.screen
        .say(say("ballot-closed").text("ballots", opened.report.tallied));
    run.screen
        .answer(&json!({ "tallied": opened.report.tallied, "weight": opened.report.weight }));
    Ok(Exit::Done)
}

/// Tallies.
pub fn tally(run: &Run, asked: &Tally) -> Result<Exit, Failure> {
    let opened = files::archive(run, &asked.archive)?;
    if opened.report.stage >= Stage::Finished {
        return Err(files::refused("there is a result already"));
    }
    let mut writer = opened.writer().ok_or_else(|| files::refused(NO_PARTS))?;
    let result = ballot::with_group!(opened.election.group, group => {
        let parts = opened.parts(group).ok_or_else(|| files::refused(NO_PARTS))?;
        let pairs = opened.pairs(&group).ok_or_else(|| files::refused("close the ballots first"))?;
        let factors = opened.factors(&group);
        tallying::result(&parts.context, &parts.trustees, &pairs, &factors, opened.report.weight).map_err(files::refused)?
    });
    let text = outcome::text(&result);
    let payload = writer.data(text.as_bytes());
    writer.event(EventType::Result, Some(payload));
    files::append(&asked.archive, writer)?;
    run.screen.line(&text);
    run.screen
        .answer(&serde_json::from_str(&text).unwrap_or_default());
    counting::tell(run, &opened.election.questions, &result, &asked.counting);
    Ok(Exit::Done)
}
