//! Sizes are padded, so that the size of a known file does not name it.

/// The Padmé size of `size` bytes (Nikitin et al., PETS 2019, algorithm 1): at most 12 % more.
///
/// Of the number's binary digits it keeps as many as its length has, rounding up: sizes that share the leading
/// digits become one. What remains visible is about log2(log2(size)) bits.
///
/// A size whose padding would exceed `u64` is left as it is; no such file exists.
pub fn padded(size: u64) -> u64 {
    if size < 2 {
        return size;
    }
    let exponent = size.ilog2();
    let kept = exponent.checked_ilog2().unwrap_or(0) + 1;
    let mask = (1u64 << (exponent - kept.min(exponent))) - 1;
    size.checked_add(mask).map_or(size, |sum| sum & !mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_values_hold() {
        let pairs = [
            (0, 0),
            (1, 1),
            (2, 2),
            (8, 8),
            (9, 10),
            (15, 16),
            (100, 104),
            (1000, 1024),
            (1025, 1088),
        ];
        for (size, wanted) in pairs {
            assert_eq!(padded(size), wanted, "{size}");
        }
        assert_eq!(padded(u64::MAX), u64::MAX);
    }

    proptest! {
        #[test]
        fn padding_is_small_and_hides_the_end(size in 0u64..1 << 60) {
            let full = padded(size);
            prop_assert!(full >= size);
            prop_assert!((full - size) as f64 <= 0.12 * size as f64);
            prop_assert_eq!(padded(full), full);
        }

        #[test]
        fn padding_keeps_the_order(size in 0u64..1 << 60, more in 0u64..1 << 30) {
            prop_assert!(padded(size) <= padded(size + more));
        }
    }
}
