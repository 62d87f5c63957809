//! Two texts compared as they are written.

/// The longest text that is compared, in characters.
const CHARS_MAX: usize = 64;

/// Jaro and Winkler's measure: 1 equal, 0 nothing in common. Texts are cut at 64 characters.
pub fn jaro_winkler(one: &str, other: &str) -> f32 {
    let (mut left, mut right) = ([0u32; CHARS_MAX], [0u32; CHARS_MAX]);
    let (one, other) = (fill(&mut left, one), fill(&mut right, other));
    let jaro = jaro(one, other);
    let prefix = one
        .iter()
        .zip(other)
        .take(4)
        .take_while(|(left, right)| left == right)
        .count();
    jaro + prefix as f32 * 0.1 * (1.0 - jaro)
}

fn fill<'a>(buffer: &'a mut [u32; CHARS_MAX], text: &str) -> &'a [u32] {
    let mut count = 0;
    for (place, one) in buffer.iter_mut().zip(text.chars()) {
        *place = u32::from(one);
        count += 1;
    }
    &buffer[..count]
}

/// Jaro's measure, with the characters that found a partner as bits of a word.
fn jaro(one: &[u32], other: &[u32]) -> f32 {
    if one.is_empty() || other.is_empty() {
        return f32::from(u8::from(one.len() == other.len()));
    }
    let window = (one.len().max(other.len()) / 2).saturating_sub(1);
    let (mut taken_one, mut taken_other) = (0u64, 0u64);
    for (at, character) in one.iter().enumerate() {
        let (from, to) = (
            at.saturating_sub(window),
            (at + window + 1).min(other.len()),
        );
        let partner =
            (from..to).find(|place| taken_other & (1 << place) == 0 && other[*place] == *character);
        if let Some(place) = partner {
            taken_one |= 1 << at;
            taken_other |= 1 << place;
        }
    }
    let matches = taken_one.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let (left, right) = (bits(taken_one), bits(taken_other));
    let moved = left
        .zip(right)
        .filter(|(left, right)| one[*left] != other[*right])
        .count();
    let matches = matches as f32;
    (matches / one.len() as f32
        + matches / other.len() as f32
        + (matches - moved as f32 / 2.0) / matches)
        / 3.0
}

fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = word.trailing_zeros() as usize;
        (word != 0).then(|| {
            word &= word - 1;
            at
        })
    })
}

/// How many letters were changed, lost, added or swapped with their neighbour: 0, 1, 2, or 3 for more.
pub fn edits(one: &str, other: &str) -> usize {
    const MORE: usize = 3;
    let (mut left, mut right) = ([0u32; CHARS_MAX], [0u32; CHARS_MAX]);
    let (one, other) = (fill(&mut left, one), fill(&mut right, other));
    if one.len().abs_diff(other.len()) >= MORE {
        return MORE;
    }
    let mut before = [0usize; CHARS_MAX + 1];
    let mut row: [usize; CHARS_MAX + 1] = std::array::from_fn(|at| at);
    for (line, left) in one.iter().enumerate() {
        let two_before = before;
        before = row;
        row[0] = line + 1;
        for (at, right) in other.iter().enumerate() {
            let mut least = (before[at] + usize::from(left != right))
                .min(before[at + 1] + 1)
                .min(row[at] + 1);
            if line > 0 && at > 0 && *left == other[at - 1] && one[line - 1] == *right {
                least = least.min(two_before[at - 1] + 1);
            }
            row[at + 1] = least;
        }
    }
    row[other.len()].min(MORE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published examples of Winkler's papers.
    #[test]
    fn jaro_and_winklers_examples() {
        for (one, other, expected) in [
            ("martha", "marhta", 0.961),
            ("dwayne", "duane", 0.840),
            ("dixon", "dicksonx", 0.813),
            ("same", "same", 1.0),
            ("abc", "xyz", 0.0),
        ] {
            let measured = jaro_winkler(one, other);
            assert!(
                (measured - expected).abs() < 0.001,
                "{one} {other} {measured}"
            );
        }
    }

    #[test]
    fn edits_are_counted() {
        for (one, other, expected) in [
            ("ab", "ba", 1),
            ("abc", "abc", 0),
            ("abc", "ac", 1),
            ("abcd", "badc", 2),
            ("a", "xyz", 3),
        ] {
            assert_eq!(edits(one, other), expected, "{one} {other}");
        }
    }
}
