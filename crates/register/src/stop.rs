//! Why an office must not sign any more until people have looked.

/// A contradiction between the ledger, the published record and the witnesses. Signing stays off; sequencing may go on.
///
/// What to do is the same for all: find out whether an old backup was put back or a copy of the office runs elsewhere. Bring back the
/// newest ledger and folder together, or let the record begin anew under another name (`record reconcile --accept-loss`).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// A checkpoint is published that is larger than any the ledger knows to be signed: the ledger is older than the folder.
    #[error(
        "the published checkpoint has {published} leaves, but the ledger knows of {signed} signed: the ledger is an older copy"
    )]
    LedgerBehind {
        /// The size of the published checkpoint.
        published: u64,
        /// The largest size that the ledger knows to be signed.
        signed: u64,
    },
    /// The tiles do not lead to what the ledger knows: the folder is older than the ledger, or was altered.
    #[error("the tiles do not lead to the ledger's head: {0}")]
    FolderDiffers(String),
    /// The published checkpoint is not signed by our key, or has another root than the tiles.
    #[error("the published checkpoint is not ours: {0}")]
    CheckpointNotOurs(String),
    /// A witness has cosigned a larger record under our name: another copy of this office has signed.
    #[error(
        "{witness} has countersigned {size} leaves, more than this office has signed: another copy of it signs"
    )]
    WitnessHasLarger {
        /// The witness's name.
        witness: String,
        /// The size it has countersigned.
        size: u64,
    },
    /// A witness has cosigned another history under our name.
    #[error("{witness} has countersigned another history of this record")]
    WitnessHasOther {
        /// The witness's name.
        witness: String,
    },
}
