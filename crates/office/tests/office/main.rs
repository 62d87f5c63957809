//! The office from outside: one harness, so that its bench is compiled once.

mod bench_office;
mod crowd;
mod day;
mod sealed;
