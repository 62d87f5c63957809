//! What the tests of several rooms share, and what nothing ships with: foreign bytes for every parser, and more to come
//! from the rooms that need it.

pub mod crash;
pub mod disk;
pub mod faults;
pub mod fixture;
pub mod fuzz;
pub mod random;
pub mod witness;
