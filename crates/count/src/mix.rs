//! A hash that is the same on every machine and in every version: sampling and blocking must not depend on the day.

use std::hash::{BuildHasherDefault, Hasher};

const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Mixes a number into a state.
pub fn mix(state: u64, value: u64) -> u64 {
    let mut mixed = (state.rotate_left(23) ^ value).wrapping_mul(MULTIPLIER);
    mixed ^= mixed >> 29;
    mixed = mixed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed ^ (mixed >> 32)
}

/// Mixes bytes; never 0, which stands for "no value".
pub fn bytes(state: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut mixed = words
        .iter()
        .fold(mix(state, bytes.len() as u64), |mixed, word| {
            mix(mixed, u64::from_le_bytes(*word))
        });
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mixed = mix(mixed, u64::from_le_bytes(last));
    mixed.max(1)
}

/// A number between 0 and 1.
pub fn fraction(mixed: u64) -> f64 {
    (mixed >> 11) as f64 / (1u64 << 53) as f64
}

/// A hasher for maps, quick and without a random seed. Not for keys that an attacker chooses to collide: rows are counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, data: &[u8]) {
        self.0 = bytes(self.0, data);
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = mix(self.0, value);
    }
    fn write_u32(&mut self, value: u32) {
        self.0 = mix(self.0, u64::from(value));
    }
    fn write_u8(&mut self, value: u8) {
        self.0 = mix(self.0, u64::from(value));
    }
}

/// A map with that hasher.
pub type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Mixer>>;
/// A set with that hasher.
pub type Set<K> = std::collections::HashSet<K, BuildHasherDefault<Mixer>>;
