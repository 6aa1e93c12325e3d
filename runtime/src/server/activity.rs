//! Since when a connection has had nothing to do: one look now and then instead of a timer for each request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// What one connection is doing.
#[derive(Debug)]
pub(super) struct Activity {
    origin: Instant,
    /// Requests whose headers are here and whose answers are not made yet.
    open: AtomicU32,
    /// Milliseconds from `origin` to the last answer.
    since: AtomicU64,
}

/// One request of a connection; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Busy(Arc<Activity>);

impl Activity {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            origin: Instant::now(),
            open: AtomicU32::new(0),
            since: AtomicU64::new(0),
        })
    }

    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.open.fetch_add(1, Relaxed);
        Busy(Arc::clone(self))
    }

    /// Returns once nothing has been asked for `longest`.
    pub(super) async fn rest(&self, longest: Duration) {
        let mut next = self.origin + longest;
        loop {
            tokio::time::sleep_until(next.into()).await;
            let since = self.origin + Duration::from_millis(self.since.load(Relaxed));
            next = match self.open.load(Relaxed) {
                0 if since + longest <= Instant::now() => return,
                0 => since + longest,
                _ => Instant::now() + longest,
            };
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let since = self.0.origin.elapsed().as_millis();
        self.0
            .since
            .store(u64::try_from(since).unwrap_or(u64::MAX), Relaxed);
        self.0.open.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_rests_only_without_requests() {
        let activity = Activity::new();
        let busy = activity.begin();
        let longest = Duration::from_millis(30);
        let rest = tokio::time::timeout(longest * 4, activity.rest(longest)).await;
        assert!(rest.is_err(), "a request is open");
        drop(busy);
        let freed = Instant::now();
        activity.rest(longest).await;
        assert!(freed.elapsed() >= longest - Duration::from_millis(2));
    }
}
