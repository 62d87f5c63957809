//! `mahzar ballot trustee`, `shuffle` and `decrypt`: on each trustee's machine.

use std::path::{Path, PathBuf};

use ballot::group::{Group, GroupName};
use ballot::message::trustees::{CertContext, SignedMessage};
use ballot::role::channel::Seed;
use ballot::role::dealing::{self, Dealers, Dealing, Dealt};
use ballot::role::trustee;
use ballot::text::Reader;
use clap::{Args, Subcommand};
use zeroize::Zeroizing;

use super::files;
use crate::commands::Run;
use crate::failure::{Exit, Failure};

/// A trustee's key
#[derive(Debug, Subcommand)]
pub enum Trustee {
    Key(Key),
    Certificate(Certificate),
    Deal(Deal),
    Finish(Finish),
}

/// Make the key of a trustee who must decrypt
#[derive(Debug, Args)]
pub struct Key {
    /// The election's group, as `mahzar ballot setup` was told
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: GroupName,

    /// The secret key to write; it never leaves this machine
    #[arg(long, value_name = "FILE")]
    secret: PathBuf,

    /// The public key to write, for whoever opens the election
    #[arg(long, value_name = "FILE")]
    public: PathBuf,
}

/// First of three steps for trustees of whom some suffice: a secret seed and its certificate
#[derive(Debug, Args)]
pub struct Certificate {
    /// The election's group
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: GroupName,

    /// Which trustee this is, from 1
    #[arg(long, value_name = "N")]
    index: u64,

    /// How many trustees there are
    #[arg(long, value_name = "N")]
    of: u64,

    /// How many suffice
    #[arg(long, value_name = "N")]
    threshold: u64,

    /// The seed to write; it never leaves this machine
    #[arg(long, value_name = "FILE")]
    seed: PathBuf,

    /// The certificate to write, for the other trustees
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Second step: deal a share to each trustee
#[derive(Debug, Args)]
pub struct Deal {
    /// The election's group
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: GroupName,

    /// The seed
    #[arg(long, value_name = "FILE")]
    seed: PathBuf,

    /// The certificates of all trustees, in their order
    #[arg(long, value_name = "FILE", num_args = 1..)]
    certificates: Vec<PathBuf>,

    /// What is dealt
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Third step: check what was dealt, and have the key
#[derive(Debug, Args)]
pub struct Finish {
    /// The election's group
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: GroupName,

    /// The seed
    #[arg(long, value_name = "FILE")]
    seed: PathBuf,

    /// The certificates of all trustees, in their order
    #[arg(long, value_name = "FILE", num_args = 1..)]
    certificates: Vec<PathBuf>,

    /// What all trustees dealt, in their order
    #[arg(long, value_name = "FILE", num_args = 1..)]
    dealt: Vec<PathBuf>,

    /// The public key and the sealed secret key to write
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Shuffle the ballots of ranked questions
#[derive(Debug, Args)]
pub struct Shuffle {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,

    /// The shuffle to write, for whoever keeps the archive
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Decrypt a trustee's part of the tally
#[derive(Debug, Args)]
pub struct Decrypt {
    /// The archive of the election
    #[arg(value_name = "ELECTION.bel")]
    archive: PathBuf,

    /// The secret key of a trustee who must decrypt
    #[arg(long, value_name = "FILE", conflicts_with = "seed")]
    secret: Option<PathBuf>,

    /// The seed of a trustee of several
    #[arg(long, value_name = "FILE", requires = "finished")]
    seed: Option<PathBuf>,

    /// What that trustee's third step wrote
    #[arg(long, value_name = "FILE")]
    finished: Option<PathBuf>,

