//! What is done to a circle's membership: the bodies of its entries (vault.md, section 7).

use record::canonical::{FieldError, Fields, Map, Value};
use record::encoding::base64_text;
use record::entry::{Entry, Kind};
use record::ids::MemberId;
use record::map;
use record::signature::VerifyingKey;

use crate::keys::Recipient;

/// The longest name of a circle, in characters: it must fit one line of a page.
const NAME_CHARACTERS_MAX: usize = 120;
/// The longest reason for a removal, in characters.
const REASON_CHARACTERS_MAX: usize = 1000;
/// The age file of an earlier epoch's secret is about 1 KiB; more is not one.
const EARLIER_BYTES_MAX: usize = 8 * 1024;

const CREATED: &str = "circle.created";
const MEMBER_ADDED: &str = "circle.member_added";
const MEMBER_REMOVED: &str = "circle.member_removed";
const EPOCH_MADE: &str = "circle.epoch_made";

/// A member of a circle, with the keys that the chain knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircleMember {
    /// The member.
    pub member: MemberId,
    /// Under which their entries verify.
    pub sign_key: VerifyingKey,
    /// To whom epochs are wrapped; always X25519.
    pub recipient: Recipient,
    /// Whether they may add and remove.
    pub steward: bool,
}

/// The founding of a circle, with its first epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// What the circle is called.
    pub name: String,
    /// The first epoch's recipient.
    pub recipient: Recipient,
    /// The first members; the first of them is the founder, a steward, and signs.
    pub members: Vec<CircleMember>,
}

/// A new epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochMade {
    /// Its number, one more than the one before.
    pub epoch: u64,
    /// Its recipient.
    pub recipient: Recipient,
    /// The secret of the epoch before, as an age file for this one's recipient.
    pub previous: Vec<u8>,
}

/// An entry about membership.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `circle.created`
    Created(Created),
    /// `circle.member_added`
    MemberAdded(CircleMember),
    /// `circle.member_removed`
    MemberRemoved {
        /// Who is no longer a member.
        member: MemberId,
        /// Why, in the remover's words; may be empty.
        reason: String,
    },
    /// `circle.epoch_made`
    EpochMade(EpochMade),
}

impl Act {
    /// The entry's kind.
    pub fn kind(&self) -> Kind {
        let name = match self {
            Act::Created(_) => CREATED,
            Act::MemberAdded(_) => MEMBER_ADDED,
            Act::MemberRemoved { .. } => MEMBER_REMOVED,
            Act::EpochMade(_) => EPOCH_MADE,
        };
        Kind::new(name).expect("the four kinds are well-formed")
    }

    /// The entry's body.
    pub fn to_body(&self) -> Map {
        match self {
            Act::Created(created) => map! {
                "name" => created.name.as_str(),
                "epoch" => 1i64,
                "recipient" => created.recipient.to_string(),
                "members" => created.members.iter().map(|one| Value::from(one.to_body())).collect::<Vec<_>>(),
            },
            Act::MemberAdded(member) => member.to_body(),
            Act::MemberRemoved { member, reason } => map! {
                "member" => member.to_string(),
                "reason" => reason.as_str(),
            },
            Act::EpochMade(made) => map! {
                "epoch" => made.epoch,
                "recipient" => made.recipient.to_string(),
                "previous" => base64_text(&made.previous),
            },
        }
    }

    /// What an entry does to its circle's membership; `None` if it is about something else.
    pub fn read(entry: &Entry) -> Result<Option<Act>, FieldError> {
        let mut fields = Fields::new(entry.body.clone());
        let act = match entry.kind.as_str() {
            CREATED => Act::Created(created(&mut fields)?),
            MEMBER_ADDED => Act::MemberAdded(member(&mut fields)?),
            MEMBER_REMOVED => Act::MemberRemoved {
                member: fields.parsed("member")?,
                reason: text(&mut fields, "reason", REASON_CHARACTERS_MAX)?,
            },
            EPOCH_MADE => Act::EpochMade(epoch_made(&mut fields)?),
            _ => return Ok(None),
        };
        fields.finish()?;
        Ok(Some(act))
    }
}

impl CircleMember {
    fn to_body(&self) -> Map {
        map! {
            "member" => self.member.to_string(),
            "sign_key" => base64_text(self.sign_key.as_bytes()),
            "recipient" => self.recipient.to_string(),
            "steward" => self.steward,
        }
    }
}

fn created(fields: &mut Fields) -> Result<Created, FieldError> {
    let name = text(fields, "name", NAME_CHARACTERS_MAX)?;
    if name.trim().is_empty() {
        return Err(FieldError::value("name", "it is blank"));
    }
    if fields.count("epoch")? != 1 {
        return Err(FieldError::value("epoch", "the first epoch is 1"));
    }
    let recipient = recipient(fields)?;
    let members = fields
        .list_of_fields("members")?
        .into_iter()
        .map(|mut fields| {
            let member = member(&mut fields)?;
            fields.finish()?;
            Ok(member)
        });
    Ok(Created {
        name,
        recipient,
        members: members.collect::<Result<_, _>>()?,
    })
}

fn member(fields: &mut Fields) -> Result<CircleMember, FieldError> {
    let key = fields.base64("sign_key")?;
    Ok(CircleMember {
        member: fields.parsed("member")?,
        sign_key: VerifyingKey::from_bytes(&key)
            .map_err(|error| FieldError::value("sign_key", error))?,
        recipient: recipient(fields)?,
        steward: fields.truth("steward")?,
    })
}

fn epoch_made(fields: &mut Fields) -> Result<EpochMade, FieldError> {
    let previous = fields.base64_bytes("previous")?;
    if previous.len() > EARLIER_BYTES_MAX {
        return Err(FieldError::value(
            "previous",
            "it is too long for a wrapped secret",
        ));
    }
    Ok(EpochMade {
        epoch: fields.count("epoch")?,
        recipient: recipient(fields)?,
        previous,
    })
}

fn recipient(fields: &mut Fields) -> Result<Recipient, FieldError> {
    match fields.parsed("recipient")? {
        found @ Recipient::X25519(_) => Ok(found),
        Recipient::Hybrid(_) => Err(FieldError::value("recipient", "circles use X25519")),
    }
}

/// A text without controls, whose direction cannot be turned around by the characters in it.
fn text(
    fields: &mut Fields,
    name: &'static str,
    characters_max: usize,
) -> Result<String, FieldError> {
    let text = fields.text(name)?;
    if text.chars().count() > characters_max {
        return Err(FieldError::value(name, "it is too long"));
    }
    let turns = |one: char| matches!(one, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if text.chars().any(|one| one.is_control() || turns(one)) {
        return Err(FieldError::value(name, "it holds a control character"));
    }
    Ok(text)
}
