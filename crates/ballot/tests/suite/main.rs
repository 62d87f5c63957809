//! Whole elections by this crate, checked by it and by `belenios-tool`; alterations of them; frozen vectors.

mod attacks;
mod counting;
mod elections;
mod oracle;
mod plans;
mod simulation;
mod truncation;
mod vectors;
