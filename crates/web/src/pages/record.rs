//! The public record: its head and who countersigned it, its leaves, one leaf with its proof drawn as a tree, and the
//! static files of C2SP by which anybody's program follows it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use office::{Fault, Head, Office, ProofError};
use record::entry::{Envelope, Timestamp};
use record::hash::leaf_hash;
use record::proof::Proof;
use record::tile::{Row as TileRow, Tile, decode_entries};
use serde::Deserialize;

use crate::app::App;
use crate::proof_tree::{Side, Tree, sides};
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::visit::Visit;
use crate::words::Words;

/// Leaves on a page.
const LEAVES_ON_PAGE: u64 = 32;

/// The kinds of public entry that have words of their own.
const PUBLISHER_ADMITTED: &str = "publisher.admitted";
const PUBLICATION_MADE: &str = "publication.made";

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    page: Shell,
    head: Option<HeadView>,
    witnesses: Vec<WitnessView>,
    countersigned: usize,
    quorum: u64,
}

struct HeadView {
    origin: String,
    size: u64,
    root: String,
    vkey: String,
}

struct WitnessView {
    name: String,
    at: Option<String>,
}

#[derive(Template)]
#[template(path = "leaves.html")]
struct Leaves {
    page: Shell,
    rows: Vec<LeafRow>,
    first: u64,
    last: u64,
    size: u64,
    newer: Option<String>,
    older: Option<String>,
}

struct LeafRow {
    index: u64,
    what: String,
    hash: String,
}

#[derive(Template)]
#[template(path = "leaf.html")]
struct Leaf {
    page: Shell,
    index: u64,
    size: u64,
    what: String,
    explanation: String,
    facts: Vec<(String, String)>,
    hash: String,
    text: Option<String>,
    picture: Tree,
    steps: Vec<StepView>,
}

struct StepView {
    words: String,
    hash: String,
}

fn moment(seconds: u64) -> String {
    Timestamp::from_unix_seconds(seconds)
        .map(|at| at.to_string())
        .unwrap_or_default()
}

fn shell(app: &App, visit: &Visit) -> Shell {
    visit.shell(app).at(Place::Record)
}

/// `GET /record`
pub async fn show(State(app): State<App>, visit: Visit) -> Result<Response, Refusal> {
    let (head, policy, roster) = app
        .ask(|office| Ok((office.head()?, office.policy()?, office.roster()?)))
        .await?;
    let vkey = policy
        .lines()
        .find_map(|line| line.strip_prefix("log "))
        .unwrap_or_default()
        .to_owned();
    let countersigned = head
        .as_ref()
        .map(|head| head.countersigned.clone())
        .unwrap_or_default();
    let at = |name: &str| {
        countersigned
            .iter()
            .find(|(one, _)| one == name)
            .map(|(_, seconds)| moment(*seconds))
    };
    let witness = |name: &str| WitnessView {
        name: name.to_owned(),
        at: at(name),
    };
    page(&RecordPage {
        page: shell(&app, &visit),
        head: head.map(|head| view(&head, vkey)),
        witnesses: roster.witnesses().map(|one| witness(&one.name)).collect(),
        countersigned: countersigned.len(),
        quorum: roster.quorum(),
    })
}

fn view(head: &Head, vkey: String) -> HeadView {
    let checkpoint = head.checkpoint.checkpoint();
    HeadView {
        origin: checkpoint.origin.to_string(),
        size: checkpoint.size,
        root: checkpoint.root.to_base64(),
        vkey,
    }
}

/// From which leaf on.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct From {
    from: Option<u64>,
}

