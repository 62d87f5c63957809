//! What it costs to turn the sounds of one name into those of another.
//!
//! Costs are in twentieths of a consonant. Between Arabic script and a script that writes vowels, a short vowel comes and goes
//! for almost nothing; between two spellings of the same kind it costs a third of a consonant. A long vowel is nearly a
//! consonant everywhere: it is all that parts حسن from حسین and محمد from محمود.

/// What a consonant weighs.
pub const CONSONANT: u32 = 20;
const LONG: u32 = 14;
const SHORT: u32 = 8;
/// Two neighbours that changed places.
const SWAP: u16 = 12;
/// Letters of Arabic script that look alike but for their dots, and other slips of the same hand.
const SLIP: u8 = 12;

/// Pairs of sounds that stand for one another, with their cost; all others cost a consonant, or a vowel.
const NEAR: [(&[u8], &[u8], u8); 52] = [
    // the letters of Arabic script against written vowels
    (b"A", b"aL", 0),
    (b"A", b"oE", 5),
    (b"A", b"eu", 7),
    (b"B", b"AaeiouLEIUO", 1),
    (b"B", b"Y", 6),
    (b"W", b"uUOvo", 0),
    (b"W", b"aeL", 14),
    (b"Y", b"iIyE", 0),
    (b"Y", b"e", 4),
    (b"K", b"YiIyE", 0),
    (b"K", b"e", 3),
    (b"K", b"aLA", 3),
    (b"F", b"aehL", 0),
    (b"F", b"A", 3),
    (b"F", b"t", 5),
    (b"F", b"iK", 8),
    // vowels among themselves
    (b"a", b"L", 1),
    (b"a", b"e", 4),
    (b"a", b"o", 7),
    (b"a", b"O", 5),
    (b"a", b"E", 7),
    (b"e", b"i", 3),
    (b"e", b"E", 3),
    (b"e", b"I", 5),
    (b"i", b"I", 1),
    (b"i", b"E", 4),
    (b"I", b"E", 3),
    (b"o", b"u", 1),
    (b"o", b"U", 3),
    (b"u", b"U", 1),
    (b"o", b"OL", 4),
    (b"u", b"O", 4),
    (b"i", b"y", 2),
    (b"e", b"y", 5),
    (b"U", b"v", 6),
    (b"O", b"v", 4),
    // consonants that languages or scripts do not keep apart
    (b"Q", b"g", 3),
    (b"Q", b"k", 4),
    (b"Q", b"X", 8),
    (b"X", b"k", 6),
    (b"X", b"h", 7),
    (b"x", b"hX", 1),
    (b"x", b"k", 8),
    (b"g", b"h", 10),
    (b"C", b"S", 4),
    (b"C", b"jX", 9),
    (b"Z", b"j", 3),
    (b"z", b"Zsd", 8),
    (b"S", b"s", 8),
    (b"p", b"bf", 7),
    (b"v", b"bf", 9),
    (b"D", b"l", 0),
];

/// Slips: dots forgotten or misread.
const SLIPS: [(&[u8], &[u8]); 10] = [
    (b"b", b"tn"),
    (b"p", b"tn"),
    (b"t", b"dns"),
    (b"n", b"Y"),
    (b"j", b"hXy"),
    (b"r", b"zZ"),
    (b"k", b"g"),
    (b"f", b"Q"),
    (b"m", b"n"),
    (b"d", b"r"),
];

const SYMBOLS: usize = 64;
const COSTS: [[u8; SYMBOLS]; SYMBOLS] = costs();

const fn costs() -> [[u8; SYMBOLS]; SYMBOLS] {
    let mut table = [[CONSONANT as u8; SYMBOLS]; SYMBOLS];
    let mut at = 0;
    while at < SLIPS.len() {
        fill(&mut table, SLIPS[at].0, SLIPS[at].1, SLIP);
        at += 1;
    }
    // Any two written vowels are nearer than two consonants.
    fill(&mut table, b"aeiouLIUEO", b"aeiouLIUEO", 10);
    at = 0;
    while at < NEAR.len() {
        fill(&mut table, NEAR[at].0, NEAR[at].1, NEAR[at].2);
        at += 1;
    }
    at = 0;
    while at < SYMBOLS {
        table[at][at] = 0;
        at += 1;
    }
    table
}

const fn fill(table: &mut [[u8; SYMBOLS]; SYMBOLS], ones: &[u8], others: &[u8], cost: u8) {
    let mut one = 0;
    while one < ones.len() {
        let mut other = 0;
        while other < others.len() {
            let (left, right) = (symbol(ones[one]), symbol(others[other]));
            table[left][right] = cost;
            table[right][left] = cost;
            other += 1;
        }
        one += 1;
    }
}

const fn symbol(sound: u8) -> usize {
    (sound & 63) as usize
}

/// What a sound weighs in the length of a name.
pub const fn weight(sound: u8) -> u32 {
    match sound {
        b'A' | b'W' | b'Y' | b'K' | b'L' | b'I' | b'U' | b'E' | b'O' | b'B' => LONG,
        b'a' | b'e' | b'i' | b'o' | b'u' => SHORT,
        b'F' | b'D' => 4,
        _ => CONSONANT,
    }
}

/// What all sounds of a name weigh.
pub fn length(sounds: &[u8]) -> u32 {
    sounds.iter().map(|sound| weight(*sound)).sum()
}

/// Whether exactly one of two names is in a script that leaves short vowels out.
pub fn crosses(one: &[u8], other: &[u8]) -> bool {
    leaves_out(one) != leaves_out(other)
}

