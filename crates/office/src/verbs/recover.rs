//! Recovery by stewards, for a member who lost passphrase and recovery key: new keys, approved by others, after a delay.

use record::ids::{CircleId, MemberId};
use vault::kdf::KdfCost;
use vault::member::{self, MemberKeys};
use vault::passphrase::{Passphrase, RecoveryKey};

use crate::founding::public_keys;
use crate::house::row;
use crate::permission::Administrator;
use crate::roster::HouseAct;
use crate::session::Session;
use crate::verbs::admit::{AdmitError, Admitted};
use crate::verbs::circle::MembershipError;
use crate::{Accepted, Fault, Office};

/// Why a recovery did not go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoverError {
    /// The roster refuses it: too few stewards, too early.
    #[error("{0}")]
    Roster(String),
    /// A circle refuses it.
    #[error("{0}")]
    Circle(String),
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

impl Office {
    /// Makes new keys for a member who lost theirs. They open nothing before stewards approved and the delay is over.
    pub fn begin_recovery(
        &self,
        administrator: &Administrator<'_>,
        member: MemberId,
        chosen: Option<Passphrase>,
        cost: KdfCost,
    ) -> Result<Admitted, RecoverError> {
        let mut dice = self.setting.dice();
        let keys = MemberKeys::generate(&mut dice);
        let passphrase = chosen
            .clone()
            .unwrap_or_else(|| Passphrase::generate(&mut dice));
        let recovery = RecoveryKey::generate(&mut dice);
        let wrapped = member::wrap(&keys, member, &passphrase, &self.house, cost, &mut dice)
            .map_err(|error| RecoverError::Roster(error.to_string()))?;
        let spare = member::wrap_for_recovery(&keys, member, &recovery, &self.house, &mut dice);
        let both = [&(wrapped.len() as u32).to_be_bytes()[..], &wrapped, &spare].concat();
        let act = HouseAct::RecoveryBegan {
            member,
            keys: public_keys(&keys),
        };
        let cabinet = || vec![self.cabinet_put(&row::new_keys(member), &both)];
        self.judged_act(administrator.session, &act, cabinet)
            .map_err(refused)?;
        Ok(Admitted {
            member,
            passphrase: chosen.is_none().then(|| passphrase.to_printed()),
            recovery_key: recovery.to_printed(),
            fingerprint: member::fingerprint(&keys.verifying_key(), &keys.recipient()),
        })
    }

    /// A steward approves, having compared the fingerprint with the member by a channel they trust.
    pub fn approve_recovery(
        &self,
        session: &Session,
        member: MemberId,
    ) -> Result<Accepted, RecoverError> {
        let roster = self.roster().map_err(RecoverError::Fault)?;
        let recovery = roster
            .member(member)
            .and_then(|member| member.recovery.as_ref());
        let recovery =
            recovery.ok_or_else(|| RecoverError::Roster("no recovery is under way".to_owned()))?;
        let act = HouseAct::RecoveryApproved {
            member,
            sign: recovery.keys.sign,
        };
        self.judged_act(session, &act, Vec::new).map_err(refused)
    }

    /// Stops a recovery.
    pub fn stop_recovery(
        &self,
        session: &Session,
        member: MemberId,
    ) -> Result<Accepted, RecoverError> {
        let cabinet = || vec![self.cabinet_delete(&row::new_keys(member))];
        self.judged_act(session, &HouseAct::RecoveryStopped { member }, cabinet)
            .map_err(refused)
    }

    /// Puts the new keys in the place of the old ones. The circles follow when their stewards say so: see [`Office::readmit`].
    pub fn end_recovery(
        &self,
        administrator: &Administrator<'_>,
        member: MemberId,
    ) -> Result<Accepted, RecoverError> {
        let both = self
            .cabinet_get(&row::new_keys(member))
            .map_err(RecoverError::Fault)?;
        let both =
            both.ok_or_else(|| RecoverError::Roster("no recovery is under way".to_owned()))?;
        let damaged = || RecoverError::Fault(Fault::damaged("the new keys of a member"));
        let (length, rest) = both.expose().split_first_chunk::<4>().ok_or_else(damaged)?;
        let (wrapped, spare) = rest
            .split_at_checked(u32::from_be_bytes(*length) as usize)
            .ok_or_else(damaged)?;
        let circles = self.circles_of(member).map_err(RecoverError::Fault)?;
        let cabinet = || {
            let mut changes = vec![
                self.cabinet_put(&row::keys(member), wrapped),
                self.cabinet_put(&row::recovery(member), spare),
                self.cabinet_delete(&row::new_keys(member)),
            ];
            // What was being written under the old keys is judged again, and refused.
            changes.extend(circles.iter().map(|circle| self.circle_changed(*circle)));
            changes
        };
        let accepted = self
            .judged_act(
                administrator.session,
                &HouseAct::RecoveryEnded { member },
                cabinet,
            )
            .map_err(refused)?;
        self.sessions.end_all(member);
        Ok(accepted)
    }

    fn circles_of(&self, member: MemberId) -> Result<Vec<CircleId>, Fault> {
        let mut found = Vec::new();
        for circle in self.all_circles()? {
            if self.circle(circle)?.chain.member(member).is_some() {
                found.push(circle);
            }
        }
        Ok(found)
    }

    /// In every circle of which the acting member is a steward: the recovered member's old keys go, a new epoch is made,
    /// the new keys come in. Returns in how many circles.
    pub fn readmit(&self, session: &Session, member: MemberId) -> Result<usize, RecoverError> {
        let roster = self.roster().map_err(RecoverError::Fault)?;
        let sign = roster
            .member(member)
            .map(|member| member.admission.keys.sign);
        let sign = sign.ok_or(RecoverError::Fault(Fault::Refused))?;
        let mut readmitted = 0;
        for circle in self.all_circles().map_err(RecoverError::Fault)? {
            let Ok(steward) = self.steward(session, circle) else {
                continue;
            };
            let Some(old) = steward.reader.chain.member(member) else {
                continue;
            };
            if *old.sign_key.as_bytes() == sign {
                continue;
            }
            let was_steward = old.steward;
            self.remove_from_circle(&steward, member, "the keys were lost and replaced")
                .map_err(circle_refused)?;
            self.renew_epoch(&steward.reader).map_err(circle_refused)?;
            let steward = self.steward(session, circle).map_err(RecoverError::Fault)?;
            self.add_to_circle(&steward, member, was_steward)
                .map_err(circle_refused)?;
            readmitted += 1;
        }
        Ok(readmitted)
    }
}

fn refused(error: AdmitError) -> RecoverError {
    match error {
        AdmitError::Fault(fault) => RecoverError::Fault(fault),
        other => RecoverError::Roster(other.to_string()),
    }
}

fn circle_refused(error: MembershipError) -> RecoverError {
    match error {
        MembershipError::Fault(fault) => RecoverError::Fault(fault),
        MembershipError::Chain(words) => RecoverError::Circle(words),
    }
}
