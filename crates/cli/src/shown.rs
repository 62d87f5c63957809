//! Items, marks and events as the program shows them.

use desk::{Access, CustodyEvent, Item};
use office::Mark;
use office::roster::Roster;
use record::ids::MemberId;
use serde_json::{Value, json};

use crate::words::{Saying, say};

/// How far an entry has come, for people.
pub fn mark(mark: &Mark) -> Saying {
    match mark {
        Mark::Accepted => say("mark-accepted"),
        Mark::Entered { number } => say("mark-entered").n("number", *number),
        Mark::Countersigned { number, by } => say("mark-countersigned")
            .n("number", *number)
            .n("offices", by.len()),
    }
}

/// How far an entry has come, for machines.
pub fn mark_json(mark: &Mark) -> Value {
    match mark {
        Mark::Accepted => json!({ "state": "accepted" }),
        Mark::Entered { number } => json!({ "state": "entered", "leaf": number }),
        Mark::Countersigned { number, by } => {
            json!({ "state": "countersigned", "leaf": number, "by": by })
        }
    }
}

/// An item, for machines.
pub fn item_json(item: &Item, mark: &Mark) -> Value {
    json!({
        "item": item.item.to_string(),
        "file_name": item.file_name,
        "folder": item.folder,
        "media_type": item.media_type,
        "size": item.size_bytes,
        "sha256": item.sha256.to_string(),
        "received": item.at.to_string(),
        "by": item.by.to_string(),
        "tool": item.tool,
        "seq": item.seq,
        "commitment": item.commitment.to_string(),
        "mark": mark_json(mark),
    })
}

/// An event of custody, for machines.
pub fn event_json(event: &CustodyEvent) -> Value {
    json!({
        "event": event.event.to_string(),
        "detail": event.detail,
        "at": event.at.to_string(),
        "by": event.by.to_string(),
        "seq": event.seq,
        "commitment": event.commitment.to_string(),
    })
}

/// A viewing, for machines.
pub fn access_json(access: &Access) -> Value {
    json!({
        "by": access.by.to_string(),
        "at": access.at.to_string(),
        "purpose": access.purpose,
        "mode": access.mode.to_string(),
        "seq": access.seq,
        "commitment": access.commitment.to_string(),
    })
}

/// A member's name; the office itself and members nobody knows any more have none.
pub fn member(roster: &Roster, member: MemberId) -> String {
    match roster.member(member) {
        Some(known) => desk::name::visible(&known.admission.name),
        None => member.to_string(),
    }
}
