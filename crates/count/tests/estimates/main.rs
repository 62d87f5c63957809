//! Published tables refitted, bad input, sparse tables, and the coverage of the latent-class intervals.

mod kosovo;
mod published;
mod refusals;
mod report;
mod simulation;
mod sparse;
