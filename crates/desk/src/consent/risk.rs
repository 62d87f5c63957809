//! Letting go of what nobody could be asked about: two different members decide, for a purpose, a recipient and a level.

use std::collections::BTreeSet;

use super::permission::{Permission, best};
use super::situation::{Answer, RiskDecision};
use super::{Asked, Reason};

/// Finds a decision of two members that allows what is asked. One member's no about it blocks, whatever others decided.
pub(super) fn weigh(
    asked: &Asked,
    decisions: &[RiskDecision],
) -> Result<Permission, BTreeSet<Reason>> {
    let mut reasons = BTreeSet::new();
    let mut found = Vec::new();
    let mut blocked = false;
    for decision in decisions.iter().filter(|one| one.is_about(asked)) {
        match decision.fault(asked) {
            Some(Fault::Against) => {
                blocked = true;
                let decision = decision.id.clone();
                reasons.insert(Reason::RiskAgainst { decision });
            }
            Some(Fault::Other(reason)) => {
                reasons.insert(reason);
            }
            None => {
                let by_name = !decision.names.is_empty() && !asked.class.is_everybody();
                found.push(Permission {
                    ground: decision.id.clone(),
                    by_name,
                });
            }
        }
    }
    if reasons.is_empty() {
        reasons.insert(Reason::RiskUndecided);
    }
    best(found).filter(|_| !blocked).ok_or(reasons)
}

/// What keeps a decision from allowing.
enum Fault {
    Against,
    Other(Reason),
}

impl RiskDecision {
    fn is_about(&self, asked: &Asked) -> bool {
        let named = |asking| self.names.iter().any(|name| name.is(asking));
        let to = self.names.is_empty() || asked.name.is_none_or(named);
        to && self.purposes.contains(&asked.purpose) && self.classes.contains(&asked.class)
    }

    fn fault(&self, asked: &Asked) -> Option<Fault> {
        let (first, second) = (&self.first, &self.second);
        let against = [first.1, second.1].contains(&Answer::No);
        if against && self.level.is_none_or(|level| level <= asked.level) {
            return Some(Fault::Against);
        }
        if self.until.is_some_and(|day| day < asked.day) {
            let decision = self.id.clone();
            return Some(Fault::Other(Reason::RiskLapsed { decision }));
        }
        let two = !first.0.is_empty() && !second.0.is_empty() && first.0 != second.0;
        if !two || first.1 != Answer::Yes || second.1 != Answer::Yes {
            let decision = self.id.clone();
            return Some(Fault::Other(Reason::RiskOneMember { decision }));
        }
        let named = self.names.is_empty() || (asked.name.is_some() && !asked.class.is_everybody());
        let enough = self.level.is_some_and(|level| level >= asked.level);
        (!enough || !named).then_some(Fault::Other(Reason::RiskUndecided))
    }
}
