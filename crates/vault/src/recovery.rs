//! What happens to an account when its member loses the keys, or crosses a border.
//!
//! Two ways back: the printed recovery key ([`crate::member::unwrap_for_recovery`]), or M stewards who let the member in
//! again with *new* keys after a delay, the circle told. Nobody can open the old keys for them. **Travel mode** takes all
//! wraps from an account until M stewards restore it, so that whoever is made to sign in shows an account without anything.
//!
//! These are the rules alone; each transition is an entry of the house circle, and the fold of those entries gives the
//! [`Account`]. Times are those at which the entries were accepted, in seconds since 1970.

use std::collections::BTreeSet;

use record::ids::MemberId;
use record::signature::VerifyingKey;

use crate::circle::{Act, Chain, CircleMember};
use crate::keys::Recipient;

/// The least delay that makes sense: the member must have a chance to notice and object.
pub const DELAY_SECONDS_MIN: u64 = 24 * 60 * 60;

/// What an office has decided for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    stewards: usize,
    delay_seconds: u64,
}

/// Fewer than two stewards, or less than a day: one person could take over an account overnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("recovery needs at least two stewards and one day")]
pub struct RulesError;

impl Rules {
    /// How many stewards must agree, and how long a request must stand before anything is wrapped.
    pub fn new(stewards: usize, delay_seconds: u64) -> Result<Rules, RulesError> {
        if stewards < 2 || delay_seconds < DELAY_SECONDS_MIN {
            return Err(RulesError);
        }
        Ok(Rules {
            stewards,
            delay_seconds,
        })
    }
}

/// The keys that shall replace the lost ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKeys {
    /// Under which the member's entries will verify.
    pub sign_key: VerifyingKey,
    /// To whom epochs will be wrapped.
    pub recipient: Recipient,
}

/// Where an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// As usual.
    Home,
    /// Holds no wraps.
    Travelling(Travel),
    /// Somebody says that the member lost the keys.
    Recovering(Box<Recovery>),
}

/// An account that holds no wraps until stewards restore it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Travel {
    approved_by: BTreeSet<MemberId>,
}

/// A request for new keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    keys: NewKeys,
    asked_at: u64,
    approved_by: BTreeSet<MemberId>,
    /// Whether the account was travelling; a cancelled request brings it back there.
    travelling: bool,
}

/// Why a step is refused; the account stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The step does not fit where the account stands.
    #[error("the account is not in the state for this")]
    State,
    /// Only a steward approves, and never their own request.
    #[error("only another member who is a steward may approve")]
    NotSteward,
    /// This steward has approved already.
    #[error("this steward has approved already")]
    Twice,
    /// The new keys are wrapped only after enough approvals and the delay.
    #[error("{approvals} more approvals and {seconds} more seconds are needed")]
    Early {
        /// Approvals still missing.
        approvals: usize,
        /// Seconds still to pass.
        seconds: u64,
    },
}

/// Permission to put new keys in the place of old ones; only [`Account::complete`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completed {
    member: MemberId,
    keys: NewKeys,
}

impl Account {
    /// Whether wraps may exist for this account. If not, they are deleted and none is made.
    pub fn may_hold_wraps(&self) -> bool {
        match self {
            Account::Home => true,
            Account::Travelling(_) => false,
            Account::Recovering(recovery) => !recovery.travelling,
        }
    }

    /// The member goes travelling: all wraps are cut at once.
    pub fn begin_travel(self) -> Result<Account, Refusal> {
        match self {
            Account::Home => Ok(Account::Travelling(Travel {
                approved_by: BTreeSet::new(),
            })),
            _ => Err(Refusal::State),
        }
    }

    /// A steward agrees that the member is back; with enough of them the account is as before.
    pub fn approve_return(
        self,
        member: MemberId,
        steward: MemberId,
        stewards: &BTreeSet<MemberId>,
        rules: Rules,
    ) -> Result<Account, Refusal> {
        let Account::Travelling(mut travel) = self else {
            return Err(Refusal::State);
        };
        approve(&mut travel.approved_by, member, steward, stewards)?;
        // Whoever has ceased to be a steward no longer counts.
        let agreed = travel.approved_by.intersection(stewards).count();
        Ok(if agreed >= rules.stewards {
            Account::Home
        } else {
            Account::Travelling(travel)
        })
    }

