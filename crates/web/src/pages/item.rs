//! One item: what it is, how far its entry has come, what happened to the original, who opened a copy; and opening one.

pub mod erase;

use std::io::Read as _;
use std::sync::Arc;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use desk::ids::{EntityId, ItemId};
use desk::kinds::{Mode, Outcome, PURPOSE_CHARS_MAX};
use desk::model::MODEL;
use desk::{Access, CustodyEvent, EntityLine, EntityQuery, Filter, ItemState, PremisEvent};
use office::roster::Roster;
use office::{CircleSummary, Content, Fault, ItemSheet, Office, OpenItemError, Proved, WriteError};
use record::ids::CircleId;
use serde::Deserialize;
use tokio::sync::mpsc;

use crate::address::escaped;
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::flow::Flow;
use crate::form::{Faults, Field};
use crate::pages::desk::told::title;
use crate::pages::steps::needed;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, faulty, page};
use crate::view::{MarkView, band, name, number_of};
use crate::visit::Signed;
use crate::words::Words;

/// Bytes read from the vault at a time: one chunk of the age format.
const PIECE_BYTES: usize = 64 * 1024;
/// How many of the things that are documented about an item its page names.
const ABOUT_SHOWN: u32 = 20;

#[derive(Template)]
#[template(path = "item.html")]
struct ItemPage {
    page: Shell,
    faults: Faults,
    address: String,
    steward: bool,
    id: String,
    name: String,
    mark: MarkView,
    unaltered: Option<String>,
    erased: Option<String>,
    at: String,
    by: String,
    folder: String,
    media_type: String,
    size: u64,
    sha256: String,
    tool: String,
    purpose: Field,
    proof: Option<String>,
    custody: Vec<CustodyView>,
    accesses: Vec<AccessView>,
    /// What is documented about it: address, title, type.
    about: Vec<(String, String, &'static str)>,
    describe: String,
}

struct CustodyView {
    what: String,
    detail: String,
    at: String,
    by: String,
}

struct AccessView {
    at: String,
    by: String,
    purpose: String,
    how: String,
}

/// What a member needs a copy for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stated {
    purpose: String,
}

/// Everything that the page shows.
struct Shown {
    sheet: ItemSheet,
    circle: CircleSummary,
    roster: Roster,
    purpose: String,
    about: Vec<EntityLine>,
}

/// Where an item is: its circle, and itself.
#[derive(Clone, Copy, Debug)]
struct Places {
    circle: CircleId,
    item: ItemId,
}

impl Places {
    fn address(self) -> String {
        format!("/items/{}/{}", self.circle, self.item)
    }
}

/// Circle and item of an address; what does not read as one is not there.
fn places((circle, item): (String, String)) -> Result<Places, Refusal> {
    match (circle.parse(), item.parse()) {
        (Ok(circle), Ok(item)) => Ok(Places { circle, item }),
        _ => Err(Refusal::NotFound),
    }
}

fn look(office: &Office, person: &Person, at: Places) -> Result<Shown, Fault> {
    let reader = office.reader(&person.session, at.circle)?;
    let sheet = office.item(&reader, at.item)?;
    let circle = office
        .circles(&person.session)?
        .into_iter()
        .find(|one| one.id == at.circle)
        .ok_or(Fault::Refused)?;
    let purpose = office.purpose_today(&reader).unwrap_or_default();
    let pointing = EntityQuery {
        filters: vec![Filter::Refers {
            field: None,
            target: EntityId::from_bytes(*at.item.as_bytes()),
        }],
        limit: ABOUT_SHOWN,
        ..EntityQuery::default()
    };
    let about = office.entities(&reader, &pointing, &[])?.page.entities;
    Ok(Shown {
        sheet,
        circle,
        roster: office.roster()?,
        purpose,
        about,
    })
}

/// `GET /items/{circle}/{item}`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
) -> Result<Response, Refusal> {
    shown(&app, &signed, places(path)?, None, Faults::default()).await
}

