//! Published tables refitted, bad input, sparse tables, and the coverage of the latent-class intervals.
#![expect(
    clippy::unwrap_used,
    reason = "in tests a value that is not there is the failure"
)]

mod kosovo;
mod published;
mod refusals;
mod report;
mod simulation;
mod sparse;
