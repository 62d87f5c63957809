//! Small pieces that several pages show: marks, circles, people.

use askama::Template;
use askama::filters::HtmlSafe;
use office::roster::{Duty, Roster, Standing};
use office::{CircleSummary, Mark};
use record::ids::MemberId;

use crate::shell::CircleBand;
use crate::words::Words;

/// How far an entry has come, in words and with a sign.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/mark.html")]
pub struct MarkView {
    class: &'static str,
    text: String,
}

impl HtmlSafe for MarkView {}

impl MarkView {
    /// A mark in words.
    #[must_use]
    pub fn of(mark: &Mark, words: Words) -> Self {
        match mark {
            Mark::Accepted => Self {
                class: "accepted",
                text: words.say("mark-accepted"),
            },
            Mark::Entered { number } => Self {
                class: "entered",
                text: words.of("mark-entered").n("number", number).to_string(),
            },
            Mark::Countersigned { number, by } => {
                let text = words
                    .of("mark-countersigned")
                    .n("number", number)
                    .n("count", by.len())
                    .to_string();
                Self {
                    class: "countersigned",
                    text,
                }
            }
        }
    }
}

/// The number of a mark's entry, once it has one.
#[must_use]
pub fn number_of(mark: &Mark) -> Option<u64> {
    match mark {
        Mark::Accepted => None,
        Mark::Entered { number } | Mark::Countersigned { number, .. } => Some(*number),
    }
}

/// A circle for the band under the navigation.
#[must_use]
pub fn band(circle: &CircleSummary) -> CircleBand {
    CircleBand {
        id: circle.id.to_string(),
        name: circle.name.clone(),
        hue: hue(circle),
        readers: circle.members.len() as u64,
    }
}

/// One of eight colours, the same for a circle each time.
#[must_use]
pub fn hue(circle: &CircleSummary) -> u8 {
    circle.id.as_bytes()[15] % 8
}

/// A member's name; their id if the roster has none.
#[must_use]
pub fn name(roster: &Roster, member: MemberId) -> String {
    roster
        .member(member)
        .map_or_else(|| member.to_string(), |found| found.admission.name.clone())
}

/// A duty in words.
#[must_use]
pub fn duty(duty: Duty, words: Words) -> String {
    words.say(match duty {
        Duty::Member => "duty-member",
        Duty::Steward => "duty-steward",
        Duty::Administrator => "duty-administrator",
    })
}

/// A standing in words.
#[must_use]
pub fn standing(standing: Standing, words: Words) -> String {
    words.say(match standing {
        Standing::Present => "standing-present",
        Standing::Travelling => "standing-travelling",
        Standing::Revoked => "standing-revoked",
    })
}
