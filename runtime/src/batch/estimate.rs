//! A measured value that follows its samples slowly: machines are noisy.

/// Share of a new sample in the estimate.
const LEARNING: f64 = 0.1;

/// A sample counts as at most this multiple of the estimate, and at least its inverse, so that one stall hardly shows.
const OUTLIER: f64 = 2.0;

/// The running estimate of one quantity that is never negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate(f64);

impl Estimate {
    /// Starts at the first sample.
    pub fn new(first: f64) -> Self {
        Self(first)
    }

    /// Moves towards `sample`.
    pub fn observe(&mut self, sample: f64) {
        self.follow(sample, LEARNING);
    }

    /// The mean of the first samples, then like [`Estimate::observe`]; `before` samples came before this one.
    pub fn average(&mut self, sample: f64, before: u32) {
        self.follow(sample, (1.0 / (f64::from(before) + 1.0)).max(LEARNING));
    }

    fn follow(&mut self, sample: f64, share: f64) {
        let bounded = sample.clamp(self.0 / OUTLIER, self.0 * OUTLIER);
        self.0 += (bounded - self.0) * share;
    }

    /// The estimate.
    pub fn value(self) -> f64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stall_hardly_moves_it_and_a_lasting_change_does() {
        let mut estimate = Estimate::new(1.0);
        estimate.observe(1000.0);
        assert!(estimate.value() < 1.2);
        for _ in 0..60 {
            estimate.observe(3.0);
        }
        assert!((estimate.value() - 3.0).abs() < 0.1);
    }
}
