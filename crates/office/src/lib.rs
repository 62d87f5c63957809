//! The one door of the house: whoever wants something done comes through here.
pub mod disclosure;
pub mod roster;
