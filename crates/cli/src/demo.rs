//! The demonstration: an office to look at, with members, circles, outside offices and material, and a bundle that it published and checked.

mod checks;
mod desk;
mod material;
mod outside;
mod people;
mod story;

pub use desk::{SCALE_DEFAULT, SCALE_LEAST};
pub use story::tell;
