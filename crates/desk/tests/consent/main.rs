//! Nothing leaves against consent: a table of attempts, and what holds whatever was said.

mod attempts;
mod properties;
