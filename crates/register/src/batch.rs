//! Making a batch: fill, shuffle, number.

use rand_core::CryptoRng;
use record::commitment::filler;
use record::tile::{TileError, encode_entries};

use crate::journal::{Batch, Pending};

/// The fewest leaves of a batch, so that the record of a quiet hour does not say how quiet it was.
pub const BATCH_LEAVES_MIN: usize = 16;
/// The most leaves of a batch; a power of two.
pub const BATCH_LEAVES_MAX: usize = 4096;
/// A batch takes no further leaf once it has this many bytes: public leaves may have 65,535 each.
pub const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Numbers the pending entries from `start` on, in random order among fillers, so that the batch has a power of two of leaves.
pub(crate) fn make(
    start: u64,
    pending: &[Pending],
    filler_key: &[u8; 32],
    rng: &mut impl CryptoRng,
) -> Result<Batch, TileError> {
    let count = pending.len().max(BATCH_LEAVES_MIN).next_power_of_two();
    let mut slots: Vec<Option<&Pending>> = pending.iter().map(Some).collect();
    slots.resize(count, None);
    shuffle(&mut slots, rng);
    let indexed = || (start..).zip(&slots);
    let placed = indexed()
        .filter_map(|(index, slot)| slot.map(|pending| (index, pending.number)))
        .collect();
    let leaves = encode_entries(indexed().map(|(index, slot)| match slot {
        Some(pending) => std::borrow::Cow::Borrowed(&pending.leaf[..]),
        None => std::borrow::Cow::Owned(filler(filler_key, index).to_vec()),
    }))?;
    Ok(Batch {
        start,
        leaves,
        placed,
    })
}

/// Fisher and Yates; every order is equally likely.
fn shuffle<T>(slots: &mut [T], rng: &mut impl CryptoRng) {
    for last in (1..slots.len()).rev() {
        slots.swap(last, below(last as u64 + 1, rng) as usize);
    }
}

/// A number below `bound`, each equally likely: numbers from the incomplete last round are drawn again.
fn below(bound: u64, rng: &mut impl CryptoRng) -> u64 {
    let unfair_from = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = rng.next_u64();
        if drawn < unfair_from {
            return drawn % bound;
        }
    }
}

/// The leaves of a staged batch or of a bundle, however many they are; `None` if the bytes end within one.
pub(crate) fn split(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut leaves = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (leaf, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        leaves.push(leaf);
        bytes = rest;
    }
    Some(leaves)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counter(u64);

    impl rand_core::TryRng for Counter {
        type Error = rand_core::Infallible;

        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            self.try_next_u64().map(|n| n as u32)
        }

        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            Ok(self.0 ^ (self.0 >> 29))
        }

        fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
            bytes.iter_mut().for_each(|byte| *byte = self.0 as u8);
            Ok(())
        }
    }

    impl rand_core::TryCryptoRng for Counter {}

    fn pending(count: u64) -> Vec<Pending> {
        (0..count)
            .map(|number| Pending {
                number,
                leaf: vec![number as u8; 32],
            })
            .collect()
    }

    #[test]
    fn batches_are_powers_of_two_of_sixteen_at_least() {
        for (count, leaves) in [(1, 16), (16, 16), (17, 32), (1000, 1024), (4096, 4096)] {
            let batch = make(7, &pending(count), &[9; 32], &mut Counter(1)).expect("a batch");
            let split = split(&batch.leaves).expect("leaves");
            assert_eq!((split.len(), batch.placed.len()), (leaves, count as usize));
            let mut numbers: Vec<u64> = batch.placed.iter().map(|(_, number)| *number).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn each_leaf_is_its_entry_or_the_filler_of_its_index() {
        let batch = make(100, &pending(20), &[9; 32], &mut Counter(3)).expect("a batch");
        let placed: std::collections::BTreeMap<u64, u64> = batch.placed.iter().copied().collect();
        for (index, leaf) in (100..).zip(split(&batch.leaves).expect("leaves")) {
            match placed.get(&index) {
                Some(number) => assert_eq!(leaf, vec![*number as u8; 32]),
                None => assert_eq!(leaf, filler(&[9; 32], index)),
            }
        }
    }

    #[test]
    fn an_entry_is_as_likely_at_every_index() {
        let mut counts = [0_u32; 16];
        let mut rng = Counter(5);
        for _ in 0..8000 {
            let batch = make(0, &pending(1), &[9; 32], &mut rng).expect("a batch");
            counts[batch.placed[0].0 as usize] += 1;
        }
        assert!(
            counts.iter().all(|count| (350..650).contains(count)),
            "{counts:?}"
        );
    }

    #[test]
    fn a_torn_batch_is_not_split() {
        let batch = make(0, &pending(1), &[9; 32], &mut Counter(1)).expect("a batch");
        assert!(split(&batch.leaves[..batch.leaves.len() - 1]).is_none());
    }
}
