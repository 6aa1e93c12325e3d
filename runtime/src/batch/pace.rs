//! How fast the queue really empties under load: engine, gathering, network threads and neighbors together.

use std::time::{Duration, Instant};

use super::estimate::Estimate;

/// Busy time that one sample covers at least: single runs of fast models are too short to tell.
const SAMPLE: Duration = Duration::from_millis(20);

/// Time between two runs that is longer than this part of the second is none of its costs.
const REST: u32 = 4;

/// Work done per second of wall time while there always was more than one run could take.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    rate: Option<Estimate>,
    last_end: Option<Instant>,
    work: u64,
    time: Duration,
}

impl Pace {
    /// A run of `work` ended. `pressed` says that others had to stay behind when it started: then it was as large as
    /// pays, and what happened since the last run ended belongs to it, unless that was a rest.
    pub fn ended(&mut self, started: Instant, now: Instant, work: u64, pressed: bool) {
        let last = self.last_end.replace(now);
        if pressed {
            let rest = now.saturating_duration_since(started) / REST;
            let since = last.filter(|last| *last + rest >= started);
            self.work += work;
            self.time += now.saturating_duration_since(since.unwrap_or(started));
        }
        if self.time < SAMPLE || self.work == 0 {
            return;
        }
        let sample = self.work as f64 / self.time.as_secs_f64();
        match &mut self.rate {
            Some(rate) => rate.observe(sample),
            None => self.rate = Some(Estimate::new(sample)),
        }
        (self.work, self.time) = (0, Duration::ZERO);
    }

    /// Work per second; `None` before the first load.
    pub fn rate(&self) -> Option<f64> {
        self.rate.map(Estimate::value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_runs_that_left_others_behind_count() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pace = Pace::default();
        // The first run after a rest counts from its start, the next one from the end before.
        pace.ended(at(1000), at(1040), 100, true);
        assert_eq!(pace.rate().map(f64::round), Some(2500.0));
        pace.ended(at(1045), at(1090), 100, true);
        assert!(pace.rate() < Some(2500.0));
        let before = pace.rate();
        pace.ended(at(2000), at(2100), 1, false);
        assert_eq!(pace.rate(), before, "it took all there was");
    }

    #[test]
    fn instances_that_run_at_once_add_up() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut pace = Pace::default();
        pace.ended(at(0), at(100), 100, true);
        for half in 3..20 {
            pace.ended(at(half * 50 - 100), at(half * 50), 100, true);
        }
        assert!(pace.rate() > Some(1500.0), "{pace:?}");
    }
}