/// `GET /record/leaves`: the newest page, or the one that begins at `from`.
pub async fn leaves(
    State(app): State<App>,
    visit: Visit,
    Query(wanted): Query<From>,
) -> Result<Response, Refusal> {
    let words = visit.words;
    let read = app.ask(move |office| {
        let size = office
            .head()?
            .map_or(0, |head| head.checkpoint.checkpoint().size);
        let newest = size.saturating_sub(1) / LEAVES_ON_PAGE * LEAVES_ON_PAGE;
        let first = wanted.from.unwrap_or(newest).min(newest);
        let end = first.saturating_add(LEAVES_ON_PAGE).min(size);
        Ok((size, first, leaves_of(office, first, end, size)?))
    });
    let (size, first, leaves) = read.await?;
    let row = |(leaf, index): (&Vec<u8>, u64)| LeafRow {
        index,
        what: what(leaf, words),
        hash: leaf_hash(leaf).to_string(),
    };
    let rows: Vec<LeafRow> = leaves.iter().zip(first..).map(row).collect();
    let after = first + rows.len() as u64;
    page(&Leaves {
        page: shell(&app, &visit),
        first,
        last: after.saturating_sub(1),
        size,
        newer: (after < size).then(|| format!("/record/leaves?from={after}")),
        older: (first > 0).then(|| {
            format!(
                "/record/leaves?from={}",
                first.saturating_sub(LEAVES_ON_PAGE)
            )
        }),
        rows,
    })
}

/// The leaves from `first` to before `end`, tile by tile.
fn leaves_of(office: &Office, first: u64, end: u64, size: u64) -> Result<Vec<Vec<u8>>, Fault> {
    let mut leaves = Vec::new();
    let mut next = first;
    while next < end {
        let tile = Tile::in_record(TileRow::Entries, next / 256, size).ok_or(Fault::Refused)?;
        let bytes = office
            .record_file(&tile.path())?
            .ok_or_else(|| Fault::Damaged(format!("{tile} is missing")))?;
        let all = decode_entries(&bytes, tile.width())
            .map_err(|error| Fault::Damaged(error.to_string()))?;
        let from = usize::try_from(next - tile.start()).unwrap_or(usize::MAX);
        let wanted = usize::try_from(end - next).unwrap_or(usize::MAX);
        let taken: Vec<_> = all
            .iter()
            .skip(from)
            .take(wanted)
            .map(|leaf| leaf.to_vec())
            .collect();
        next += taken.len().max(1) as u64;
        leaves.extend(taken);
    }
    Ok(leaves)
}

/// What a leaf shows to outsiders.
fn what(leaf: &[u8], words: Words) -> String {
    let kind = Envelope::parse(leaf)
        .ok()
        .map(|envelope| envelope.entry().kind.to_string());
    words.say(match kind.as_deref() {
        None => "leaf-closed",
        Some(PUBLISHER_ADMITTED) => "leaf-kind-publisher",
        Some(PUBLICATION_MADE) => "leaf-kind-publication",
        Some(_) => "leaf-kind-other",
    })
}

fn absent(app: &App, error: ProofError) -> Refusal {
    match error {
        ProofError::Beyond { .. } | ProofError::Unpublished => Refusal::NotFound,
        ProofError::Fault(fault) => app.refusal(fault),
    }
}

/// `GET /record/leaves/{number}`
pub async fn leaf(
    State(app): State<App>,
    visit: Visit,
    Path(number): Path<String>,
) -> Result<Response, Refusal> {
    let index: u64 = number.parse().map_err(|_| Refusal::NotFound)?;
    let words = visit.words;
    let read = app.work(move |office| Ok((office.leaf(index)?, office.prove_leaf(index)?)));
    let (leaf, proof) = read.await?.map_err(|error| absent(&app, error))?;
    let size = proof.checkpoint.checkpoint().size;
    let envelope = Envelope::parse(&leaf).ok();
    let sides = sides(index, size);
    page(&Leaf {
        page: shell(&app, &visit),
        index,
        size,
        what: what(&leaf, words),
        explanation: words.say(if envelope.is_some() {
            "leaf-public-text"
        } else {
            "leaf-closed-text"
        }),
        facts: envelope
            .as_ref()
            .map(|envelope| facts(envelope, words))
            .unwrap_or_default(),
        hash: leaf_hash(&leaf).to_string(),
        text: envelope.map(|envelope| String::from_utf8_lossy(envelope.bytes()).into_owned()),
        picture: Tree::new(&sides, &proof.hashes, index, words),
        steps: proof
            .hashes
            .iter()
            .zip(&sides)
            .map(|(hash, side)| step(*side, hash.to_string(), words))
            .collect(),
    })
}

