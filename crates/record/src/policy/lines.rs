//! Reading a policy line by line.

use std::collections::BTreeSet;

use super::{
    Group, KeyKind, Name, POLICY_BYTES_MAX, Party, Policy, PolicyError, PolicyReason, Vkey,
    VkeyError,
};
use crate::encoding;

pub(super) fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
    let at = |line| move |reason| PolicyError { line, reason };
    if bytes.len() > POLICY_BYTES_MAX {
        return Err(at(1)(PolicyReason::TooLong));
    }
    let mut draft = Draft::default();
    let mut last = 1;
    for (position, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        last = position + 1;
        draft.read_line(line).map_err(at(last))?;
    }
    draft.finish().map_err(at(last))
}

/// What the lines so far have said.
#[derive(Default)]
struct Draft {
    logs: std::collections::BTreeMap<crate::ids::Origin, Party>,
    witnesses: std::collections::BTreeMap<Name, Party>,
    groups: Vec<Group>,
    group_names: BTreeSet<Name>,
    members: BTreeSet<Name>,
    quorum: Option<Option<Name>>,
}

impl Draft {
    fn read_line(&mut self, line: &[u8]) -> Result<(), PolicyReason> {
        let allowed = |byte: &u8| matches!(*byte, b'\t' | 0x20..=0x7e | 0x80..);
        if !line.iter().all(allowed) {
            return Err(PolicyReason::Character);
        }
        let items = line.split(|byte| matches!(byte, b' ' | b'\t'));
        let items: Vec<&[u8]> = items.filter(|item| !item.is_empty()).collect();
        match items.split_first() {
            None => Ok(()),
            Some((first, _)) if first.starts_with(b"#") => Ok(()),
            Some((first, items)) => match *first {
                b"log" => self.add_log(items),
                b"witness" => self.add_witness(items),
                b"group" => self.add_group(items),
                b"quorum" => self.set_quorum(items),
                _ => Err(PolicyReason::Word),
            },
        }
    }

    fn add_log(&mut self, items: &[&[u8]]) -> Result<(), PolicyReason> {
        let party = match items {
            [vkey] => party(vkey, None, KeyKind::Log)?,
            [vkey, url] => party(vkey, Some(url), KeyKind::Log)?,
            _ => return Err(PolicyReason::Items),
        };
        let name = party.vkey.name().clone();
        let same_key = self
            .logs
            .values()
            .any(|log| log.vkey.key() == party.vkey.key());
        if same_key || self.logs.contains_key(&name) {
            return Err(PolicyReason::LogTwice);
        }
        self.logs.insert(name, party);
        Ok(())
    }

    fn add_witness(&mut self, items: &[&[u8]]) -> Result<(), PolicyReason> {
        let (name, vkey, url) = match items {
            [name, vkey] => (name, vkey, None),
            [name, vkey, url] => (name, vkey, Some(url)),
            _ => return Err(PolicyReason::Items),
        };
        let name = self.new_name(name)?;
        let party = party(vkey, url, KeyKind::Witness)?;
        if self
            .witnesses
            .values()
            .any(|known| is_same_witness(&known.vkey, &party.vkey))
        {
            return Err(PolicyReason::WitnessTwice);
        }
        self.witnesses.insert(name, party);
        Ok(())
    }

    fn add_group(&mut self, items: &[&[u8]]) -> Result<(), PolicyReason> {
        let [name, threshold, members @ ..] = items else {
            return Err(PolicyReason::Items);
        };
        if members.is_empty() {
            return Err(PolicyReason::Items);
        }
        let name = self.new_name(name)?;
        let members: Vec<Name> = members.iter().map(|member| Name(member.to_vec())).collect();
        for member in &members {
            self.add_member(member)?;
        }
        let threshold = threshold_of(threshold, members.len())?;
        self.group_names.insert(name.clone());
        self.groups.push(Group {
            name,
            threshold,
            members,
        });
        Ok(())
    }

    fn add_member(&mut self, member: &Name) -> Result<(), PolicyReason> {
        if !self.is_defined(member) {
            return Err(PolicyReason::NotDefined);
        }
        match self.members.insert(member.clone()) {
            true => Ok(()),
            false => Err(PolicyReason::MemberTwice),
        }
    }

    fn set_quorum(&mut self, items: &[&[u8]]) -> Result<(), PolicyReason> {
        let [name] = items else {
            return Err(PolicyReason::Items);
        };
        if self.quorum.is_some() {
            return Err(PolicyReason::QuorumTwice);
        }
        let name = Name(name.to_vec());
        self.quorum = match name.0 == b"none" {
            true => Some(None),
            false if self.is_defined(&name) => Some(Some(name)),
            false => return Err(PolicyReason::NotDefined),
        };
        Ok(())
    }

    fn is_defined(&self, name: &Name) -> bool {
        self.witnesses.contains_key(name) || self.group_names.contains(name)
    }

    fn new_name(&self, name: &[u8]) -> Result<Name, PolicyReason> {
        let name = Name(name.to_vec());
        if name.0 == b"none" || self.is_defined(&name) {
            return Err(PolicyReason::NameTwice);
        }
        Ok(name)
    }

    fn finish(self) -> Result<Policy, PolicyReason> {
        Ok(Policy {
            logs: self.logs,
            witnesses: self.witnesses,
            groups: self.groups,
            quorum: self.quorum.ok_or(PolicyReason::NoQuorum)?,
        })
    }
}

fn party(vkey: &[u8], url: Option<&&[u8]>, kind: KeyKind) -> Result<Party, PolicyReason> {
    let text = core::str::from_utf8(vkey).map_err(|_| PolicyReason::Vkey(VkeyError::Name))?;
    let vkey = Vkey::parse(text, kind).map_err(PolicyReason::Vkey)?;
    Ok(Party {
        vkey,
        url: url.map(|url| url.to_vec()),
    })
}

/// One key, or one name and id: lines of a note could not be told apart.
fn is_same_witness(a: &Vkey, b: &Vkey) -> bool {
    a.key() == b.key() || (a.name() == b.name() && a.id() == b.id())
}

fn threshold_of(text: &[u8], members: usize) -> Result<usize, PolicyReason> {
    match text {
        b"all" => Ok(members),
        b"any" => Ok(1),
        number => {
            let text = core::str::from_utf8(number).map_err(|_| PolicyReason::Threshold)?;
            let number = encoding::decimal(text, members as u64);
            match number.map(usize::try_from) {
                Ok(Ok(threshold)) if threshold > 0 => Ok(threshold),
                _ => Err(PolicyReason::Threshold),
            }
        }
    }
}
