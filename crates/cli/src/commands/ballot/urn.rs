//! `mahzar ballot receive`, `close` and `tally`: whoever keeps the archive.

use std::path::PathBuf;

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

use super::files;
use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// Check a ballot, a shuffle or a decryption that came in, and append it
#[derive(Debug, Args)]
pub struct Receive {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,

    /// What came in
    #[arg(value_name = "FILE")]
    message: PathBuf,

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
}

const NO_PARTS: &str = "the archive has no set-up";

/// Receives.
pub fn receive(run: &Run, asked: &Receive) -> Result<Exit, Failure> {
    let opened = files::archive(run, &asked.archive)?;
    let message = files::message(&asked.message)?;
    let mut writer = opened.writer().ok_or_else(|| files::refused(NO_PARTS))?;
    let kind = ballot::with_group!(opened.election.group, group => {
        let parts = opened.parts(group).ok_or_else(|| files::refused(NO_PARTS))?;
        admit(&opened, &parts, asked, &message)?
    });
    if kind == EventType::PartialDecryption
        && opened.election.is_shuffled()
        && !opened.shuffles_ended()
    {
        writer.event(EventType::EndShuffles, None);
    }
    let mut payload = writer.data(&message);
    if let Some(owner) = asked.trustee {
        payload = writer.data(Owned { owner, payload }.text().as_bytes());
    }
    writer.event(kind, Some(payload));
    files::append(&asked.archive, writer)?;
    run.screen
        .say(say("ballot-received").text("path", asked.message.display()));
    run.screen.answer(&json!({ "received": kind.text() }));
    Ok(Exit::Done)
}

/// Checks a message before it is appended; what kind of event it makes.
fn admit<G: Group>(
    opened: &Opened,
    parts: &Parts<G>,
    asked: &Receive,
    message: &[u8],
) -> Result<EventType, Failure> {
    let group = &parts.context.group;
    let Some(owner) = asked.trustee else {
        if opened.report.stage != Stage::Voting {
            return Err(files::refused("the ballots have ended"));
        }
        let (checked, faults) = check_ballot(&parts.context, message);
        if let Some((part, reason)) = faults.first() {
            return Err(files::refused(format!("{part}: {reason}")));
        }
        let is_known = checked.is_some_and(|one| parts.roll.places.contains_key(&one.credential));
        let is_new = opened
            .payloads(EventType::Ballot)
            .all(|other| other != message);
        return match (is_known, is_new) {
            (true, true) => Ok(EventType::Ballot),
            (false, _) => Err(files::refused("the ballot's credential is not in the list")),
            (true, false) => Err(files::refused("this ballot is in the box already")),
        };
    };
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
        let read = Shuffle::read(group, message)
            .map_err(|error| files::out_of_form(&asked.message, error))?;
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
    let read = PartialDecryption::read(group, message)
        .map_err(|error| files::out_of_form(&asked.message, error))?;
    if opened
        .factors(group)
        .iter()
        .any(|(other, _)| *other as u64 + 1 == owner)
    {
        return Err(files::refused("this trustee has decrypted already"));
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
    Ok(Exit::Done)
}
