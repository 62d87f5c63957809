//! Holds the invariants of ARCHITECTURE.md and the habits of CONTRIBUTING.md.
//!
//! Each rule is a function from a [`tree::Tree`] (the files of the project) or a [`crates::Workspace`] (what cargo says of
//! its crates) to a list of faults. Two kinds of test use it: one on the project, which must have no fault, and one on a
//! small bad sample, which must have some; a rule that cannot fail is not a rule.

mod crates;
mod edges;
mod manners;
mod papers;
mod purity;
mod shape;
mod source;
mod strangers;
mod tree;

/// Fails with every fault on a line of its own.
fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
