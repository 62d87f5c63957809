//! Whether one giver's consents allow what is asked.

use std::collections::BTreeSet;

use super::grant::{Grant, Refusal};
use super::situation::{Answer, Capacity, Consent, Giver, Review, Situation, Withdrawal};
use super::{Asked, Reason};

/// A row that allows.
pub(super) struct Permission {
    /// The code of the consent, or the id of the risk decision.
    pub ground: String,
    /// It names the recipient, or everybody.
    pub by_name: bool,
}

/// Finds a consent of the giver (of anybody, for `None`) that allows what is asked; else all that is wrong with those there are. One that
/// names the recipient is preferred.
pub(super) fn permission(
    asked: &Asked,
    situation: &Situation,
    giver: Option<&Giver>,
) -> Result<Permission, BTreeSet<Reason>> {
    let theirs = |consent: &&Consent| giver.is_none_or(|giver| consent.givers.contains(giver));
    let mut reasons = BTreeSet::new();
    let mut found = Vec::new();
    for consent in heard(situation).filter(theirs) {
        let faults = faults(asked, consent, situation);
        if faults.is_empty() {
            found.push(Permission {
                ground: consent.code.clone(),
                by_name: consent.rows.iter().any(|row| row.allows_by_name(asked)),
            });
        }
        reasons.extend(faults);
    }
    if reasons.is_empty() {
        reasons.insert(Reason::NoConsent(giver.cloned()));
    }
    best(found).ok_or(reasons)
}

/// One that names the recipient before one that does not; among equals the first by code, so that order does not matter.
pub(super) fn best(found: Vec<Permission>) -> Option<Permission> {
    let rank = |one: &Permission| (!one.by_name, one.ground.clone());
    found.into_iter().min_by_key(rank)
}

/// The consents that count for a thing: a person who is masked in it has no say about it.
pub(super) fn heard(situation: &Situation) -> impl Iterator<Item = &Consent> {
    let masked = |giver: &Giver| match giver {
        Giver::Source(_) => false,
        Giver::Person(person) => situation.masked.contains(person),
    };
    situation
        .consents
        .iter()
        .filter(move |consent| consent.givers.is_empty() || !consent.givers.iter().all(masked))
}

/// Whether any source gave a consent about it, whatever it says.
pub(super) fn a_source_spoke(situation: &Situation) -> bool {
    let of_source = |giver: &Giver| matches!(giver, Giver::Source(_));
    let mut consents = situation.consents.iter();
    consents.any(|consent| consent.givers.iter().any(of_source))
}

/// Whether a consent's own withdrawal touches what is asked. Where nobody can tell, it does.
pub(super) fn is_withdrawn(asked: &Asked, consent: &Consent) -> bool {
    consent.withdrawal.as_ref().is_some_and(|withdrawal| {
        let touches = |row: &Grant| row.refuses(asked) != Refusal::Elsewhere;
        withdrawal.scope.is_empty() || withdrawal.scope.iter().any(touches)
    })
}

/// Whether the same givers consented again after this withdrawal, to just what is asked: then what they said later holds.
pub(super) fn given_anew(asked: &Asked, withdrawn: &Consent, situation: &Situation) -> bool {
    let Some(withdrawal) = &withdrawn.withdrawal else {
        return false;
    };
    situation.consents.iter().any(|consent| {
        let all_again = !withdrawn.givers.is_empty() && withdrawn.givers.is_subset(&consent.givers);
        let other = !core::ptr::eq(consent, withdrawn);
        let later = consent.given.is_some_and(|day| day > withdrawal.day);
        other && all_again && later && faults(asked, consent, situation).is_empty()
    })
}

fn faults(asked: &Asked, consent: &Consent, situation: &Situation) -> BTreeSet<Reason> {
    let code = || consent.code.clone();
    let mut faults = BTreeSet::new();
    if consent.unreadable {
        faults.insert(Reason::Unreadable { consent: code() });
    }
    if consent.given.is_none_or(|day| day > asked.day) {
        faults.insert(Reason::NotYetGiven { consent: code() });
    }
    let overdue = |review: Review| match review {
        Review::After(day) => day < asked.day,
        Review::Unreadable => true,
    };
    if consent.review.is_some_and(overdue) {
        faults.insert(Reason::ReviewOverdue { consent: code() });
    }
    faults.extend(incapacity(consent));
    let withdrawn = situation.consents.iter().filter(|other| {
        let reaches = core::ptr::eq(*other, consent) || takes_along(other, consent);
        reaches && is_withdrawn(asked, other)
    });
    faults.extend(withdrawn.map(|other| Reason::Withdrawn {
        consent: other.code.clone(),
    }));
    if !consent.rows.iter().any(|row| row.allows(asked)) {
        let most = consent
            .rows
            .iter()
            .filter_map(|row| row.reaches(asked))
            .max();
        faults.insert(match most {
            Some(most) => Reason::LevelTooHigh {
                consent: code(),
                most,
            },
            None => Reason::NotAllowed { consent: code() },
        });
    }
    faults
}

/// Whether a withdrawal of one consent is one of another too: by a giver of both, and not given later.
fn takes_along(withdrawn: &Consent, consent: &Consent) -> bool {
    let before = |one: &Withdrawal| consent.given.is_none_or(|day| day <= one.day);
    !withdrawn.givers.is_disjoint(&consent.givers)
        && withdrawn.withdrawal.as_ref().is_some_and(before)
}

fn incapacity(consent: &Consent) -> Vec<Reason> {
    let code = || consent.code.clone();
    let person =
        (consent.person_agrees != Answer::Yes).then(|| Reason::PersonDisagrees { consent: code() });
    let guardian = (consent.guardian_agrees != Answer::Yes)
        .then(|| Reason::GuardianDisagrees { consent: code() });
    match consent.capacity {
        Capacity::Own => Vec::new(),
        Capacity::Supported => person.into_iter().collect(),
        Capacity::Both => person.into_iter().chain(guardian).collect(),
        Capacity::Guardian => guardian.into_iter().collect(),
        Capacity::None => vec![Reason::NoCapacity { consent: code() }],
    }
}
