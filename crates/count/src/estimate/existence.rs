//! Whether the data determine a model: existence of the maximum and identifiability of the constant.
//!
//! A log-linear model has a maximum-likelihood fit with all its parameters finite if and only if some table without an empty cell has the
//! same margins as the data (Haberman 1974; Fienberg and Rinaldo 2012, who check it by linear programming). Chan, Silverman and
//! Vincent (2021) first take out the terms whose margin is zero: their parameter is minus infinity and their cells are fitted as exactly
//! zero. What is left must pass the linear program, and its design must have full rank, or the unseen cell means nothing.

use super::cells::{Cells, members};

/// Smaller pivots are rounding: the matrices hold zeros, ones and counts divided by their sum.
const PIVOT_MIN: f64 = 1e-9;

/// A program of this size ends within a few hundred steps; Bland's rule forbids cycles.
const STEPS_MAX: usize = 20_000;

/// Whether the columns of the design (1 where the term is inside the cell) are linearly independent over `cells`.
pub fn has_full_rank(terms: Cells, cells: Cells) -> bool {
    let columns: Vec<usize> = members(terms).collect();
    let mut rows: Vec<Vec<f64>> = members(cells)
        .map(|cell| {
            columns
                .iter()
                .map(|term| f64::from(u8::from(cell & term == *term)))
                .collect()
        })
        .collect();
    for column in 0..columns.len() {
        let Some(pivot) = largest_below(&rows, column) else {
            return false;
        };
        rows.swap(column, pivot);
        let (done, rest) = rows.split_at_mut(column + 1);
        let pivot_row = &done[column];
        for row in rest {
            let factor = row[column] / pivot_row[column];
            for (value, above) in row.iter_mut().zip(pivot_row).skip(column) {
                *value -= factor * above;
            }
        }
    }
    true
}

fn largest_below(rows: &[Vec<f64>], column: usize) -> Option<usize> {
    let candidates = (column..rows.len()).filter(|row| rows[*row][column].abs() > PIVOT_MIN);
    candidates.max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))
}

/// Whether a table without an empty cell in `cells` has the margins that the data have for each of `terms`.
///
/// The linear program of Fienberg and Rinaldo: the largest `s` for which a table with every cell at least `s` has the margins. `counts` has
/// one value for each cell.
pub fn maximum_exists(terms: Cells, cells: Cells, counts: &[f64]) -> bool {
    let total: f64 = members(cells).map(|cell| counts[cell]).sum();
    if total <= 0.0 {
        return false;
    }
    let rows: Vec<usize> = members(terms).collect();
    let columns: Vec<usize> = members(cells).collect();
    // With y = x - s ≥ 0 the program has only equations: sum of y over the term's cells + s · (their number) = margin.
    let matrix = rows.iter().map(|term| {
        let inside = columns
            .iter()
            .map(|cell| f64::from(u8::from(cell & term == *term)));
        let mut row: Vec<f64> = inside.collect();
        row.push(row.iter().sum());
        row
    });
    let margins = rows.iter().map(|term| {
        let inside = columns.iter().filter(|cell| **cell & term == *term);
        inside.map(|cell| counts[*cell]).sum::<f64>() / total
    });
    let mut tableau = Tableau::new(matrix.collect(), margins.collect());
    tableau.make_feasible() && tableau.largest(columns.len()) > PIVOT_MIN
}

/// A simplex tableau in canonical form: equations in non-negative unknowns, one basic unknown for each.
struct Tableau {
    rows: Vec<Vec<f64>>,
    right: Vec<f64>,
    basis: Vec<usize>,
    unknowns: usize,
}

impl Tableau {
    /// Equations `matrix · x = right` with `right ≥ 0`, started from one artificial unknown for each.
    fn new(mut matrix: Vec<Vec<f64>>, right: Vec<f64>) -> Tableau {
        let unknowns = matrix.first().map_or(0, Vec::len);
        let equations = matrix.len();
        for (index, row) in matrix.iter_mut().enumerate() {
            row.extend((0..equations).map(|other| f64::from(u8::from(other == index))));
        }
        let basis = (unknowns..unknowns + equations).collect();
        Tableau {
            rows: matrix,
            right,
            basis,
            unknowns,
        }
    }

    /// Drives the artificial unknowns to zero; false if that is impossible, which for margins of real data is rounding only.
    fn make_feasible(&mut self) -> bool {
        let width = self.unknowns + self.rows.len();
        let cost: Vec<f64> = (0..width)
            .map(|unknown| if unknown < self.unknowns { 0.0 } else { -1.0 })
            .collect();
        self.improve(&cost, width);
        let left: f64 = self
            .basic()
            .filter(|(unknown, _)| *unknown >= self.unknowns)
            .map(|(_, value)| value)
            .sum();
        self.drop_artificial();
        left.abs() < 1e-7
    }

