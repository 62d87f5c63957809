//! The one door of the house: whoever wants something done comes through here, signed in and with a right to it.
//!
//! A verb takes a permission (who, for which circle), judges by the state that it folded from signed entries, makes new
//! entries, signs them with the member's own key and has them accepted by the ledger in one transaction. Nothing else changes
//! anything. Views, rosters and chains are folds that can be thrown away.
//!
//! **Order of a verb.** What is encrypted is durable before the entry that names it; the entry is durable before anybody is
//! told; of material that leaves, the entry is durable before its first byte.
//!
//! Deliberately absent: pages, arguments, words for people (the faces), SQL (store, desk), HTTP (web).

pub mod disclosure;
pub mod fault;
pub mod roster;
pub mod setting;

mod circles;
mod entering;
mod founding;
mod house;
mod mark;
mod permission;
mod reading;
mod reconciling;
mod sequencing;
mod session;
mod verbs;
mod views;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use record::ids::{CircleId, Origin};
use record::signature::SigningKey;
use store::disk::Disk;
use store::ledger::{GroupCommit, Ledger};
use store::objects::Objects;
use store::packs::Packs;
use store::tiles::Tiles;
use vault::house::HouseKey;

pub use circles::CircleState;
pub use entering::Accepted;
pub use fault::Fault;
pub use founding::{Founded, Founding, FoundingError, OpeningError};
pub use mark::{Head, Mark};
pub use permission::{Administrator, Reader, Steward, WriteError, Writer};
pub use sequencing::{Round, Sequencer};
pub use session::{Session, SessionLimits, Sessions, SignInError, Token};
pub use setting::Setting;
pub use verbs::*;

/// One office: its folder, its keys while the program runs, and the folds of its entries.
pub struct Office {
    folder: PathBuf,
    /// The origin under which the office was founded; what is encrypted is bound to it for good.
    home: Origin,
    /// The origin of the record now; another one only after `record reconcile --accept-loss`.
    origin: RwLock<Origin>,
    setting: Setting,
    house: HouseKey,
    log_key: RwLock<SigningKey>,
    disk: Arc<dyn Disk>,
    ledger: Arc<Ledger>,
    commit: GroupCommit<Arc<Ledger>>,
    tiles: Tiles,
    objects: Objects,
    packs: Packs,
    roster: RwLock<roster::Roster>,
    circles: RwLock<BTreeMap<CircleId, CircleState>>,
    views: Mutex<BTreeMap<CircleId, views::OpenView>>,
    sessions: Sessions,
    purposes: Purposes,
}

impl Office {
    /// The folder it lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The name of its record.
    pub fn origin(&self) -> Origin {
        self.origin
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What it takes from its surroundings.
    pub fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The sessions of the pages.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(crate) fn log_key(&self) -> SigningKey {
        self.log_key
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
