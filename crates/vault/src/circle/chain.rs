//! The fold of a circle's membership entries, and who may sign what.

use core::fmt;
use std::collections::BTreeMap;

use record::canonical::FieldError;
use record::commitment::Place;
use record::entry::{Entry, EntryError, Envelope, VerifyError};
use record::hash::Hash;
use record::ids::{CircleId, KeyId, MemberId, Origin};
use record::signature::VerifyingKey;

use super::act::{Act, CircleMember, Created, EpochMade};
use super::epoch::EpochPlace;
use super::id_of;
use crate::entry_lock::OpenEntry;
use crate::header::{self, Header};
use crate::keys::Recipient;

/// An entry in its place, with the commitment that was computed from both.
#[derive(Clone, Debug)]
pub struct Placed {
    place: Place,
    commitment: Hash,
    envelope: Envelope,
}

impl Placed {
    /// Computes the commitment of an opened entry; compare it with the ledger's, or with the record's leaf.
    pub fn new(entry: &OpenEntry, place: Place) -> Result<Placed, EntryError> {
        let envelope = Envelope::parse(&entry.envelope)?;
        Ok(Placed {
            place,
            commitment: entry.commitment(&place),
            envelope,
        })
    }

    /// The commitment.
    pub fn commitment(&self) -> Hash {
        self.commitment
    }

    /// Where the entry stands.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The entry.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }
}

/// An epoch as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// To whom anyone may encrypt.
    pub recipient: Recipient,
    /// The secret of the epoch before, for this one; the first has none.
    pub previous: Option<Vec<u8>>,
    /// Who made it.
    pub made_by: MemberId,
}

/// An entry that breaks the rules of membership. In the ledger it means that somebody wrote there who had no right to:
/// members' programs refuse the chain from here on; run `mahzar fsck`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq} of the circle: {violation}")]
pub struct ChainError {
    /// Its number in the circle.
    pub seq: u64,
    /// The rule that it breaks.
    pub violation: Violation,
}

/// The rules of membership, each by its breach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The entry, or its place, is of another circle.
    #[error("it is of another circle")]
    OtherCircle,
    /// The entry is of another office.
    #[error("it is of another office")]
    OtherOffice,
    /// The entries are not given in their order, or `prev` is not the commitment of the one before.
    #[error("it does not follow the entry before it")]
    Order,
    /// A field is missing, unknown or wrong.
    #[error("its body: {0}")]
    Body(#[source] FieldError),
    /// An entry about membership must name the circle's head: the signer must have seen all that was before.
    #[error("it was signed over another head of the circle")]
    NotAfterHead,
    /// A circle begins with `circle.created` at number 0.
    #[error("the circle does not begin with its founding")]
    NotFounded,
    /// `circle.created` stands only at number 0.
    #[error("the circle was founded before")]
    FoundedTwice,
    /// The circle's id is not that of this entry and its founder: another entry founded it.
    #[error("this entry did not found the circle of this id")]
    OtherFounding,
    /// The founder is the first member listed, a steward, and the signer.
    #[error("the founder is not the first member, a steward and the signer")]
    Founder,
    /// The office itself cannot be a member: nobody holds its keys but the operator.
    #[error("the office itself cannot be a member")]
    OfficeAsMember,
    /// The member is in the circle already.
    #[error("{0} is a member already")]
    AlreadyMember(MemberId),
    /// A key of another member, or of an epoch.
    #[error("the keys of {0} are in use already")]
    KeyInUse(MemberId),
    /// Only a steward may add.
    #[error("{0} is no steward of this circle")]
    NotSteward(MemberId),
    /// Only a steward, an administrator, or the member may remove.
    #[error("{0} may not remove a member of this circle")]
    MayNotRemove(MemberId),
    /// Only a present member may make an epoch.
    #[error("{0} is no member of this circle")]
    NotMember(MemberId),
    /// The only steward goes; name another one first. An administrator may do it all the same.
    #[error("the last steward cannot go before another is named")]
    LastSteward,
    /// Epochs are numbered without gaps.
    #[error("the epoch after {0} was expected")]
    EpochNumber(u64),
    /// An epoch's recipient was in use before: what is encrypted to it might be read by someone who left.
    #[error("the epoch's recipient was in use before")]
    EpochRecipient,
    /// What should hold the earlier secret is no age file.
    #[error("the earlier epoch's secret is not handed on")]
    Previous,
    /// The signature is by another key, or does not verify.
    #[error("{0}")]
    Signature(#[source] VerifyError),
}

/// Why a member's entry is not taken by the circle now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteRefusal {
    /// The member is not in the circle.
    #[error("not a member of this circle")]
    NotMember,
    /// Somebody left, and no present member has made a new epoch yet; whoever left could read what is written now.
    #[error("the circle needs a new epoch before anything new is written")]
    RotationDue,
    /// It was encrypted to another epoch than the current one; wrap its key anew.
    #[error("encrypted to another epoch than the current one, {0}")]
    OtherEpoch(u64),
}

