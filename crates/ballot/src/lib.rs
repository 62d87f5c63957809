//! Secret ballots that anyone can check: the protocol of Belenios, version 1.
pub mod archive;
pub mod decimal;
pub mod group;
pub mod message;
pub mod proof;
pub mod role;
pub mod shuffle;
#[cfg(test)]
mod testing;
pub mod text;
pub mod verify;
