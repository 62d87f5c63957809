//! A seeded random source for this crate's own tests.

/// The same numbers for the same seed.
pub fn random(seed: u64) -> rand_chacha::ChaCha20Rng {
    use rand_chacha::rand_core::SeedableRng;
    rand_chacha::ChaCha20Rng::seed_from_u64(seed)
}