/// Who is in a circle, with which keys, and under which epoch, after some entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Chain {
    office: Origin,
    circle: CircleId,
    name: String,
    members: BTreeMap<MemberId, CircleMember>,
    epochs: Vec<Epoch>,
    rotation_due: bool,
    /// Every key that ever signed for a member, so that old entries verify.
    keys: BTreeMap<KeyId, (MemberId, VerifyingKey)>,
    /// The membership entries: what a member remembers to find a chain that was cut.
    acts: BTreeMap<u64, Hash>,
    head: (u64, Hash),
}

impl Chain {
    /// Folds the entries of a circle from its founding. Entries about other things may be left out or given; they only move the head.
    ///
    /// `administrators` are all who ever held that duty, by the house circle, with their keys. They can only remove, so
    /// a list that is too long costs an argument, never a secret.
    pub fn fold<'a>(
        office: &Origin,
        circle: CircleId,
        administrators: &BTreeMap<MemberId, VerifyingKey>,
        entries: impl IntoIterator<Item = &'a Placed>,
    ) -> Result<Chain, ChainError> {
        let mut entries = entries.into_iter();
        let not_founded = ChainError {
            seq: 0,
            violation: Violation::NotFounded,
        };
        let founding = entries.next().ok_or(not_founded)?;
        let mut chain = Chain::found(office, circle, founding)?;
        for entry in entries {
            chain.apply(administrators, entry)?;
        }
        Ok(chain)
    }

    /// Begins a chain with its founding entry.
    pub fn found(
        office: &Origin,
        circle: CircleId,
        founding: &Placed,
    ) -> Result<Chain, ChainError> {
        let at = |violation| ChainError {
            seq: founding.place.seq,
            violation,
        };
        let entry = check_origin(office, circle, founding).map_err(at)?;
        let created = match Act::read(entry).map_err(Violation::Body).map_err(at)? {
            Some(Act::Created(created)) if founding.place.seq == 0 => created,
            _ => return Err(at(Violation::NotFounded)),
        };
        Chain::of_created(founding, created).map_err(at)
    }

    fn of_created(founding: &Placed, created: Created) -> Result<Chain, Violation> {
        let entry = founding.envelope.entry();
        if entry.after.is_some() || founding.place.prev != Hash::ZERO {
            return Err(Violation::NotAfterHead);
        }
        let founder = created.members.first().ok_or(Violation::Founder)?;
        if founder.member != entry.by || !founder.steward {
            return Err(Violation::Founder);
        }
        if id_of(entry.id, &founder.sign_key) != entry.circle {
            return Err(Violation::OtherFounding);
        }
        founding
            .envelope
            .verify(&founder.sign_key)
            .map_err(Violation::Signature)?;
        let first = Epoch {
            recipient: created.recipient,
            previous: None,
            made_by: entry.by,
        };
        let mut chain = Chain {
            office: entry.office.clone(),
            circle: entry.circle,
            name: created.name,
            members: BTreeMap::new(),
            epochs: vec![first],
            rotation_due: false,
            keys: BTreeMap::new(),
            acts: BTreeMap::from([(0, founding.commitment)]),
            head: (0, founding.commitment),
        };
        for member in created.members {
            chain.check_newcomer(&member)?;
            chain.insert(member);
        }
        Ok(chain)
    }

    /// Applies the next entry, or leaves the chain as it was and says which rule the entry breaks.
    pub fn apply(
        &mut self,
        administrators: &BTreeMap<MemberId, VerifyingKey>,
        next: &Placed,
    ) -> Result<(), ChainError> {
        let at = |violation| ChainError {
            seq: next.place.seq,
            violation,
        };
        let entry = check_origin(&self.office, self.circle, next).map_err(at)?;
        self.check_order(&next.place).map_err(at)?;
        if let Some(act) = Act::read(entry).map_err(Violation::Body).map_err(at)? {
            if entry.after != Some(next.place.prev) {
                return Err(at(Violation::NotAfterHead));
            }
            self.check_act(&act, &next.envelope, administrators)
                .map_err(at)?;
            self.perform(act, entry.by);
            self.acts.insert(next.place.seq, next.commitment);
        }
        self.head = (next.place.seq, next.commitment);
        Ok(())
    }

    /// Whether `act`, signed as in `envelope`, is allowed by the rules at this point. [`Chain::apply`] asks this;
    /// a verb asks it before it commits.
    pub fn check_act(
        &self,
        act: &Act,
        envelope: &Envelope,
        administrators: &BTreeMap<MemberId, VerifyingKey>,
    ) -> Result<(), Violation> {
        let by = envelope.entry().by;
        let key = match act {
            Act::Created(_) => return Err(Violation::FoundedTwice),
            Act::MemberAdded(member) => {
                self.check_newcomer(member)?;
                self.steward_key(by).ok_or(Violation::NotSteward(by))?
            }
            Act::MemberRemoved { member, .. } => self.remover_key(by, *member, administrators)?,
            Act::EpochMade(made) => {
                self.check_epoch(made)?;
                &self
                    .members
                    .get(&by)
                    .ok_or(Violation::NotMember(by))?
                    .sign_key
            }
        };
        envelope.verify(key).map_err(Violation::Signature)
    }

    fn check_order(&self, place: &Place) -> Result<(), Violation> {
        let (seq, commitment) = self.head;
        let gap = place.seq.checked_sub(seq).ok_or(Violation::Order)?;
        // Where entries were left out their commitments cannot be compared; the entry's own covers `prev`.
        if gap == 0 || (gap == 1 && place.prev != commitment) {
            return Err(Violation::Order);
        }
        Ok(())
    }

    fn check_newcomer(&self, member: &CircleMember) -> Result<(), Violation> {
        if member.member == MemberId::OFFICE {
            return Err(Violation::OfficeAsMember);
        }
        if self.members.contains_key(&member.member) {
            return Err(Violation::AlreadyMember(member.member));
        }
        let taken = self
            .members
            .values()
            .any(|other| other.sign_key == member.sign_key || other.recipient == member.recipient);
        // A key that signed for somebody else would make their old entries this member's.
        let signed = self.keys.get(&member.sign_key.key_id());
        let taken = taken || signed.is_some_and(|(other, _)| *other != member.member);
        if taken
            || self
                .epochs
                .iter()
                .any(|epoch| epoch.recipient == member.recipient)
        {
            return Err(Violation::KeyInUse(member.member));
        }
        Ok(())
    }

    fn steward_key(&self, by: MemberId) -> Option<&VerifyingKey> {
        let member = self.members.get(&by)?;
        member.steward.then_some(&member.sign_key)
    }

    fn remover_key<'a>(
        &'a self,
        by: MemberId,
        gone: MemberId,
        administrators: &'a BTreeMap<MemberId, VerifyingKey>,
    ) -> Result<&'a VerifyingKey, Violation> {
        let member = self.members.get(&gone).ok_or(Violation::NotMember(gone))?;
        if let Some(key) = administrators.get(&by) {
            return Ok(key);
        }
        let key = match self.steward_key(by) {
            Some(key) => key,
            None if by == gone => &member.sign_key,
            None => return Err(Violation::MayNotRemove(by)),
        };
        if member.steward && self.members.values().filter(|one| one.steward).count() == 1 {
            return Err(Violation::LastSteward);
        }
        Ok(key)
    }

    fn check_epoch(&self, made: &EpochMade) -> Result<(), Violation> {
        if made.epoch != self.current_epoch() + 1 {
            return Err(Violation::EpochNumber(self.current_epoch()));
        }
        let used = self
            .epochs
            .iter()
            .any(|epoch| epoch.recipient == made.recipient)
            || self
                .members
                .values()
                .any(|member| member.recipient == made.recipient);
        if used {
            return Err(Violation::EpochRecipient);
        }
        let mut file = &made.previous[..];
        let header = header::split(&mut file).map_err(|_| Violation::Previous)?;
        let header = header.and_then(|bytes| Header::parse(&bytes));
        header.map(|_| ()).map_err(|_| Violation::Previous)
    }

    fn perform(&mut self, act: Act, by: MemberId) {
        match act {
            // Refused by check_act; a chain has one founding.
            Act::Created(_) => {}
            Act::MemberAdded(member) => self.insert(member),
            Act::MemberRemoved { member, .. } => {
                self.members.remove(&member);
                self.rotation_due = true;
            }
            Act::EpochMade(made) => {
                let previous = Some(made.previous);
                self.epochs.push(Epoch {
                    recipient: made.recipient,
                    previous,
                    made_by: by,
                });
                self.rotation_due = false;
            }
        }
    }

    fn insert(&mut self, member: CircleMember) {
        let key = (member.member, member.sign_key.clone());
        self.keys.insert(member.sign_key.key_id(), key);
        self.members.insert(member.member, member);
    }

    /// The circle's id.
    pub fn circle(&self) -> CircleId {
        self.circle
    }

    /// What the circle is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The present members.
    pub fn members(&self) -> impl Iterator<Item = &CircleMember> {
        self.members.values()
    }

    /// A present member.
    pub fn member(&self, member: MemberId) -> Option<&CircleMember> {
        self.members.get(&member)
    }

    /// The number of the current epoch, from 1.
    pub fn current_epoch(&self) -> u64 {
        self.epochs.len() as u64
    }

    /// An epoch by its number.
    pub fn epoch(&self, number: u64) -> Option<&Epoch> {
        self.epochs
            .get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// The current epoch's place.
    pub fn epoch_place(&self) -> EpochPlace {
        EpochPlace {
            office: self.office.clone(),
            circle: self.circle,
            epoch: self.current_epoch(),
        }
    }

    /// The current epoch's recipient: to whom anyone encrypts for this circle.
    pub fn recipient(&self) -> &Recipient {
        // A chain begins with its first epoch and never loses one.
        &self.epochs[self.epochs.len() - 1].recipient
    }

    /// Whether somebody left and no present member has made a new epoch since.
    pub fn rotation_due(&self) -> bool {
        self.rotation_due
    }

    /// Whose key it is or was, so that old entries verify after their signer left.
    pub fn signer(&self, key: KeyId) -> Option<(MemberId, &VerifyingKey)> {
        self.keys.get(&key).map(|(member, key)| (*member, key))
    }

    /// The number and commitment of the last entry that was applied.
    pub fn head(&self) -> (u64, Hash) {
        self.head
    }

    /// Whether the membership entry that a member has seen at `seq` is in this chain. If not, the chain was cut or exchanged.
    pub fn contains(&self, seq: u64, commitment: &Hash) -> bool {
        self.acts.get(&seq) == Some(commitment)
    }

    /// Number and commitment of the last membership entry: what a member remembers for [`Chain::contains`].
    pub fn last_act(&self) -> (u64, Hash) {
        self.acts
            .last_key_value()
            .map_or(self.head, |(seq, commitment)| (*seq, *commitment))
    }

    /// Whether a member may write now, encrypting to `epoch`. Asked again in the transaction that commits.
    pub fn check_write(&self, member: MemberId, epoch: u64) -> Result<(), WriteRefusal> {
        if !self.members.contains_key(&member) {
            return Err(WriteRefusal::NotMember);
        }
        if self.rotation_due {
            return Err(WriteRefusal::RotationDue);
        }
        if epoch != self.current_epoch() {
            return Err(WriteRefusal::OtherEpoch(self.current_epoch()));
        }
        Ok(())
    }
}

impl fmt::Debug for Chain {
    /// Names and keys of members are not for logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chain({} at {})", self.circle, self.head.0)
    }
}

fn check_origin<'a>(
    office: &Origin,
    circle: CircleId,
    placed: &'a Placed,
) -> Result<&'a Entry, Violation> {
    let entry = placed.envelope.entry();
    if entry.circle != circle || placed.place.circle != circle {
        return Err(Violation::OtherCircle);
    }
    if entry.office != *office {
        return Err(Violation::OtherOffice);
    }
    Ok(entry)
}
