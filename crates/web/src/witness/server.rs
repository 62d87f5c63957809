//! Answers other offices that ask for a cosignature (tlog-witness, `add-checkpoint`).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use record::checkpoint::{Checkpoint, SignedCheckpoint};
use record::cosignature::cosign;
use record::hash::empty_root;
use record::ids::Origin;
use record::note::Vkey;
use record::tree::verify_consistency;
use record::witness_request::{
    AddCheckpoint, REQUEST_BYTES_MAX, encode_conflict, encode_cosignatures,
};

use super::state::{Folder, Identity, StateError};
use crate::clock::Edge;

/// What the witness says to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200, with the cosignature: the head continues the last one, and is remembered.
    Cosigned(String),
    /// 400: not a request.
    Malformed,
    /// 404: the origin is not one that this witness knows.
    UnknownLog,
    /// 403: the head is not signed by the key that this witness knows for the origin.
    NotSigned,
    /// 409: the last size cosigned is this one; ask again with a proof from there. Or, at the same size, the root differs.
    Conflict(u64),
    /// 422: the proof does not show that the head continues the last one.
    Inconsistent,
    /// 500: the head could not be remembered durably, now or earlier in this process.
    Broken,
}

/// A log and the last head cosigned for it.
#[derive(Debug)]
struct Log {
    vkey: Vkey,
    last: Checkpoint,
    /// A head was not written for sure; what is on the disk is not known until the next start.
    unsure: bool,
}

/// A witness at work.
pub struct Witness {
    folder: Folder,
    identity: Identity,
    edge: Edge,
    logs: Mutex<HashMap<String, Log>>,
}

impl Witness {
    /// Reads key, logs and last heads from the folder.
    pub fn start(folder: Folder, edge: Edge) -> Result<Self, StateError> {
        let identity = folder.identity()?;
        let mut logs = HashMap::new();
        for vkey in folder.logs()? {
            let last = match folder.last(vkey.name())? {
                Some(seen) => seen.checkpoint().clone(),
                None => nothing_yet(vkey.name().clone()),
            };
            logs.insert(
                vkey.name().to_string(),
                Log {
                    vkey,
                    last,
                    unsure: false,
                },
            );
        }
        Ok(Self {
            folder,
            identity,
            edge,
            logs: Mutex::new(logs),
        })
    }

    /// The witness's name and key, for the policies of others.
    #[must_use]
    pub fn vkey(&self) -> &Vkey {
        &self.identity.vkey
    }

    /// Answers one request. Blocks while the head is written.
    pub fn answer(&self, body: &[u8]) -> Answer {
        let Ok(request) = AddCheckpoint::parse(body) else {
            return Answer::Malformed;
        };
        let asked = request.checkpoint.checkpoint();
        // Held from the check of the size until the head is on the disk: the two must be one step.
        let Ok(mut logs) = self.logs.lock() else {
            return Answer::Broken;
        };
        let Some(log) = logs.get_mut(asked.origin.as_str()) else {
            return Answer::UnknownLog;
        };
        match log.judge(&request) {
            Some(refusal) => refusal,
            None => self.cosign(log, &request.checkpoint),
        }
    }

    fn cosign(&self, log: &mut Log, checkpoint: &SignedCheckpoint) -> Answer {
        if self.folder.remember(checkpoint).is_err() {
            log.unsure = true;
            return Answer::Broken;
        }
        log.last = checkpoint.checkpoint().clone();
        let line = cosign(
            checkpoint.note().text(),
            self.edge.now(),
            &self.identity.vkey,
            &self.identity.key,
        );
        Answer::Cosigned(encode_cosignatures(&[line]))
    }
}

fn nothing_yet(origin: Origin) -> Checkpoint {
    Checkpoint {
        origin,
        size: 0,
        root: empty_root(),
    }
}

impl Log {
    /// Why the head is not cosigned; `None` if it continues the last one.
    fn judge(&self, request: &AddCheckpoint) -> Option<Answer> {
        let asked = request.checkpoint.checkpoint();
        if request.checkpoint.verify_log(&self.vkey).is_err() {
            return Some(Answer::NotSigned);
        }
        if self.unsure {
            return Some(Answer::Broken);
        }
        let other_root = asked.size == self.last.size && asked.root != self.last.root;
        if request.old_size != self.last.size || other_root {
            return Some(Answer::Conflict(self.last.size));
        }
        let continues = verify_consistency(
            self.last.size,
            &self.last.root,
            asked.size,
            &asked.root,
            &request.proof,
        );
        continues.is_err().then_some(Answer::Inconsistent)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Cosigned(lines) => (
                StatusCode::OK,
                [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
                lines,
            )
                .into_response(),
            Self::Conflict(size) => (
                StatusCode::CONFLICT,
                [(header::CONTENT_TYPE, "text/x.tlog.size")],
                encode_conflict(size),
            )
                .into_response(),
            Self::Malformed => StatusCode::BAD_REQUEST.into_response(),
            Self::UnknownLog => StatusCode::NOT_FOUND.into_response(),
            Self::NotSigned => StatusCode::FORBIDDEN.into_response(),
            Self::Inconsistent => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// The witness's routes: one.
pub fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .with_state(witness)
}

async fn add_checkpoint(
    State(witness): State<Arc<Witness>>,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Answer {
    let Ok(body) = body else {
        return Answer::Malformed;
    };
    tokio::task::spawn_blocking(move || witness.answer(&body))
        .await
        .unwrap_or(Answer::Broken)
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
