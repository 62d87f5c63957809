//! Taking material in: by a plain form of any size, or in pieces from a script.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::Field as Part;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use office::{CircleSummary, Office};
use record::ids::CircleId;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::form::{Control, Faults, Field};
use crate::refusal::Refusal;
use crate::second::name_of;
use crate::shell::{Page, Place, Shell, faulty, page};
use crate::upload::{Ended, Incoming, NAME_BYTES_MAX, PieceError};
use crate::view::{band, name};
use crate::visit::Signed;
use crate::words::Words;

/// The most files of one form.
const FILES_MAX: usize = 1_000;

/// The header in which scripts give the form token.
pub const TOKEN_HEADER: &str = "mahzar-token";

#[derive(Template)]
#[template(path = "add.html")]
struct Add {
    page: Shell,
    faults: Faults,
    step: Stage,
}

/// Where taking in stands.
enum Stage {
    /// There is no circle to take anything in for.
    Nowhere,
    /// The circle is to be chosen.
    Circle(Field),
    /// The files are to be chosen.
    Files(Files),
}

/// For whom the files are.
struct Files {
    circle: String,
    name: String,
    readers: Vec<String>,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "added.html")]
struct Added {
    page: Shell,
    total: usize,
    received: usize,
    duplicate: usize,
    rejected: usize,
    rows: Vec<Row>,
    list: String,
}

struct Row {
    name: String,
    link: Option<String>,
    size: Option<u64>,
    outcome: String,
}

/// For which circle.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    circle: String,
}

async fn circles(app: &App, signed: &Signed) -> Result<Vec<CircleSummary>, Refusal> {
    let person = Arc::clone(&signed.person);
    let circles = app
        .ask(move |office| office.circles(&person.session))
        .await?;
    Ok(circles
        .into_iter()
        .filter(|circle| circle.readable)
        .collect())
}

/// The first page: for which circle.
async fn choose_circle(
    app: &App,
    signed: &Signed,
    chosen: &str,
    faults: Faults,
) -> Result<Response, Refusal> {
    let (words, circles) = (signed.visit.words, circles(app, signed).await?);
    let options = circles
        .iter()
        .map(|circle| (circle.id.to_string(), circle.name.clone()))
        .collect();
    let field = Field::line(words, "circle", "add-circle")
        .control(Control::OneOf(options))
        .value(chosen)
        .faults(words, &faults);
    let step = match circles.is_empty() {
        true => Stage::Nowhere,
        false => Stage::Circle(field),
    };
    let shell = signed.visit.shell(app).at(Place::Items);
    answer(shell, faults, step)
}

/// The second page: who will read it, and the files.
async fn choose_files(
    app: &App,
    signed: &Signed,
    circle: CircleSummary,
    faults: Faults,
) -> Result<Response, Refusal> {
    if circle.rotation_due {
        let faults = Faults::one("circle", "add-circle-rotation");
        return choose_circle(app, signed, &circle.id.to_string(), faults).await;
    }
    let roster = app.ask(Office::roster).await?;
    let words = signed.visit.words;
    let shell = signed.visit.shell(app).at(Place::Items);
    let files = Files {
        circle: circle.id.to_string(),
        readers: circle
            .members
            .iter()
            .map(|(member, _)| name(&roster, *member))
            .collect(),
        fault: faults.of("files").map(|key| words.say(key)),
        name: circle.name.clone(),
    };
    answer(shell.about(band(&circle)), faults, Stage::Files(files))
}

fn answer(shell: Shell, faults: Faults, step: Stage) -> Result<Response, Refusal> {
    let wrong = !faults.is_empty();
    let view = Add {
        page: shell,
        faults,
        step,
    };
    if wrong { faulty(&view) } else { page(&view) }
}

/// A circle that the member can read. Whoever cannot must not learn that it exists.
async fn readable(app: &App, signed: &Signed, id: &str) -> Result<CircleSummary, Refusal> {
    let id: CircleId = id.parse().map_err(|_| Refusal::NotFound)?;
    let mut circles = circles(app, signed).await?.into_iter();
    circles.find(|one| one.id == id).ok_or(Refusal::NotFound)
}

