//! What bears on one thing: what it is held on, whom it shows, who consented to what. Built from the plain values of entities.

use std::collections::BTreeSet;

use super::grant::{Class, Grant, Level, Purpose, RecipientName};
use crate::model::written_date;

/// The values of an entity: the name of a field and a value, in their normal form; a field with several values stands several times.
pub type Values<'a> = &'a [(&'a str, &'a str)];

/// Yes, no, or nobody knows; whatever was not said is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// Not said, or not known.
    #[default]
    Unknown,
}

/// On which basis the office holds something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Consent.
    Consent,
    /// Publicly posted, and its author cannot be reached.
    PublicUnreachable,
    /// It came before anybody asked.
    LegacyUnknown,
    /// Handed over under compulsion of law. It leaves only with consent.
    Compelled,
    /// Made by the office itself, such as a resolution: nobody gave it, so only the people in it are asked.
    Own,
}

/// Somebody whose consent counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Giver {
    /// The source, by the id of its entity.
    Source(String),
    /// A person shown or named, by the id of its entity.
    Person(String),
}

/// Whether who consented could.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// An adult who understands.
    Own,
    /// An adult who was helped to decide, and agrees.
    Supported,
    /// A child who understands agrees, and so does the guardian.
    Both,
    /// A guardian or relatives decide alone.
    Guardian,
    /// Nobody could decide, or it was not said.
    None,
}

/// One consent that covers the thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Its code, as it is named in reasons.
    pub code: String,
    /// Who gave it, or for whom it was given.
    pub givers: BTreeSet<Giver>,
    /// The first day on which it can have been given; `None` if that cannot be read.
    pub given: Option<i32>,
    /// The last day before which the person is to be asked again.
    pub review: Option<Review>,
    /// Who could decide.
    pub capacity: Capacity,
    /// The person agrees.
    pub person_agrees: Answer,
    /// The guardian agrees.
    pub guardian_agrees: Answer,
    /// What is allowed and refused. A row that cannot be read makes it [`Consent::unreadable`].
    pub rows: Vec<Grant>,
    /// What must always be left out: codes of the vocabulary `masking`.
    pub masks: BTreeSet<String>,
    /// What was withdrawn, and when.
    pub withdrawal: Option<Withdrawal>,
    /// Some of it cannot be read, so that nothing rests on it.
    pub unreadable: bool,
}

/// When a consent must be asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// After this day.
    After(i32),
    /// The date cannot be read: now.
    Unreadable,
}

/// A withdrawal. It counts from the moment it is entered, whatever day stands on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// Consents given up to this day are withdrawn with it; the last day there is if it cannot be read.
    pub day: i32,
    /// For what, as refusals; empty for everything.
    pub scope: Vec<Grant>,
}

/// What two members decided about the risk of letting something go without consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RiskDecision {
    /// The id of its entity, as it is named in reasons.
    pub id: String,
    /// For which purposes.
    pub purposes: BTreeSet<Purpose>,
    /// For which classes of recipients.
    pub classes: BTreeSet<Class>,
    /// If not empty, for these recipients only.
    pub names: Vec<RecipientName>,
    /// At most this much detail; if it was answered no, from this much on.
    pub level: Option<Level>,
    /// The last day on which it holds; `None` without end, the first day there is if it cannot be read.
    pub until: Option<i32>,
    /// The first member and the answer.
    pub first: (String, Answer),
    /// The second member and the answer.
    pub second: (String, Answer),
}

/// Everything that bears on one thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// On what the thing, and what it was made from, is held.
    pub bases: BTreeSet<Basis>,
    /// One of them says no basis.
    pub baseless: bool,
    /// Whether the thing can tell who a source is.
    pub identifies: Answer,
    /// The sources of it and of what it was made from.
    pub sources: BTreeSet<String>,
    /// People shown or named who are not masked.
    pub shown: BTreeSet<String>,
    /// People who are masked.
    pub masked: BTreeSet<String>,
    /// Whether others, whom nobody listed, can be recognised.
    pub strangers: Answer,
    /// What was removed: codes of the vocabulary `masking`.
    pub removed: BTreeSet<String>,
    /// The consents that cover it or what it was made from.
    pub consents: Vec<Consent>,
    /// The risk decisions about it.
    pub risks: Vec<RiskDecision>,
}

/// A risk decision's values and the members who entered its two answers: whoever signed the entry, not what somebody typed.
#[derive(Clone, Copy, Debug)]
pub struct DecidedRisk<'a> {
    /// The id of its entity.
    pub id: &'a str,
    /// Its values.
    pub values: Values<'a>,
    /// Who entered `first_answer`.
    pub first_by: &'a str,
    /// Who entered `second_answer`.
    pub second_by: &'a str,
}

