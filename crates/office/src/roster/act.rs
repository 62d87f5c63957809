//! The acts of the house circle and their bodies (docs/spec/kinds.md, section "The house").

use record::canonical::{FieldError, Fields, Map, Value};
use record::encoding::base64_text;
use record::ids::MemberId;
use record::map;
use record::signature::VerifyingKey;

/// A person with keys in the office, as the house circle admits them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The member's id.
    pub member: MemberId,
    /// The name under which the member signs in and is shown; unique in the office.
    pub name: String,
    /// The public keys.
    pub keys: PublicKeys,
    /// What the member may do for the office as a whole.
    pub duty: Duty,
}

/// A member's public keys: one to check what they sign, one to encrypt to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeys {
    /// Ed25519, 32 bytes.
    pub sign: [u8; 32],
    /// An age recipient, `age1…`.
    pub recipient: String,
}

/// What a member may do for the office as a whole. No duty opens any circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// Works in circles only.
    Member,
    /// May approve the recovery of another member's account.
    Steward,
    /// Admits and revokes members, names witnesses and key-holders; approves recoveries too.
    Administrator,
}

/// A key-holder: keeps a share of the keys of sealed material on a machine of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHolder {
    /// A name, unique in the office.
    pub name: String,
    /// The hybrid recipient, `age1pq1…`.
    pub recipient: String,
    /// Where they live: shares must not all lie under one jurisdiction.
    pub jurisdiction: String,
}

/// Another office that is asked to countersign this one's checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessOffice {
    /// A name, unique in the office; the name in its policy file.
    pub name: String,
    /// Its verifier key (signed-note, type 0x04).
    pub vkey: String,
    /// Its submission prefix, `http(s)://…`.
    pub url: String,
}

/// One act of the house circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HouseAct {
    /// The office begins: its name, its first administrator, and how recoveries are decided.
    Founded {
        /// The office's public name.
        name: String,
        /// The first administrator, who signs this entry.
        founder: Admission,
        /// How many stewards must approve a recovery.
        recovery_stewards: u64,
        /// Seconds between a recovery's beginning and its end.
        recovery_delay_seconds: u64,
    },
    /// A member is admitted.
    Admitted(Admission),
    /// A member's keys are cut off for good.
    Revoked {
        /// Who.
        member: MemberId,
        /// Why, in a few words.
        reason: String,
    },
    /// A member who lost their keys asks for new ones; signed by an administrator.
    RecoveryBegan {
        /// Who.
        member: MemberId,
        /// The keys that shall replace the lost ones.
        keys: PublicKeys,
    },
    /// A steward has made sure, by a channel they trust, that the new keys are the member's.
    RecoveryApproved {
        /// Whose recovery.
        member: MemberId,
        /// The signing key that is approved.
        sign: [u8; 32],
    },
    /// The new keys take the place of the old ones.
    RecoveryEnded {
        /// Whose recovery.
        member: MemberId,
    },
    /// The member withdrew their recovery, or an administrator stopped it.
    RecoveryStopped {
        /// Whose recovery.
        member: MemberId,
    },
    /// From now on the account opens nothing.
    TravelBegan {
        /// Who; signed by them or by an administrator.
        member: MemberId,
    },
    /// The stewards may give the account its circles back.
    TravelEnded {
        /// Who; signed by a steward or an administrator, never by the traveller.
        member: MemberId,
    },
    /// Another office is asked to countersign.
    WitnessAdded(WitnessOffice),
    /// It is no longer asked.
    WitnessRemoved {
        /// Which.
        name: String,
    },
    /// How many of the witnesses must countersign before the office calls a head countersigned.
    QuorumSet {
        /// The number, 0 for none.
        count: u64,
    },
    /// A key-holder is named.
    KeyHolderAdded(KeyHolder),
    /// A key-holder gets no further shares.
    KeyHolderRemoved {
        /// Which.
        name: String,
    },
}

