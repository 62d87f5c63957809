//! The store as its callers meet it.

mod common;
mod folder;
mod ledger;
