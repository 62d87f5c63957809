//! The store as its callers meet it.

mod backup;
mod common;
mod folder;
mod ledger;
