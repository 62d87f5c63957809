//! What the web takes from outside: the time and random bytes. `cli` gives the real ones, tests their own.

use std::fmt;
use std::sync::Arc;

/// Fills a buffer with bytes that nobody can guess.
type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

/// The time and the random source, as functions.
#[derive(Clone)]
pub struct Edge {
    now: Arc<dyn Fn() -> u64 + Send + Sync>,
    random: Random,
}

impl Edge {
    /// `now` gives seconds since 1970; `random` fills a slice from the system's source, or does not return.
    pub fn new(
        now: impl Fn() -> u64 + Send + Sync + 'static,
        random: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self {
            now: Arc::new(now),
            random: Arc::new(random),
        }
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        (self.now)()
    }

    /// As many random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Edge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Edge")
    }
}