async fn shown(
    app: &App,
    signed: &Signed,
    at: Places,
    typed: Option<&str>,
    faults: Faults,
) -> Result<Response, Refusal> {
    let person = Arc::clone(&signed.person);
    let shown = app.ask(move |office| look(office, &person, at)).await?;
    let shell = signed
        .visit
        .shell(app)
        .at(Place::Items)
        .about(band(&shown.circle));
    let wrong = !faults.is_empty();
    let view = view(shell, signed.visit.words, shown, at, typed, faults);
    if wrong { faulty(&view) } else { page(&view) }
}

fn view(
    page: Shell,
    words: Words,
    shown: Shown,
    at: Places,
    typed: Option<&str>,
    faults: Faults,
) -> ItemPage {
    let Shown {
        sheet,
        circle,
        roster,
        purpose,
        about,
    } = shown;
    let address = at.address();
    let number = number_of(&sheet.mark);
    let purpose = Field::line(words, "purpose", "item-open-purpose")
        .value(typed.unwrap_or(&purpose))
        .hint(words.say("item-open-purpose-hint"))
        .faults(words, &faults);
    let mut view = ItemPage {
        page,
        faults,
        id: at.item.to_string(),
        steward: circle.steward && circle.readable,
        name: words.say("item-erased"),
        mark: MarkView::of(&sheet.mark, words),
        unaltered: None,
        erased: None,
        at: String::new(),
        by: String::new(),
        folder: String::new(),
        media_type: String::new(),
        size: 0,
        sha256: String::new(),
        tool: String::new(),
        purpose,
        proof: number.map(|_| format!("{address}/proof")),
        custody: sheet
            .custody
            .iter()
            .map(|event| custody(event, &roster, words))
            .collect(),
        accesses: sheet
            .accesses
            .iter()
            .map(|access| accessed(access, &roster, words))
            .collect(),
        about: about
            .iter()
            .map(|line| documented(line, at, words))
            .collect(),
        describe: format!("/desk/{}/new/material?item={}", at.circle, at.item),
        address,
    };
    view.fill(sheet.state, number, &roster, words);
    view
}

impl ItemPage {
    /// What is known of the item itself: all while it is held, when and why it went once it was erased.
    fn fill(&mut self, state: ItemState, number: Option<u64>, roster: &Roster, words: Words) {
        match state {
            ItemState::Held(item) => {
                self.name = desk::name::visible(&item.file_name);
                self.unaltered =
                    number.map(|number| words.of("item-unaltered").n("number", number).to_string());
                (self.at, self.by) = (item.at.to_string(), name(roster, item.by));
                (self.folder, self.media_type) =
                    (desk::name::visible(&item.folder), item.media_type);
                (self.size, self.sha256, self.tool) =
                    (item.size_bytes, item.sha256.to_string(), item.tool);
            }
            ItemState::Erased(item) => {
                (self.at, self.by, self.erased) = (
                    item.at.to_string(),
                    name(roster, item.by),
                    Some(item.reason),
                );
            }
        }
    }
}

fn documented(line: &EntityLine, at: Places, words: Words) -> (String, String, &'static str) {
    let kind = MODEL.find(&line.type_name);
    let label = kind.map_or("", |kind| kind.label.in_language(words.0.tag()));
    let address = format!("/desk/{}/{}", at.circle, line.entity);
    (address, title(line, words), label)
}

