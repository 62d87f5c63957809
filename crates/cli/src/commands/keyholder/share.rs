//! `mahzar keyholder share`: on the key-holder's own machine. A share moves only for a warrant that holds.

use std::path::PathBuf;

use clap::Args;
use record::encoding::base64_array;
use record::policy::Policy;
use record::signature::VerifyingKey;
use serde_json::json;
use vault::share::Share as Held;
use vault::warrant::{self, WARRANT_FILE_BYTES_MAX, WarrantFile, Warranted};

use super::identity;
use crate::commands::Run;
use crate::failure::{Exit, Failure, fault, malformed};
use crate::files;
use crate::surroundings;
use crate::words::say;

/// A share's file: canonical JSON with at most 32 digests, encrypted.
const SHARE_FILE_BYTES_MAX: u64 = 64 * 1024;
/// A policy is a text that people read.
const POLICY_BYTES_MAX: u64 = 1024 * 1024;

/// Give a share for a warrant, encrypted to the requester whom it names; on the key-holder's own machine
///
/// The warrant must be signed by an issuer you named, stand in the office's record under a checkpoint that the outside offices of your
/// policy countersigned, and not have expired.
#[derive(Debug, Args)]
pub struct Share {
    /// Your key
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// Your share
    #[arg(long, value_name = "FILE")]
    share: PathBuf,
    /// The warrant
    #[arg(long, value_name = "FILE")]
    warrant: PathBuf,
    /// The policy: the office's record and the outside offices that you trust
    #[arg(long, value_name = "FILE")]
    policy: PathBuf,
    /// The signing key, in base64, of somebody from whom you accept warrants
    #[arg(long = "issuer", value_name = "KEY", required = true)]
    issuers: Vec<String>,
    /// Where to write what goes to the requester
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    /// Do not ask before giving the share
    #[arg(long)]
    yes: bool,
}

/// Checks the warrant, shows what it asks for, and gives the share.
pub fn run(run: &Run, asked: &Share) -> Result<Exit, Failure> {
    let warranted = check(asked)?;
    let warrant = warranted.warrant();
    let screen = run.screen;
    let offices = warranted.countersigned().len();
    screen.say(
        say("warrant-holds")
            .text("object", warrant.object)
            .text("expires", warrant.expires)
            .n("offices", offices),
    );
    screen.say(say("warrant-reason").text("reason", desk::name::visible(&warrant.reason)));
    screen.say(say("warrant-requester").text("requester", &warrant.requester));
    if !asked.yes && !screen.agreed(say("warrant-question")) {
        return Err(fault("fault-not-agreed"));
    }
    let holder = identity::read(run, &asked.identity)?;
    let file = files::read(&asked.share, SHARE_FILE_BYTES_MAX)?;
    let share = Held::open(&file, warranted.place(), &holder)
        .map_err(|error| fault("fault-share").because(error))?;
    let released = warranted.release(&share, &mut surroundings::setting().dice());
    let released = released.map_err(|error| fault("fault-share").because(error))?;
    files::write_new(&asked.to, &released)?;
    screen.say(
        say("share-given")
            .text("path", asked.to.display())
            .n("number", share.index()),
    );
    screen.answer(
        &json!({ "share": share.index(), "object": warrant.object.to_string(), "path": asked.to }),
    );
    Ok(Exit::Done)
}

fn check(asked: &Share) -> Result<Warranted, Failure> {
    let file = files::read(&asked.warrant, WARRANT_FILE_BYTES_MAX as u64)?;
    let file = WarrantFile::parse(&file)
        .map_err(|error| malformed("fault-warrant-form").because(error))?;
    let policy = files::read(&asked.policy, POLICY_BYTES_MAX)?;
    let policy =
        Policy::parse(&policy).map_err(|error| malformed("fault-policy").because(error))?;
    let issuers = asked
        .issuers
        .iter()
        .map(|text| issuer(text))
        .collect::<Result<Vec<_>, _>>()?;
    warrant::check(&file, &policy, &issuers, surroundings::now())
        .map_err(|error| fault("fault-warrant").because(error))
}

fn issuer(text: &str) -> Result<VerifyingKey, Failure> {
    let key = base64_array::<32>(text).map_err(|error| malformed("fault-issuer").because(error))?;
    VerifyingKey::from_bytes(&key).map_err(|error| malformed("fault-issuer").because(error))
}
