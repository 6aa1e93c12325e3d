//! A histogram that many threads observe without a lock.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts by upper bound, and the sum, in millionths of the unit.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    counts: Vec<AtomicU64>,
    sum_millionths: AtomicU64,
}

impl Histogram {
    /// An empty histogram; values above the last bound count in `+Inf`.
    pub fn new(bounds: &'static [f64]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self {
            bounds,
            counts,
            sum_millionths: AtomicU64::new(0),
        }
    }

    /// Counts one value.
    pub fn observe(&self, value: f64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.counts[bucket].fetch_add(1, Relaxed);
        self.sum_millionths
            .fetch_add((value * 1e6).round() as u64, Relaxed);
    }

    /// Upper bounds with the number of values at or below each, `+Inf` last.
    pub fn cumulative(&self) -> impl Iterator<Item = (f64, u64)> {
        let mut total = 0;
        self.bounds
            .iter()
            .copied()
            .chain([f64::INFINITY])
            .zip(&self.counts)
            .map(move |(bound, count)| {
                total += count.load(Relaxed);
                (bound, total)
            })
    }

    /// Sum of the values.
    pub fn sum(&self) -> f64 {
        self.sum_millionths.load(Relaxed) as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_on_a_bound_belongs_to_it() {
        let histogram = Histogram::new(&[1.0, 2.0]);
        for value in [0.5, 1.0, 2.0, 9.0] {
            histogram.observe(value);
        }
        assert_eq!(
            histogram
                .cumulative()
                .map(|(_, count)| count)
                .collect::<Vec<_>>(),
            [2, 3, 4]
        );
        assert_eq!(histogram.sum(), 12.5);
    }
}
