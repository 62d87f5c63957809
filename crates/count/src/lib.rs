//! Counting honestly: who on several lists is the same person, and how many were never recorded.
//!
//! Lists of victims overlap, misspell and repeat. Records are linked first; [`estimate`] then works with the overlap of the linked
//! lists, and [`report`] writes down what was found so that a court can follow it.
//!
//! **Deliberately absent.** No clock, file, network, environment or random source: rows, streams and seeds are arguments, so the
//! same input always gives the same answer.

pub mod estimate;
pub mod report;
