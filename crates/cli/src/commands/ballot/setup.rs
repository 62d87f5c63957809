//! `mahzar ballot setup`, `credentials` and `open`.

use std::path::PathBuf;

use ballot::archive::ArchiveWriter;
use ballot::group::{Group, GroupName};
use ballot::message::credentials::{self as list, PublicCredential, WEIGHT_MAX};
use ballot::message::election::{BASE58, Election};
use ballot::message::event::{EventType, SetupData};
use ballot::message::trustees::{self, TrusteeItem, TrusteeKey};
use ballot::role::credential::Credential;
use ballot::role::dealing::Dealing;
use ballot::text::Reader;
use clap::Args;
use rand_core::Rng;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{files, trustee};
use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::surroundings;
use crate::words::say;

/// Write the draft of an election, with a fresh identifier
#[derive(Debug, Args)]
pub struct Setup {
    /// Name, description and questions, as Belenios' templates have them
    #[arg(value_name = "TEMPLATE.json")]
    template: PathBuf,

    /// BELENIOS-2048, RFC-3526-2048 (also for ranks) or Ed25519 (for both)
    #[arg(long, value_name = "GROUP", value_parser = trustee::group)]
    group: GroupName,

    /// The draft to write, for everybody
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

/// Make the voters' credentials
#[derive(Debug, Args)]
pub struct Credentials {
    /// The draft of the election
    #[arg(value_name = "DRAFT.json")]
    draft: PathBuf,

    /// A voter on each line; behind a comma the weight, if there are weights
    #[arg(long, value_name = "FILE")]
    voters: PathBuf,

    /// The secret credentials to write: a voter and a credential on each line
    #[arg(long, value_name = "FILE")]
    secret: PathBuf,

    /// The public credentials to write, in an order that does not tell who is who
    #[arg(long, value_name = "FILE")]
    public: PathBuf,
}

/// Write the archive in which ballots can come in
#[derive(Debug, Args)]
pub struct Open {
    /// The draft of the election
    #[arg(value_name = "DRAFT.json")]
    draft: PathBuf,

    /// The public credentials
    #[arg(long, value_name = "FILE")]
    credentials: PathBuf,

    /// The public keys of trustees who must decrypt
    #[arg(long, value_name = "FILE", num_args = 1..)]
    trustees: Vec<PathBuf>,

    /// The certificates of trustees of whom some suffice, in their order
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "dealt")]
    certificates: Vec<PathBuf>,

    /// What those trustees dealt, in their order
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "finished")]
    dealt: Vec<PathBuf>,

    /// What their third steps wrote, in their order
    #[arg(long, value_name = "FILE", num_args = 1..)]
    finished: Vec<PathBuf>,

    /// The archive to write
    #[arg(long, value_name = "ELECTION.bel")]
    to: PathBuf,
}

/// Letters of a new election's identifier.
const UUID_LETTERS: usize = 14;

/// Sets up.
pub fn setup(run: &Run, asked: &Setup) -> Result<Exit, Failure> {
    let bytes = files::message(&asked.template)?;
    let template: Value = serde_json::from_slice(&bytes)
        .map_err(|error| files::out_of_form(&asked.template, error))?;
    let letters = (0..UUID_LETTERS).map(|_| {
        let drawn = files::random().next_u64() % BASE58.len() as u64;
        char::from(BASE58[drawn as usize])
    });
    let text = draft_text(&template, asked.group, &letters.collect::<String>());
    let election = Election::read(text.as_bytes())
        .map_err(|error| files::out_of_form(&asked.template, error))?;
    files::write(run, "draft", &asked.to, &election.text())?;
    run.screen.answer(&json!({ "uuid": election.uuid }));
    Ok(Exit::Done)
}

/// An election without a key yet: its fields in their one order.
fn draft_text(template: &Value, group: GroupName, uuid: &str) -> String {
    let text = |value: &Value| value.to_string();
    let list = |value: &Value| text(value.get("answers").unwrap_or(&Value::Null));
    let questions = template["questions"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| {
            if one.get("type").is_some() {
                let value = &one["value"];
                let extra = one.get("extra").map(|extra| format!(",\"extra\":{extra}"));
                return format!(
                    "{{\"type\":{},\"value\":{{\"answers\":{},\"question\":{}}}{}}}",
                    text(&one["type"]),
                    list(value),
                    text(&value["question"]),
                    extra.unwrap_or_default()
                );
            }
            let blank = if one["blank"] == Value::Bool(true) {
                ",\"blank\":true"
            } else {
                ""
            };
            format!(
                "{{\"answers\":{}{blank},\"min\":{},\"max\":{},\"question\":{}}}",
                list(one),
                text(&one["min"]),
                text(&one["max"]),
                text(&one["question"])
            )
        });
    format!(
        "{{\"version\":1,\"description\":{},\"name\":{},\"group\":\"{}\",\"public_key\":\"0\",\"questions\":[{}],\"uuid\":\"{uuid}\"}}",
        text(&template["description"]),
        text(&template["name"]),
        group.text(),
        questions.collect::<Vec<_>>().join(",")
    )
}

