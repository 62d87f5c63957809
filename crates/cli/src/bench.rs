//! Measurements of this machine, each beside its ceiling or a peer that is measured in the same run. Operators use them to see
//! what a machine will carry; `docs/benchmarks.md` keeps medians.

pub mod audit;
pub mod ballots;
mod ceiling;
pub mod desk;
pub mod estimate;
pub mod figure;
pub mod intake;
pub mod laboratory;
pub mod linkage;
pub mod record_append;
pub mod serve_read;
pub mod signatures;
pub mod verify_proof;