    /// The member, or a steward for them, asks that new keys take the place of lost ones. Everyone in their circles is told.
    pub fn ask_recovery(self, keys: NewKeys, at: u64) -> Result<Account, Refusal> {
        let travelling = match self {
            Account::Home => false,
            Account::Travelling(_) => true,
            Account::Recovering(_) => return Err(Refusal::State),
        };
        let approved_by = BTreeSet::new();
        Ok(Account::Recovering(Box::new(Recovery {
            keys,
            asked_at: at,
            approved_by,
            travelling,
        })))
    }

    /// A steward, having spoken with the member, agrees to the keys whose fingerprint they compared.
    pub fn approve_recovery(
        self,
        member: MemberId,
        steward: MemberId,
        stewards: &BTreeSet<MemberId>,
    ) -> Result<Account, Refusal> {
        let Account::Recovering(mut recovery) = self else {
            return Err(Refusal::State);
        };
        approve(&mut recovery.approved_by, member, steward, stewards)?;
        Ok(Account::Recovering(recovery))
    }

    /// The member, who still has the keys after all, or any steward objects: the request is gone.
    pub fn cancel_recovery(
        self,
        member: MemberId,
        by: MemberId,
        stewards: &BTreeSet<MemberId>,
    ) -> Result<Account, Refusal> {
        let Account::Recovering(recovery) = self else {
            return Err(Refusal::State);
        };
        if by != member && !stewards.contains(&by) {
            return Err(Refusal::NotSteward);
        }
        if recovery.travelling {
            return Account::Home.begin_travel();
        }
        Ok(Account::Home)
    }

    /// Ends a recovery, if enough present stewards agreed and the delay has passed.
    pub fn complete(
        self,
        member: MemberId,
        stewards: &BTreeSet<MemberId>,
        rules: Rules,
        now: u64,
    ) -> Result<(Account, Completed), Refusal> {
        let Account::Recovering(recovery) = self else {
            return Err(Refusal::State);
        };
        let agreed = recovery.approved_by.intersection(stewards).count();
        let approvals = rules.stewards.saturating_sub(agreed);
        let ready_at = recovery.asked_at.saturating_add(rules.delay_seconds);
        let seconds = ready_at.saturating_sub(now);
        if approvals > 0 || seconds > 0 {
            return Err(Refusal::Early { approvals, seconds });
        }
        Ok((
            Account::Home,
            Completed {
                member,
                keys: recovery.keys,
            },
        ))
    }
}

fn approve(
    approved_by: &mut BTreeSet<MemberId>,
    member: MemberId,
    steward: MemberId,
    stewards: &BTreeSet<MemberId>,
) -> Result<(), Refusal> {
    if steward == member || !stewards.contains(&steward) {
        return Err(Refusal::NotSteward);
    }
    if !approved_by.insert(steward) {
        return Err(Refusal::Twice);
    }
    Ok(())
}

impl Completed {
    /// Who gets new keys.
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// The new keys.
    pub fn keys(&self) -> &NewKeys {
        &self.keys
    }

    /// What a steward of a circle does there, in this order: the old keys go, the new ones come with the same duty, and a
    /// new epoch must follow, because whoever has the old keys knows the current one. `None` if not a member there.
    pub fn acts(&self, chain: &Chain) -> Option<[Act; 2]> {
        let old = chain.member(self.member)?;
        let removed = Act::MemberRemoved {
            member: self.member,
            reason: "keys lost".to_owned(),
        };
        let added = Act::MemberAdded(CircleMember {
            member: self.member,
            sign_key: self.keys.sign_key.clone(),
            recipient: self.keys.recipient.clone(),
            steward: old.steward,
        });
        Some([removed, added])
    }
}
