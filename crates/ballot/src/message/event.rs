//! The header of an archive and the chain of its events (section 4.4).

use crate::text::{Read, Reader, digest_of_text};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// The election is set up.
    Setup,
    /// A ballot came in.
    Ballot,
    /// No more ballots.
    EndBallots,
    /// The ballots were combined.
    EncryptedTally,
    /// A trustee shuffled.
    Shuffle,
    /// No more shuffles.
    EndShuffles,
    /// A trustee decrypted their part.
    PartialDecryption,
    /// The result.
    Result,
}

impl EventType {
    const ALL: [(EventType, &'static str); 8] = [
        (EventType::Setup, "Setup"),
        (EventType::Ballot, "Ballot"),
        (EventType::EndBallots, "EndBallots"),
        (EventType::EncryptedTally, "EncryptedTally"),
        (EventType::Shuffle, "Shuffle"),
        (EventType::EndShuffles, "EndShuffles"),
        (EventType::PartialDecryption, "PartialDecryption"),
        (EventType::Result, "Result"),
    ];

    /// As an event writes it.
    pub fn text(self) -> &'static str {
        EventType::ALL
            .into_iter()
            .find(|(one, _)| *one == self)
            .map_or("", |(_, text)| text)
    }

    fn of_text(text: &str) -> Option<EventType> {
        EventType::ALL
            .into_iter()
            .find(|(_, name)| *name == text)
            .map(|(one, _)| one)
    }
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The SHA-256 of the event before it.
    pub parent: Option<[u8; 32]>,
    /// Its number, from 0.
    pub height: u64,
    /// What happened.
    pub kind: EventType,
    /// The SHA-256 of what it carries.
    pub payload: Option<[u8; 32]>,
}

impl Event {
    /// Reads the one text of an event.
    pub fn read(bytes: &[u8]) -> Read<Event> {
        let mut reader = Reader::new(bytes);
        reader.expect("{")?;
        let parent = match reader.take("\"parent\":") {
            true => {
                let parent = reader.digest()?;
                reader.expect(",")?;
                Some(parent)
            }
            false => None,
        };
        reader.expect("\"height\":")?;
        let height = reader.integer()?;
        reader.expect(",\"type\":")?;
        let Some(kind) = EventType::of_text(reader.plain(32)?) else {
            return reader.fault("before here: a type of event");
        };
        let payload = match reader.take(",\"payload\":") {
            true => Some(reader.digest()?),
            false => None,
        };
        reader.expect("}")?;
        reader.end()?;
        Ok(Event {
            parent,
            height,
            kind,
            payload,
        })
    }

    /// Writes it.
    pub fn text(&self) -> String {
        let mut out = "{".to_owned();
        if let Some(parent) = self.parent {
            out.push_str(&format!("\"parent\":\"{}\",", hex::encode(parent)));
        }
        out.push_str(&format!(
            "\"height\":{},\"type\":\"{}\"",
            self.height,
            self.kind.text()
        ));
        if let Some(payload) = self.payload {
            out.push_str(&format!(",\"payload\":\"{}\"", hex::encode(payload)));
        }
        out.push('}');
        out
    }
}

/// Reads the archive's header; the seconds since 1970 at which it begins.
pub fn read_header(bytes: &[u8]) -> Read<u64> {
    let mut reader = Reader::new(bytes);
    reader.expect("{\"version\":1,\"timestamp\":\"")?;
    let timestamp = reader.integer()?;
    reader.expect("\"}")?;
    reader.end()?;
    Ok(timestamp)
}

/// Writes it.
pub fn header_text(timestamp: u64) -> String {
    format!("{{\"version\":1,\"timestamp\":\"{timestamp}\"}}")
}

/// What the event `Setup` carries: the SHA-256 of each part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupData {
    /// Of the election.
    pub election: [u8; 32],
    /// Of the trustees.
    pub trustees: [u8; 32],
    /// Of the public credentials.
    pub credentials: [u8; 32],
}

impl SetupData {
    /// Reads it.
    pub fn read(bytes: &[u8]) -> Read<SetupData> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"election\":")?;
        let election = reader.digest()?;
        reader.expect(",\"trustees\":")?;
        let trustees = reader.digest()?;
        reader.expect(",\"credentials\":")?;
        let credentials = reader.digest()?;
        reader.expect("}")?;
        reader.end()?;
        Ok(SetupData {
            election,
            trustees,
            credentials,
        })
    }

    /// Writes it.
    pub fn text(&self) -> String {
        let [election, trustees, credentials] =
            [self.election, self.trustees, self.credentials].map(hex::encode);
        format!(
            "{{\"election\":\"{election}\",\"trustees\":\"{trustees}\",\"credentials\":\"{credentials}\"}}"
        )
    }
}

/// What the events `Shuffle` and `PartialDecryption` carry: whose it is, and its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The trustee's number, from 1, over all items.
    pub owner: u64,
    /// The SHA-256 of the message.
    pub payload: [u8; 32],
}

impl Owned {
    /// Reads it.
    pub fn read(bytes: &[u8]) -> Read<Owned> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"owner\":")?;
        let owner = reader.integer()?;
        reader.expect(",\"payload\":")?;
        let payload = reader.digest()?;
        reader.expect("}")?;
        reader.end()?;
        Ok(Owned { owner, payload })
    }

    /// Writes it.
    pub fn text(&self) -> String {
        format!(
            "{{\"owner\":{},\"payload\":\"{}\"}}",
            self.owner,
            hex::encode(self.payload)
        )
    }
}

/// The digest in a record's name.
pub fn digest_of_name(name: &str) -> Option<[u8; 32]> {
    digest_of_text(name)
}
