//! Numbers written in base 10, as the messages and the hashes have them: no sign, no leading zero, no limit of machine words.

use zeroize::Zeroize;

/// Ten to this many digits is the largest power below 2^64.
const CHUNK_DIGITS: usize = 19;
const CHUNK: u64 = 10_u64.pow(CHUNK_DIGITS as u32);

/// What stands before a chunk of nine digits when a number is written: divisions of 64 bits by a constant are
/// multiplications to the machine, those of 128 bits are not.
const SHORT_CHUNK: u64 = 1_000_000_000;

/// Whether a text is a number in canonical form: digits only, no leading zero.
pub fn is_canonical(text: &str) -> bool {
    let digits = text.as_bytes();
    !digits.is_empty()
        && digits.iter().all(u8::is_ascii_digit)
        && (digits[0] != b'0' || digits.len() == 1)
}

/// Reads a canonical number into `N` words, least significant first. `None` if it is not canonical or does not fit; the
/// work is bounded by `N`, however long the text is.
pub fn parse<const N: usize>(text: &str) -> Option<[u64; N]> {
    // log10(2^64) is below 19.3.
    if text.len() > N * 20 || !is_canonical(text) {
        return None;
    }
    let mut words = [0_u64; N];
    let (first, rest) = text.as_bytes().split_at(text.len() % CHUNK_DIGITS);
    if !first.is_empty() {
        words[0] = chunk_value(first);
    }
    for chunk in rest.chunks_exact(CHUNK_DIGITS) {
        let mut carry = chunk_value(chunk);
        for word in &mut words {
            let sum = u128::from(*word) * u128::from(CHUNK) + u128::from(carry);
            (*word, carry) = (sum as u64, (sum >> 64) as u64);
        }
        if carry != 0 {
            return None;
        }
    }
    Some(words)
}

fn chunk_value(digits: &[u8]) -> u64 {
    digits
        .iter()
        .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'))
}

/// Writes a number behind what `out` holds.
pub fn write(words: &[u64], out: &mut String) {
    let mut halves: Vec<u32> = words
        .iter()
        .flat_map(|word| [*word as u32, (*word >> 32) as u32])
        .collect();
    let mut chunks: Vec<u32> = Vec::with_capacity(halves.len() * 4 / 3 + 1);
    let mut used = halves.len();
    while used > 0 {
        if halves[used - 1] == 0 {
            used -= 1;
            continue;
        }
        let mut remainder = 0_u64;
        for half in halves[..used].iter_mut().rev() {
            let value = (remainder << 32) | u64::from(*half);
            *half = (value / SHORT_CHUNK) as u32;
            remainder = value % SHORT_CHUNK;
        }
        chunks.push(remainder as u32);
    }
    halves.zeroize();
    write_chunks(&mut chunks, out);
}

fn write_chunks(chunks: &mut Vec<u32>, out: &mut String) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = match chunks.last() {
        None => out.write_str("0"),
        Some(first) => write!(out, "{first}"),
    };
    for chunk in chunks.iter().rev().skip(1) {
        let _ = write!(out, "{chunk:09}");
    }
    chunks.zeroize();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_canonical_numbers_are_read() {
        for bad in [
            "", "00", "01", "-1", "+1", " 1", "1 ", "1_0", "0x1", "١", "1e3",
        ] {
            assert_eq!(parse::<4>(bad), None, "{bad}");
        }
        assert_eq!(parse::<1>("18446744073709551615"), Some([u64::MAX]));
        assert_eq!(parse::<1>("18446744073709551616"), None);
        assert_eq!(parse::<2>("18446744073709551616"), Some([0, 1]));
        assert_eq!(parse::<32>(&"9".repeat(1_000_000)), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(words in prop::collection::vec(prop_oneof![any::<u64>(), Just(0)], 8)) {
            let mut text = String::new();
            write(&words, &mut text);
            prop_assert_eq!(parse::<8>(&text).map(Vec::from), Some(words));
        }

        #[test]
        fn small_numbers_are_written_as_rust_writes_them(number in any::<u128>()) {
            let mut text = String::new();
            write(&[number as u64, (number >> 64) as u64], &mut text);
            prop_assert_eq!(text, number.to_string());
        }
    }
}
