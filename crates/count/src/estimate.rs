//! How many were never recorded: estimates from the overlap of several lists (multiple systems estimation).
//!
//! [`table`] reads how many people are on exactly which lists. [`selection`] fits every hierarchical log-linear model to it and compares
//! them; [`existence`] takes out those that sparse data do not determine. [`lcmcr`] is a second method with other assumptions, a
//! Bayesian mixture of latent classes. [`analysis`] puts both together and says what is doubtful; [`strata`] adds up parts, [`linkage_draws`] carries
//! the uncertainty of linkage through.
//!
//! Every formula with its source stands in `docs/spec/estimates.md`.
//!
//! ```
//! use count::estimate::analysis::{Settings, analyse};
//! use count::estimate::table::Table;
//!
//! let table = Table::read(b"A,B,C,count\n1,0,0,90\n0,1,0,80\n0,0,1,70\n1,1,0,30\n1,0,1,28\n0,1,1,25\n1,1,1,12\n")?;
//! let analysis = analyse(&table, &Settings::default());
//! let answer = analysis.answer.as_ref().map_err(|why| why.to_string())?;
//! assert!(answer.low < answer.estimate && answer.estimate < answer.high);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod analysis;
pub mod cells;
pub mod convergence;
pub mod existence;
pub mod fit;
pub mod lcmcr;
pub mod lincoln;
pub mod linkage_draws;
pub mod mixture;
pub mod model;
pub mod selection;
pub mod strata;
pub mod table;
pub mod warning;