fn leaves_out(sounds: &[u8]) -> bool {
    !sounds
        .iter()
        .any(|sound| super::sound::is_written_vowel(*sound) && *sound != b'o')
}

/// What it costs that a sound is missing, between two scripts of one kind and of two.
const GAPS: [[u8; SYMBOLS]; 2] = [gaps(false), gaps(true)];

const fn gaps(crosses: bool) -> [u8; SYMBOLS] {
    let mut table = [0; SYMBOLS];
    let mut sound = 64;
    while sound < 127 {
        table[symbol(sound)] = gap(sound, crosses) as u8;
        sound += 1;
    }
    table
}

const fn gap(sound: u8, crosses: bool) -> u32 {
    match (sound, crosses) {
        (b'a' | b'e' | b'o', true) => 1,
        (b'u', true) => 4,
        (b'i', true) => 6,
        (b'A' | b'W' | b'Y' | b'L' | b'I' | b'U' | b'E' | b'O', true) => 12,
        (b'K', true) => 10,
        (b'B', true) => 4,
        (b'A' | b'W' | b'Y' | b'K', false) => 16,
        (b'B', false) => 14,
        (b'F' | b'D', _) => 2,
        (b'h', _) => 10,
        (b'y', _) => 10,
        (b'v', _) => 14,
        (other, _) => weight(other),
    }
}

/// Longest sequences that are aligned: all parts of a long name together.
const ALIGNED_MAX: usize = 48;

/// The least cost of turning one sequence of sounds into the other.
pub fn cost(one: &[u8], other: &[u8]) -> u32 {
    let (one, other) = (
        &one[..one.len().min(ALIGNED_MAX)],
        &other[..other.len().min(ALIGNED_MAX)],
    );
    let gaps = &GAPS[usize::from(crosses(one, other))];
    let mut rows = [[0u16; ALIGNED_MAX + 1]; 3];
    let [mut two_before, mut before, mut row] = rows.each_mut();
    for (at, sound) in other.iter().enumerate() {
        row[at + 1] = row[at] + u16::from(gaps[symbol(*sound)]);
    }
    for (line, left) in one.iter().enumerate() {
        (two_before, before, row) = (before, row, two_before);
        let costs = &COSTS[symbol(*left)];
        let left_gap = u16::from(gaps[symbol(*left)]);
        row[0] = before[0] + left_gap;
        for (at, right) in other.iter().enumerate() {
            let replaced = before[at] + u16::from(costs[symbol(*right)]);
            let dropped = before[at + 1] + left_gap;
            let added = row[at] + u16::from(gaps[symbol(*right)]);
            let mut least = replaced.min(dropped).min(added);
            if line > 0 && at > 0 && *left == other[at - 1] && one[line - 1] == *right {
                least = least.min(two_before[at - 1] + SWAP);
            }
            row[at + 1] = least;
        }
    }
    u32::from(row[other.len()])
}

/// How alike two sequences sound: 1 the same, 0 nothing in common.
pub fn likeness(one: &[u8], other: &[u8]) -> f32 {
    let longest = length(one).max(length(other)).max(CONSONANT);
    1.0 - (cost(one, other).min(longest) as f32) / longest as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::sound::sounds;

    fn alike(one: &str, other: &str) -> f32 {
        likeness(&sounds(one), &sounds(other))
    }

    #[test]
    fn transliterations_are_near() {
        for (one, other) in [
            ("محمد", "mohammad"),
            ("محمد", "mohamed"),
            ("محمد", "мохаммад"),
            ("mohammad", "muhammed"),
            ("حسین", "hossein"),
            ("حسین", "husain"),
            ("hoseyn", "hussein"),
            ("فاطمه", "fatemeh"),
            ("فاطمه", "fatima"),
            ("مصطفی", "mostafa"),
            ("یحیی", "yahya"),
            ("ابراهیم", "ebrahim"),
            ("ابراهیم", "ibrahim"),
            ("خسرو", "khosrow"),
            ("قاسم", "ghasem"),
            ("قاسم", "qasim"),
            ("ژاله", "zhaleh"),
            ("شیرین", "chirine"),
            ("شیرین", "şîrîn"),
            ("جمشید", "djamchid"),
            ("جمشید", "ҷамшед"),
            ("داوود", "davoud"),
            ("کوروش", "koorosh"),
            ("عبدالله", "abdollah"),
            ("عبدالرحمان", "abdurrahman"),
            ("ایران", "iran"),
            ("سید", "seyyed"),
            ("سعید", "saeed"),
            ("نوری", "nouri"),
            ("زهرا", "zahra"),
            ("موسوی", "mousavi"),
        ] {
            assert!(
                alike(one, other) > 0.88,
                "{one} and {other}: {}",
                alike(one, other)
            );
        }
    }

    #[test]
    fn other_names_are_far() {
        for (one, other) in [
            ("حسن", "حسین"),
            ("hasan", "hossein"),
            ("حسن", "hossein"),
            ("محمد", "محمود"),
            ("احمد", "حامد"),
            ("سعید", "سعد"),
            ("کریم", "رحیم"),
            ("ناصر", "نصرت"),
            ("zahra", "zohreh"),
            ("مریم", "مرضیه"),
        ] {
            assert!(
                alike(one, other) < 0.88,
                "{one} and {other}: {}",
                alike(one, other)
            );
        }
    }

    #[test]
    fn the_cost_is_the_same_both_ways() {
        for (one, other) in [
            ("محمد", "mohammad"),
            ("کریم", "karim"),
            ("abc", ""),
            ("خواجه", "khajeh"),
        ] {
            assert_eq!(
                cost(&sounds(one), &sounds(other)),
                cost(&sounds(other), &sounds(one))
            );
        }
    }
}
