//! Countersigning between offices: C2SP's tlog-witness, both sides.

pub mod client;
pub mod server;
pub mod state;
