//! The pages, one module each: what the page shows (a struct beside its handler), and the handler.

pub mod about;
pub mod add;
pub mod booth;
pub mod circles;
pub mod desk;
pub mod help;
pub mod home;
pub mod item;
pub mod items;
pub mod language;
pub mod limits;
pub mod me;
pub mod members;
pub mod outside;
pub mod publish;
pub mod record;
pub mod recovery;
pub mod sign_in;
pub mod steps;
pub mod verify;
