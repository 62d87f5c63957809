//! Members of the office: admitted, revoked, and their passphrases.

use record::ids::MemberId;
use vault::kdf::KdfCost;
use vault::member::{self, MemberKeys, UnwrapError};
use vault::passphrase::{Passphrase, RecoveryKey};
use vault::secret::{SecretBytes, SecretText};

use crate::circles::Change;
use crate::fault::Fault;
use crate::founding::public_keys;
use crate::house::row;
use crate::permission::Administrator;
use crate::roster::{Admission, Duty, HouseAct};
use crate::session::Session;
use crate::{Accepted, Office};

/// A member who was admitted, and what they must write down; it is shown once.
#[derive(Debug)]
pub struct Admitted {
    /// The member.
    pub member: MemberId,
    /// The passphrase, if one was made.
    pub passphrase: Option<SecretText>,
    /// The recovery key, to be printed.
    pub recovery_key: SecretText,
    /// What the member and a steward compare aloud before the member is added to a circle.
    pub fingerprint: String,
}

/// Why a member was not admitted or revoked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdmitError {
    /// The roster refuses it: a name that is taken, the last administrator.
    #[error("{0}")]
    Roster(String),
    /// The costs of the passphrase's derivation are out of range.
    #[error("the costs of the passphrase's derivation are out of range")]
    Cost,
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

/// Why a passphrase was not changed. The old one holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseChangeError {
    /// The old passphrase, or the recovery key, is another one.
    #[error("the old passphrase or recovery key is not right")]
    Refused,
    /// The costs of the passphrase's derivation are out of range.
    #[error("the costs of the passphrase's derivation are out of range")]
    Cost,
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

impl Office {
    /// Admits a member with keys of their own. By this alone they can read nothing.
    pub fn admit_member(
        &self,
        administrator: &Administrator<'_>,
        name: &str,
        duty: Duty,
        chosen: Option<Passphrase>,
        cost: KdfCost,
    ) -> Result<Admitted, AdmitError> {
        let mut dice = self.setting.dice();
        let member = MemberId::from_bytes(dice.bytes());
        let keys = MemberKeys::generate(&mut dice);
        let passphrase = chosen
            .clone()
            .unwrap_or_else(|| Passphrase::generate(&mut dice));
        let recovery = RecoveryKey::generate(&mut dice);
        let wrapped = member::wrap(&keys, member, &passphrase, &self.house, cost, &mut dice)
            .map_err(|_| AdmitError::Cost)?;
        let spare = member::wrap_for_recovery(&keys, member, &recovery, &self.house, &mut dice);
        let admission = Admission {
            member,
            name: name.trim().to_owned(),
            keys: public_keys(&keys),
            duty,
        };
        let act = HouseAct::Admitted(admission);
        let cabinet = || {
            vec![
                self.cabinet_put(&row::keys(member), &wrapped),
                self.cabinet_put(&row::recovery(member), &spare),
            ]
        };
        self.judged_act(administrator.session, &act, cabinet)?;
        Ok(Admitted {
            member,
            passphrase: chosen.is_none().then(|| passphrase.to_printed()),
            recovery_key: recovery.to_printed(),
            fingerprint: member::fingerprint(&keys.verifying_key(), &keys.recipient()),
        })
    }

    /// Cuts a member off for good: their keys, their wraps and their sessions, and all their circles are rotation due.
    ///
    /// The circles come first. So a crash in between leaves a member who can be revoked again, not a circle whose next epoch
    /// would go to somebody who was cut off; and nothing that they signed is accepted after the entry that revokes them,
    /// which is what `fsck` holds every entry to.
    pub fn revoke_member(
        &self,
        administrator: &Administrator<'_>,
        member: MemberId,
        reason: &str,
    ) -> Result<Accepted, AdmitError> {
        let session = administrator.session;
        let act = HouseAct::Revoked {
            member,
            reason: reason.to_owned(),
        };
        self.roster()
            .map_err(AdmitError::Fault)?
            .check(session.member(), &act, self.setting.now())
            .map_err(|error| AdmitError::Roster(error.to_string()))?;
        self.sessions.end_all(member);
        self.remove_everywhere(session, member, reason)
            .map_err(AdmitError::Fault)?;
        let cabinet = || {
            vec![
                self.cabinet_delete(&row::keys(member)),
                self.cabinet_delete(&row::recovery(member)),
            ]
        };
        let accepted = self.judged_act(session, &act, cabinet)?;
        self.sessions.end_all(member);
        if member != session.member() {
            // A circle that was made, or that took the member in, meanwhile.
            self.remove_everywhere(session, member, reason)
                .map_err(AdmitError::Fault)?;
        }
        Ok(accepted)
    }

