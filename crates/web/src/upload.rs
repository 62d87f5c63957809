//! Files on their way in. Each is encrypted as it arrives, on a thread of its own that reads from a channel; nothing
//! readable touches the disk, and what breaks off before its end is not received.
//!
//! A plain form sends a file in one go. A script sends it in pieces, each with its offset, so that a lost connection
//! costs one piece: the thread waits, up to [`IDLE_SECONDS_MAX`]. An upload belongs to the session that began it and
//! ends with it.

use std::collections::HashMap;
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use office::{Fault, Material, Office, Receipt, ReceiveError, WriteError};
use record::ids::{CircleId, MemberId};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;

use crate::app::{App, Person};
use crate::refusal::Refusal;

/// The largest piece that a script may send: some seconds at 64 kbit/s are lost with it at worst.
pub const PIECE_BYTES_MAX: usize = 1024 * 1024;

/// Pieces that wait to be encrypted before the sender is held up.
const PIECES_WAITING: usize = 2;

/// Uploads of one member at a time.
pub const UPLOADS_OF_ONE_MAX: usize = 8;

/// An upload that hears nothing for so long is given up.
pub const IDLE_SECONDS_MAX: u64 = 3_600;

/// The largest file name in bytes that is passed on; the office refuses long ones with a reason.
pub const NAME_BYTES_MAX: usize = 4_096;

/// What becomes of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is a new item.
    Received {
        /// Its id.
        item: String,
        /// Its size.
        size: u64,
    },
    /// The circle has the same bytes already, as this item.
    Duplicate {
        /// That item's id.
        item: String,
    },
    /// It was not received, for this reason: the key of a message.
    Rejected(&'static str),
}

enum Piece {
    Bytes(Bytes),
    End,
}

/// Reads what the browser sends, until the end is said. A channel that closes before that is an error, so half a file is
/// never taken for a whole one.
struct Arriving {
    pieces: Receiver<Piece>,
    rest: Bytes,
    ended: bool,
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => self.rest = bytes,
                Some(Piece::End) => self.ended = true,
                None => {
                    return Err(io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        "the upload broke off",
                    ));
                }
            }
        }
        let taken = self.rest.split_to(self.rest.len().min(buffer.len()));
        buffer[..taken.len()].copy_from_slice(&taken);
        Ok(taken.len())
    }
}

/// One file on its way in.
pub struct Incoming {
    pieces: Sender<Piece>,
    thread: JoinHandle<Result<Receipt, Failure>>,
}

enum Failure {
    Write(WriteError),
    Receive(ReceiveError),
}

impl Incoming {
    /// Begins to take a file in for a circle.
    pub fn begin(app: &App, person: Arc<Person>, circle: CircleId, file_name: String) -> Self {
        let (pieces, receiver) = channel(PIECES_WAITING);
        let arriving = Arriving {
            pieces: receiver,
            rest: Bytes::new(),
            ended: false,
        };
        let office = app.shared_office();
        let thread = tokio::task::spawn_blocking(move || {
            take_in(&office, &person, circle, file_name, arriving)
        });
        Self { pieces, thread }
    }

    /// Hands on a piece; waits while earlier ones are being encrypted. `false` if the file is not being taken any more.
    pub async fn send(&self, bytes: Bytes) -> bool {
        self.pieces.send(Piece::Bytes(bytes)).await.is_ok()
    }

    /// Says that the file is complete, and waits until it is durable.
    pub async fn end(self, app: &App) -> Result<Ended, Refusal> {
        // If the thread has stopped already, its reason is told below.
        let _ = self.pieces.send(Piece::End).await;
        drop(self.pieces);
        ended(app, self.thread.await.map_err(|_| Refusal::Trouble)?)
    }

    /// The file broke off: nothing of it is received.
    pub async fn break_off(self) {
        drop(self.pieces);
        let _ = self.thread.await;
    }
}

fn take_in(
    office: &Office,
    person: &Person,
    circle: CircleId,
    file_name: String,
    content: Arriving,
) -> Result<Receipt, Failure> {
    let writer = office
        .writer(&person.session, circle)
        .map_err(Failure::Write)?;
    let material = Material {
        content,
        folder: String::new(),
        file_name,
    };
    office.receive(&writer, material).map_err(Failure::Receive)
}

