//! Weighted least squares of few unknowns.

/// The normal equations Xᵀ W X b = Xᵀ W z, gathered row by row.
pub(crate) struct Normal {
    terms: usize,
    /// Row by row; the lower triangle is used.
    left: Vec<f64>,
    right: Vec<f64>,
}

/// Their solution.
pub(crate) struct Solved {
    pub(crate) solution: Vec<f64>,
    /// The first element of the inverse's diagonal: the variance of the first unknown.
    pub(crate) first_variance: f64,
}

impl Normal {
    pub(crate) fn new(terms: usize) -> Self {
        Self { terms, left: vec![0.0; terms * terms], right: vec![0.0; terms] }
    }

    /// Adds an observation.
    pub(crate) fn add(&mut self, row: &[f64], weight: f64, value: f64) {
        for ((line, right), x) in self.left.chunks_mut(self.terms).zip(&mut self.right).zip(row) {
            *right += weight * x * value;
            for (cell, y) in line.iter_mut().zip(row) {
                *cell += weight * x * y;
            }
        }
    }

    /// `None` when the equations do not determine the unknowns.
    pub(crate) fn solve(mut self) -> Option<Solved> {
        let n = self.terms;
        // Gauss and Jordan with the largest pivot; beside the right side stands the first column of the unit matrix, which
        // becomes the first column of the inverse.
        let mut inverse = (0..n).map(|row| f64::from(u8::from(row == 0))).collect::<Vec<_>>();
        let largest = self.left.iter().fold(0.0_f64, |largest, cell| largest.max(cell.abs()));
        for column in 0..n {
            let at = |row: usize| row * n + column;
            let size = |row: &usize| self.left.get(at(*row)).map_or(0.0, |cell| cell.abs());
            let pivot = (column..n).max_by(|one, other| size(one).total_cmp(&size(other)))?;
            if size(&pivot) <= largest * 1e-13 {
                return None;
            }
            for cell in 0..n {
                self.left.swap(pivot * n + cell, column * n + cell);
            }
            self.right.swap(pivot, column);
            inverse.swap(pivot, column);
            let line = self.left.get(column * n..(column + 1) * n)?.to_vec();
            let (of_right, of_inverse) = (*self.right.get(column)?, *inverse.get(column)?);
            let head = *line.get(column)?;
            for (row, other) in self.left.chunks_mut(n).enumerate() {
                let factor = if row == column { 1.0 - 1.0 / head } else { *other.get(column)? / head };
                for (cell, value) in other.iter_mut().zip(&line) {
                    *cell -= factor * value;
                }
                *self.right.get_mut(row)? -= factor * of_right;
                *inverse.get_mut(row)? -= factor * of_inverse;
            }
        }
        Some(Solved { first_variance: *inverse.first()?, solution: self.right })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_line_through_points_is_found() {
        let mut normal = Normal::new(2);
        for (x, y, weight) in [(0.0, 1.0, 2.0), (1.0, 3.0, 1.0), (2.0, 5.0, 4.0)] {
            normal.add(&[1.0, x], weight, y);
        }
        let solved = normal.solve().unwrap();
        assert!((solved.solution[0] - 1.0).abs() < 1e-9 && (solved.solution[1] - 2.0).abs() < 1e-9, "{:?}", solved.solution);
        // Of [[7, 9], [9, 17]] the inverse begins with 17 / 38.
        assert!((solved.first_variance - 17.0 / 38.0).abs() < 1e-9, "{}", solved.first_variance);
        let mut twice = Normal::new(2);
        twice.add(&[1.0, 1.0], 1.0, 1.0);
        assert!(twice.solve().is_none());
    }
}
