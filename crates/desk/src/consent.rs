//! Consent that bites: the one function that says whether a thing may leave its circle.
//!
//! Every view to another circle, every export, share and publication asks [`decide`] first, about each thing, on the day. The
//! answer is a refusal with all its reasons unless each person whose word is needed has a row that allows just this
//! (docs/spec/desk.md). It looks at nothing but its arguments.
//!
//! Deliberately absent: who may ask (the office's rules), disclosure itself, the making of a masked copy.
//!
//! ```
//! use desk::consent::{Asked, Class, Decision, Level, Purpose, Situation, decide};
//!
//! let account = [("basis", "consent"), ("identifies", "no"), ("strangers", "no"), ("source", "s")];
//! let consent = [
//!     ("code", "C-7"), ("source", "s"), ("covers", "a"), ("given", "2026-01-02"), ("capacity", "adult"),
//!     ("grant", "allow;un_body;un;pseudonymous"),
//! ];
//! let situation = Situation::from_values(&[("a", &account)], &[&consent], &[]);
//! let (purpose, class) = (Purpose::find("un_body").unwrap(), Class::find("un").unwrap());
//! let asked = |level| Asked { purpose, class, name: None, level, day: 20_600 };
//! assert!(decide(&asked(Level::Pseudonymous), &situation).is_allowed());
//! assert!(!decide(&asked(Level::Full), &situation).is_allowed());
//! assert_eq!(desk::consent::most(&asked(Level::Full), &situation), Some(Level::Pseudonymous));
//! ```

use std::collections::BTreeSet;

mod grant;
mod permission;
mod questions;
mod risk;
mod situation;

use grant::Refusal;
pub use grant::{
    Audience, Class, Grant, GrantError, Level, Purpose, RECIPIENT_NAME_CHARS_MAX, RecipientName,
};
use permission::{Permission, permission};
pub use questions::{QUESTIONS, Question, Replies, Reply, compile, summary};
pub use situation::{
    Answer, Basis, Capacity, Consent, DecidedRisk, Giver, Review, RiskDecision, Situation, Values,
    Withdrawal,
};

/// What somebody wants to let out.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// For what.
    pub purpose: Purpose,
    /// To which class of recipients.
    pub class: Class,
    /// To whom; `None` where no single recipient can be named.
    pub name: Option<&'a RecipientName>,
    /// How much of it will be shown.
    pub level: Level,
    /// The day, counted from 1970-01-01.
    pub day: i32,
}

/// Whether something may leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It may, as asked.
    Allowed {
        /// At the level that was asked.
        level: Level,
        /// By these consents, named by their codes.
        consents: BTreeSet<String>,
        /// By these risk decisions, named by their ids.
        risks: BTreeSet<String>,
    },
    /// It may not, for all these reasons.
    Refused(Vec<Reason>),
}

impl Decision {
    /// Whether it may.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        matches!(self, Decision::Allowed { .. })
    }
}

/// Why something may not leave. Each is to be shown: the steward who clears one should know of the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The thing, or what it was made from, states no basis. State it.
    NoBasis,
    /// Nobody said whether it identifies a source. Somebody who knows must.
    IdentifiesUnknown,
    /// It identifies a source and would go to others in this office. Give them a checked derivative.
    IdentifiesToCircle,
    /// It identifies a source and would go out under codes: codes do not hide a voice. Give a checked derivative.
    IdentifiesUnderCode,
    /// It identifies a source, and no row names this recipient.
    IdentifiesUnnamed,
    /// No consent of this giver covers it; `None` where there is no consent of anybody.
    NoConsent(Option<Giver>),
    /// This consent has no row for the purpose and the recipient.
    NotAllowed {
        /// Its code.
        consent: String,
    },
    /// This consent allows less detail.
    LevelTooHigh {
        /// Its code.
        consent: String,
        /// The most that it allows.
        most: Level,
    },
    /// A row of this consent refuses it.
    Refused {
        /// Its code.
        consent: String,
    },
    /// This consent excludes a recipient by name: say who would receive it.
    RecipientUnnamed {
        /// Its code.
        consent: String,
    },
    /// This consent was withdrawn.
    Withdrawn {
        /// Its code.
        consent: String,
    },
    /// This consent says no day on which it was given, or a later one.
    NotYetGiven {
        /// Its code.
        consent: String,
    },
    /// The day by which the person was to be asked again has passed.
    ReviewOverdue {
        /// Its code.
        consent: String,
    },
    /// Who consented could not decide, or nobody stated that they could.
    NoCapacity {
        /// Its code.
        consent: String,
    },
    /// The person does not agree, or nobody stated that they do.
    PersonDisagrees {
        /// Its code.
        consent: String,
    },
    /// The guardian or the relatives do not agree, or nobody stated that they do.
    GuardianDisagrees {
        /// Its code.
        consent: String,
    },
    /// Part of this consent cannot be read: enter it again.
    Unreadable {
        /// Its code.
        consent: String,
    },
    /// This consent wants something left out (a code of the vocabulary `masking`) that is still there.
    NotMasked {
        /// Its code.
        consent: String,
        /// What.
        what: String,
    },
    /// People whom nobody listed can be recognised, or nobody looked. Mask them, or list them and ask.
    Strangers,
    /// Held without consent, and no two members decided about the risk for this purpose, recipient and level.
    RiskUndecided,
    /// Held without consent, and only one member decided.
    RiskOneMember {
        /// The decision's id.
        decision: String,
    },
    /// A member decided against it.
    RiskAgainst {
        /// The decision's id.
        decision: String,
    },
    /// The decision no longer holds.
    RiskLapsed {
        /// The decision's id.
        decision: String,
    },
}

