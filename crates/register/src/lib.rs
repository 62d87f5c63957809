//! The writer of the record: it takes what the office has accepted, gives each entry its leaf, publishes the tiles, and signs.
//!
//! The formats are C2SP's (docs/spec/record.md). The words are exact: an entry is *pending* once accepted, *sequenced* once it has its leaf,
//! *tiled* once the tiles are durable, *signed*, *countersigned*, *published*.
//!
//! The register knows three ports and nothing else: the [`journal::Journal`] (the ledger), the [`shelf::Shelf`] (where tiles lie) and the
//! [`witness::Witness`]. Deliberately absent: SQL, paths, the network, clocks. Randomness is an argument.
//!
//! Three rules hold whatever crashes: no index is given to two leaves; nothing is signed that was not read back from the shelf; a
//! signed head never shrinks and no size has two signed roots. How the first is kept is in [`register::Register::sequence`], the second and third in
//! [`register::Register::sign`] and [`register::Register::confirm`].

mod batch;
mod front;

pub mod fsck;
pub mod journal;
pub mod register;
pub mod shelf;
mod stop;
pub mod witness;

pub use batch::{BATCH_BYTES_MAX, BATCH_LEAVES_MAX, BATCH_LEAVES_MIN};
pub use register::{
    AcceptLoss, BeginAnewError, ConfirmError, Confirmation, Countersigned, IntegrateError, Keys,
    OpenError, PublishError, Published, Register, SequenceError, Sequenced, SignError, Signed,
    Signing, begin_anew, found,
};
pub use stop::Stop;
