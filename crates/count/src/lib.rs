//! Counting honestly: who on several lists is the same person, and how many were never recorded.
//!
//! Lists of victims overlap, misspell and repeat. Records are linked first; [`estimate`] then works with the overlap of the linked
//! lists, and [`report`] writes down what was found so that a court can follow it.
//!
//! **Deliberately absent.** No clock, file, network, environment or random source: rows, streams and seeds are arguments, so the
//! same input always gives the same answer.

pub mod block;
pub mod cluster;
pub mod compare;
pub mod date;
pub mod decision;
pub mod estimate;
pub mod evaluation;
pub mod field;
pub mod invention;
pub mod linkage;
pub mod mix;
pub mod model;
pub mod name;
pub mod place;
pub mod report;
pub mod table;
pub mod text;
