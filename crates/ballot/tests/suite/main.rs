//! Whole elections by this crate, checked by it and by `belenios-tool`; alterations of them; frozen vectors.

mod alterations;
mod elections;
mod oracle;
mod simulation;
mod vectors;