const FOUNDED: &str = "office.founded";
const ADMITTED: &str = "member.admitted";
const REVOKED: &str = "member.revoked";
const RECOVERY_BEGAN: &str = "recovery.began";
const RECOVERY_APPROVED: &str = "recovery.approved";
const RECOVERY_ENDED: &str = "recovery.ended";
const RECOVERY_STOPPED: &str = "recovery.stopped";
const TRAVEL_BEGAN: &str = "travel.began";
const TRAVEL_ENDED: &str = "travel.ended";
const WITNESS_ADDED: &str = "witness.added";
const WITNESS_REMOVED: &str = "witness.removed";
const QUORUM_SET: &str = "quorum.set";
const KEY_HOLDER_ADDED: &str = "keyholder.added";
const KEY_HOLDER_REMOVED: &str = "keyholder.removed";

impl HouseAct {
    /// The kind of the entry that says it.
    pub fn kind(&self) -> &'static str {
        match self {
            HouseAct::Founded { .. } => FOUNDED,
            HouseAct::Admitted(_) => ADMITTED,
            HouseAct::Revoked { .. } => REVOKED,
            HouseAct::RecoveryBegan { .. } => RECOVERY_BEGAN,
            HouseAct::RecoveryApproved { .. } => RECOVERY_APPROVED,
            HouseAct::RecoveryEnded { .. } => RECOVERY_ENDED,
            HouseAct::RecoveryStopped { .. } => RECOVERY_STOPPED,
            HouseAct::TravelBegan { .. } => TRAVEL_BEGAN,
            HouseAct::TravelEnded { .. } => TRAVEL_ENDED,
            HouseAct::WitnessAdded(_) => WITNESS_ADDED,
            HouseAct::WitnessRemoved { .. } => WITNESS_REMOVED,
            HouseAct::QuorumSet { .. } => QUORUM_SET,
            HouseAct::KeyHolderAdded(_) => KEY_HOLDER_ADDED,
            HouseAct::KeyHolderRemoved { .. } => KEY_HOLDER_REMOVED,
        }
    }

    /// The body of the entry that says it.
    pub fn body(&self) -> Map {
        match self {
            HouseAct::Founded {
                name,
                founder,
                recovery_stewards,
                recovery_delay_seconds,
            } => map! {
                "name" => name.as_str(),
                "founder" => admission_map(founder),
                "recovery_stewards" => *recovery_stewards,
                "recovery_delay_seconds" => *recovery_delay_seconds,
            },
            HouseAct::Admitted(admission) => admission_map(admission),
            HouseAct::Revoked { member, reason } => {
                map! { "member" => member.to_string(), "reason" => reason.as_str() }
            }
            HouseAct::RecoveryBegan { member, keys } => map! {
                "member" => member.to_string(),
                "sign_key" => base64_text(&keys.sign),
                "recipient" => keys.recipient.as_str(),
            },
            HouseAct::RecoveryApproved { member, sign } => {
                map! { "member" => member.to_string(), "sign_key" => base64_text(sign) }
            }
            HouseAct::RecoveryEnded { member }
            | HouseAct::RecoveryStopped { member }
            | HouseAct::TravelBegan { member }
            | HouseAct::TravelEnded { member } => map! { "member" => member.to_string() },
            HouseAct::WitnessAdded(witness) => map! {
                "name" => witness.name.as_str(),
                "vkey" => witness.vkey.as_str(),
                "url" => witness.url.as_str(),
            },
            HouseAct::WitnessRemoved { name } | HouseAct::KeyHolderRemoved { name } => {
                map! { "name" => name.as_str() }
            }
            HouseAct::QuorumSet { count } => map! { "count" => *count },
            HouseAct::KeyHolderAdded(holder) => map! {
                "name" => holder.name.as_str(),
                "recipient" => holder.recipient.as_str(),
                "jurisdiction" => holder.jurisdiction.as_str(),
            },
        }
    }

    /// Reads an act from an entry's kind and body; a kind that the house does not know is refused.
    pub fn read(kind: &str, body: Map) -> Result<HouseAct, FieldError> {
        let mut fields = Fields::new(body);
        let act = HouseAct::take(kind, &mut fields)?;
        fields.finish()?;
        Ok(act)
    }

    fn take(kind: &str, fields: &mut Fields) -> Result<HouseAct, FieldError> {
        Ok(match kind {
            FOUNDED => HouseAct::Founded {
                name: fields.text("name")?,
                founder: nested_admission(fields)?,
                recovery_stewards: fields.count("recovery_stewards")?,
                recovery_delay_seconds: fields.count("recovery_delay_seconds")?,
            },
            ADMITTED => HouseAct::Admitted(take_admission(fields)?),
            REVOKED => HouseAct::Revoked {
                member: fields.parsed("member")?,
                reason: fields.text("reason")?,
            },
            RECOVERY_BEGAN => HouseAct::RecoveryBegan {
                member: fields.parsed("member")?,
                keys: take_keys(fields)?,
            },
            RECOVERY_APPROVED => HouseAct::RecoveryApproved {
                member: fields.parsed("member")?,
                sign: take_sign_key(fields)?,
            },
            RECOVERY_ENDED => HouseAct::RecoveryEnded {
                member: fields.parsed("member")?,
            },
            RECOVERY_STOPPED => HouseAct::RecoveryStopped {
                member: fields.parsed("member")?,
            },
            TRAVEL_BEGAN => HouseAct::TravelBegan {
                member: fields.parsed("member")?,
            },
            TRAVEL_ENDED => HouseAct::TravelEnded {
                member: fields.parsed("member")?,
            },
            WITNESS_ADDED => HouseAct::WitnessAdded(WitnessOffice {
                name: fields.text("name")?,
                vkey: fields.text("vkey")?,
                url: fields.text("url")?,
            }),
            WITNESS_REMOVED => HouseAct::WitnessRemoved {
                name: fields.text("name")?,
            },
            QUORUM_SET => HouseAct::QuorumSet {
                count: fields.count("count")?,
            },
            KEY_HOLDER_ADDED => HouseAct::KeyHolderAdded(KeyHolder {
                name: fields.text("name")?,
                recipient: fields.text("recipient")?,
                jurisdiction: fields.text("jurisdiction")?,
            }),
            KEY_HOLDER_REMOVED => HouseAct::KeyHolderRemoved {
                name: fields.text("name")?,
            },
            other => {
                return Err(FieldError::value(
                    "kind",
                    format!("{other:?} is no act of the house"),
                ));
            }
        })
    }
}

