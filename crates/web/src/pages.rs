//! The pages, one module each: what the page shows (a struct beside its handler), and the handler.

pub mod about;
pub mod help;
pub mod home;
pub mod language;
pub mod limits;
pub mod verify;