    fn remove_everywhere(
        &self,
        session: &Session,
        member: MemberId,
        reason: &str,
    ) -> Result<(), Fault> {
        for circle in self.all_circles()? {
            if self.circle(circle)?.chain.member(member).is_none() {
                continue;
            }
            self.change_circle(&session.pen(), circle, |_| {
                let act = vault::circle::Act::MemberRemoved {
                    member,
                    reason: reason.to_owned(),
                };
                Ok(Change {
                    act,
                    cabinet: vec![self.cabinet_delete(&row::wrap(circle, member))],
                })
            })?;
        }
        Ok(())
    }

    /// The twenty digits by which two people make sure that they mean the same keys.
    pub fn fingerprint(&self, member: MemberId) -> Result<String, Fault> {
        let roster = self.roster()?;
        let member = roster.member(member).ok_or(Fault::Refused)?;
        let (sign, recipient) = crate::verbs::circle::typed_keys(&member.admission.keys)?;
        Ok(member::fingerprint(&sign, &recipient))
    }

    /// Puts the member's keys under another passphrase. `Ok(None)` if the new one was chosen, else the one that was made.
    pub fn change_passphrase(
        &self,
        name: &str,
        old: &Passphrase,
        chosen: Option<Passphrase>,
        cost: KdfCost,
    ) -> Result<Option<SecretText>, PassphraseChangeError> {
        let (member, row) = self.kept_for(name, row::keys)?;
        let keys = member::unwrap(row.expose(), member, old, &self.house).map_err(not_opened)?;
        self.wrap_anew(member, &keys, chosen, cost)
    }

    /// Puts the member's keys under a new passphrase with the help of the printed recovery key, when the old one is forgotten.
    pub fn recover_with_key(
        &self,
        name: &str,
        recovery: &RecoveryKey,
        chosen: Option<Passphrase>,
        cost: KdfCost,
    ) -> Result<Option<SecretText>, PassphraseChangeError> {
        let (member, row) = self.kept_for(name, row::recovery)?;
        let keys = member::unwrap_for_recovery(row.expose(), member, recovery, &self.house)
            .map_err(not_opened)?;
        self.sessions.end_all(member);
        self.wrap_anew(member, &keys, chosen, cost)
    }

    /// The member of this name, and one of the cabinet's rows that is kept for them.
    fn kept_for(
        &self,
        name: &str,
        row_of: fn(MemberId) -> String,
    ) -> Result<(MemberId, SecretBytes), PassphraseChangeError> {
        let fault = PassphraseChangeError::Fault;
        let member = self
            .member_named(name)
            .map_err(fault)?
            .ok_or(PassphraseChangeError::Refused)?;
        let row = self
            .cabinet_get(&row_of(member))
            .map_err(fault)?
            .ok_or(PassphraseChangeError::Refused)?;
        Ok((member, row))
    }

    fn wrap_anew(
        &self,
        member: MemberId,
        keys: &MemberKeys,
        chosen: Option<Passphrase>,
        cost: KdfCost,
    ) -> Result<Option<SecretText>, PassphraseChangeError> {
        let mut dice = self.setting.dice();
        let passphrase = chosen
            .clone()
            .unwrap_or_else(|| Passphrase::generate(&mut dice));
        let wrapped = member::wrap(keys, member, &passphrase, &self.house, cost, &mut dice)
            .map_err(|_| PassphraseChangeError::Cost)?;
        let change = self.cabinet_put(&row::keys(member), &wrapped);
        self.cabinet_change(change)
            .map_err(PassphraseChangeError::Fault)?;
        Ok(chosen.is_none().then(|| passphrase.to_printed()))
    }

    fn member_named(&self, name: &str) -> Result<Option<MemberId>, Fault> {
        Ok(self
            .roster()?
            .find(name)
            .map(|member| member.admission.member))
    }

    /// Adds an act to the house circle; what the roster refuses is told in its words.
    pub(crate) fn judged_act(
        &self,
        session: &Session,
        act: &HouseAct,
        cabinet: impl Fn() -> Vec<store::ledger::CabinetChange>,
    ) -> Result<Accepted, AdmitError> {
        let mut refusal = None;
        let entered = self.act(&session.pen(), |roster| {
            match roster.check(session.member(), act, self.setting.now()) {
                Ok(()) => Ok((act.clone(), cabinet())),
                Err(error) => {
                    refusal = Some(error.to_string());
                    Err(Fault::Refused)
                }
            }
        });
        match (entered, refusal) {
            (Err(_), Some(refusal)) => Err(AdmitError::Roster(refusal)),
            (entered, _) => entered.map_err(AdmitError::Fault),
        }
    }
}

fn not_opened(error: UnwrapError) -> PassphraseChangeError {
    match error {
        UnwrapError::WrongPassphrase => PassphraseChangeError::Refused,
        other => PassphraseChangeError::Fault(Fault::damaged(other)),
    }
}