impl Duty {
    /// The word for it in an entry.
    pub fn word(self) -> &'static str {
        match self {
            Duty::Member => "member",
            Duty::Steward => "steward",
            Duty::Administrator => "administrator",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Duty> {
        match word {
            "member" => Some(Duty::Member),
            "steward" => Some(Duty::Steward),
            "administrator" => Some(Duty::Administrator),
            _ => None,
        }
    }
}

fn admission_map(admission: &Admission) -> Map {
    map! {
        "member" => admission.member.to_string(),
        "name" => admission.name.as_str(),
        "sign_key" => base64_text(&admission.keys.sign),
        "recipient" => admission.keys.recipient.as_str(),
        "duty" => admission.duty.word(),
    }
}

fn nested_admission(fields: &mut Fields) -> Result<Admission, FieldError> {
    match fields.take("founder")? {
        Value::Map(map) => {
            let mut inner = Fields::new(map);
            let admission = take_admission(&mut inner)?;
            inner.finish()?;
            Ok(admission)
        }
        _ => Err(FieldError::Type {
            name: "founder",
            wanted: "an object",
        }),
    }
}

fn take_admission(fields: &mut Fields) -> Result<Admission, FieldError> {
    let duty = fields.text("duty")?;
    Ok(Admission {
        member: fields.parsed("member")?,
        name: fields.text("name")?,
        keys: take_keys(fields)?,
        duty: Duty::from_word(&duty).ok_or_else(|| FieldError::value("duty", "no such duty"))?,
    })
}

fn take_keys(fields: &mut Fields) -> Result<PublicKeys, FieldError> {
    Ok(PublicKeys {
        sign: take_sign_key(fields)?,
        recipient: fields.text("recipient")?,
    })
}

fn take_sign_key(fields: &mut Fields) -> Result<[u8; 32], FieldError> {
    let bytes = fields.base64::<32>("sign_key")?;
    VerifyingKey::from_bytes(&bytes)
        .map_err(|error| FieldError::value("sign_key", error.to_string()))?;
    Ok(bytes)
}
