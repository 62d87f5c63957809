//! What the office takes from its surroundings: the time and the random source, as arguments.

use std::convert::Infallible;
use std::sync::Arc;

use rand_core::{TryCryptoRng, TryRng};
use record::entry::Timestamp;

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// Fills a buffer with bytes that nobody can guess, or does not return.
type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The time and the random source. The program makes one at its start; a test makes one that it steers.
#[derive(Clone)]
pub struct Setting {
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    random: Random,
}

impl Setting {
    /// `clock` gives the present moment; `random` fills a buffer with bytes that nobody can guess, or does not return.
    pub fn new(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        random: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Setting {
        Setting {
            clock: Arc::new(clock),
            random: Arc::new(random),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Today in UTC, as days since 1970-01-01: what dates and consents are judged by.
    pub fn today(&self) -> i32 {
        i32::try_from(self.now().unix_seconds() / DAY_SECONDS).unwrap_or(i32::MAX)
    }

    /// A random source for one piece of work.
    pub fn dice(&self) -> Dice {
        Dice(Arc::clone(&self.random))
    }
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Setting")
    }
}

/// The random source in the shape that the vault and the register take.
#[derive(Clone)]
pub struct Dice(Random);

impl Dice {
    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }
}

impl TryRng for Dice {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        (self.0)(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Dice {}
