//! Where the office's bytes lie: the ledger (one SQLite file), and objects, packs and tiles in a folder.
//!
//! Everything here is durable when the call that wrote it returns, and every file is described in docs/spec/store.md.
//! The store holds no key and reads no content: what it is given is encrypted already, or public.
//!
//! Deliberately absent: encryption (vault), who may do what (office), what entries mean (desk), the order of leaves (register).

pub mod backup;
pub mod disk;
pub mod folder;
pub mod fsck;
mod group;
pub mod ledger;
pub mod objects;
pub mod packs;
pub mod tiles;
