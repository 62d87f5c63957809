//! Policies: which logs and witnesses somebody trusts, and how many of them must agree (C2SP tlog-policy; record.md, section 5).

use core::fmt;
use std::collections::BTreeMap;

use crate::checkpoint::SignedCheckpoint;
use crate::ids::Origin;
use crate::note::{KeyKind, Vkey, VkeyError};
use crate::verdict::DoesNotHold;

mod lines;

/// The longest policy: hundreds of keys have room.
pub const POLICY_BYTES_MAX: usize = 64 * 1024;

/// A name of a witness or group within a policy: bytes that mean nothing outside it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Vec<u8>);

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}

/// A log or witness of a policy: its key, and where it can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The key and its name.
    pub vkey: Vkey,
    /// Where it can be reached; bytes as they stand in the file, `None` if it names none.
    pub url: Option<Vec<u8>>,
}

/// At least `threshold` of the members.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Group {
    name: Name,
    threshold: usize,
    members: Vec<Name>,
}

/// Logs, witnesses, groups of them, and the quorum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    logs: BTreeMap<Origin, Party>,
    witnesses: BTreeMap<Name, Party>,
    /// In the order of the file: members are defined before the group that has them.
    groups: Vec<Group>,
    /// `None`: no cosignatures are asked for.
    quorum: Option<Name>,
}

/// A witness that cosigned a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countersigned {
    /// Its name in the policy.
    pub name: Name,
    /// Its own name, that of its key.
    pub key_name: Origin,
    /// The time it gives, in seconds since 1970; the earliest, if it signed more than once.
    pub unix_seconds: u64,
}

/// Why a policy cannot be read, and in which line, counted from 1. Correct that line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy's line {line}: {reason}")]
pub struct PolicyError {
    /// The line; the last for what is missing from the whole.
    pub line: usize,
    /// What is wrong.
    pub reason: PolicyReason,
}

/// What can be wrong in a line of a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyReason {
    /// Over [`POLICY_BYTES_MAX`].
    #[error("the policy is longer than 64 KiB")]
    TooLong,
    /// A control character other than tab and newline.
    #[error("a control character")]
    Character,
    /// A line that begins with none of `log`, `witness`, `group`, `quorum` and `#`.
    #[error("it begins with an unknown word")]
    Word,
    /// Too few or too many items for its first word.
    #[error("it has too few or too many items")]
    Items,
    /// The key cannot be read.
    #[error("{0}")]
    Vkey(VkeyError),
    /// Another log of this policy has the same name or key.
    #[error("the log is named twice")]
    LogTwice,
    /// Another witness of this policy has the same key.
    #[error("the witness's key stands twice")]
    WitnessTwice,
    /// The name is defined above, or is `none`.
    #[error("the name is defined twice, or is none")]
    NameTwice,
    /// A member or the quorum is not defined above.
    #[error("it names something that is not defined above")]
    NotDefined,
    /// The member is already in a group.
    #[error("a member stands in two groups, or twice in one")]
    MemberTwice,
    /// Not `all`, `any`, or a number from 1 to that of the members.
    #[error("the threshold is not all, any, or 1 to the number of members")]
    Threshold,
    /// A second quorum line.
    #[error("a second quorum line")]
    QuorumTwice,
    /// No quorum line.
    #[error("there is no quorum line")]
    NoQuorum,
}

impl Policy {
    /// Reads the bytes of a policy file.
    pub fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
        lines::parse(bytes)
    }

    /// The log of this origin.
    pub fn log(&self, origin: &Origin) -> Option<&Party> {
        self.logs.get(origin)
    }

    /// All logs.
    pub fn logs(&self) -> impl Iterator<Item = &Party> {
        self.logs.values()
    }

    /// All witnesses by their names in this policy.
    pub fn witnesses(&self) -> impl Iterator<Item = (&Name, &Party)> {
        self.witnesses.iter()
    }

    /// Whether these witnesses together are the quorum.
    pub fn is_quorum<'a>(&self, witnesses: impl IntoIterator<Item = &'a Name>) -> bool {
        let Some(quorum) = &self.quorum else {
            return true;
        };
        let mut agreeing: std::collections::BTreeSet<&Name> = witnesses.into_iter().collect();
        for group in &self.groups {
            let members = group
                .members
                .iter()
                .filter(|member| agreeing.contains(*member));
            if members.count() >= group.threshold {
                agreeing.insert(&group.name);
            }
        }
        agreeing.contains(quorum)
    }

    /// Who countersigned a checkpoint of the log of its origin; fails unless the log signed and the quorum is met.
    pub fn evaluate(
        &self,
        checkpoint: &SignedCheckpoint,
    ) -> Result<Vec<Countersigned>, DoesNotHold> {
        let log = self
            .log(&checkpoint.checkpoint().origin)
            .ok_or(DoesNotHold::OfficeUnknown)?;
        checkpoint
            .verify_log(&log.vkey)
            .map_err(|_| DoesNotHold::LogSignature)?;
        let countersigned = self.countersigned(checkpoint)?;
        if !self.is_quorum(countersigned.iter().map(|witness| &witness.name)) {
            return Err(DoesNotHold::Quorum);
        }
        Ok(countersigned)
    }

    fn countersigned(
        &self,
        checkpoint: &SignedCheckpoint,
    ) -> Result<Vec<Countersigned>, DoesNotHold> {
        let mut countersigned = Vec::new();
        for (name, party) in &self.witnesses {
            let time = checkpoint.cosigned_at(&party.vkey);
            if let Some(unix_seconds) = time.map_err(|_| DoesNotHold::Cosignature)? {
                countersigned.push(Countersigned {
                    name: name.clone(),
                    key_name: party.vkey.name().clone(),
                    unix_seconds,
                });
            }
        }
        Ok(countersigned)
    }
}