/// On what a permission rests.
#[derive(Default)]
struct Grounds {
    consents: BTreeSet<String>,
    risks: BTreeSet<String>,
    /// Each of them names the recipient.
    all_by_name: bool,
}

/// Decides whether a thing may leave. It may not unless everybody whose word counts allows it.
#[must_use]
pub fn decide(asked: &Asked, situation: &Situation) -> Decision {
    let mut reasons = BTreeSet::new();
    let mut grounds = Grounds {
        all_by_name: true,
        ..Grounds::default()
    };
    consented(asked, situation, &mut grounds, &mut reasons);
    weighed(asked, situation, &mut grounds, &mut reasons);
    reasons.extend(identity(asked, situation, grounds.all_by_name));
    reasons.extend(objections(asked, situation));
    if situation.baseless || situation.bases.is_empty() {
        reasons.insert(Reason::NoBasis);
    }
    if asked.level > Level::Aggregate {
        reasons.extend(unmasked(situation));
    }
    if reasons.is_empty() {
        return Decision::Allowed {
            level: asked.level,
            consents: grounds.consents,
            risks: grounds.risks,
        };
    }
    Decision::Refused(reasons.into_iter().collect())
}

/// The most detail at which a thing may leave, whatever level was asked; `None` if at none.
#[must_use]
pub fn most(asked: &Asked, situation: &Situation) -> Option<Level> {
    let levels = Level::EVERY.into_iter().rev();
    levels
        .map(|level| Asked { level, ..*asked })
        .find(|asked| decide(asked, situation).is_allowed())
        .map(|asked| asked.level)
}

/// Everybody whose consent is needed: the sources, if it is held by consent or compulsion or if a source was reached and said
/// something about it; and, unless all are only counted, the people shown.
fn consented(
    asked: &Asked,
    situation: &Situation,
    grounds: &mut Grounds,
    reasons: &mut BTreeSet<Reason>,
) {
    let held = [Basis::Consent, Basis::Compelled]
        .iter()
        .any(|basis| situation.bases.contains(basis));
    let by_consent = held || permission::a_source_spoke(situation);
    let mut needed = Vec::new();
    if by_consent && situation.sources.is_empty() {
        needed.push(None);
    }
    if by_consent {
        let sources = situation.sources.iter().cloned();
        needed.extend(sources.map(|source| Some(Giver::Source(source))));
    }
    if asked.level > Level::Aggregate {
        let shown = situation.shown.iter().cloned();
        needed.extend(shown.map(|person| Some(Giver::Person(person))));
    }
    for giver in needed {
        match permission(asked, situation, giver.as_ref()) {
            Ok(Permission { ground, by_name }) => {
                grounds.consents.insert(ground);
                grounds.all_by_name &= by_name;
            }
            Err(faults) => reasons.extend(faults),
        }
    }
}

/// What is held without consent needs a decision of two members about the risk.
fn weighed(
    asked: &Asked,
    situation: &Situation,
    grounds: &mut Grounds,
    reasons: &mut BTreeSet<Reason>,
) {
    let without = [Basis::PublicUnreachable, Basis::LegacyUnknown]
        .iter()
        .any(|basis| situation.bases.contains(basis));
    if !without {
        return;
    }
    match risk::weigh(asked, &situation.risks) {
        Ok(Permission { ground, by_name }) => {
            grounds.risks.insert(ground);
            grounds.all_by_name &= by_name;
        }
        Err(faults) => reasons.extend(faults),
    }
}

/// Who a source is stays with those who know. Out of the office it goes in full, to a recipient whom every permission
/// names; counted with others it tells nothing.
fn identity(asked: &Asked, situation: &Situation, by_name: bool) -> Option<Reason> {
    let inside = asked.class.is_circle_of_the_office();
    if !inside && asked.level == Level::Aggregate {
        return None;
    }
    match situation.identifies {
        Answer::No => None,
        Answer::Unknown => Some(Reason::IdentifiesUnknown),
        Answer::Yes if inside => Some(Reason::IdentifiesToCircle),
        Answer::Yes if asked.level < Level::Full => Some(Reason::IdentifiesUnderCode),
        Answer::Yes if !by_name => Some(Reason::IdentifiesUnnamed),
        Answer::Yes => None,
    }
}

/// Refusals and withdrawals count on whatever basis the thing is held, unless all who gave the consent are masked here.
fn objections(asked: &Asked, situation: &Situation) -> BTreeSet<Reason> {
    let mut reasons = BTreeSet::new();
    for consent in permission::heard(situation) {
        let code = || consent.code.clone();
        if consent.unreadable {
            reasons.insert(Reason::Unreadable { consent: code() });
        }
        for row in &consent.rows {
            match row.refuses(asked) {
                Refusal::Elsewhere => {}
                Refusal::Here => {
                    reasons.insert(Reason::Refused { consent: code() });
                }
                Refusal::Perhaps => {
                    reasons.insert(Reason::RecipientUnnamed { consent: code() });
                }
            }
        }
        let withdrawn = permission::is_withdrawn(asked, consent);
        if withdrawn && !permission::given_anew(asked, consent, situation) {
            reasons.insert(Reason::Withdrawn { consent: code() });
        }
    }
    reasons
}

/// What somebody asked to be left out and is still there, and strangers in the picture.
fn unmasked(situation: &Situation) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for consent in permission::heard(situation) {
        let left = consent.masks.difference(&situation.removed);
        reasons.extend(left.map(|what| Reason::NotMasked {
            consent: consent.code.clone(),
            what: what.clone(),
        }));
    }
    if situation.strangers != Answer::No {
        reasons.push(Reason::Strangers);
    }
    reasons
}