    /// The decryption to write, for whoever keeps the archive
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// The group of a name.
pub fn group(text: &str) -> Result<GroupName, String> {
    GroupName::of_text(text).ok_or_else(|| "BELENIOS-2048, RFC-3526-2048 or Ed25519".to_owned())
}

/// Does one of them.
pub fn run(run: &Run, asked: &Trustee) -> Result<Exit, Failure> {
    match asked {
        Trustee::Key(asked) => ballot::with_group!(asked.group, group => key(run, &group, asked)),
        Trustee::Certificate(asked) => {
            ballot::with_group!(asked.group, group => certificate(run, &group, asked))
        }
        Trustee::Deal(asked) => ballot::with_group!(asked.group, group => deal(run, &group, asked)),
        Trustee::Finish(asked) => {
            ballot::with_group!(asked.group, group => finish(run, &group, asked))
        }
    }
}

fn key<G: Group>(run: &Run, group: &G, asked: &Key) -> Result<Exit, Failure> {
    let secret = trustee::secret(group, &mut files::random());
    let text = Zeroizing::new(format!("\"{}\"", group.scalar_text(&secret)));
    let mut public = String::new();
    trustee::public_key(group, &secret, &mut files::random()).write(group, &mut public);
    files::write(run, "secret", &asked.secret, &text)?;
    files::write(run, "public", &asked.public, &public)?;
    Ok(Exit::Done)
}

fn certificate<G: Group>(run: &Run, group: &G, asked: &Certificate) -> Result<Exit, Failure> {
    let seed = Seed::generate(&mut files::random());
    let context = CertContext {
        group: group.name().text().to_owned(),
        size: asked.of,
        threshold: asked.threshold,
        index: asked.index,
    };
    let made = dealing::certificate(group, &seed, context, &mut files::random())
        .map_err(files::refused)?;
    let mut text = String::new();
    made.write(group, &mut text);
    files::write(run, "seed", &asked.seed, seed.text())?;
    files::write(run, "certificate", &asked.to, &text)?;
    Ok(Exit::Done)
}

fn seed(path: &Path) -> Result<Seed, Failure> {
    let bytes = Zeroizing::new(files::message(path)?);
    let text = std::str::from_utf8(&bytes).ok();
    text.and_then(Seed::read)
        .ok_or_else(|| files::out_of_form(path, "22 letters of base 58"))
}

/// The certificates of all trustees, checked.
pub fn dealers<G: Group>(group: &G, paths: &[PathBuf]) -> Result<Dealers<G>, Failure> {
    let read = paths.iter().map(|path| {
        let bytes = files::message(path)?;
        let mut reader = Reader::new(&bytes);
        let read = SignedMessage::read(&mut reader, group);
        read.map_err(|error| files::out_of_form(path, error))
    });
    Dealers::new(group, read.collect::<Result<Vec<_>, _>>()?).map_err(files::refused)
}

/// What all trustees dealt.
pub fn dealt<G: Group>(group: &G, paths: &[PathBuf]) -> Result<Vec<Dealt<G>>, Failure> {
    let read = paths.iter().map(|path| {
        let bytes = files::message(path)?;
        Dealt::read(group, &bytes).map_err(|error| files::out_of_form(path, error))
    });
    read.collect()
}

fn deal<G: Group>(run: &Run, group: &G, asked: &Deal) -> Result<Exit, Failure> {
    let dealers = dealers(group, &asked.certificates)?;
    let made = dealers.deal(group, &seed(&asked.seed)?, &mut files::random());
    files::write(
        run,
        "dealt",
        &asked.to,
        &made.map_err(files::refused)?.text(group),
    )?;
    Ok(Exit::Done)
}

fn finish<G: Group>(run: &Run, group: &G, asked: &Finish) -> Result<Exit, Failure> {
    let dealers = dealers(group, &asked.certificates)?;
    let dealt = dealt(group, &asked.dealt)?;
    let made = dealers.finish(group, &seed(&asked.seed)?, &dealt, &mut files::random());
    files::write(
        run,
        "finished",
        &asked.to,
        &made.map_err(files::refused)?.text(group),
    )?;
    Ok(Exit::Done)
}

/// Shuffles.
pub fn shuffle(run: &Run, asked: &Shuffle) -> Result<Exit, Failure> {
    let opened = files::archive(run, &asked.archive)?;
    let text = ballot::with_group!(opened.election.group, group => {
        let parts = opened.parts(group).ok_or_else(|| files::refused("the archive has no set-up"))?;
        let pairs = opened.pairs(&group).ok_or_else(|| files::refused("the ballots have not ended"))?;
        let made = trustee::shuffle(&parts.context, &pairs, &mut files::random());
        made.ok_or_else(|| files::refused("no generators"))?.text(&group)
    });
    files::write(run, "shuffle", &asked.to, &text)?;
    Ok(Exit::Done)
}

/// Decrypts.
pub fn decrypt(run: &Run, asked: &Decrypt) -> Result<Exit, Failure> {
    let opened = files::archive(run, &asked.archive)?;
    let text = ballot::with_group!(opened.election.group, group => {
        let parts = opened.parts(group).ok_or_else(|| files::refused("the archive has no set-up"))?;
        let pairs = opened.pairs(&group).ok_or_else(|| files::refused("the ballots have not ended"))?;
        let secret = secret(&group, asked)?;
        if !parts.trustees.keys.contains(&group.generator_power(&secret)) {
            return Err(files::refused("this key is none of the election's trustees'"));
        }
        let made = trustee::decrypt(&parts.context, &secret, &pairs, &mut files::random());
        made.text(&group)
    });
    files::write(run, "decryption", &asked.to, &text)?;
    Ok(Exit::Done)
}

fn secret<G: Group>(group: &G, asked: &Decrypt) -> Result<Zeroizing<G::Scalar>, Failure> {
    if let (Some(path), Some(finished)) = (&asked.seed, &asked.finished) {
        let bytes = files::message(finished)?;
        let read =
            Dealing::read(group, &bytes).map_err(|error| files::out_of_form(finished, error))?;
        return dealing::open_key(group, &seed(path)?, &read.private_key).map_err(files::refused);
    }
    let path = asked
        .secret
        .as_ref()
        .ok_or_else(|| files::refused("name --secret, or --seed and --finished"))?;
    let bytes = Zeroizing::new(files::message(path)?);
    let mut reader = Reader::new(&bytes);
    let read = reader.scalar(group);
    read.map(Zeroizing::new)
        .map_err(|error| files::out_of_form(path, error))
}
