//! Circles: created, added to, removed from, and given a new epoch.

use record::ids::{CircleId, EntryId, MemberId};
use record::signature::VerifyingKey;
use vault::circle::{Act, Chain, CircleMember, Created, EpochPlace, EpochSecret, id_of};
use vault::keys::Recipient;

use crate::circles::{Change, kind_of};
use crate::entering::{Saying, Together, Under};
use crate::fault::Fault;
use crate::house::{only, row};
use crate::permission::{Administrator, Reader, Steward};
use crate::roster::{PublicKeys, Standing};
use crate::session::Session;
use crate::{Accepted, Office};

/// A circle as its members see it in a list.
#[derive(Clone, Debug)]
pub struct CircleSummary {
    /// Its id.
    pub id: CircleId,
    /// What it is called.
    pub name: String,
    /// The number of its current epoch.
    pub epoch: u64,
    /// Whether somebody left and its key must be renewed.
    pub rotation_due: bool,
    /// Its members, each with whether they are a steward.
    pub members: Vec<(MemberId, bool)>,
    /// Whether the asking member is a steward of it.
    pub steward: bool,
    /// Whether the asking member can read it; not while their account travels.
    pub readable: bool,
}

/// Why a circle was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MembershipError {
    /// The chain refuses it: a member who is there already, the last steward.
    #[error("{0}")]
    Chain(String),
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

impl Office {
    /// The circles of a member, by name.
    pub fn circles(&self, session: &Session) -> Result<Vec<CircleSummary>, Fault> {
        self.check_present(session)?;
        let mut summaries = Vec::new();
        for circle in self.all_circles()? {
            let chain = self.circle(circle)?.chain;
            let Some(own) = chain.member(session.member()) else {
                continue;
            };
            let readable = match self.ring(session, circle) {
                Ok(_) => true,
                Err(Fault::Refused) => false,
                Err(error) => return Err(error),
            };
            summaries.push(CircleSummary {
                id: circle,
                name: chain.name().to_owned(),
                epoch: chain.current_epoch(),
                rotation_due: chain.rotation_due(),
                members: chain
                    .members()
                    .map(|member| (member.member, member.steward))
                    .collect(),
                steward: own.steward,
                readable,
            });
        }
        summaries.sort_by(|one, other| one.name.cmp(&other.name).then(one.id.cmp(&other.id)));
        Ok(summaries)
    }

    /// The member's circle of this name or id; refused if they are in none such.
    pub fn find_circle(&self, session: &Session, name_or_id: &str) -> Result<CircleId, Fault> {
        let wanted = name_or_id.trim().to_lowercase();
        let circles = self.circles(session)?;
        let found = circles.iter().find(|circle| {
            circle.id.to_string() == wanted || circle.name.trim().to_lowercase() == wanted
        });
        found.map(|circle| circle.id).ok_or(Fault::Refused)
    }

    /// Creates a circle whose first member and steward is whoever creates it.
    pub fn create_circle(
        &self,
        session: &Session,
        name: &str,
    ) -> Result<CircleId, MembershipError> {
        let guards = vec![self.house_guard().map_err(MembershipError::Fault)?];
        self.check_present(session)
            .map_err(MembershipError::Fault)?;
        let mut dice = self.setting.dice();
        let founding = EntryId::from_bytes(dice.bytes());
        let circle = id_of(founding, &session.keys().verifying_key());
        let place = EpochPlace {
            office: self.home.clone(),
            circle,
            epoch: 1,
        };
        let secret = EpochSecret::generate(place, &mut dice);
        let own = CircleMember {
            member: session.member(),
            sign_key: session.keys().verifying_key(),
            recipient: session.keys().recipient(),
            steward: true,
        };
        let act = Act::Created(Created {
            name: name.trim().to_owned(),
            recipient: secret.recipient(),
            members: vec![own],
        });
        let mut saying = Saying::membership(circle, kind_of(&act), act.to_body(), None);
        saying.id = Some(founding);
        let said = self
            .say(&session.pen(), &Under::Key(self.house_lock()), saying)
            .map_err(MembershipError::Fault)?;
        said.check_founding(&self.home, circle)
            .map_err(MembershipError::Chain)?;
        let wrap = self.wrap_epoch(&secret, session.member(), &session.keys().recipient())?;
        let cabinet = vec![wrap, self.circle_changed(circle)];
        self.enter(Together {
            said: vec![said],
            cabinet,
            guards,
            ..Together::default()
        })
        .map_err(MembershipError::Fault)?;
        Ok(circle)
    }

    /// Adds a member of the office to the circle. They can read all of it, the archive included.
    pub fn add_to_circle(
        &self,
        steward: &Steward<'_>,
        member: MemberId,
        as_steward: bool,
    ) -> Result<Accepted, MembershipError> {
        let reader = &steward.reader;
        let roster = self.roster().map_err(MembershipError::Fault)?;
        let found = roster
            .member(member)
            .filter(|member| member.standing != Standing::Revoked);
        let found = found.ok_or(MembershipError::Fault(Fault::Refused))?;
        let (sign_key, recipient) =
            typed_keys(&found.admission.keys).map_err(MembershipError::Fault)?;
        let is_travelling = found.standing == Standing::Travelling;
        let newcomer = CircleMember {
            member,
            sign_key,
            recipient: recipient.clone(),
            steward: as_steward,
        };
        self.changed(reader.session, reader.circle, |chain| {
            if chain.member(member).is_some() {
                return Err("this person is a member of the circle already".to_owned());
            }
            if chain.rotation_due() {
                return Err("somebody left this circle; renew its key first".to_owned());
            }
            let ring = self
                .ring(reader.session, reader.circle)
                .map_err(|error| error.to_string())?;
            let secret = ring.current().ok_or("the circle's key cannot be reached")?;
            let wrap = self
                .wrap_epoch(secret, member, &recipient)
                .map_err(|error| error.to_string())?;
            let cabinet = if is_travelling {
                Vec::new()
            } else {
                vec![wrap]
            };
            Ok(Change {
                act: Act::MemberAdded(newcomer.clone()),
                cabinet,
            })
        })
    }

