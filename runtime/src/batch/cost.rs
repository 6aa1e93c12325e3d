//! What a run costs, as measured: one curve from work (input elements) to seconds.
//!
//! Warm-up measures every size once, and a neighbor on the machine may spoil that: a size that looks too dear is then
//! never run, and never measured again. So a size is due for a trial once in a while: until it has run again, it is
//! hoped to be a little better than the best one. Sizes that run are never due.

use std::time::Duration;

use super::estimate::Estimate;

/// Steps of the curve per doubling of work.
const STEPS: f64 = 4.0;

/// Runs after which a size that only warm-up has measured is due.
const TRIAL: u64 = 64;

/// Each run of a size doubles the time until it is due again, so often at most.
const DOUBLINGS: u32 = 10;

/// What a size that is due is hoped to take per element, as a part of what the best one takes. Less than the decision
/// asks for to prefer one size to another would not get it tried.
const HOPE: f64 = 0.95;

/// A first run under load counts at most this multiple of what warm-up measured: it may be a stall.
const STALL: f64 = 2.0;

#[derive(Debug, Clone, Copy)]
struct Knot {
    step: i32,
    work: Estimate,
    seconds: Estimate,
    /// Runs since warm-up.
    runs: u32,
    /// The count of all runs from which on it is due.
    due: u64,
}

impl Knot {
    /// Takes one run under load into account. The first one counts instead of warm-up's.
    fn observe(&mut self, work: f64, seconds: f64) {
        match self.runs {
            0 => {
                let most = self.seconds.value() * STALL;
                self.seconds = Estimate::new(seconds.min(most));
                self.work = Estimate::new(work);
            }
            runs => {
                self.seconds.average(seconds, runs);
                self.work.average(work, runs);
            }
        }
    }
}

/// Measured run times by work, forced to grow with work.
#[derive(Debug, Clone, Default)]
pub struct CostModel {
    knots: Vec<Knot>,
    /// `(work, seconds)` of the knots, monotone.
    curve: Vec<(f64, f64)>,
    /// The same with what is hoped of those that are due.
    hopes: Vec<(f64, f64)>,
    /// Runs since warm-up.
    runs: u64,
}

impl CostModel {
    /// Takes a warm-up run into account. Of several the shortest counts: noise only adds.
    pub fn expect(&mut self, work: u64, elapsed: Duration) {
        let (knot, _) = self.knot(work, elapsed);
        let seconds = elapsed.as_secs_f64().min(knot.seconds.value());
        knot.seconds = Estimate::new(seconds);
        self.draw();
    }

    /// Takes one run under load into account.
    pub fn observe(&mut self, work: u64, elapsed: Duration) {
        self.runs += 1;
        let now = self.runs;
        let (knot, work) = self.knot(work, elapsed);
        knot.observe(work, elapsed.as_secs_f64());
        knot.runs = knot.runs.saturating_add(1);
        knot.due = now + (TRIAL << knot.runs.min(DOUBLINGS));
        self.draw();
    }

    /// The knot for this much work, made where there is none, and the work.
    fn knot(&mut self, work: u64, elapsed: Duration) -> (&mut Knot, f64) {
        let work = work.max(1) as f64;
        let step = (work.log2() * STEPS).round() as i32;
        let index = match self.knots.binary_search_by_key(&step, |knot| knot.step) {
            Ok(index) => index,
            Err(index) => {
                let knot = Knot {
                    step,
                    work: Estimate::new(work),
                    seconds: Estimate::new(elapsed.as_secs_f64()),
                    runs: 0,
                    due: self.runs + TRIAL,
                };
                self.knots.insert(index, knot);
                index
            }
        };
        (&mut self.knots[index], work)
    }

    fn draw(&mut self) {
        let measured = self.knots.iter().map(|knot| knot.seconds.value());
        let measured = monotone(measured);
        let is_due = |knot: &Knot| knot.due <= self.runs;
        let pace = self
            .knots
            .iter()
            .zip(&measured)
            .filter(|(knot, _)| !is_due(knot))
            .map(|(knot, seconds)| seconds / knot.work.value())
            .fold(f64::INFINITY, f64::min);
        let hoped = self
            .knots
            .iter()
            .zip(&measured)
            .map(|(knot, seconds)| match is_due(knot) {
                true => seconds.min(knot.work.value() * pace * HOPE),
                false => *seconds,
            });
        let hoped = monotone(hoped);
        let work = || self.knots.iter().map(|knot| knot.work.value());
        self.hopes = work().zip(hoped).collect();
        self.curve = work().zip(measured).collect();
    }

    /// Whether there is enough to decide from: two sizes of run.
    pub fn is_trustworthy(&self) -> bool {
        self.curve.len() > 1
    }

