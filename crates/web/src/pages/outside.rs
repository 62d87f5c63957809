//! Who stands outside the office and holds it to its word: the offices that countersign its record, and the people who
//! hold the keys to what is sealed. Both are lists; they are changed on the office's own machine.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use record::entry::Timestamp;

use crate::app::App;
use crate::refusal::Refusal;
use crate::shell::{Place, Shell, page};
use crate::visit::Signed;

#[derive(Template)]
#[template(path = "outside_offices.html")]
struct OutsideOffices {
    page: Shell,
    quorum: u64,
    rows: Vec<OfficeRow>,
}

struct OfficeRow {
    name: String,
    address: String,
    key: String,
    at: Option<String>,
}

#[derive(Template)]
#[template(path = "key_holders.html")]
struct KeyHolders {
    page: Shell,
    rows: Vec<HolderRow>,
}

struct HolderRow {
    name: String,
    jurisdiction: String,
    recipient: String,
}

/// `GET /outside-offices`
pub async fn offices(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let (head, roster) = app
        .ask(|office| Ok((office.head()?, office.roster()?)))
        .await?;
    let countersigned = head.map(|head| head.countersigned).unwrap_or_default();
    let at = |wanted: &str| {
        let found = countersigned.iter().find(|(name, _)| name == wanted);
        found.and_then(|(_, seconds)| Timestamp::from_unix_seconds(*seconds).ok())
    };
    page(&OutsideOffices {
        page: signed.visit.shell(&app).at(Place::Members),
        quorum: roster.quorum(),
        rows: roster
            .witnesses()
            .map(|witness| OfficeRow {
                name: witness.name.clone(),
                address: witness.url.clone(),
                key: witness.vkey.clone(),
                at: at(&witness.name).map(|at| at.to_string()),
            })
            .collect(),
    })
}

/// `GET /key-holders`
pub async fn key_holders(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let roster = app.ask(office::Office::roster).await?;
    page(&KeyHolders {
        page: signed.visit.shell(&app).at(Place::Members),
        rows: roster
            .key_holders()
            .map(|holder| HolderRow {
                name: holder.name.clone(),
                jurisdiction: holder.jurisdiction.clone(),
                recipient: holder.recipient.clone(),
            })
            .collect(),
    })
}