fn step(side: Side, hash: String, words: Words) -> StepView {
    let key = match side {
        Side::Left => "proof-step-left",
        Side::Right => "proof-step-right",
    };
    StepView {
        words: words.say(key),
        hash,
    }
}

fn facts(envelope: &Envelope, words: Words) -> Vec<(String, String)> {
    let entry = envelope.entry();
    let at = crate::calendar::Moment::of(&entry.at.to_string(), words)
        .map(|at| at.plain())
        .unwrap_or_default();
    let mut facts = vec![
        (words.say("leaf-fact-kind"), entry.kind.to_string()),
        (words.say("leaf-fact-at"), at),
    ];
    let text = |name: &str| match entry.body.get(name) {
        Some(record::canonical::Value::Text(text)) => Some(text.clone()),
        Some(record::canonical::Value::Int(number)) => u64::try_from(*number)
            .ok()
            .map(|number| crate::number::whole(number, words.0)),
        _ => None,
    };
    facts.extend(text("title").map(|title| (words.say("leaf-fact-title"), title)));
    facts.extend(text("count").map(|count| (words.say("leaf-fact-count"), count)));
    facts
}

/// `GET /record/leaves/{number}/proof`
pub async fn proof(
    State(app): State<App>,
    Path(number): Path<String>,
) -> Result<Response, Refusal> {
    let index: u64 = number.parse().map_err(|_| Refusal::NotFound)?;
    let proof = app
        .work(move |office| office.prove_leaf(index))
        .await?
        .map_err(|error| absent(&app, error))?;
    proof_file(&proof, &index.to_string())
}

/// A proof as a file to keep. `name` is made of digits and letters.
pub fn proof_file(proof: &Proof, name: &str) -> Result<Response, Refusal> {
    let text = proof.encode().map_err(|_| Refusal::Trouble)?;
    let mut response = plain(text.into_bytes(), "text/plain; charset=utf-8");
    let disposition = format!("attachment; filename=\"{name}.tlog-proof\"");
    let value = HeaderValue::from_str(&disposition).map_err(|_| Refusal::Trouble)?;
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, value);
    Ok(response)
}

fn plain(bytes: Vec<u8>, kind: &'static str) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, kind)], bytes).into_response()
}

/// A number that somebody typed, in any digits.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Number {
    number: String,
}

/// `GET /record/find`
pub async fn find(Query(typed): Query<Number>) -> Result<Response, Refusal> {
    let digit = |letter: char| match letter {
        '۰'..='۹' => char::from_digit(letter as u32 - '۰' as u32, 10),
        '٠'..='٩' => char::from_digit(letter as u32 - '٠' as u32, 10),
        other => other.is_ascii_digit().then_some(other),
    };
    let number: u64 = typed
        .number
        .chars()
        .filter_map(digit)
        .collect::<String>()
        .parse()
        .map_err(|_| Refusal::NotFound)?;
    Ok(Redirect::to(&format!("/record/leaves/{number}")).into_response())
}

/// `GET /record/policy`
pub async fn policy(State(app): State<App>) -> Result<Response, Refusal> {
    let text = app.ask(Office::policy).await?;
    let mut response = plain(text.into_bytes(), "text/plain; charset=utf-8");
    response.headers_mut().insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"policy\""),
    );
    Ok(response)
}

/// `GET /checkpoint`
pub async fn checkpoint(State(app): State<App>) -> Result<Response, Refusal> {
    let bytes = app
        .ask(|office| office.record_file("checkpoint"))
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(plain(bytes, "text/plain; charset=utf-8"))
}

/// `GET /tile/…`
pub async fn tile(State(app): State<App>, Path(path): Path<String>) -> Result<Response, Refusal> {
    let bytes = app
        .ask(move |office| office.record_file(&format!("tile/{path}")))
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok(plain(bytes, "application/octet-stream"))
}
