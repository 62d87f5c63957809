//! The store as its callers meet it.

mod backup;
mod folder;
mod ledger;
mod material;
