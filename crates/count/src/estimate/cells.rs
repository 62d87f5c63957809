//! The cells of an overlap table, and sums over them.
//!
//! A cell is a set of lists, written as a bit mask: bit `i` is set if the list `i` names the person. Cell 0 is the people on no
//! list, whom nobody counted. A *term* of a log-linear model is a set of lists too, and a set of cells or of terms is a 64-bit mask.

/// A set of lists: a cell of the table or a term of a model.
pub type Lists = u8;

/// A set of cells or of terms: bit `c` for cell `c`.
pub type Cells = u64;

/// Six lists make 64 cells, which fill one machine word; more lists than that are merged before estimating.
pub const LISTS_MAX: usize = 6;

/// The most cells that a table has, the unseen one included.
pub const CELLS_MAX: usize = 1 << LISTS_MAX;

/// How many cells `lists` lists make, the unseen one included.
pub fn cell_count(lists: usize) -> usize {
    1 << lists
}

/// The members of a set of cells, smallest mask first.
pub fn members(set: Cells) -> impl Iterator<Item = usize> {
    let mut left = set;
    std::iter::from_fn(move || {
        (left != 0).then(|| {
            let lowest = left.trailing_zeros() as usize;
            left &= left - 1;
            lowest
        })
    })
}

/// Every cell that contains all the lists of `term`.
pub fn above(term: usize, cells: usize) -> Cells {
    (0..cells)
        .filter(|cell| cell & term == term)
        .fold(0, |set, cell| set | 1 << cell)
}

/// Every term inside `term`, itself and the empty one included.
pub fn below(term: usize) -> Cells {
    (0..=term)
        .filter(|part| part & term == *part)
        .fold(0, |set, part| set | 1 << part)
}

/// Replaces each value by the sum over all cells that contain it: `out[T] = sum of values[c] for c ⊇ T`.
pub fn sum_above(values: &mut [f64]) {
    let mut bit = 1;
    while bit < values.len() {
        for cell in (0..values.len()).filter(|cell| cell & bit == 0) {
            values[cell] += values[cell | bit];
        }
        bit <<= 1;
    }
}

/// Replaces each value by the sum over all terms inside it: `out[c] = sum of values[T] for T ⊆ c`.
pub fn sum_below(values: &mut [f64]) {
    let mut bit = 1;
    while bit < values.len() {
        for cell in (0..values.len()).filter(|cell| cell & bit == 0) {
            values[cell | bit] += values[cell];
        }
        bit <<= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_supersets_and_subsets() {
        let mut above_sums = [1.0, 2.0, 4.0, 8.0];
        sum_above(&mut above_sums);
        assert_eq!(above_sums, [15.0, 10.0, 12.0, 8.0]);
        let mut below_sums = [1.0, 2.0, 4.0, 8.0];
        sum_below(&mut below_sums);
        assert_eq!(below_sums, [1.0, 3.0, 5.0, 15.0]);
    }

    #[test]
    fn sets_above_and_below_a_term() {
        assert_eq!(above(0b10, 4), 0b1100);
        assert_eq!(below(0b11), 0b1111);
        assert_eq!(members(0b1010).collect::<Vec<_>>(), [1, 3]);
    }
}
