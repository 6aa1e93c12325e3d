//! How far a fetch is: a line that moves on a terminal, a log line every few seconds elsewhere.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, interval};

use super::units::bytes;

/// Time between two lines of a log.
const LOG: Duration = Duration::from_secs(5);
/// Time between two pictures on a terminal.
const TERMINAL: Duration = Duration::from_millis(200);

/// Counts bytes and tells people about them, on standard error.
pub(super) struct Progress {
    /// 0 where it is not known.
    total: AtomicU64,
    /// Bytes that are where they belong; falls where a download must start over.
    done: AtomicU64,
    /// Bytes of an earlier run that are in `done`.
    resumed: AtomicU64,
    advance: Mutex<Advance>,
    start: Instant,
    terminal: bool,
}

/// The largest `done` so far, and since when.
struct Advance {
    done: u64,
    at: Instant,
}

impl Progress {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self {
            total: AtomicU64::new(0),
            done: AtomicU64::new(0),
            resumed: AtomicU64::new(0),
            advance: Mutex::new(Advance { done: 0, at: now }),
            start: now,
            terminal: stderr().is_terminal(),
        }
    }

    pub(super) fn expect(&self, total: u64) {
        self.total.store(total, Relaxed);
    }

    /// Counts bytes that have arrived.
    pub(super) fn add(&self, count: u64) {
        let done = self.done.fetch_add(count, Relaxed) + count;
        let mut advance = self.advance.lock().unwrap_or_else(PoisonError::into_inner);
        if done > advance.done {
            *advance = Advance {
                done,
                at: Instant::now(),
            };
        }
    }

    /// Counts bytes that an earlier run has left.
    pub(super) fn resume(&self, count: u64) {
        self.resumed.fetch_add(count, Relaxed);
        self.add(count);
    }

    /// Takes back bytes that have to come again.
    pub(super) fn lose(&self, count: u64) {
        self.done.fetch_sub(count, Relaxed);
    }

    /// Returns for how long no new byte has come.
    pub(super) fn idle(&self) -> Duration {
        self.advance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .at
            .elapsed()
    }

    pub(super) fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }

    pub(super) fn resumed(&self) -> u64 {
        self.resumed.load(Relaxed)
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Prints a line of its own.
    pub(super) fn say(&self, line: &str) {
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        write_error(&format!("{clear}{line}\n"));
    }

    /// Reports until it is dropped.
    pub(super) async fn report(&self) {
        let mut ticks = interval(if self.terminal { TERMINAL } else { LOG });
        ticks.tick().await;
        loop {
            ticks.tick().await;
            if self.done() == 0 {
                continue;
            }
            if self.terminal {
                write_error(&format!("\r\x1b[K{}", self.picture()));
            } else {
                write_error(&format!("{}\n", self.picture()));
            }
        }
    }

    fn picture(&self) -> String {
        let (done, total) = (self.done(), self.total.load(Relaxed));
        let fetched = done.saturating_sub(self.resumed());
        let rate = fetched as f64 / self.elapsed().as_secs_f64().max(0.001);
        let speed = bytes(rate as u64);
        if total == 0 {
            return format!("{}, {speed}/s", bytes(done));
        }
        let percent = done.saturating_mul(100) / total;
        let left = if rate >= 1.0 {
            total.saturating_sub(done) as f64 / rate
        } else {
            f64::INFINITY
        };
        let left = if left.is_finite() {
            format!(", {left:.0} s left")
        } else {
            String::new()
        };
        format!(
            "{} of {} ({percent} %), {speed}/s{left}",
            bytes(done),
            bytes(total)
        )
    }
}

/// A closed standard error is no reason to stop a download.
fn write_error(text: &str) {
    let _ = stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Progress;

    #[tokio::test(start_paused = true)]
    async fn only_new_bytes_count_as_progress() {
        let progress = Progress::new();
        progress.add(10);
        tokio::time::advance(Duration::from_secs(5)).await;
        progress.lose(10);
        progress.add(10);
        assert_eq!(progress.idle(), Duration::from_secs(5));
        progress.add(1);
        assert_eq!(progress.idle(), Duration::ZERO);
    }
}