fn custody(event: &CustodyEvent, roster: &Roster, words: Words) -> CustodyView {
    let (key, detail) = match event.event {
        PremisEvent::Ingestion => ("custody-received", event.detail.clone()),
        PremisEvent::MessageDigestCalculation => ("custody-digest", event.detail.clone()),
        PremisEvent::Encryption => ("custody-encrypted", event.detail.clone()),
        PremisEvent::Dissemination => ("custody-published", event.detail.clone()),
        PremisEvent::Deletion => ("custody-erased", event.detail.clone()),
        PremisEvent::FixityCheck => match event.outcome() {
            Some(Outcome::Unaltered) => ("custody-checked-unaltered", String::new()),
            Some(Outcome::Missing) => ("custody-checked-missing", String::new()),
            Some(Outcome::Altered) | None => ("custody-checked-altered", String::new()),
        },
    };
    CustodyView {
        what: words.say(key),
        detail,
        at: event.at.to_string(),
        by: name(roster, event.by),
    }
}

fn accessed(access: &Access, roster: &Roster, words: Words) -> AccessView {
    let how = match access.mode {
        Mode::View => "access-view",
        Mode::Copy => "access-copy",
    };
    AccessView {
        at: access.at.to_string(),
        by: name(roster, access.by),
        purpose: access.purpose.clone(),
        how: words.say(how),
    }
}

/// `POST /items/{circle}/{item}/open`: enters the opening, then sends the copy.
pub async fn open(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    Filled(stated): Filled<Stated>,
) -> Result<Response, Refusal> {
    let at = places(path)?;
    let mut faults = Faults::default();
    let purpose = needed(&mut faults, "purpose", &stated.purpose, PURPOSE_CHARS_MAX);
    if faults.is_empty() {
        let person = Arc::clone(&signed.person);
        match app
            .work(move |office| opened(office, &person, at, &purpose))
            .await?
        {
            Ok(content) => return Ok(send(content)),
            Err(OpenItemError::Sealed) => faults = Faults::one("purpose", "item-open-sealed"),
            Err(OpenItemError::RotationDue) => {
                faults = Faults::one("purpose", "item-open-rotation")
            }
            Err(OpenItemError::Purpose(_)) => faults = Faults::one("purpose", "item-open-required"),
            Err(OpenItemError::Fault(fault)) => return Err(app.refusal(fault)),
        }
    }
    shown(&app, &signed, at, Some(&stated.purpose), faults).await
}

fn opened(
    office: &Office,
    person: &Person,
    at: Places,
    purpose: &str,
) -> Result<Content, OpenItemError> {
    let writer = office
        .writer(&person.session, at.circle)
        .map_err(|error| match error {
            WriteError::RotationDue => OpenItemError::RotationDue,
            WriteError::Fault(fault) => OpenItemError::Fault(fault),
        })?;
    office.open_item(&writer, at.item, purpose, Mode::Copy)
}

/// Sends the content as it is decrypted. If it turns out damaged midway, the connection breaks off instead of ending.
fn send(mut content: Content) -> Response {
    let item = content.item.clone();
    let (pieces, receiver) = mpsc::channel::<std::io::Result<Bytes>>(2);
    tokio::task::spawn_blocking(move || {
        let mut buffer = vec![0; PIECE_BYTES];
        loop {
            let piece = match content.read(&mut buffer) {
                Ok(0) => return,
                Ok(length) => Ok(Bytes::copy_from_slice(&buffer[..length])),
                Err(error) => Err(error),
            };
            let broken = piece.is_err();
            if pieces.blocking_send(piece).is_err() || broken {
                return;
            }
        }
    });
    let name = escaped(&desk::name::visible(&item.file_name));
    let mut response = Body::from_stream(Flow(receiver)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/octet-stream"),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(item.size_bytes));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `GET /items/{circle}/{item}/proof`: the proof that the item's bytes were entered, to be given with a copy.
pub async fn proof(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let at = places(path)?;
    let person = Arc::clone(&signed.person);
    let proved = app
        .ask(move |office| {
            let reader = office.reader(&person.session, at.circle)?;
            office.prove_item(&reader, at.item, true)
        })
        .await?;
    match proved {
        Proved::Proof(proof) => super::record::proof_file(&proof, &at.item.to_string()),
        Proved::Pending => Err(Refusal::NotFound),
    }
}
