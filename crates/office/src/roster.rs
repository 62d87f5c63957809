//! The roster: who is a member of the office, with which keys and duties, folded from the entries of the house circle.
//!
//! Nothing here is a table that somebody could edit: every row is the consequence of a signed entry, and
//! [`Roster::apply`] refuses an entry whose signer had no right to it at that point of the chain.

use std::collections::BTreeMap;

use record::canonical::FieldError;
use record::entry::Envelope;
use record::hash::Hash;
use record::ids::{CircleId, KeyId, MemberId};
use record::signature::{VerifyingKey, key_id};

mod act;

pub use act::{Admission, Duty, HouseAct, KeyHolder, PublicKeys, WitnessOffice};

/// The longest name of a member, an office, a witness or a key-holder, in characters: it must fit one line of a page.
pub const NAME_CHARS_MAX: usize = 120;

/// The most members that one office admits, ten times the parliament it is made for.
pub const MEMBERS_MAX: usize = 6_000;

/// Where a member's account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// May sign in and act.
    Present,
    /// May sign in; opens nothing until stewards restore it.
    Travelling,
    /// Cut off for good.
    Revoked,
}

/// A member of the office.
#[derive(Clone, Debug)]
pub struct Member {
    /// Name, keys and duty as they stand now.
    pub admission: Admission,
    /// Where the account stands.
    pub standing: Standing,
    /// The recovery that is under way, if any.
    pub recovery: Option<Recovery>,
}

/// A recovery under way.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// The keys that shall replace the lost ones.
    pub keys: PublicKeys,
    /// When it began, seconds since 1970.
    pub began: u64,
    /// Who has approved it.
    pub approved_by: Vec<MemberId>,
}

/// The fold of the house circle.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    name: String,
    members: BTreeMap<MemberId, Member>,
    keys: BTreeMap<KeyId, (MemberId, [u8; 32])>,
    witnesses: BTreeMap<String, WitnessOffice>,
    quorum: u64,
    key_holders: BTreeMap<String, KeyHolder>,
    recovery_stewards: u64,
    recovery_delay_seconds: u64,
    applied: u64,
    head: Option<Hash>,
}

