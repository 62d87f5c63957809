//! A bundle on its way out: it is written piece by piece into the answer. Nothing of it is kept here, and it begins only
//! when the publication is entered and a signed head covers it.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use office::{Office, Plan, PublishItemsError};
use register::witness::Witness;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

use crate::app::{App, Person};
use crate::flow::Flow;
use crate::form::Faults;
use crate::refusal::Refusal;
use crate::visit::Signed;
use crate::witness::client::HttpWitness;

/// Bytes handed to the browser at a time.
const PIECE_BYTES: usize = 64 * 1024;

/// Between two looks at a record that the server's own beat writes.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// How often to look: half a minute, several times the server's cadence.
const LOOKS_MAX: u32 = 150;

/// Writes into the answer; an error once the browser has gone. Says once that it has begun.
struct Outgoing {
    pieces: Sender<io::Result<Bytes>>,
    begun: Option<oneshot::Sender<()>>,
}

impl Write for Outgoing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(begun) = self.begun.take() {
            // Whoever asked may have gone; the next line finds out.
            let _told = begun.send(());
        }
        self.pieces
            .blocking_send(Ok(Bytes::copy_from_slice(bytes)))
            .map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes the bundle"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Executes a plan. A fault of the form if it cannot be done now; nothing has left then.
pub async fn sent(
    app: &App,
    signed: &Signed,
    plan: Plan,
) -> Result<Result<Response, Faults>, Refusal> {
    let (pieces, receiver) = channel(2);
    let (begun, has_begun) = oneshot::channel();
    let out = Outgoing {
        pieces,
        begun: Some(begun),
    };
    let (office, person) = (app.shared_office(), Arc::clone(&signed.person));
    let writing = tokio::task::spawn_blocking(move || written(&office, &person, &plan, out));
    // The first piece comes when everything that can be refused has been accepted.
    if has_begun.await.is_ok() {
        return Ok(Ok(attachment(receiver)));
    }
    match writing.await.map_err(|_| Refusal::Trouble)? {
        Ok(()) => Err(Refusal::Trouble),
        Err(PublishItemsError::RotationDue) => Ok(Err(Faults::one("title", "publish-rotation"))),
        Err(PublishItemsError::Pending(_)) => Ok(Err(Faults::one("title", "publish-pending"))),
        Err(PublishItemsError::Withheld) => Ok(Err(Faults::one("title", "publish-withheld"))),
        Err(PublishItemsError::Bundle(_)) => Err(Refusal::Trouble),
        Err(PublishItemsError::Fault(fault)) => Err(app.refusal(fault)),
    }
}

fn attachment(pieces: Receiver<io::Result<Bytes>>) -> Response {
    let mut response = Body::from_stream(Flow(pieces)).into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = HeaderValue::from_static("attachment; filename=\"bundle.mahzar\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    response
}

/// If it fails after the first piece, the connection breaks off, so that half a bundle is not taken for whole.
fn written(
    office: &Office,
    person: &Person,
    plan: &Plan,
    out: Outgoing,
) -> Result<(), PublishItemsError> {
    let roster = office.roster().map_err(PublishItemsError::Fault)?;
    let reached =
        |named: &office::roster::WitnessOffice| HttpWitness::new(&named.vkey, &named.url).ok();
    let witnesses: Vec<HttpWitness> = roster.witnesses().filter_map(reached).collect();
    let asked: Vec<&dyn Witness> = witnesses.iter().map(|one| one as &dyn Witness).collect();
    let pieces = out.pieces.clone();
    let mut out = BufWriter::with_capacity(PIECE_BYTES, out);
    let mut looks = 0;
    let wait = || {
        looks += 1;
        std::thread::park_timeout(LOOK_AGAIN);
        looks < LOOKS_MAX
    };
    let outcome = office
        .publish(&person.session, plan, &asked, &mut out, wait)
        .and_then(|_| {
            let flushed = out.flush();
            flushed
                .map_err(|error| PublishItemsError::Fault(office::Fault::Failed(error.to_string())))
        });
    if let Err(error) = &outcome {
        tracing::warn!(%error, "a publication was not sent to its end");
        // Drops what is buffered: it must not look like the end of a whole bundle.
        let _left = out.into_parts();
        let _gone = pieces.blocking_send(Err(io::Error::other("the bundle broke off")));
    }
    outcome
}
