//! What the program takes from the machine, once, and hands on as arguments: the time and the random source.

use std::time::{SystemTime, UNIX_EPOCH};

use office::Setting;
use rand_core::{TryCryptoRng, TryRng, UnwrapErr};
use record::entry::Timestamp;

/// The clock and the random source of this machine.
pub fn setting() -> Setting {
    Setting::new(now, fill)
}

/// The present moment; a clock before 1970 or after 9999 is a broken one and reads as 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge of the program: the clock is read here only"
)]
pub fn now() -> Timestamp {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    Timestamp::from_unix_seconds(seconds)
        .or_else(|_| Timestamp::from_unix_seconds(0))
        .unwrap_or_else(|_| std::process::abort())
}

/// Fills a buffer from the system's source. A system without one cannot make keys, so the process ends.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge of the program: the random source is read here only"
)]
pub fn fill(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        eprintln!("mahzar: the system gives no random bytes: {error}");
        std::process::abort();
    }
}

/// The system's random source, as the secret ballots take it.
pub struct System;

impl TryRng for System {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for System {}

/// As `ballot` takes it.
pub fn random() -> UnwrapErr<System> {
    UnwrapErr(System)
}