    /// Removes a member: their wrap and what they could read is cut at once; the circle is rotation due.
    pub fn remove_from_circle(
        &self,
        steward: &Steward<'_>,
        member: MemberId,
        reason: &str,
    ) -> Result<Accepted, MembershipError> {
        self.remove_as(
            steward.reader.session,
            steward.reader.circle,
            member,
            reason,
        )
    }

    /// Leaves a circle.
    pub fn leave_circle(
        &self,
        reader: &Reader<'_>,
        reason: &str,
    ) -> Result<Accepted, MembershipError> {
        self.remove_as(
            reader.session,
            reader.circle,
            reader.session.member(),
            reason,
        )
    }

    /// Removes a member as an administrator, who need not be in the circle and gets no key by it.
    pub fn remove_as_administrator(
        &self,
        administrator: &Administrator<'_>,
        circle: CircleId,
        member: MemberId,
        reason: &str,
    ) -> Result<Accepted, MembershipError> {
        self.remove_as(administrator.session, circle, member, reason)
    }

    fn remove_as(
        &self,
        session: &Session,
        circle: CircleId,
        member: MemberId,
        reason: &str,
    ) -> Result<Accepted, MembershipError> {
        self.changed(session, circle, |chain| {
            let leaving = chain
                .member(member)
                .ok_or("this person is no member of the circle")?;
            let stewards = chain.members().filter(|one| one.steward).count();
            if leaving.steward && stewards == 1 && chain.member(session.member()).is_some() {
                return Err("the last steward cannot go before another is named".to_owned());
            }
            let act = Act::MemberRemoved {
                member,
                reason: reason.to_owned(),
            };
            Ok(Change {
                act,
                cabinet: vec![self.cabinet_delete(&row::wrap(circle, member))],
            })
        })
    }

    /// Gives the circle a new key: what is entered from now on is closed to whoever left.
    pub fn renew_epoch(&self, reader: &Reader<'_>) -> Result<Accepted, MembershipError> {
        let travelling = self.travelling().map_err(MembershipError::Fault)?;
        self.changed(reader.session, reader.circle, |chain| {
            let ring = self
                .ring(reader.session, reader.circle)
                .map_err(|error| error.to_string())?;
            let current = ring.current().ok_or("the circle's key cannot be reached")?;
            let (next, made) = current
                .succeed(&mut self.setting.dice())
                .map_err(|error| error.to_string())?;
            let staying = chain
                .members()
                .filter(|member| !travelling.contains(&member.member));
            let wraps =
                staying.map(|member| self.wrap_epoch(&next, member.member, &member.recipient));
            let mut cabinet = wraps
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| error.to_string())?;
            let gone = chain
                .members()
                .filter(|member| travelling.contains(&member.member));
            cabinet.extend(
                gone.map(|member| self.cabinet_delete(&row::wrap(reader.circle, member.member))),
            );
            Ok(Change {
                act: Act::EpochMade(made),
                cabinet,
            })
        })
    }

    /// A circle's epoch for one member, as a row of the cabinet.
    pub(crate) fn wrap_epoch(
        &self,
        secret: &EpochSecret,
        member: MemberId,
        recipient: &Recipient,
    ) -> Result<store::ledger::CabinetChange, MembershipError> {
        let wrap = secret.wrap_for(member, recipient, &mut self.setting.dice());
        let wrap = wrap.map_err(|error| MembershipError::Chain(error.to_string()))?;
        Ok(self.cabinet_put(&row::wrap(secret.place().circle, member), &wrap))
    }

    fn changed(
        &self,
        session: &Session,
        circle: CircleId,
        judge: impl Fn(&Chain) -> Result<Change, String>,
    ) -> Result<Accepted, MembershipError> {
        let mut refusal = None;
        let entered = self.change_circle(&session.pen(), circle, |chain| {
            judge(chain).map_err(|words| {
                refusal = Some(words);
                Fault::Refused
            })
        });
        let entered = match (entered, refusal) {
            (Err(_), Some(words)) => Err(MembershipError::Chain(words)),
            (entered, _) => entered.map_err(MembershipError::Fault),
        }?;
        only(vec![entered]).map_err(MembershipError::Fault)
    }
}

pub(crate) fn typed_keys(keys: &PublicKeys) -> Result<(VerifyingKey, Recipient), Fault> {
    let sign = VerifyingKey::from_bytes(&keys.sign).map_err(Fault::damaged)?;
    let recipient = keys.recipient.parse().map_err(Fault::damaged)?;
    Ok((sign, recipient))
}