/// `GET /items/add`
pub async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    if wanted.circle.is_empty() {
        return choose_circle(&app, &signed, "", Faults::default()).await;
    }
    let circle = readable(&app, &signed, &wanted.circle).await?;
    choose_files(&app, &signed, circle, Faults::default()).await
}

/// `POST /items/add`: the plain form. Token and circle come before the files; each file is taken in as it arrives.
pub async fn take(
    State(app): State<App>,
    signed: Signed,
    mut parts: Multipart,
) -> Result<Response, Refusal> {
    expect_token(&mut parts, &signed).await?;
    let wanted = text(&mut parts, "circle").await?;
    // Whoever may not write there must not learn whether the circle exists by how long the upload takes.
    let circle = readable(&app, &signed, &wanted).await?;
    if circle.rotation_due {
        return choose_files(&app, &signed, circle, Faults::default()).await;
    }
    let id = circle.id;
    let mut ends = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| Refusal::Senseless)? {
        let name = part.file_name().unwrap_or_default().to_owned();
        if part.name() != Some("files") || ends.len() >= FILES_MAX || name.len() > NAME_BYTES_MAX {
            return Err(Refusal::Senseless);
        }
        if !name.is_empty() {
            let ended = take_one(&app, &signed, id, &name, part).await?;
            ends.push((name, ended));
        }
    }
    match ends.is_empty() {
        true => {
            let faults = Faults::one("files", "add-files-none");
            choose_files(&app, &signed, circle, faults).await
        }
        false => report(&app, &signed, id, ends),
    }
}

async fn expect_token(parts: &mut Multipart, signed: &Signed) -> Result<(), Refusal> {
    match signed.visit.knows(&text(parts, "token").await?) {
        true => Ok(()),
        false => Err(Refusal::StaleForm),
    }
}

/// The next part, which must be this text field.
async fn text(parts: &mut Multipart, name: &str) -> Result<String, Refusal> {
    let part = parts
        .next_field()
        .await
        .map_err(|_| Refusal::Senseless)?
        .ok_or(Refusal::StaleForm)?;
    if part.name() != Some(name) {
        return Err(Refusal::StaleForm);
    }
    let mut part = part;
    let mut bytes = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|_| Refusal::Senseless)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > NAME_BYTES_MAX {
            return Err(Refusal::TooLarge);
        }
    }
    String::from_utf8(bytes).map_err(|_| Refusal::Senseless)
}

async fn take_one(
    app: &App,
    signed: &Signed,
    circle: CircleId,
    name: &str,
    mut part: Part<'_>,
) -> Result<Ended, Refusal> {
    let incoming = Incoming::begin(app, Arc::clone(&signed.person), circle, name.to_owned());
    loop {
        match part.chunk().await {
            Ok(Some(bytes)) => {
                if !incoming.send(bytes).await {
                    // It is not being taken any more; ending it says why.
                    return incoming.end(app).await;
                }
            }
            Ok(None) => return incoming.end(app).await,
            Err(_) => {
                incoming.break_off().await;
                return Ok(Ended::Rejected("added-rejected-broken"));
            }
        }
    }
}

fn report(
    app: &App,
    signed: &Signed,
    circle: CircleId,
    ends: Vec<(String, Ended)>,
) -> Result<Response, Refusal> {
    let words = signed.visit.words;
    let count = |wanted: fn(&Ended) -> bool| ends.iter().filter(|(_, ended)| wanted(ended)).count();
    page(&Added {
        page: signed.visit.shell(app).at(Place::Items),
        total: ends.len(),
        received: count(|ended| matches!(ended, Ended::Received { .. })),
        duplicate: count(|ended| matches!(ended, Ended::Duplicate { .. })),
        rejected: count(|ended| matches!(ended, Ended::Rejected(_))),
        rows: ends
            .iter()
            .map(|(name, ended)| row(name, ended, circle, words))
            .collect(),
        list: format!("/items?circle={circle}"),
    })
}

fn row(name: &str, ended: &Ended, circle: CircleId, words: Words) -> Row {
    let link = |item: &String| Some(format!("/items/{circle}/{item}"));
    let (link, size, key) = match ended {
        Ended::Received { item, size } => (link(item), Some(*size), "added-received"),
        Ended::Duplicate { item } => (link(item), None, "added-duplicate"),
        Ended::Rejected(key) => (None, None, *key),
    };
    Row {
        name: desk::name::visible(name),
        link,
        size,
        outcome: words.say(key),
    }
}

