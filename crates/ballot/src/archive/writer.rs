//! Writing an archive.

use super::{BLOCK, RecordKind, block, digest, name};
use crate::message::event::{Event, EventType, header_text};

/// Appends to an archive; the bytes are handed out as they come, for the caller to keep.
#[derive(Clone, Debug)]
pub struct ArchiveWriter {
    time: u64,
    parent: Option<[u8; 32]>,
    height: u64,
    bytes: Vec<u8>,
}

impl ArchiveWriter {
    /// Begins an archive, at a time in seconds since 1970.
    pub fn new(time: u64) -> ArchiveWriter {
        let mut writer = ArchiveWriter {
            time,
            parent: None,
            height: 0,
            bytes: Vec::new(),
        };
        writer.record(RecordKind::Header, header_text(time).as_bytes());
        writer
    }

    /// Goes on behind an archive whose last event is known: its digest, and the height of the next.
    pub fn resume(time: u64, last_event: [u8; 32], height: u64) -> ArchiveWriter {
        ArchiveWriter {
            time,
            parent: Some(last_event),
            height,
            bytes: Vec::new(),
        }
    }

    /// Adds a message; its digest.
    pub fn data(&mut self, body: &[u8]) -> [u8; 32] {
        self.record(RecordKind::Data, body)
    }

    /// Adds an event that refers to a message, or to none.
    pub fn event(&mut self, kind: EventType, payload: Option<[u8; 32]>) {
        let event = Event {
            parent: self.parent,
            height: self.height,
            kind,
            payload,
        };
        self.parent = Some(self.record(RecordKind::Event, event.text().as_bytes()));
        self.height += 1;
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    fn record(&mut self, kind: RecordKind, body: &[u8]) -> [u8; 32] {
        let digest = digest(body);
        let header = block(&name(kind, &digest), body.len() as u64, self.time);
        self.bytes.extend_from_slice(&header);
        self.bytes.extend_from_slice(body);
        let padded = self.bytes.len().next_multiple_of(BLOCK);
        self.bytes.resize(padded, 0);
        digest
    }
}
