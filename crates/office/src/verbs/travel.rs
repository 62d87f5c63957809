//! Travel mode: an account that opens nothing until others give it its circles back.

use std::collections::BTreeSet;

use record::ids::MemberId;

use crate::fault::Fault;
use crate::house::row;
use crate::roster::{HouseAct, Standing};
use crate::session::Session;
use crate::verbs::admit::AdmitError;
use crate::{Accepted, Office};

impl Office {
    /// From now on the member's account holds no key of any circle. They may still sign in, and find nothing.
    pub fn begin_travel(
        &self,
        session: &Session,
        member: MemberId,
    ) -> Result<Accepted, AdmitError> {
        let circles = self.all_circles().map_err(AdmitError::Fault)?;
        let cabinet = || {
            circles
                .iter()
                .map(|circle| self.cabinet_delete(&row::wrap(*circle, member)))
                .collect()
        };
        let accepted = self.judged_act(session, &HouseAct::TravelBegan { member }, cabinet)?;
        self.sessions.end_all(member);
        Ok(accepted)
    }

    /// A steward or administrator says that the member is back; then each circle's steward gives its key back.
    pub fn end_travel(&self, session: &Session, member: MemberId) -> Result<Accepted, AdmitError> {
        self.judged_act(session, &HouseAct::TravelEnded { member }, Vec::new)
    }

    /// Gives a member who is in the acting steward's circles, but holds no key of them, those keys again. Returns how many.
    pub fn restore_wraps(&self, session: &Session, member: MemberId) -> Result<usize, Fault> {
        self.check_present(session)?;
        let roster = self.roster()?;
        let standing = roster.member(member).map(|member| member.standing);
        if standing != Some(Standing::Present) || member == session.member() {
            return Err(Fault::Refused);
        }
        let mut restored = 0;
        for circle in self.all_circles()? {
            let Ok(steward) = self.steward(session, circle) else {
                continue;
            };
            let chain = &steward.reader.chain;
            let Some(found) = chain.member(member) else {
                continue;
            };
            if self.cabinet_get(&row::wrap(circle, member))?.is_some() {
                continue;
            }
            let secret = steward.reader.ring.current().ok_or(Fault::Refused)?;
            let wrap = self
                .wrap_epoch(secret, member, &found.recipient)
                .map_err(|e| Fault::Failed(e.to_string()))?;
            self.cabinet_change(wrap)?;
            restored += 1;
        }
        Ok(restored)
    }

    pub(crate) fn travelling(&self) -> Result<BTreeSet<MemberId>, Fault> {
        let roster = self.roster()?;
        let travelling = roster
            .members()
            .filter(|member| member.standing == Standing::Travelling);
        Ok(travelling.map(|member| member.admission.member).collect())
    }
}
