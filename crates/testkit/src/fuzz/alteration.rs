//! Alterations of bytes, the same for the same seed: what a replay can do without a fuzzer's feedback.

/// Bytes that parsers stumble over: ends of lines and strings, numbers at their limits, signs that turn text around.
const TROUBLE: [&[u8]; 24] = [
    b"\0",
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"{",
    b"}",
    b"[[[[[[[[[[[[[[[[[[[[",
    b",",
    b"+",
    b"=",
    b"-0",
    b"1e9",
    b"9007199254740992",
    b"18446744073709551616",
    b"../",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\xc0\x80",
    "\u{202e}".as_bytes(),
    "\u{2014} ".as_bytes(),
];

/// A source of alterations.
pub struct Alterations(u64);

impl Alterations {
    /// The alterations of this seed.
    pub fn new(seed: u64) -> Alterations {
        Alterations(seed.wrapping_mul(2).wrapping_add(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `limit`, or 0 if the limit is 0 (splitmix64).
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        let mixed = (mixed ^ mixed >> 31) as usize;
        mixed.checked_rem(limit).unwrap_or(0)
    }

    /// `bytes` altered in one to four ways; `other` lends a piece when two are spliced.
    pub fn alter(&mut self, bytes: &[u8], other: &[u8]) -> Vec<u8> {
        let mut altered = bytes.to_vec();
        for _ in 0..=self.below(4) {
            self.alter_once(&mut altered, other);
        }
        altered
    }

    fn alter_once(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(bytes.len());
        match self.below(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            1 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(self.piece(at, bytes.len()))),
            4 => {
                let copied = bytes[self.piece(at, bytes.len())].to_vec();
                let to = self.below(bytes.len() + 1);
                bytes.splice(to..to, copied);
            }
            5 => {
                let from = self.below(other.len());
                bytes.splice(at.., other[from..].iter().copied());
            }
            6 => self.digit(bytes),
            _ => {
                let trouble = TROUBLE[self.below(TROUBLE.len())];
                bytes.splice(at..at, trouble.iter().copied());
            }
        }
    }

    /// A piece of up to 64 bytes from `at`.
    fn piece(&mut self, at: usize, end: usize) -> std::ops::Range<usize> {
        at..at + self.below((end - at).min(64) + 1)
    }

    /// Changes one decimal digit, so that counts, sizes and indexes lie while the shape stays.
    fn digit(&mut self, bytes: &mut [u8]) {
        let digits: Vec<usize> = (0..bytes.len())
            .filter(|at| bytes[*at].is_ascii_digit())
            .collect();
        if let Some(at) = digits.get(self.below(digits.len())) {
            bytes[*at] = b'0' + self.below(10) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_alters_alike_and_another_does_not() {
        let all = |seed| {
            let mut alterations = Alterations::new(seed);
            (0..50)
                .map(|_| alterations.alter(b"old 12\n\n", b"other"))
                .collect::<Vec<_>>()
        };
        assert_eq!(all(1), all(1));
        assert_ne!(all(1), all(2));
        assert!(
            all(1)
                .iter()
                .filter(|bytes| *bytes != b"old 12\n\n")
                .count()
                > 40
        );
    }

    #[test]
    fn nothing_is_too_short_to_be_altered() {
        let mut alterations = Alterations::new(3);
        for _ in 0..1_000 {
            alterations.alter(b"", b"");
        }
    }
}
