//! Whether a request can be answered in time: from what runs, what waits before it, and the measured pace.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::cost::CostModel;
use super::pace::Pace;
use super::request::DEFAULT_PRIORITY;
use crate::failure::{Failure, Kind};

/// What waits counts this much longer than measured: later arrivals may share the runs of earlier ones. A queue that
/// is never empty loses no throughput by being a little shorter.
const HEADROOM: f64 = 1.25;

/// What the expectation rests on; part of the queue's state.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    /// Work waiting, in input elements, by priority.
    waiting: BTreeMap<u32, u64>,
    /// When each running batch is expected to end.
    running: Vec<(u64, Instant)>,
    pub(super) cost: CostModel,
    pub(super) pace: Pace,
    instances: u32,
}

impl Outlook {
    pub(super) fn new(instances: u32) -> Self {
        Self {
            instances,
            ..Self::default()
        }
    }

    pub(super) fn admitted(&mut self, priority: u32, work: u64) {
        *self.waiting.entry(priority).or_default() += work;
    }

    pub(super) fn left(&mut self, priority: u32, work: u64) {
        if let Some(waiting) = self.waiting.get_mut(&priority) {
            *waiting -= work;
            if *waiting == 0 {
                self.waiting.remove(&priority);
            }
        }
    }

    pub(super) fn started(&mut self, run: u64, work: u64, now: Instant) {
        let seconds = self.cost.seconds(work as f64).unwrap_or(0.0);
        self.running
            .push((run, now + Duration::from_secs_f64(seconds)));
    }

    pub(super) fn ended(&mut self, run: u64) {
        self.running.retain(|(other, _)| *other != run);
    }

    /// Whether an instance is free and nothing waits.
    fn is_idle(&self) -> bool {
        self.running.len() < self.instances as usize && self.waiting.is_empty()
    }

    /// How long a request of this priority would wait for its run; 0 while nothing is measured.
    pub(super) fn wait(&self, priority: u32, now: Instant) -> Duration {
        let running = match self.running.iter().map(|(_, end)| *end).min() {
            Some(end) if self.running.len() >= self.instances as usize => {
                end.saturating_duration_since(now)
            }
            _ => Duration::ZERO,
        };
        let ahead: u64 = self.waiting.range(..=priority).map(|(_, work)| work).sum();
        let pace = match self.pace.rate() {
            Some(rate) => 1.0 / rate,
            None => self.cost.best_pace() / f64::from(self.instances.max(1)),
        };
        running + Duration::from_secs_f64(ahead as f64 * pace * HEADROOM)
    }

    /// Says why a request that needs `work` cannot be answered by its deadline.
    ///
    /// An idle engine always tries: only that corrects an estimate that is too high.
    pub(super) fn check(
        &self,
        priority: u32,
        work: u64,
        now: Instant,
        deadline: Instant,
    ) -> Result<(), Failure> {
        let Some(own) = self.cost.seconds(work as f64) else {
            return Ok(());
        };
        let whole = self.wait(priority, now) + Duration::from_secs_f64(own);
        match self.is_idle() || now + whole <= deadline {
            true => Ok(()),
            false => Err(too_late(whole, now, deadline)),
        }
    }
}

fn too_late(whole: Duration, now: Instant, deadline: Instant) -> Failure {
    let mut failure = Failure::new(
        Kind::TooLate,
        format!(
            "the answer would take {} ms, past its deadline",
            whole.as_millis()
        ),
    );
    failure.retry_after = Some(whole.saturating_sub(deadline.saturating_duration_since(now)));
    failure
}

/// Where the outlook for requests of the default priority can be read without the queue's lock.
#[derive(Debug)]
pub(super) struct Forecast {
    origin: Instant,
    /// When the smallest request that arrives now would be answered, in microseconds from `origin`.
    answer: AtomicU64,
}

impl Forecast {
    pub(super) fn new(origin: Instant) -> Self {
        Self {
            origin,
            answer: AtomicU64::new(0),
        }
    }

    pub(super) fn publish(&self, outlook: &Outlook, now: Instant) {
        let smallest = Duration::from_secs_f64(outlook.cost.seconds(0.0).unwrap_or(0.0));
        let answer = match outlook.is_idle() {
            true => self.origin,
            false => now + outlook.wait(DEFAULT_PRIORITY, now) + smallest,
        };
        let micros = answer.saturating_duration_since(self.origin).as_micros();
        self.answer
            .store(u64::try_from(micros).unwrap_or(u64::MAX), Relaxed);
    }

    /// Says why no request of the default priority can be answered by its deadline.
    pub(super) fn check(&self, now: Instant, deadline: Instant) -> Result<(), Failure> {
        let answer = self.origin + Duration::from_micros(self.answer.load(Relaxed));
        match answer <= deadline {
            true => Ok(()),
            false => Err(too_late(
                answer.saturating_duration_since(now),
                now,
                deadline,
            )),
        }
    }
}
