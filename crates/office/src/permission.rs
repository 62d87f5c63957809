//! Permissions: proofs that somebody may do something, made here only and asked for by every verb as an argument.
//!
//! A permission that is refused is [`Fault::Refused`], which also says that the thing is not there: absent and forbidden look alike.

use std::sync::Arc;

use record::ids::CircleId;
use store::ledger::Guard;
use vault::circle::Chain;

use crate::Office;
use crate::fault::Fault;
use crate::roster::{Duty, Standing};
use crate::session::{Ring, Session};

/// A signed-in administrator: admits and revokes members, names witnesses and key-holders. Opens no circle by that.
pub struct Administrator<'s> {
    pub(crate) session: &'s Session,
}

/// A member who may read a circle.
pub struct Reader<'s> {
    pub(crate) session: &'s Session,
    pub(crate) circle: CircleId,
    pub(crate) chain: Arc<Chain>,
    pub(crate) ring: Arc<Ring>,
}

/// A member who may enter something in a circle: its epoch is current and no rotation is due.
pub struct Writer<'s> {
    pub(crate) reader: Reader<'s>,
    /// What must still be so when the entry is accepted.
    pub(crate) guard: Guard,
}

/// A member who may add and remove in a circle.
pub struct Steward<'s> {
    pub(crate) reader: Reader<'s>,
}

/// Why a member may read a circle but not write in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Somebody left the circle; a present member must make a new epoch first (`mahzar circle rotate`).
    #[error(
        "somebody left this circle; a member must renew its key before anything new is entered"
    )]
    RotationDue,
    /// Anything else.
    #[error(transparent)]
    Fault(Fault),
}

impl Office {
    /// The permission of an administrator.
    pub fn administrator<'s>(&self, session: &'s Session) -> Result<Administrator<'s>, Fault> {
        self.check_present(session)?;
        let roster = self.roster()?;
        let member = roster.member(session.member()).ok_or(Fault::Refused)?;
        if member.admission.duty == Duty::Administrator && member.standing == Standing::Present {
            Ok(Administrator { session })
        } else {
            Err(Fault::Refused)
        }
    }

    /// The permission to read a circle.
    pub fn reader<'s>(&self, session: &'s Session, circle: CircleId) -> Result<Reader<'s>, Fault> {
        if circle == CircleId::HOUSE || circle == CircleId::PUBLIC {
            return Err(Fault::Refused);
        }
        self.check_present(session)?;
        let chain = self.circle(circle)?.chain;
        let ring = self.ring(session, circle)?;
        Ok(Reader {
            session,
            circle,
            chain,
            ring,
        })
    }

    /// The permission to enter something in a circle.
    pub fn writer<'s>(
        &self,
        session: &'s Session,
        circle: CircleId,
    ) -> Result<Writer<'s>, WriteError> {
        // Read before the chain: whatever changes the membership from here on changes this row too.
        let guard = self.circle_guard(circle).map_err(WriteError::Fault)?;
        let reader = self.reader(session, circle).map_err(WriteError::Fault)?;
        let refused = reader
            .chain
            .check_write(session.member(), reader.ring.epoch);
        match refused {
            Ok(()) => Ok(Writer { reader, guard }),
            Err(vault::circle::WriteRefusal::RotationDue) => Err(WriteError::RotationDue),
            Err(_) => Err(WriteError::Fault(Fault::Refused)),
        }
    }

    /// The permission to add and remove in a circle.
    pub fn steward<'s>(
        &self,
        session: &'s Session,
        circle: CircleId,
    ) -> Result<Steward<'s>, Fault> {
        let reader = self.reader(session, circle)?;
        let is_steward = reader
            .chain
            .member(session.member())
            .is_some_and(|member| member.steward);
        if is_steward {
            Ok(Steward { reader })
        } else {
            Err(Fault::Refused)
        }
    }
}

impl<'s> Reader<'s> {
    /// The circle.
    pub fn circle(&self) -> CircleId {
        self.circle
    }

    /// Its chain of membership.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }
}

impl<'s> Writer<'s> {
    /// The right to read that goes with it.
    pub fn reader(&self) -> &Reader<'s> {
        &self.reader
    }
}

impl<'s> Steward<'s> {
    /// The right to read that goes with it.
    pub fn reader(&self) -> &Reader<'s> {
        &self.reader
    }
}