impl Situation {
    /// Builds it from values. `chain` is the thing and then, one after the other, what it was made from, each with its id;
    /// `consents` may be any of the circle's, those that cover nothing of the chain are left out; so may `risks`.
    #[must_use]
    pub fn from_values(
        chain: &[(&str, Values)],
        consents: &[Values],
        risks: &[DecidedRisk],
    ) -> Situation {
        let mut situation = Situation::default();
        if let Some((_, thing)) = chain.first() {
            situation.identifies = answer(thing, "identifies");
            situation.strangers = answer(thing, "strangers");
            situation.removed = set(thing, "removed");
            situation.masked = set(thing, "masked");
        }
        situation.baseless = chain.is_empty();
        for (_, values) in chain {
            match one(values, "basis").and_then(basis) {
                Some(basis) => situation.bases.extend([basis]),
                None => situation.baseless = true,
            }
            situation.sources.extend(set(values, "source"));
            situation.shown.extend(set(values, "shown"));
        }
        let masked = situation.masked.clone();
        situation.shown.retain(|person| !masked.contains(person));
        let about = |values: Values, field| {
            all(values, field).any(|covered| chain.iter().any(|(id, _)| *id == covered))
        };
        let covering = consents.iter().filter(|values| about(values, "covers"));
        situation.consents = covering
            .map(|values| Consent::from_values(values))
            .collect();
        let deciding = risks.iter().filter(|risk| about(risk.values, "about"));
        situation.risks = deciding.map(RiskDecision::from_values).collect();
        situation
    }
}

impl Consent {
    fn from_values(values: Values) -> Consent {
        let sources = all(values, "source").map(|id| Giver::Source(id.to_owned()));
        let people = all(values, "person").map(|id| Giver::Person(id.to_owned()));
        let (rows, unreadable) = rows(values, "grant");
        let review = one(values, "review").map(|text| {
            written_date(text).map_or(Review::Unreadable, |(_, span)| Review::After(span.last))
        });
        Consent {
            code: one(values, "code").unwrap_or_default().to_owned(),
            givers: sources.chain(people).collect(),
            given: one(values, "given").and_then(|text| Some(written_date(text).ok()?.1.first)),
            review,
            capacity: capacity(one(values, "capacity").unwrap_or_default()),
            person_agrees: answer(values, "person_agrees"),
            guardian_agrees: answer(values, "guardian_agrees"),
            rows,
            masks: set(values, "mask"),
            withdrawal: withdrawal(values),
            unreadable,
        }
    }
}

/// A scope that cannot be read, or a row in it that allows something, withdraws everything.
fn withdrawal(values: Values) -> Option<Withdrawal> {
    let date = one(values, "withdrawn");
    let (scope, unreadable) = rows(values, "withdrawn_scope");
    if date.is_none() && scope.is_empty() && !unreadable {
        return None;
    }
    let partly = !unreadable && scope.iter().all(|row| matches!(row, Grant::Refuse { .. }));
    let day = date.and_then(|text| Some(written_date(text).ok()?.1.last));
    Some(Withdrawal {
        day: day.unwrap_or(i32::MAX),
        scope: if partly { scope } else { Vec::new() },
    })
}

impl RiskDecision {
    fn from_values(decided: &DecidedRisk) -> RiskDecision {
        let values = decided.values;
        let names: Vec<_> = all(values, "recipient_name").collect();
        let level = one(values, "level").and_then(Level::find);
        let readable: Vec<_> = names
            .iter()
            .filter_map(|name| RecipientName::new(name))
            .collect();
        RiskDecision {
            id: decided.id.to_owned(),
            purposes: all(values, "purpose").filter_map(Purpose::find).collect(),
            classes: all(values, "recipient").filter_map(Class::find).collect(),
            level: level.filter(|_| readable.len() == names.len()),
            names: readable,
            until: one(values, "until")
                .map(|text| written_date(text).map_or(i32::MIN, |(_, span)| span.last)),
            first: (decided.first_by.to_owned(), answer(values, "first_answer")),
            second: (
                decided.second_by.to_owned(),
                answer(values, "second_answer"),
            ),
        }
    }
}

fn all<'a>(values: Values<'a>, field: &str) -> impl Iterator<Item = &'a str> {
    let of_field = values.iter().filter(move |(name, _)| *name == field);
    of_field.map(|(_, value)| *value)
}

fn one<'a>(values: Values<'a>, field: &str) -> Option<&'a str> {
    all(values, field).next()
}

fn set(values: Values, field: &str) -> BTreeSet<String> {
    all(values, field).map(str::to_owned).collect()
}

fn rows(values: Values, field: &str) -> (Vec<Grant>, bool) {
    let read: Vec<_> = all(values, field).map(str::parse::<Grant>).collect();
    let unreadable = read.iter().any(Result::is_err);
    (read.into_iter().flatten().collect(), unreadable)
}

/// What two values of a field that takes one contradict each other about is not known.
fn answer(values: Values, field: &str) -> Answer {
    let mut said = all(values, field);
    match (said.next(), said.next()) {
        (Some("yes"), None) => Answer::Yes,
        (Some("no"), None) => Answer::No,
        _ => Answer::Unknown,
    }
}

fn basis(code: &str) -> Option<Basis> {
    Some(match code {
        "consent" => Basis::Consent,
        "public_unreachable" => Basis::PublicUnreachable,
        "legacy_unknown" => Basis::LegacyUnknown,
        "compelled" => Basis::Compelled,
        "own" => Basis::Own,
        _ => return None,
    })
}

fn capacity(code: &str) -> Capacity {
    match code {
        "adult" => Capacity::Own,
        "supported" => Capacity::Supported,
        "child_understands" => Capacity::Both,
        "child" | "deceased" => Capacity::Guardian,
        _ => Capacity::None,
    }
}
