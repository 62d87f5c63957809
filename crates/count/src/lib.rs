//! Counting honestly: who on several lists is the same person, and how many were never recorded.
//!
//! Lists of victims overlap, misspell and repeat. Records are linked first: a [`table`] holds them, [`linkage`] finds who is one
//! person ([`name`], [`date`] and [`place`] say how alike two values are, [`block`] which records meet, [`model`] what a pair weighs,
//! [`cluster`] who is put together, [`decision`] what persons decided). [`estimate`] then works with the overlap of the linked lists,
//! and [`report`] writes down what was found so that a court can follow it.
//!
//! **Specification.** `docs/spec/linkage.md`.
//!
//! **Deliberately absent.** No clock, file, network, environment or random source: rows, streams and seeds are arguments, so the
//! same input always gives the same answer. No judgement by a machine of who somebody is: what is uncertain is asked of a person.
//!
//! # An example
//! ```
//! use count::field::{Field, Role};
//! use count::linkage::{Settings, Silent, link};
//! use count::table::Builder;
//!
//! let name = Field { name: "name".into(), role: Role::Name, calendar: None };
//! let mut lists = Builder::new(vec![name])?;
//! lists.push("morgue", "17", ["محمد علی‌پور"])?;
//! lists.push("families", "a4", ["Mohammad Alipour"])?;
//! lists.push("families", "a5", ["Shirin Karimi"])?;
//! let table = lists.finish()?;
//! let linked = link(&table, &Settings::default(), &Silent)?;
//! let persons: std::collections::BTreeSet<u32> = linked.clusters.of.iter().copied().collect();
//! assert_eq!(persons.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
