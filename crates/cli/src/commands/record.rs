//! `mahzar record`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use office::{ProofError, Proved};
use record::commitment::Leaf as Parsed;
use record::ids::EntryId;
use serde_json::json;

use crate::commands::{Run, proof};
use crate::failure::{Exit, Failure, fault, malformed};
use crate::files;
use crate::words::say;

/// The office's record
#[derive(Debug, Subcommand)]
pub enum Record {
    /// The published head, and who countersigned it
    Head,
    /// A leaf by its number
    Leaf(Leaf),
    /// The proof that an entry is in the record, by the entry's id; says nothing of what was entered
    Prove(Prove),
    /// The policy by which outsiders judge this office's record; hand it over by a channel that they trust
    Policy(Policy),
    /// Ask the outside offices whether they know a later head, and sign again; or begin anew after a loss
    Reconcile(Reconcile),
}

/// Which leaf.
#[derive(Debug, Args)]
pub struct Leaf {
    /// Its number, from 0
    number: u64,
}

/// Which entry.
#[derive(Debug, Args)]
pub struct Prove {
    /// The entry's id, or a leaf's number
    id: String,
    /// Where to write it: a new file; without it, to stdout
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// Where to.
#[derive(Debug, Args)]
pub struct Policy {
    /// Where to write it: a new file; without it, to stdout
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// How.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// Begin a new record under a new name and key. Everybody sees that it did, and nobody can tell whether something is missing
    #[arg(long)]
    accept_loss: bool,
}

/// Does one of them. Only `reconcile` needs a member: the record is public.
pub fn run(run: &Run, asked: &Record) -> Result<Exit, Failure> {
    let office = run.office()?;
    match asked {
        Record::Head => head(run, &office),
        Record::Leaf(asked) => leaf(run, &office, asked.number),
        Record::Prove(asked) => prove(run, &office, asked),
        Record::Policy(asked) => policy(run, &office, asked),
        Record::Reconcile(asked) => reconcile(run, &office, asked),
    }
}

fn head(run: &Run, office: &office::Office) -> Result<Exit, Failure> {
    let head = office
        .head()
        .map_err(|error| run.fault(&error))?
        .ok_or_else(|| fault("fault-head"))?;
    let checkpoint = head.checkpoint.checkpoint();
    run.screen.line(head.checkpoint.to_string().trim_end());
    run.screen.say(
        say("head-countersigned")
            .n("offices", head.countersigned.len())
            .n("quorum", head.quorum),
    );
    let countersigned = head
        .countersigned
        .iter()
        .map(|(name, at)| json!({ "name": name, "at": at }));
    run.screen.answer(&json!({
        "origin": checkpoint.origin.to_string(),
        "size": checkpoint.size,
        "root": checkpoint.root.to_base64(),
        "quorum": head.quorum,
        "countersigned": countersigned.collect::<Vec<_>>(),
        "checkpoint": head.checkpoint.to_string(),
    }));
    Ok(Exit::Done)
}

fn leaf(run: &Run, office: &office::Office, number: u64) -> Result<Exit, Failure> {
    let bytes = office
        .leaf(number)
        .map_err(|error| no_leaf(run, number, &error))?;
    let hash = record::hash::leaf_hash(&bytes);
    let (kind, shown) = match Parsed::parse(&bytes) {
        Ok(Parsed::Public(envelope)) => (
            "public",
            String::from_utf8_lossy(envelope.bytes()).into_owned(),
        ),
        Ok(Parsed::Closed(closed)) => {
            ("closed", record::hash::Hash::from_bytes(closed).to_string())
        }
        Err(error) => return Err(fault("fault-damaged").because(error)),
    };
    run.screen.line(&shown);
    run.screen.answer(
        &json!({ "leaf": number, "kind": kind, "content": shown, "hash": hash.to_base64() }),
    );
    Ok(Exit::Done)
}

fn prove(run: &Run, office: &office::Office, asked: &Prove) -> Result<Exit, Failure> {
    if let Ok(number) = asked.id.parse::<u64>() {
        let found = office
            .prove_leaf(number)
            .map_err(|error| no_leaf(run, number, &error))?;
        proof::write(run, &found, asked.to.as_deref())?;
        return Ok(Exit::Done);
    }
    let entry: EntryId = asked
        .id
        .trim()
        .parse()
        .map_err(|_| malformed("fault-id-form").text("id", &asked.id))?;
    match office
        .prove_entry(entry)
        .map_err(|error| run.fault(&error))?
    {
        Proved::Proof(found) => proof::write(run, &found, asked.to.as_deref())?,
        Proved::Pending => {
            run.screen.say(say("fault-pending"));
            run.screen
                .answer(&json!({ "entry": entry.to_string(), "pending": true }));
            return Ok(Exit::Pending);
        }
    }
    Ok(Exit::Done)
}

fn policy(run: &Run, office: &office::Office, asked: &Policy) -> Result<Exit, Failure> {
    let policy = office.policy().map_err(|error| run.fault(&error))?;
    match &asked.to {
        Some(path) => {
            files::write_new(path, policy.as_bytes())?;
            run.screen
                .say(say("policy-written").text("path", path.display()));
        }
        None => run.screen.line(policy.trim_end()),
    }
    run.screen
        .answer(&json!({ "policy": policy, "path": asked.to }));
    Ok(Exit::Done)
}

fn reconcile(run: &Run, office: &office::Office, asked: &Reconcile) -> Result<Exit, Failure> {
    let session = run.session(office)?;
    office
        .administrator(&session)
        .map_err(|error| run.fault(&error))?;
    if asked.accept_loss {
        let origin = office
            .reconcile_accepting_loss()
            .map_err(|error| run.fault(&error))?;
        run.screen
            .say(say("reconcile-anew").text("origin", &origin));
        run.screen
            .answer(&json!({ "origin": origin.to_string(), "began_anew": true }));
    }
    let round = run.enter_waiting(office)?;
    match round.map(|round| round.unsigned) {
        Some(None) => {
            run.screen.say(say("reconcile-signing"));
            run.screen.answer(&json!({ "signing": true }));
            Ok(Exit::Done)
        }
        Some(Some(why)) => Err(fault("fault-unsigned").because(why)),
        None => Err(fault("fault-busy")),
    }
}

fn no_leaf(run: &Run, number: u64, error: &ProofError) -> Failure {
    match error {
        ProofError::Beyond { .. } => fault("fault-leaf").text("number", number).because(error),
        ProofError::Unpublished => fault("fault-head"),
        ProofError::Fault(fault) => run.fault(fault),
    }
}
