//! The mark of an entry: how far it has come on its way to being provable.

use record::checkpoint::SignedCheckpoint;
use record::ids::EntryId;
use record::note::{KeyKind, Vkey};

use crate::Office;
use crate::fault::Fault;

/// How far an entry has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Durable in the ledger; its leaf follows with the next batch.
    Accepted,
    /// It has this number in the record.
    Entered {
        /// The leaf's index.
        number: u64,
    },
    /// It has this number, and outside offices have countersigned a head that covers it.
    Countersigned {
        /// The leaf's index.
        number: u64,
        /// The names of those offices.
        by: Vec<String>,
    },
}

/// The published head, as the office judges it itself.
#[derive(Clone, Debug)]
pub struct Head {
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
    /// Which of the office's witnesses countersigned it, and when (seconds since 1970).
    pub countersigned: Vec<(String, u64)>,
    /// How many must.
    pub quorum: u64,
}

impl Office {
    /// The published head; `None` before the first.
    pub fn head(&self) -> Result<Option<Head>, Fault> {
        let bytes = self
            .tiles
            .checkpoint()
            .map_err(|error| Fault::Failed(error.to_string()))?;
        let Some(bytes) = bytes else { return Ok(None) };
        let checkpoint =
            SignedCheckpoint::parse(&bytes).map_err(|error| Fault::Damaged(error.to_string()))?;
        let roster = self.roster()?;
        let mut countersigned = Vec::new();
        for witness in roster.witnesses() {
            let Ok(vkey) = Vkey::parse(&witness.vkey, KeyKind::Witness) else {
                continue;
            };
            let text = checkpoint.note().text();
            let line = checkpoint
                .note()
                .signatures()
                .iter()
                .filter(|line| line.is_by(&vkey));
            let time = line
                .filter_map(|line| record::cosignature::verify(text, &vkey, line).ok())
                .min();
            countersigned.extend(time.map(|time| (witness.name.clone(), time)));
        }
        Ok(Some(Head {
            checkpoint,
            countersigned,
            quorum: roster.quorum(),
        }))
    }

    /// The mark of an entry.
    pub fn mark(&self, entry: EntryId) -> Result<Mark, Fault> {
        let index = self.ledger().leaf_index(entry).map_err(Fault::of_ledger)?;
        Ok(mark_of(index, self.head()?.as_ref()))
    }
}

/// The mark of a leaf under a head.
pub(crate) fn mark_of(index: Option<u64>, head: Option<&Head>) -> Mark {
    let Some(number) = index else {
        return Mark::Accepted;
    };
    match head {
        Some(head)
            if number < head.checkpoint.checkpoint().size && !head.countersigned.is_empty() =>
        {
            Mark::Countersigned {
                number,
                by: head
                    .countersigned
                    .iter()
                    .map(|(name, _)| name.clone())
                    .collect(),
            }
        }
        _ => Mark::Entered { number },
    }
}
