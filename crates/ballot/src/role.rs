//! What each person does in an election: makes credentials, holds a key, votes, counts.

pub mod channel;
pub mod credential;
pub mod dealing;
pub mod tallying;
pub mod trustee;
pub mod voter;
