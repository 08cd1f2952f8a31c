//! Many measurements as a few numbers.

use serde::Serialize;

/// Measurements of one thing, in one unit.
#[derive(Debug, Clone, Default)]
pub(super) struct Samples(Vec<f64>);

/// What is said about them. Percentiles are measurements that were made, not values in between.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Summary {
    pub(super) runs: usize,
    pub(super) min: f64,
    pub(super) p50: f64,
    pub(super) p90: f64,
    pub(super) p99: f64,
    pub(super) max: f64,
}

impl Samples {
    pub(super) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// All zeros if nothing was measured.
    pub(super) fn summary(&self) -> Summary {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |per_cent| nearest_rank(&sorted, per_cent);
        Summary {
            runs: sorted.len(),
            min: at(0),
            p50: at(50),
            p90: at(90),
            p99: at(99),
            max: at(100),
        }
    }
}

impl From<f64> for Samples {
    fn from(value: f64) -> Self {
        Self(vec![value])
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl Extend<f64> for Samples {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        self.0.extend(values);
    }
}

/// The smallest value that is not below `per_cent` of all.
fn nearest_rank(sorted: &[f64], per_cent: usize) -> f64 {
    let rank = (sorted.len() * per_cent).div_ceil(100);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(values: &[f64]) -> Summary {
        values.iter().copied().collect::<Samples>().summary()
    }

    #[test]
    fn percentiles_are_the_nearest_measurements_from_above() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let one_far_out: Vec<f64> = std::iter::repeat_n(1.0, 199).chain([90.0]).collect();
        let cases: [(&str, &[f64], [f64; 5]); 6] = [
            ("nothing", &[], [0.0; 5]),
            ("one", &[7.0], [7.0; 5]),
            ("two", &[2.0, 1.0], [1.0, 1.0, 2.0, 2.0, 2.0]),
            ("three", &[3.0, 1.0, 2.0], [1.0, 2.0, 3.0, 3.0, 3.0]),
            ("a hundred", &hundred, [1.0, 50.0, 90.0, 99.0, 100.0]),
            ("one of two hundred", &one_far_out, [1.0, 1.0, 1.0, 1.0, 90.0]),
        ];
        for (name, values, [min, p50, p90, p99, max]) in cases {
            let expected = Summary { runs: values.len(), min, p50, p90, p99, max };
            assert_eq!(summary(values), expected, "{name}");
        }
    }
}