fn ended(app: &App, outcome: Result<Receipt, Failure>) -> Result<Ended, Refusal> {
    let fault = match outcome {
        Ok(Receipt::New { item, size, .. }) => {
            return Ok(Ended::Received {
                item: item.to_string(),
                size,
            });
        }
        Ok(Receipt::Duplicate { of, .. }) => {
            return Ok(Ended::Duplicate {
                item: of.to_string(),
            });
        }
        Err(
            Failure::Write(WriteError::RotationDue) | Failure::Receive(ReceiveError::RotationDue),
        ) => {
            return Ok(Ended::Rejected("add-circle-rotation"));
        }
        Err(Failure::Receive(ReceiveError::Name(_))) => {
            return Ok(Ended::Rejected("added-rejected-empty-name"));
        }
        Err(Failure::Receive(ReceiveError::Source(_))) => {
            return Ok(Ended::Rejected("added-rejected-broken"));
        }
        Err(Failure::Receive(ReceiveError::TooLarge)) => {
            return Ok(Ended::Rejected("added-rejected"));
        }
        Err(
            Failure::Write(WriteError::Fault(fault)) | Failure::Receive(ReceiveError::Fault(fault)),
        ) => fault,
    };
    match fault {
        Fault::Full(_) => Ok(Ended::Rejected("added-rejected-full")),
        other => Err(app.refusal(other)),
    }
}

struct Upload {
    owner: MemberId,
    session: [u8; 32],
    received: u64,
    last: u64,
    incoming: Incoming,
}

/// The uploads that scripts send in pieces.
#[derive(Default)]
pub struct Uploads(Mutex<HashMap<[u8; 16], Upload>>);

/// Why a piece is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PieceError {
    /// There is no such upload, or it is not this session's.
    #[error("there is no such upload")]
    Absent,
    /// The piece is of another place; this much has been received.
    #[error("{0} bytes have been received")]
    Elsewhere(u64),
    /// The file is not being taken any more; end it to hear why.
    #[error("the upload has stopped")]
    Stopped,
}

type Held<'a> = MutexGuard<'a, HashMap<[u8; 16], Upload>>;

impl Uploads {
    fn held(&self) -> Held<'_> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an upload; its id. Fails if the member has too many under way.
    pub fn begin(
        &self,
        app: &App,
        person: Arc<Person>,
        session: [u8; 32],
        circle: CircleId,
        name: String,
    ) -> Result<[u8; 16], Refusal> {
        let (id, now, owner) = (app.random(), app.now(), person.member());
        let mut uploads = self.held();
        uploads.retain(|_, upload| upload.last + IDLE_SECONDS_MAX > now);
        if uploads
            .values()
            .filter(|upload| upload.owner == owner)
            .count()
            >= UPLOADS_OF_ONE_MAX
        {
            return Err(Refusal::TooMany);
        }
        let incoming = Incoming::begin(app, person, circle, name);
        uploads.insert(
            id,
            Upload {
                owner,
                session,
                received: 0,
                last: now,
                incoming,
            },
        );
        Ok(id)
    }

    /// How much of an upload has been received.
    pub fn received(&self, id: [u8; 16], session: [u8; 32]) -> Result<u64, PieceError> {
        let mut uploads = self.held();
        own(&mut uploads, id, session).map(|upload| upload.received)
    }

    /// Takes the piece at an offset; how much has then been received. If the request is given up while it waits, nothing
    /// of the piece has been taken.
    pub async fn piece(
        &self,
        app: &App,
        id: [u8; 16],
        session: [u8; 32],
        offset: u64,
        bytes: Bytes,
    ) -> Result<u64, PieceError> {
        let pieces = {
            let mut uploads = self.held();
            own(&mut uploads, id, session)?
                .at(offset)?
                .incoming
                .pieces
                .clone()
        };
        let room = pieces
            .reserve_owned()
            .await
            .map_err(|_| PieceError::Stopped)?;
        let mut uploads = self.held();
        // Asked again: another request may have sent the same piece while this one waited.
        let upload = own(&mut uploads, id, session)?.at(offset)?;
        upload.received += bytes.len() as u64;
        upload.last = app.now();
        room.send(Piece::Bytes(bytes));
        Ok(upload.received)
    }

    /// Takes an upload out to end it.
    pub fn finish(&self, id: [u8; 16], session: [u8; 32]) -> Result<Incoming, PieceError> {
        let mut uploads = self.held();
        own(&mut uploads, id, session)?;
        uploads
            .remove(&id)
            .map(|upload| upload.incoming)
            .ok_or(PieceError::Absent)
    }

    /// Breaks off all uploads of a session.
    pub fn end_session(&self, session: [u8; 32]) {
        self.held().retain(|_, upload| upload.session != session);
    }
}

fn own<'a>(
    uploads: &'a mut Held<'_>,
    id: [u8; 16],
    session: [u8; 32],
) -> Result<&'a mut Upload, PieceError> {
    uploads
        .get_mut(&id)
        .filter(|upload| upload.session == session)
        .ok_or(PieceError::Absent)
}

impl Upload {
    fn at(&mut self, offset: u64) -> Result<&mut Self, PieceError> {
        match self.received == offset {
            true => Ok(self),
            false => Err(PieceError::Elsewhere(self.received)),
        }
    }
}
