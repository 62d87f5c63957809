//! Witnesses: which outside offices are asked to countersign, how many must, and the policy that tells outsiders so.

use record::checkpoint::log_vkey;
use record::note::{KeyKind, Vkey};

use crate::fault::Fault;
use crate::permission::Administrator;
use crate::roster::{HouseAct, KeyHolder, WitnessOffice};
use crate::verbs::admit::AdmitError;
use crate::{Accepted, Office};

/// Why a witness was not added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The name cannot stand in a policy: it is empty, has white space, or is `none`.
    #[error("a witness's name is one word and not \"none\"")]
    Name,
    /// The key is not a witness's verifier key.
    #[error("the verifier key is not right: {0}")]
    Vkey(String),
    /// The address is not http(s).
    #[error("the address begins with http:// or https://")]
    Address,
    /// The roster refuses it.
    #[error("{0}")]
    Roster(String),
    /// Anything else.
    #[error("{0}")]
    Fault(Fault),
}

impl Office {
    /// From now on this office is asked to countersign.
    pub fn add_witness(
        &self,
        administrator: &Administrator<'_>,
        witness: WitnessOffice,
    ) -> Result<Accepted, WitnessError> {
        let one_word = !witness.name.is_empty()
            && !witness
                .name
                .chars()
                .any(|c| c.is_whitespace() || c.is_control());
        if !one_word || witness.name == "none" || witness.name.starts_with('#') {
            return Err(WitnessError::Name);
        }
        let vkey = Vkey::parse(&witness.vkey, KeyKind::Witness)
            .map_err(|error| WitnessError::Vkey(error.to_string()))?;
        if vkey.verifying_key().is_none() {
            return Err(WitnessError::Vkey("it is no public key".to_owned()));
        }
        let url = &witness.url;
        let spoken = url.starts_with("http://") || url.starts_with("https://");
        if !spoken || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(WitnessError::Address);
        }
        let act = HouseAct::WitnessAdded(witness);
        self.judged_act(administrator.session, &act, Vec::new)
            .map_err(refused)
    }

    /// It is no longer asked.
    pub fn remove_witness(
        &self,
        administrator: &Administrator<'_>,
        name: &str,
    ) -> Result<Accepted, WitnessError> {
        let act = HouseAct::WitnessRemoved {
            name: name.to_owned(),
        };
        self.judged_act(administrator.session, &act, Vec::new)
            .map_err(refused)
    }

    /// So many of the witnesses must countersign.
    pub fn set_quorum(
        &self,
        administrator: &Administrator<'_>,
        count: u64,
    ) -> Result<Accepted, WitnessError> {
        let act = HouseAct::QuorumSet { count };
        self.judged_act(administrator.session, &act, Vec::new)
            .map_err(refused)
    }

    /// From now on this person gets a share of what is sealed.
    pub fn add_key_holder(
        &self,
        administrator: &Administrator<'_>,
        holder: KeyHolder,
    ) -> Result<Accepted, WitnessError> {
        if !matches!(
            holder.recipient.parse(),
            Ok(vault::keys::Recipient::Hybrid(_))
        ) {
            return Err(WitnessError::Vkey(
                "a key-holder's recipient begins with age1pq1".to_owned(),
            ));
        }
        let act = HouseAct::KeyHolderAdded(holder);
        self.judged_act(administrator.session, &act, Vec::new)
            .map_err(refused)
    }

    /// They get no further shares.
    pub fn remove_key_holder(
        &self,
        administrator: &Administrator<'_>,
        name: &str,
    ) -> Result<Accepted, WitnessError> {
        let act = HouseAct::KeyHolderRemoved {
            name: name.to_owned(),
        };
        self.judged_act(administrator.session, &act, Vec::new)
            .map_err(refused)
    }

    /// The policy (C2SP tlog-policy) by which outsiders judge this office's record. To be handed over by a channel they trust.
    pub fn policy(&self) -> Result<String, Fault> {
        let roster = self.roster()?;
        let mut policy = format!("log {}\n", log_vkey(self.origin(), &self.log_key()));
        let mut names = Vec::new();
        for witness in roster.witnesses() {
            policy.push_str(&format!("witness {} {}\n", witness.name, witness.vkey));
            names.push(witness.name.clone());
        }
        if roster.quorum() == 0 {
            policy.push_str("quorum none\n");
        } else {
            let group = free_name(&names);
            policy.push_str(&format!(
                "group {group} {} {}\nquorum {group}\n",
                roster.quorum(),
                names.join(" ")
            ));
        }
        Ok(policy)
    }
}

/// A name for the group that no witness has.
fn free_name(names: &[String]) -> String {
    let mut group = "outside-offices".to_owned();
    while names.contains(&group) {
        group.push('-');
    }
    group
}

fn refused(error: AdmitError) -> WitnessError {
    match error {
        AdmitError::Fault(fault) => WitnessError::Fault(fault),
        other => WitnessError::Roster(other.to_string()),
    }
}