fn draft(path: &std::path::Path) -> Result<Election, Failure> {
    Election::read(&files::message(path)?).map_err(|error| files::out_of_form(path, error))
}

/// Makes credentials.
pub fn credentials(run: &Run, asked: &Credentials) -> Result<Exit, Failure> {
    let election = draft(&asked.draft)?;
    let bytes = files::message(&asked.voters)?;
    let voters =
        std::str::from_utf8(&bytes).map_err(|error| files::out_of_form(&asked.voters, error))?;
    let mut secret = Zeroizing::new(String::new());
    let public = ballot::with_group!(election.group, group => {
        let mut made = Vec::new();
        for line in voters.lines().filter(|line| !line.trim().is_empty()) {
            let (voter, weight) = weighed(line).ok_or_else(|| files::out_of_form(&asked.voters, line))?;
            let credential = Credential::generate(&mut files::random());
            secret.push_str(&format!("{voter} {}\n", credential.text()));
            made.push(PublicCredential {
                element: group.generator_power(&credential.exponent(&group, &election.uuid)),
                weight: weight.unwrap_or(1),
                has_weight: weight.is_some(),
            });
        }
        // In the order of the elements, which has nothing to do with that of the voters.
        made.sort_by_cached_key(|one| group.order_key(&one.element));
        list::text(&group, &made)
    });
    files::write(run, "secret", &asked.secret, &secret)?;
    files::write(run, "public", &asked.public, &public)?;
    Ok(Exit::Done)
}

fn weighed(line: &str) -> Option<(&str, Option<u64>)> {
    match line.rsplit_once(',') {
        None => Some((line.trim(), None)),
        Some((voter, weight)) => {
            let weight = weight
                .trim()
                .parse()
                .ok()
                .filter(|weight| (1..=WEIGHT_MAX).contains(weight));
            weight.map(|weight| (voter.trim(), Some(weight)))
        }
    }
}

/// Opens.
pub fn open(run: &Run, asked: &Open) -> Result<Exit, Failure> {
    let election = draft(&asked.draft)?;
    let credentials = files::message(&asked.credentials)?;
    let mut writer = ArchiveWriter::new(surroundings::now().unix_seconds());
    ballot::with_group!(election.group, group => {
        list::read(&group, &credentials).map_err(|error| files::out_of_form(&asked.credentials, error))?;
        let (items, key) = keys(&group, asked)?;
        let election = Election { public_key: group.element_text(&key), ..election };
        let data = SetupData {
            election: writer.data(election.text().as_bytes()),
            trustees: writer.data(trustees::text(&group, &items).as_bytes()),
            credentials: writer.data(&credentials),
        };
        let payload = writer.data(data.text().as_bytes());
        writer.event(EventType::Setup, Some(payload));
    });
    let bytes = writer.take();
    let checked =
        ballot::role::opened::Opened::read(&bytes, &ballot::verify::Options { threads: 1 });
    let fingerprint = checked.map_err(files::refused)?.report.fingerprint;
    crate::files::write_new(&asked.to, &bytes)?;
    run.screen.say(
        say("ballot-opened")
            .text("path", asked.to.display())
            .text("fingerprint", &fingerprint),
    );
    run.screen
        .answer(&json!({ "archive": asked.to, "fingerprint": fingerprint }));
    Ok(Exit::Done)
}

/// The trustees, and the product of their keys.
fn keys<G: Group>(group: &G, asked: &Open) -> Result<(Vec<TrusteeItem<G>>, G::Element), Failure> {
    let mut items = Vec::new();
    let mut product = group.identity();
    for path in &asked.trustees {
        let bytes = files::message(path)?;
        let key = TrusteeKey::read(&mut Reader::new(&bytes), group)
            .map_err(|error| files::out_of_form(path, error))?;
        product = group.multiply(&product, &key.public_key);
        items.push(TrusteeItem::Single(key));
    }
    if !asked.certificates.is_empty() {
        let dealers = trustee::dealers(group, &asked.certificates)?;
        let dealt = trustee::dealt(group, &asked.dealt)?;
        for one in &dealt {
            let first =
                trustees::read_coefexps(group, &one.coefexps.message).map_err(files::refused)?;
            product = first
                .first()
                .map_or(product.clone(), |first| group.multiply(&product, first));
        }
        let finished = asked.finished.iter().map(|path| {
            let bytes = files::message(path)?;
            let read =
                Dealing::read(group, &bytes).map_err(|error| files::out_of_form(path, error))?;
            Ok(read.public_key)
        });
        let public = finished.collect::<Result<Vec<_>, Failure>>()?;
        items.push(TrusteeItem::Pedersen(
            dealers
                .published(group, dealt, public)
                .map_err(files::refused)?,
        ));
    }
    Ok((items, product))
}