    /// Expected seconds of a run; `None` without a trustworthy measurement.
    pub fn seconds(&self, work: f64) -> Option<f64> {
        self.is_trustworthy()
            .then(|| read(&self.curve, work))
            .flatten()
    }

    /// The same to choose a size by: less for sizes that are due for a trial.
    pub fn hoped_seconds(&self, work: f64) -> Option<f64> {
        self.is_trustworthy()
            .then(|| read(&self.hopes, work))
            .flatten()
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

/// Pools neighbors that contradict the order, so that the curve never falls and no single knot lifts all above it.
fn monotone(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut pools: Vec<(f64, usize)> = Vec::with_capacity(values.size_hint().0);
    for value in values {
        pools.push((value, 1));
        while let [.., (low, few), (high, more)] = &pools[..]
            && low > high
        {
            let count = few + more;
            let mean = (low * *few as f64 + high * *more as f64) / count as f64;
            pools.truncate(pools.len() - 2);
            pools.push((mean, count));
        }
    }
    pools
        .iter()
        .flat_map(|&(mean, count)| std::iter::repeat_n(mean, count))
        .collect()
}

/// The seconds of `work` on a curve: between its points on a line, beyond the last in proportion.
fn read(curve: &[(f64, f64)], work: f64) -> Option<f64> {
    let (first, last) = (curve.first()?, curve.last()?);
    if work <= first.0 {
        return Some(first.1);
    }
    if work >= last.0 {
        return Some(last.1 * work / last.0);
    }
    let above = curve
        .partition_point(|point| point.0 < work)
        .min(curve.len() - 1);
    let (low, high) = (curve[above - 1], curve[above]);
    Some(low.1 + (high.1 - low.1) * (work - low.0) / (high.0 - low.0).max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(points: &[(u64, u64)]) -> CostModel {
        let mut model = CostModel::default();
        for &(work, micros) in points {
            model.expect(work, Duration::from_micros(micros));
        }
        model
    }

    fn micros(model: &CostModel, work: f64) -> f64 {
        (model.seconds(work).unwrap() * 1e6).round()
    }

    fn hoped(model: &CostModel, work: f64) -> f64 {
        (model.hoped_seconds(work).unwrap() * 1e6).round()
    }

    fn observe(model: &mut CostModel, work: u64, micros: u64, times: u64) {
        for _ in 0..times {
            model.observe(work, Duration::from_micros(micros));
        }
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
    fn of_several_warm_up_runs_the_shortest_counts() {
        let model = model(&[(100, 1000), (200, 9000), (200, 2000), (200, 5000)]);
        assert_eq!(micros(&model, 200.0), 2000.0);
    }

    #[test]
    fn the_first_run_under_load_counts_instead_of_warm_up_s_but_a_stall_at_most_double() {
        let warm = model(&[(100, 1000), (200, 9000)]);
        for (micros_seen, expected) in [(1800, 1800.0), (12_000, 12_000.0), (500_000, 18_000.0)] {
            let mut model = warm.clone();
            observe(&mut model, 200, micros_seen, 1);
            assert_eq!(micros(&model, 200.0), expected);
        }
    }

    #[test]
    fn one_stall_hardly_moves_what_ran_often() {
        let mut model = model(&[(100, 1000), (200, 2000)]);
        observe(&mut model, 100, 1000, 10);
        observe(&mut model, 100, 10_000_000, 1);
        assert!(micros(&model, 100.0) < 1200.0);
    }

    #[test]
    fn a_size_that_never_ran_is_due_after_a_while_and_then_ever_more_seldom() {
        let mut model = model(&[(100, 1000), (200, 9000)]);
        observe(&mut model, 100, 1000, TRIAL - 1);
        assert_eq!(hoped(&model, 200.0), 9000.0);
        observe(&mut model, 100, 1000, 1);
        assert_eq!(hoped(&model, 200.0), 1900.0);
        assert_eq!(micros(&model, 200.0), 9000.0, "only to choose by");
        assert_eq!(hoped(&model, 100.0), 1000.0, "it runs all the time");

        // It was no mistake.
        for runs in [1, 2, 3] {
            observe(&mut model, 200, 9000, 1);
            observe(&mut model, 100, 1000, (TRIAL << runs) - 1);
            assert_eq!(hoped(&model, 200.0), 9000.0, "{runs}");
            observe(&mut model, 100, 1000, 1);
            assert_eq!(hoped(&model, 200.0), 1900.0, "{runs}");
        }
    }

    #[test]
    fn where_nothing_but_sizes_that_are_due_is_known_nothing_is_hoped() {
        let mut model = model(&[(100, 1000), (200, 2000)]);
        model.runs = TRIAL;
        model.draw();
        assert_eq!(hoped(&model, 200.0), 2000.0);
    }
}
