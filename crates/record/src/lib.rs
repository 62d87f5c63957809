//! record
pub mod canonical;
pub mod encoding;
pub mod hash;
pub mod ids;
pub mod signature;
