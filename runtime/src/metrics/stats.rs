//! What is counted per model.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mlspec_contract::metrics::{CODES, REASONS, ROWS, SECONDS};

use super::Histogram;
use crate::batch::Timing;
use crate::failure::{Failure, Kind};

/// Summed times of all runs of one batch size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BatchStats {
    /// Number of runs.
    pub count: u64,
    /// Gathering inputs.
    pub gather: Duration,
    /// The engine.
    pub compute: Duration,
    /// Splitting outputs.
    pub split: Duration,
}

/// Everything that is counted for one model.
#[derive(Debug)]
pub struct ModelStats {
    /// Requests by outcome, in the order of [`CODES`].
    pub codes: [AtomicU64; CODES.len()],
    /// Failed requests by reason, in the order of [`REASONS`].
    pub reasons: [AtomicU64; REASONS.len()],
    /// Admitted requests that are not answered yet.
    pub inflight: AtomicU64,
    /// Seconds from arrival to answer, of answered requests.
    pub request_seconds: Histogram,
    /// Seconds from arrival to the start of the run, of answered requests.
    pub queue_seconds: Histogram,
    /// Seconds in the engine, of answered requests.
    pub compute_seconds: Histogram,
    /// Rows of each run.
    pub batch_rows: Histogram,
    /// Elements that were added to inputs as padding.
    pub padded: AtomicU64,
    /// Requests that were answered with a result.
    pub success: AtomicU64,
    /// Their time from arrival to answer, in nanoseconds.
    pub success_ns: AtomicU64,
    /// Requests that were answered with a failure, or whose client went away.
    pub fail: AtomicU64,
    /// Their time from arrival to that, in nanoseconds.
    pub fail_ns: AtomicU64,
    /// Time of answered requests from arrival to the start of their runs, in nanoseconds.
    pub queue_ns: AtomicU64,
    /// Time of answered requests in gathering inputs, in nanoseconds.
    pub gather_ns: AtomicU64,
    /// Time of answered requests in the engine, in nanoseconds.
    pub compute_ns: AtomicU64,
    /// Time of answered requests in splitting outputs, in nanoseconds.
    pub split_ns: AtomicU64,
    /// Rows of all runs.
    pub rows: AtomicU64,
    /// Engine runs.
    pub runs: AtomicU64,
    /// Unix time of the last answer, in milliseconds; 0 before the first.
    pub last_ms: AtomicU64,
    /// Time from start to ready, in microseconds; 0 before.
    pub load_us: AtomicU64,
    by_size: Mutex<BTreeMap<u32, BatchStats>>,
}

impl Default for ModelStats {
    fn default() -> Self {
        Self {
            codes: Default::default(),
            reasons: Default::default(),
            inflight: AtomicU64::new(0),
            request_seconds: Histogram::new(SECONDS),
            queue_seconds: Histogram::new(SECONDS),
            compute_seconds: Histogram::new(SECONDS),
            batch_rows: Histogram::new(ROWS),
            padded: AtomicU64::new(0),
            success: AtomicU64::new(0),
            success_ns: AtomicU64::new(0),
            fail: AtomicU64::new(0),
            fail_ns: AtomicU64::new(0),
            queue_ns: AtomicU64::new(0),
            gather_ns: AtomicU64::new(0),
            compute_ns: AtomicU64::new(0),
            split_ns: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            runs: AtomicU64::new(0),
            last_ms: AtomicU64::new(0),
            load_us: AtomicU64::new(0),
            by_size: Mutex::new(BTreeMap::new()),
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl ModelStats {
    /// Counts one engine run.
    pub fn ran(&self, rows: u32, timing: &Timing, padded: u64) {
        self.runs.fetch_add(1, Relaxed);
        self.rows.fetch_add(rows.into(), Relaxed);
        self.batch_rows.observe(rows.into());
        self.padded.fetch_add(padded, Relaxed);
        let mut by_size = self.by_size.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = by_size.entry(rows).or_default();
        entry.count += 1;
        entry.gather += timing.gather;
        entry.compute += timing.compute;
        entry.split += timing.split;
    }

    /// Counts a request that was answered with a result after `whole`.
    pub fn answered(&self, whole: Duration, timing: &Timing) {
        self.codes[0].fetch_add(1, Relaxed);
        self.success.fetch_add(1, Relaxed);
        self.success_ns.fetch_add(nanos(whole), Relaxed);
        self.queue_ns.fetch_add(nanos(timing.queue), Relaxed);
        self.gather_ns.fetch_add(nanos(timing.gather), Relaxed);
        self.compute_ns.fetch_add(nanos(timing.compute), Relaxed);
        self.split_ns.fetch_add(nanos(timing.split), Relaxed);
        self.request_seconds.observe(whole.as_secs_f64());
        self.queue_seconds.observe(timing.queue.as_secs_f64());
        self.compute_seconds.observe(timing.compute.as_secs_f64());
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        self.last_ms
            .store(u64::try_from(now.as_millis()).unwrap_or(0), Relaxed);
    }

    /// Counts a request that was answered with a failure after `whole`.
    pub fn failed(&self, whole: Duration, failure: &Failure) {
        let class = match failure.status() {
            429 => "429",
            503 => "503",
            504 => "504",
            499 => "499",
            400..=498 => "4xx",
            _ => "5xx",
        };
        let reason = match failure.kind {
            Kind::Full | Kind::TooLate | Kind::Unavailable | Kind::Timeout => "REJECTED",
            Kind::Gone => "CANCELED",
            Kind::Engine => "BACKEND",
            _ => "OTHER",
        };
        for (index, _) in CODES.iter().enumerate().filter(|(_, code)| **code == class) {
            self.codes[index].fetch_add(1, Relaxed);
        }
        for (index, _) in REASONS
            .iter()
            .enumerate()
            .filter(|(_, known)| **known == reason)
        {
            self.reasons[index].fetch_add(1, Relaxed);
        }
        self.fail.fetch_add(1, Relaxed);
        self.fail_ns.fetch_add(nanos(whole), Relaxed);
    }

    /// Runs by number of rows.
    pub fn by_size(&self) -> BTreeMap<u32, BatchStats> {
        self.by_size
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
