//! What a run costs, as measured: one curve from work (input elements) to seconds.

use std::time::Duration;

use super::estimate::Estimate;

/// Steps of the curve per doubling of work.
const STEPS: f64 = 4.0;

#[derive(Debug, Clone, Copy)]
struct Knot {
    step: i32,
    work: Estimate,
    seconds: Estimate,
}

/// Measured run times by work, forced to grow with work.
#[derive(Debug, Clone, Default)]
pub struct CostModel {
    knots: Vec<Knot>,
    /// `(work, seconds)` of the knots, monotone.
    curve: Vec<(f64, f64)>,
}

impl CostModel {
    /// Takes one run into account.
    pub fn observe(&mut self, work: u64, elapsed: Duration) {
        let work = (work.max(1)) as f64;
        let seconds = elapsed.as_secs_f64();
        let step = (work.log2() * STEPS).round() as i32;
        match self.knots.binary_search_by_key(&step, |knot| knot.step) {
            Ok(index) => {
                self.knots[index].seconds.observe(seconds);
                self.knots[index].work.observe(work);
            }
            Err(index) => self.knots.insert(
                index,
                Knot {
                    step,
                    work: Estimate::new(work),
                    seconds: Estimate::new(seconds),
                },
            ),
        }
        self.smooth();
    }

    /// Pools neighbors that contradict the order, so that the curve never falls and no single knot lifts all above it.
    fn smooth(&mut self) {
        self.curve.clear();
        let mut pools: Vec<(f64, usize)> = Vec::with_capacity(self.knots.len());
        for knot in &self.knots {
            pools.push((knot.seconds.value(), 1));
            while let [.., (low, few), (high, more)] = &pools[..]
                && low > high
            {
                let count = few + more;
                let mean = (low * *few as f64 + high * *more as f64) / count as f64;
                pools.truncate(pools.len() - 2);
                pools.push((mean, count));
            }
        }
        let seconds = pools
            .iter()
            .flat_map(|&(mean, count)| std::iter::repeat_n(mean, count));
        self.curve
            .extend(self.knots.iter().map(|knot| knot.work.value()).zip(seconds));
    }

    /// Whether there is enough to decide from: two sizes of run.
    pub fn is_trustworthy(&self) -> bool {
        self.curve.len() > 1
    }

    /// Expected seconds of a run; `None` without a trustworthy measurement.
    pub fn seconds(&self, work: f64) -> Option<f64> {
        let (first, last) = (self.curve.first()?, self.curve.last()?);
        if !self.is_trustworthy() {
            return None;
        }
        if work <= first.0 {
            return Some(first.1);
        }
        if work >= last.0 {
            return Some(last.1 * work / last.0);
        }
        let above = self
            .curve
            .partition_point(|point| point.0 < work)
            .min(self.curve.len() - 1);
        let (low, high) = (self.curve[above - 1], self.curve[above]);
        Some(low.1 + (high.1 - low.1) * (work - low.0) / (high.0 - low.0).max(f64::MIN_POSITIVE))
    }

    /// Seconds per element in the best run measured; 0 without a measurement.
    pub fn best_pace(&self) -> f64 {
        self.curve
            .iter()
            .map(|(work, seconds)| seconds / work)
            .reduce(f64::min)
            .unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(points: &[(u64, u64)]) -> CostModel {
        let mut model = CostModel::default();
        for &(work, micros) in points {
            model.observe(work, Duration::from_micros(micros));
        }
        model
    }

    fn micros(model: &CostModel, work: f64) -> f64 {
        (model.seconds(work).unwrap() * 1e6).round()
    }

    #[test]
    fn one_size_is_not_enough() {
        assert_eq!(model(&[]).seconds(1.0), None);
        assert_eq!(model(&[(16, 5000)]).seconds(16.0), None);
    }

    #[test]
    fn between_measurements_it_interpolates_and_beyond_it_scales() {
        let model = model(&[(100, 1000), (200, 2000)]);
        assert_eq!(micros(&model, 10.0), 1000.0);
        assert_eq!(micros(&model, 150.0), 1500.0);
        assert_eq!(micros(&model, 400.0), 4000.0);
    }

    #[test]
    fn a_larger_run_never_counts_as_cheaper_and_one_bad_knot_lifts_few() {
        let model = model(&[(100, 1000), (200, 5000), (400, 4000), (800, 8000)]);
        assert_eq!(micros(&model, 200.0), 4500.0);
        assert_eq!(micros(&model, 400.0), 4500.0);
        assert_eq!(micros(&model, 800.0), 8000.0);
    }

    #[test]
    fn one_stall_hardly_moves_it() {
        let mut model = model(&[(100, 1000), (200, 2000)]);
        model.observe(100, Duration::from_secs(10));
        assert!(model.seconds(100.0).unwrap() < 0.0012);
    }
}
