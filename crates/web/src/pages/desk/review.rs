//! Review: the writer asks for it, somebody else reviews or returns it with a comment. Nobody reviews their own words.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use desk::statement::{REASON_CHARS_MAX, ReviewOutcome};
use office::roster::Roster;
use office::{EntitySheet, Office, StateError, WriteError};
use record::ids::MemberId;
use serde::Deserialize;

use super::places::Places;
use super::sheet;
use crate::app::{App, Person};
use crate::filled::Filled;
use crate::form::{Control, Faults, Field};
use crate::refusal::Refusal;
use crate::view::name;
use crate::visit::Signed;
use crate::words::Words;

/// The review of an entity as its sheet shows it.
pub struct ReviewView {
    /// The steps so far.
    pub steps: Vec<StepShown>,
    /// Whether it can be sent to somebody for review.
    pub submits: bool,
    /// Whether this member may say that it was reviewed.
    pub reviews: bool,
    /// Whether this member may send it back.
    pub returns: bool,
    /// Whether some of what stands is this member's own words.
    pub own: bool,
    /// The field for a comment.
    pub comment: Field,
}

/// A step of review.
pub struct StepShown {
    /// What came of it.
    pub outcome: String,
    /// What was said.
    pub comment: String,
    /// When.
    pub at: String,
    /// By whom.
    pub by: String,
    /// Whether it was of what stands now.
    pub old: bool,
}

/// A step of review as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Stated {
    outcome: String,
    comment: String,
    seen: String,
}

impl ReviewView {
    /// What a member sees of the review, and may do.
    #[must_use]
    pub fn of(
        sheet: &EntitySheet,
        roster: &Roster,
        member: MemberId,
        comment: &str,
        faults: &Faults,
        words: Words,
    ) -> ReviewView {
        let own = sheet.entity.facts.iter().any(|fact| fact.by == member);
        let state = sheet.entity.line.state.as_str();
        let changed = sheet.entity.line.changed;
        let steps = sheet.reviews.iter().rev().map(|step| StepShown {
            outcome: self::state(&step.outcome, words),
            comment: desk::name::visible(&step.comment),
            at: step.at.to_string(),
            by: desk::name::visible(&name(roster, step.by)),
            old: step.seq < changed,
        });
        ReviewView {
            steps: steps.collect(),
            submits: matches!(state, "draft" | "returned"),
            reviews: !own && state != "reviewed",
            returns: !own && matches!(state, "submitted" | "reviewed"),
            own,
            comment: Field::line(words, "comment", "desk-review-comment")
                .control(Control::Area)
                .hint(words.say("desk-review-comment-hint"))
                .value(comment)
                .optional()
                .faults(words, faults),
        }
    }
}

/// A state of review in words.
#[must_use]
pub fn state(state: &str, words: Words) -> String {
    words.say(match state {
        "submitted" => "desk-state-submitted",
        "reviewed" => "desk-state-reviewed",
        "returned" => "desk-state-returned",
        _ => "desk-state-draft",
    })
}

/// `POST /desk/{circle}/{entity}/review`
pub async fn make(
    State(app): State<App>,
    signed: Signed,
    Path(path): Path<(String, String)>,
    Filled(stated): Filled<Stated>,
) -> Result<Response, Refusal> {
    let at = Places::of(path)?;
    let (person, comment) = (Arc::clone(&signed.person), stated.comment.clone());
    let made = app
        .work(move |office| reviewed(office, &person, at, &stated))
        .await?;
    let fault = match made {
        Ok(Ok(())) => {
            let to = format!("{}?said=reviewed#review", at.address());
            return Ok(Redirect::to(&to).into_response());
        }
        Ok(Err(fault)) => fault,
        Err(StateError::OwnWords) => "desk-fault-own-words",
        Err(StateError::RotationDue) => "desk-fault-rotation",
        Err(StateError::Fault(fault)) => return Err(app.refusal(fault)),
        Err(_) => "form-too-long",
    };
    let faults = Faults::one("comment", fault);
    sheet::shown(
        &app,
        &signed,
        at,
        &sheet::Wanted::default(),
        &comment,
        faults,
    )
    .await
}

/// Enters the step; what a person can correct comes back as the key of its message.
fn reviewed(
    office: &Office,
    person: &Person,
    at: Places,
    stated: &Stated,
) -> Result<Result<(), &'static str>, StateError> {
    let writer = office
        .writer(&person.session, at.circle)
        .map_err(|error| match error {
            WriteError::RotationDue => StateError::RotationDue,
            WriteError::Fault(fault) => StateError::Fault(fault),
        })?;
    let sheet = office
        .entity(writer.reader(), at.entity)
        .map_err(StateError::Fault)?;
    let Ok(outcome) = stated.outcome.parse::<ReviewOutcome>() else {
        return Ok(Err("desk-fault-outcome"));
    };
    if stated.comment.chars().count() > REASON_CHARS_MAX {
        return Ok(Err("form-too-long"));
    }
    if outcome == ReviewOutcome::Returned && stated.comment.trim().is_empty() {
        return Ok(Err("desk-fault-comment"));
    }
    // Somebody stated something since the page was made: whoever reviews must have seen it.
    if stated.seen != sheet.entity.line.changed.to_string() {
        return Ok(Err("desk-fault-moved"));
    }
    office.review(&writer, at.entity, outcome, &stated.comment)?;
    Ok(Ok(()))
}
