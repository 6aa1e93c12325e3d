//! How requests arrive: how long it is usually quiet before the next one, and how many are in the system at once.

use std::time::{Duration, Instant};

/// Runs that the peak is taken over.
const RUNS: usize = 7;

/// Factor by which the usual quiet time moves towards a new one.
const STEP: f64 = 1.1;

/// Follows arrivals and runs of one model.
#[derive(Debug, Clone)]
pub struct Rhythm {
    last_event: Instant,
    /// Median-seeking estimate of the quiet time before an arrival.
    gap: Option<Duration>,
    /// Most rows in the system at once between two starts, of the last runs.
    peaks: [u32; RUNS],
    next: usize,
    peak: u32,
}

impl Rhythm {
    /// Nothing has arrived yet.
    pub fn new(now: Instant) -> Self {
        Self {
            last_event: now,
            gap: None,
            peaks: [0; RUNS],
            next: 0,
            peak: 0,
        }
    }

    /// A request arrived; `rows` are now waiting or running.
    pub fn arrived(&mut self, now: Instant, rows: u32) {
        let quiet = now
            .saturating_duration_since(self.last_event)
            .max(Duration::from_nanos(100));
        self.gap = Some(match self.gap {
            None => quiet,
            Some(gap) if quiet > gap => gap.mul_f64(STEP),
            Some(gap) => gap.div_f64(STEP).max(Duration::from_nanos(100)),
        });
        self.last_event = now;
        self.peak = self.peak.max(rows);
    }

    /// A run starts; `rows` are waiting or running.
    pub fn started(&mut self, rows: u32) {
        self.peaks[self.next] = self.peak.max(rows);
        self.next = (self.next + 1) % RUNS;
        self.peak = rows;
    }

    /// A run ended; `rows` are still waiting or running.
    pub fn ended(&mut self, now: Instant, rows: u32) {
        self.last_event = now;
        self.peak = rows;
    }

    /// The last arrival or end of a run.
    pub fn last_event(&self) -> Instant {
        self.last_event
    }

    /// Usual quiet time before the next arrival.
    pub fn gap(&self) -> Option<Duration> {
        self.gap
    }

    /// Rows usually in the system at once: the median over the last runs.
    pub fn usual_rows(&self) -> u32 {
        let mut sorted = self.peaks;
        sorted.sort_unstable();
        sorted[RUNS / 2]
    }
}