    /// Takes artificial unknowns that are zero out of the basis where an equation allows it; a redundant equation keeps its own.
    fn drop_artificial(&mut self) {
        for row in 0..self.rows.len() {
            if self.basis[row] < self.unknowns {
                continue;
            }
            let entering =
                (0..self.unknowns).find(|unknown| self.rows[row][*unknown].abs() > PIVOT_MIN);
            if let Some(entering) = entering {
                self.pivot(row, entering);
            }
        }
    }

    /// The largest value of one unknown.
    fn largest(&mut self, unknown: usize) -> f64 {
        let cost: Vec<f64> = (0..self.unknowns)
            .map(|one| f64::from(u8::from(one == unknown)))
            .collect();
        self.improve(&cost, self.unknowns);
        self.basic()
            .find(|(one, _)| *one == unknown)
            .map_or(0.0, |(_, value)| value)
    }

    fn basic(&self) -> impl Iterator<Item = (usize, f64)> {
        self.basis.iter().copied().zip(self.right.iter().copied())
    }

    /// Raises `cost · x` as far as it goes, over the first `width` unknowns.
    fn improve(&mut self, cost: &[f64], width: usize) {
        for _ in 0..STEPS_MAX {
            let entering = (0..width).find(|unknown| self.gain(cost, *unknown) > PIVOT_MIN);
            let Some(entering) = entering else { return };
            let Some(leaving) = self.leaving(entering) else {
                return;
            };
            self.pivot(leaving, entering);
        }
    }

    fn gain(&self, cost: &[f64], unknown: usize) -> f64 {
        let spent = self
            .basis
            .iter()
            .zip(&self.rows)
            .map(|(basic, row)| cost.get(*basic).copied().unwrap_or(0.0) * row[unknown]);
        cost[unknown] - spent.sum::<f64>()
    }

    fn leaving(&self, entering: usize) -> Option<usize> {
        let rows = (0..self.rows.len()).filter(|row| self.rows[*row][entering] > PIVOT_MIN);
        let ratio = |row: usize| self.right[row] / self.rows[row][entering];
        rows.min_by(|a, b| {
            ratio(*a)
                .total_cmp(&ratio(*b))
                .then(self.basis[*a].cmp(&self.basis[*b]))
        })
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let scale = self.rows[row][column];
        self.rows[row].iter_mut().for_each(|value| *value /= scale);
        self.right[row] /= scale;
        let (pivot_row, pivot_right) = (self.rows[row].clone(), self.right[row]);
        for other in (0..self.rows.len()).filter(|other| *other != row) {
            let factor = self.rows[other][column];
            if factor != 0.0 {
                self.rows[other]
                    .iter_mut()
                    .zip(&pivot_row)
                    .for_each(|(value, above)| *value -= factor * above);
                self.right[other] = (self.right[other] - factor * pivot_right).max(0.0);
            }
        }
        self.basis[row] = column;
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Model;
    use super::*;

    /// Three lists; cells in the order 0, A, B, AB, C, AC, BC, ABC.
    fn exists(model: &str, counts: [f64; 8]) -> bool {
        let lists = ["A", "B", "C"].map(str::to_owned);
        maximum_exists(
            Model::read(model, &lists).unwrap().terms(),
            0b1111_1110,
            &counts,
        )
    }

    #[test]
    fn a_full_table_has_a_maximum() {
        assert!(exists(
            "A*B + A*C + B*C",
            [0.0, 5.0, 4.0, 3.0, 6.0, 2.0, 1.0, 1.0]
        ));
        assert!(exists("A*B", [0.0, 5.0, 4.0, 3.0, 6.0, 2.0, 1.0, 0.0]));
    }

    #[test]
    fn a_contained_list_has_none_with_its_interaction() {
        // Everybody on A is on B: the cells A and AC are empty.
        let counts = [0.0, 0.0, 4.0, 3.0, 6.0, 0.0, 1.0, 2.0];
        assert!(!exists("A*B", counts));
        assert!(exists("A + B + C", counts));
    }

    #[test]
    fn a_zero_margin_has_none_until_its_cells_are_taken_out() {
        let counts = [0.0, 5.0, 4.0, 0.0, 6.0, 2.0, 1.0, 0.0];
        assert!(!exists("A*B", counts));
        let lists = ["A", "B", "C"].map(str::to_owned);
        let kept = Model::independence(3).terms();
        assert!(Model::read("A*B", &lists).unwrap().terms() & kept == kept);
        assert!(maximum_exists(kept, 0b0111_0110, &counts));
        assert!(has_full_rank(kept, 0b0111_0110));
    }

    #[test]
    fn rank_fails_when_too_many_cells_are_gone() {
        let terms = Model::independence(3).terms();
        assert!(has_full_rank(terms, 0b1111_1110));
        assert!(!has_full_rank(terms, 0b0001_0110));
    }
}
