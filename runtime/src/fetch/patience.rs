//! When to try again, and when to give up.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::FetchError;
use super::progress::Progress;

/// First pause; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(500);
/// Longest pause of our own choice.
const LONGEST: Duration = Duration::from_secs(20);
/// Least time between two log lines about retries; many connections fail at once.
const QUIET: Duration = Duration::from_secs(1);

/// One budget of retries for all requests: time without a new byte, from whichever of them.
pub(super) struct Patience<'a> {
    progress: &'a Progress,
    budget: Duration,
    /// Keeps replicas that started together from asking together.
    random: RandomState,
    logged: Mutex<Option<Instant>>,
}

impl<'a> Patience<'a> {
    pub(super) fn new(progress: &'a Progress, budget: Duration) -> Self {
        Self {
            progress,
            budget,
            random: RandomState::new(),
            logged: Mutex::new(None),
        }
    }

    /// Repeats `ask` until it succeeds, fails for good, or the budget is spent.
    ///
    /// # Errors
    /// The last error of `ask`.
    pub(super) async fn ask<T>(
        &self,
        mut ask: impl AsyncFnMut() -> Result<T, FetchError>,
    ) -> Result<T, FetchError> {
        let mut tries = 0;
        loop {
            match ask().await {
                Err(error) => self.pause(error, &mut tries).await?,
                ok => return ok,
            }
        }
    }

    /// Waits before the next try after `error`; `tries` counts those in a row that brought nothing.
    ///
    /// # Errors
    /// `error` itself, where another try is useless or would not fit into the budget.
    pub(super) async fn pause(&self, error: FetchError, tries: &mut u32) -> Result<(), FetchError> {
        let pause = self.backoff(*tries).max(error.retry_after());
        if !error.is_transient() || self.progress.idle() + pause > self.budget {
            return Err(error);
        }
        *tries += 1;
        self.log(&error, pause);
        sleep(pause).await;
        Ok(())
    }

    /// Returns 0.5 s times two to the power of `tries`, at most 20 s, less up to a half.
    fn backoff(&self, tries: u32) -> Duration {
        let whole = FIRST.saturating_mul(1 << tries.min(10)).min(LONGEST);
        let share = self.random.hash_one((tries, Instant::now())) % 1000;
        whole.mul_f64(1.0 - share as f64 / 2000.0)
    }

    fn log(&self, error: &FetchError, pause: Duration) {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.is_none_or(|at| at.elapsed() >= QUIET) {
            *logged = Some(Instant::now());
            self.progress.say(&format!(
                "warning: {error}; next try in {:.1} s",
                pause.as_secs_f64()
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Patience;
    use crate::fetch::error::FetchError;
    use crate::fetch::failure::Failure;
    use crate::fetch::progress::Progress;

    fn silent() -> FetchError {
        FetchError::Server {
            what: "x".to_owned(),
            failure: Failure::Silent {
                host: "h".to_owned(),
            },
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_budget_is_time_without_a_new_byte() {
        let progress = Progress::new();
        let patience = Patience::new(&progress, Duration::from_secs(60));
        let mut tries = 0;
        while patience.pause(silent(), &mut tries).await.is_ok() {}
        let spent = progress.idle();
        assert!(
            spent > Duration::from_secs(35) && spent <= Duration::from_secs(60),
            "{spent:?}"
        );
        progress.add(1);
        assert!(patience.pause(silent(), &mut tries).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_pass_is_not_repeated() {
        let progress = Progress::new();
        let patience = Patience::new(&progress, Duration::from_secs(60));
        let error = FetchError::Missing("x".to_owned());
        assert!(patience.pause(error, &mut 0).await.is_err());
        assert_eq!(progress.idle(), Duration::ZERO);
    }

    #[test]
    fn pauses_double_up_to_a_limit() {
        let progress = Progress::new();
        let patience = Patience::new(&progress, Duration::ZERO);
        for (tries, longest) in [(0, 0.5), (1, 1.0), (4, 8.0), (6, 20.0), (u32::MAX, 20.0)] {
            let pause = patience.backoff(tries).as_secs_f64();
            assert!(
                pause > longest / 2.0 - 1e-9 && pause <= longest,
                "{tries}: {pause}"
            );
        }
    }
}
