//! The desk of the demonstration: an invented country and what its invented people told, stated by the members through the same
//! verbs as anybody's. Every entity says in a note that it is invented; the country lies in the emptiest part of the ocean.

mod book;
mod country;
mod filling;
mod leaving;
mod lives;
mod matters;
mod speech;

pub use filling::{SCALE_DEFAULT, SCALE_LEAST, fill};
pub use leaving::share;
