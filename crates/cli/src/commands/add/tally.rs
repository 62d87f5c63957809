//! The account of an intake: what was seen is received, a duplicate, or rejected; nothing is left over.

use std::path::Path;

use desk::ids::ItemId;
use record::hash::Hash;
use serde_json::json;

use super::tell;
use crate::screen::{Screen, size};
use crate::words::say;

/// What became of one thing that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is a new item.
    Received {
        /// The item.
        item: ItemId,
        /// Its size in bytes.
        size: u64,
        /// Its digest.
        sha256: Hash,
    },
    /// The circle has these bytes already.
    Duplicate {
        /// The item that has them.
        of: ItemId,
        /// The digest.
        sha256: Hash,
    },
    /// It was not taken in, for this reason.
    Rejected(String),
}

/// The account.
#[derive(Debug)]
pub struct Tally {
    screen: Screen,
    received: Vec<ItemId>,
    received_bytes: u64,
    duplicates: u64,
    rejected: u64,
}

impl Tally {
    /// Nothing seen yet.
    pub fn new(screen: Screen) -> Tally {
        Tally {
            screen,
            received: Vec::new(),
            received_bytes: 0,
            duplicates: 0,
            rejected: 0,
        }
    }

    /// Counts one and says so.
    pub fn count(&mut self, path: &Path, outcome: Outcome) {
        tell(self.screen, path, &outcome);
        match outcome {
            Outcome::Received { item, size, .. } => {
                self.received.push(item);
                self.received_bytes += size;
            }
            Outcome::Duplicate { .. } => self.duplicates += 1,
            Outcome::Rejected(_) => self.rejected += 1,
        }
    }

    /// The new items, in order.
    pub fn items(&self) -> &[ItemId] {
        &self.received
    }

    /// How many were rejected.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    fn seen(&self) -> u64 {
        self.received.len() as u64 + self.duplicates + self.rejected
    }

    /// Says the totals.
    pub fn report(&self, screen: Screen) {
        let bytes = self.received_bytes;
        screen.say(say("intake-received").n("count", self.received.len()));
        screen.say(
            say("intake-totals")
                .n("seen", self.seen())
                .n("received", self.received.len())
                .n("duplicates", self.duplicates)
                .n("rejected", self.rejected)
                .text("size", size(bytes)),
        );
        screen.answer(&json!({
            "seen": self.seen(),
            "received": self.received.len(),
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "received_bytes": bytes,
        }));
    }
}