/// What a script says before it sends a file in pieces.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    circle: String,
    name: String,
}

/// What a script is told of an upload.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Told {
    Begun {
        id: String,
    },
    So {
        received: u64,
    },
    Done {
        outcome: &'static str,
        text: String,
        link: Option<String>,
    },
}

fn told(status: StatusCode, told: Told) -> Response {
    let mut response = (status, Json(told)).into_response();
    response.extensions_mut().insert(Page);
    response
}

/// A script's request carries the token in a header, which no other site can make a browser send.
fn from_script(headers: &HeaderMap, signed: &Signed) -> Result<[u8; 32], Refusal> {
    let token = headers
        .get(TOKEN_HEADER)
        .and_then(|token| token.to_str().ok())
        .unwrap_or_default();
    match (signed.visit.knows(token), &signed.visit.session_secret) {
        (true, Some(secret)) => Ok(name_of(secret)),
        _ => Err(Refusal::StaleForm),
    }
}

fn upload_id(text: &str) -> Result<[u8; 16], Refusal> {
    let mut id = [0; 16];
    hex::decode_to_slice(text, &mut id).map_err(|_| Refusal::NotFound)?;
    Ok(id)
}

/// `POST /uploads`
pub async fn begin(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let session = from_script(&headers, &signed)?;
    let beginning: Beginning = serde_json::from_slice(&body).map_err(|_| Refusal::Senseless)?;
    let circle = readable(&app, &signed, &beginning.circle).await?.id;
    if beginning.name.is_empty() || beginning.name.len() > NAME_BYTES_MAX {
        return Err(Refusal::Senseless);
    }
    let id = app.uploads().begin(
        &app,
        Arc::clone(&signed.person),
        session,
        circle,
        beginning.name,
    )?;
    Ok(told(
        StatusCode::CREATED,
        Told::Begun {
            id: hex::encode(id),
        },
    ))
}

/// Where a piece belongs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct At {
    at: u64,
}

/// `PATCH /uploads/{id}?at=…`
pub async fn piece(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(At { at }): Query<At>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let session = from_script(&headers, &signed)?;
    match app
        .uploads()
        .piece(&app, upload_id(&id)?, session, at, body)
        .await
    {
        Ok(received) => Ok(told(StatusCode::OK, Told::So { received })),
        Err(PieceError::Elsewhere(received)) => {
            Ok(told(StatusCode::CONFLICT, Told::So { received }))
        }
        Err(PieceError::Stopped) => Ok(told(StatusCode::GONE, Told::So { received: at })),
        Err(PieceError::Absent) => Err(Refusal::NotFound),
    }
}

/// `GET /uploads/{id}`: how much has been received, to go on from there.
pub async fn so_far(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let secret = signed
        .visit
        .session_secret
        .as_deref()
        .ok_or(Refusal::NotFound)?;
    let received = app
        .uploads()
        .received(upload_id(&id)?, name_of(secret))
        .map_err(|_| Refusal::NotFound)?;
    Ok(told(StatusCode::OK, Told::So { received }))
}

/// Of which circle the upload is, so that the answer can link to the item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    circle: String,
}

/// `POST /uploads/{id}/end`
pub async fn end(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(Of { circle }): Query<Of>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let session = from_script(&headers, &signed)?;
    let circle: CircleId = circle.parse().map_err(|_| Refusal::NotFound)?;
    let incoming = app
        .uploads()
        .finish(upload_id(&id)?, session)
        .map_err(|_| Refusal::NotFound)?;
    let ended = incoming.end(&app).await?;
    let outcome = match &ended {
        Ended::Received { .. } => "received",
        Ended::Duplicate { .. } => "duplicate",
        Ended::Rejected(_) => "rejected",
    };
    let row = row("", &ended, circle, signed.visit.words);
    Ok(told(
        StatusCode::OK,
        Told::Done {
            outcome,
            text: row.outcome,
            link: row.link,
        },
    ))
}
