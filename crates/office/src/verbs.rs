//! What can be done in an office: one file for each verb or small family of verbs.

mod admit;
mod check;
mod circle;
mod disclose;
mod entities;
mod erase;
mod factor;
mod items;
mod judge;
mod keep;
mod open;
mod prove;
mod publish;
mod receive;
mod recover;
mod seal;
mod state;
mod travel;
mod witness;

pub use admit::{AdmitError, Admitted, PassphraseChangeError};
pub use check::{Check, Finding};
pub use circle::{CircleSummary, MembershipError};
pub use disclose::{Judged, Released, ShareError};
pub use entities::{EntitiesOnPage, EntitySheet};
pub use items::{ItemSheet, ItemsOnPage};
pub use judge::{Verdict, Withheld};
pub use keep::restore;
pub use open::{Content, OpenItemError, Purposes};
pub use prove::{ProofError, Proved};
pub use publish::{Openness, Plan, PlanError, PlannedItem, PublishItemsError, PublishedBundle};
pub use receive::{Material, Receipt, ReceiveError, SMALL_MATERIAL_BYTES_MAX, SmallMaterial};
pub use recover::RecoverError;
pub use seal::{KEY_HOLDERS_MAX, SealItemError, SealedItem, Sealing, sealed_binding};
pub use state::{DRAFTS_MAX, Draft, FieldFault, FieldFaultKind, StateError};
pub use witness::WitnessError;