/// Why an entry of the house circle is refused. In the ledger it means that somebody wrote there who had no right to; run `mahzar fsck`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// The entry is of another circle.
    #[error("the entry is not of the house circle")]
    Circle,
    /// The entry does not name the current head as `after`.
    #[error("the entry was signed over another head of the house circle")]
    Head,
    /// The kind or body is not one the house knows.
    #[error("the entry's body: {0}")]
    Body(#[source] FieldError),
    /// The office is founded once, by its first entry.
    #[error("the office is founded by its first entry, and by that only")]
    Founding,
    /// The signer is not a present member, or the key is not theirs.
    #[error("the signer is no present member of the office")]
    Signer,
    /// The signature does not verify.
    #[error("the signature does not verify")]
    Signature,
    /// The signer has no right to this act.
    #[error("the signer has no right to this act")]
    Right,
    /// The act does not fit the state: a name that is taken, a member who is not there.
    #[error("the act does not fit: {0}")]
    State(&'static str),
}

impl Roster {
    /// The office's public name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many entries have been applied; also the next sequence number of the house circle.
    pub fn applied(&self) -> u64 {
        self.applied
    }

    /// The commitment of the last entry.
    pub fn head(&self) -> Option<Hash> {
        self.head
    }

    /// All members, the revoked included.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// One member.
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.get(&id)
    }

    /// The member of that name or id, unless revoked.
    pub fn find(&self, name_or_id: &str) -> Option<&Member> {
        let wanted = folded(name_or_id);
        self.members.values().find(|member| {
            member.standing != Standing::Revoked
                && (folded(&member.admission.name) == wanted
                    || member.admission.member.to_string() == name_or_id)
        })
    }

    /// Whose key that is, and the key; old keys included, so that old signatures can be checked.
    pub fn key(&self, id: KeyId) -> Option<(MemberId, [u8; 32])> {
        self.keys.get(&id).copied()
    }

    /// The witnesses that are asked.
    pub fn witnesses(&self) -> impl Iterator<Item = &WitnessOffice> {
        self.witnesses.values()
    }

    /// How many witnesses must countersign.
    pub fn quorum(&self) -> u64 {
        self.quorum
    }

    /// The key-holders.
    pub fn key_holders(&self) -> impl Iterator<Item = &KeyHolder> {
        self.key_holders.values()
    }

    /// How many stewards must approve a recovery.
    pub fn recovery_stewards(&self) -> u64 {
        self.recovery_stewards
    }

    /// Seconds between the beginning of a recovery and its end.
    pub fn recovery_delay_seconds(&self) -> u64 {
        self.recovery_delay_seconds
    }

    /// Checks the signature of an entry of any circle by one of its members' keys, past or present.
    pub fn check_signature(&self, envelope: &Envelope) -> Result<MemberId, RosterError> {
        let by = envelope.entry().by;
        let signer = envelope.signers().next().ok_or(RosterError::Signer)?;
        let (owner, key) = self.key(signer).ok_or(RosterError::Signer)?;
        if owner != by {
            return Err(RosterError::Signer);
        }
        let key = VerifyingKey::from_bytes(&key).map_err(|_| RosterError::Signer)?;
        envelope.verify(&key).map_err(|_| RosterError::Signature)?;
        Ok(by)
    }

    /// Applies the next entry of the house circle; on error nothing has changed.
    pub fn apply(&mut self, envelope: &Envelope, commitment: Hash) -> Result<(), RosterError> {
        let entry = envelope.entry();
        if entry.circle != CircleId::HOUSE {
            return Err(RosterError::Circle);
        }
        if entry.after != self.head {
            return Err(RosterError::Head);
        }
        let act =
            HouseAct::read(entry.kind.as_str(), entry.body.clone()).map_err(RosterError::Body)?;
        if let HouseAct::Founded { founder, .. } = &act {
            self.check_founding(envelope, founder)?;
        } else {
            self.check_signature(envelope)?;
            self.check_right(entry.by, &act)?;
        }
        self.change(entry.by, entry.at.unix_seconds(), act)?;
        self.applied += 1;
        self.head = Some(commitment);
        Ok(())
    }

    /// Whether `by` may do `act` at this point, before it is signed; the same rules as [`Roster::apply`].
    pub fn check(
        &self,
        by: MemberId,
        act: &HouseAct,
        at: record::entry::Timestamp,
    ) -> Result<(), RosterError> {
        self.check_right(by, act)?;
        self.clone().change(by, at.unix_seconds(), act.clone())
    }

    fn check_founding(&self, envelope: &Envelope, founder: &Admission) -> Result<(), RosterError> {
        if self.applied != 0 || founder.duty != Duty::Administrator {
            return Err(RosterError::Founding);
        }
        if envelope.entry().by != founder.member
            || envelope.signers().next() != Some(key_id(&founder.keys.sign))
        {
            return Err(RosterError::Signer);
        }
        let key = VerifyingKey::from_bytes(&founder.keys.sign).map_err(|_| RosterError::Signer)?;
        envelope.verify(&key).map_err(|_| RosterError::Signature)
    }

    /// Who may do what; everything that is not named here is the administrators'.
    fn check_right(&self, by: MemberId, act: &HouseAct) -> Result<(), RosterError> {
        let signer = self.members.get(&by).ok_or(RosterError::Signer)?;
        if signer.standing == Standing::Revoked {
            return Err(RosterError::Signer);
        }
        let own_act = |member: &MemberId| *member == by;
        let duty = signer.admission.duty;
        let present = signer.standing == Standing::Present;
        let right = match act {
            HouseAct::TravelBegan { member }
            | HouseAct::RecoveryStopped { member }
            | HouseAct::Revoked { member, .. } => {
                own_act(member) || (present && duty == Duty::Administrator)
            }
            HouseAct::TravelEnded { member } | HouseAct::RecoveryApproved { member, .. } => {
                present && !own_act(member) && duty != Duty::Member
            }
            _ => present && duty == Duty::Administrator,
        };
        if right {
            Ok(())
        } else {
            Err(RosterError::Right)
        }
    }

    fn change(&mut self, by: MemberId, at: u64, act: HouseAct) -> Result<(), RosterError> {
        match act {
            HouseAct::Founded {
                name,
                founder,
                recovery_stewards,
                recovery_delay_seconds,
            } => {
                self.admit(founder)?;
                self.name = checked_name(name)?;
                self.recovery_stewards = recovery_stewards;
                self.recovery_delay_seconds = recovery_delay_seconds;
                Ok(())
            }
            HouseAct::Admitted(admission) => self.admit(admission),
            HouseAct::Revoked { member, .. } => self.revoke(member),
            HouseAct::RecoveryBegan { member, keys } => self.begin_recovery(at, member, keys),
            HouseAct::RecoveryApproved { member, sign } => self.approve_recovery(by, member, sign),
            HouseAct::RecoveryEnded { member } => self.end_recovery(at, member),
            HouseAct::RecoveryStopped { member } => {
                let stopped = self.changing(member)?.recovery.take();
                stopped
                    .map(drop)
                    .ok_or(RosterError::State("no recovery is under way"))
            }
            HouseAct::TravelBegan { member } => self.turn(
                member,
                Standing::Present,
                Standing::Travelling,
                "the member is travelling already",
            ),
            HouseAct::TravelEnded { member } => self.turn(
                member,
                Standing::Travelling,
                Standing::Present,
                "the member is not travelling",
            ),
            HouseAct::WitnessAdded(witness) => {
                insert_named(&mut self.witnesses, witness.name.clone(), witness)
            }
            HouseAct::WitnessRemoved { name } => self.remove_witness(&name),
            HouseAct::QuorumSet { count } => self.set_quorum(count),
            HouseAct::KeyHolderAdded(holder) => {
                insert_named(&mut self.key_holders, holder.name.clone(), holder)
            }
            HouseAct::KeyHolderRemoved { name } => remove_named(&mut self.key_holders, &name),
        }
    }

    fn admit(&mut self, admission: Admission) -> Result<(), RosterError> {
        checked_name(admission.name.clone())?;
        if self.find(&admission.name).is_some() {
            return Err(RosterError::State("another member has this name"));
        }
        if self.members.contains_key(&admission.member) || admission.member == MemberId::OFFICE {
            return Err(RosterError::State("another member has this id"));
        }
        if self.members.len() >= MEMBERS_MAX {
            return Err(RosterError::State(
                "the office has as many members as it can hold",
            ));
        }
        self.add_key(admission.member, admission.keys.sign)?;
        let member = Member {
            standing: Standing::Present,
            recovery: None,
            admission,
        };
        self.members.insert(member.admission.member, member);
        Ok(())
    }

    fn add_key(&mut self, member: MemberId, sign: [u8; 32]) -> Result<(), RosterError> {
        let id = key_id(&sign);
        if self.keys.contains_key(&id) {
            return Err(RosterError::State("this key has been used before"));
        }
        self.keys.insert(id, (member, sign));
        Ok(())
    }

    fn changing(&mut self, member: MemberId) -> Result<&mut Member, RosterError> {
        self.members
            .get_mut(&member)
            .filter(|member| member.standing != Standing::Revoked)
            .ok_or(RosterError::State("there is no such member"))
    }

    fn turn(
        &mut self,
        member: MemberId,
        from: Standing,
        to: Standing,
        otherwise: &'static str,
    ) -> Result<(), RosterError> {
        let member = self.changing(member)?;
        if member.standing != from {
            return Err(RosterError::State(otherwise));
        }
        member.standing = to;
        Ok(())
    }

    fn begin_recovery(
        &mut self,
        began: u64,
        member: MemberId,
        keys: PublicKeys,
    ) -> Result<(), RosterError> {
        if self.keys.contains_key(&key_id(&keys.sign)) {
            return Err(RosterError::State("this key has been used before"));
        }
        let changing = self.changing(member)?;
        if changing.recovery.is_some() {
            return Err(RosterError::State("a recovery is under way already"));
        }
        changing.recovery = Some(Recovery {
            keys,
            began,
            approved_by: Vec::new(),
        });
        Ok(())
    }

    fn approve_recovery(
        &mut self,
        by: MemberId,
        member: MemberId,
        sign: [u8; 32],
    ) -> Result<(), RosterError> {
        let recovery = self.changing(member)?.recovery.as_mut();
        let recovery = recovery.ok_or(RosterError::State("no recovery is under way"))?;
        if recovery.keys.sign != sign {
            return Err(RosterError::State("the approval is for another key"));
        }
        if recovery.approved_by.contains(&by) {
            return Err(RosterError::State("this steward has approved already"));
        }
        recovery.approved_by.push(by);
        Ok(())
    }

    fn end_recovery(&mut self, at: u64, member: MemberId) -> Result<(), RosterError> {
        let (needed, delay) = (self.recovery_stewards, self.recovery_delay_seconds);
        let changing = self.changing(member)?;
        let recovery = changing
            .recovery
            .clone()
            .ok_or(RosterError::State("no recovery is under way"))?;
        if (recovery.approved_by.len() as u64) < needed {
            return Err(RosterError::State("too few stewards have approved"));
        }
        let ready = recovery.began.saturating_add(delay);
        if at < ready {
            return Err(RosterError::State("the waiting time is not over"));
        }
        self.add_key(member, recovery.keys.sign)?;
        let changing = self.changing(member)?;
        changing.admission.keys = recovery.keys;
        changing.recovery = None;
        Ok(())
    }

    fn revoke(&mut self, member: MemberId) -> Result<(), RosterError> {
        let stays = |other: &Member| {
            other.admission.member != member
                && other.standing != Standing::Revoked
                && other.admission.duty == Duty::Administrator
        };
        if !self.members.values().any(stays) {
            return Err(RosterError::State(
                "the office would have no administrator left",
            ));
        }
        self.changing(member)?.standing = Standing::Revoked;
        Ok(())
    }

    fn remove_witness(&mut self, name: &str) -> Result<(), RosterError> {
        if self.witnesses.contains_key(name) && self.quorum >= self.witnesses.len() as u64 {
            return Err(RosterError::State(
                "the quorum needs this witness; lower it first",
            ));
        }
        remove_named(&mut self.witnesses, name)
    }

    fn set_quorum(&mut self, count: u64) -> Result<(), RosterError> {
        if count > self.witnesses.len() as u64 {
            return Err(RosterError::State(
                "the quorum is larger than the number of witnesses",
            ));
        }
        self.quorum = count;
        Ok(())
    }
}

fn insert_named<T>(
    map: &mut BTreeMap<String, T>,
    name: String,
    value: T,
) -> Result<(), RosterError> {
    let name = checked_name(name)?;
    if map.contains_key(&name) {
        return Err(RosterError::State("the name is taken"));
    }
    map.insert(name, value);
    Ok(())
}

fn remove_named<T>(map: &mut BTreeMap<String, T>, name: &str) -> Result<(), RosterError> {
    map.remove(name)
        .map(drop)
        .ok_or(RosterError::State("there is none of this name"))
}

/// A name that can stand in one line of a page: no control and no bidi-control characters, not empty, not too long.
fn checked_name(name: String) -> Result<String, RosterError> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(hidden) {
        return Err(RosterError::State(
            "a name has 1 to 120 characters and no hidden ones",
        ));
    }
    Ok(name)
}

fn folded(name: &str) -> String {
    name.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}
