//! The record of an office: what is said, and how it is proved.
//!
//! Entries are signed sentences; the record holds a leaf for each, in a transparency log in the formats of C2SP; proofs and
//! bundles show to an outsider that something is unaltered since it was entered.
//!
//! Specification: `docs/spec/entry.md`, `docs/spec/record.md`, `docs/spec/bundle.md`.

pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod commitment;
pub mod cosignature;
pub mod dsse;
pub mod encoding;
pub mod entry;
pub mod exhibit;
pub mod hash;
pub mod ids;
pub mod note;
pub mod policy;
pub mod proof;
pub mod signature;
pub mod tile;
pub mod timestamp;
pub mod tree;
pub mod verdict;
pub mod witness_request;
