//! The scheduling decision: a pure function of queue, clock reading, policy and measurements.

use std::time::{Duration, Instant};

use super::cost::CostModel;

/// One waiting request, as far as the decision is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its rows.
    pub rows: u32,
    /// Its length; shorter ones are padded to the longest of a run.
    pub length: usize,
}

/// The requests that may share the next run, and how requests arrive.
#[derive(Debug, Clone, Copy)]
pub struct QueueView<'a> {
    /// In order of service: the one that must go first, then its best companions. A run is a prefix of it.
    pub waiting: &'a [Waiting],
    /// Input elements per row and unit of length.
    pub unit: u64,
    /// When the first of them arrived.
    pub since: Instant,
    /// The last arrival or end of a run.
    pub last_event: Instant,
    /// Usual quiet time before the next arrival.
    pub gap: Option<Duration>,
    /// Rows usually in the system at once.
    pub usual_rows: u32,
}

/// The bounds that the configuration sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Most rows in a run. One request with more still runs, alone and in parts.
    pub max_rows: u32,
    /// Longest wait for company while the engine is idle.
    pub max_delay: Duration,
    /// Wait for it always.
    pub fixed_delay: bool,
}

/// What an idle engine does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Run the first so many requests of the view now.
    Run(usize),
    /// Ask again then, or at the next arrival.
    WaitUntil(Instant),
    /// Nothing waits.
    Idle,
}

/// Rates that differ by less than this share count as equal.
const TOLERANCE: f64 = 0.02;

/// Quiet times that the next arrival is given before it counts as not coming.
const PATIENCE: u32 = 4;

/// Waiting must save this multiple of what it costs.
const MARGIN: f64 = 2.0;

/// Decides what an idle engine does at `now`. Reads no clock and takes no lock.
///
/// Without trustworthy measurements an idle engine runs at once whatever fits. With them it picks the prefix with the
/// best rate of rows per second, and waits only while (a) fewer rows wait than usually are in the system, (b) all of
/// them would run now, and (c) the next arrival is due sooner than half of what sharing its run saves.
pub fn decide(queue: &QueueView<'_>, now: Instant, policy: &Policy, cost: &CostModel) -> Decision {
    if queue.waiting.is_empty() {
        return Decision::Idle;
    }
    let (fitting, rows, length) = fit(queue.waiting, policy.max_rows);
    if policy.fixed_delay {
        let until = queue.since + policy.max_delay;
        return match rows >= policy.max_rows || now >= until {
            true => Decision::Run(fitting),
            false => Decision::WaitUntil(until),
        };
    }
    let chosen = best_prefix(queue, fitting, cost);
    if chosen < queue.waiting.len() {
        return Decision::Run(chosen);
    }
    match worth_waiting(queue, rows, length, policy, cost) {
        Some(until) if until > now => Decision::WaitUntil(until),
        _ => Decision::Run(chosen),
    }
}

/// The longest prefix within `max_rows`, at least one request; its rows and length.
fn fit(waiting: &[Waiting], max_rows: u32) -> (usize, u32, usize) {
    let mut rows = 0u32;
    let mut length = 1;
    for (index, request) in waiting.iter().enumerate() {
        let with = rows.saturating_add(request.rows);
        if index > 0 && with > max_rows {
            return (index, rows, length);
        }
        rows = with;
        length = length.max(request.length);
    }
    (waiting.len(), rows, length)
}

/// The prefix of at most `fitting` requests with the best rate: the first alone where sharing gains nothing, else the
/// longest of those that are equally good, since what is left over would run in a small run of its own.
fn best_prefix(queue: &QueueView<'_>, fitting: usize, cost: &CostModel) -> usize {
    let mut rates = Vec::with_capacity(fitting);
    let (mut rows, mut length) = (0u32, 1);
    for request in &queue.waiting[..fitting] {
        rows += request.rows;
        length = length.max(request.length);
        match cost.seconds(work(queue, rows, length)) {
            Some(seconds) => rates.push(f64::from(rows) / seconds),
            None => return fitting,
        }
    }
    let best = rates.iter().copied().fold(0.0, f64::max);
    let good = |rate: &f64| *rate >= best * (1.0 - TOLERANCE);
    if rates.first().is_some_and(good) {
        return 1;
    }
    rates
        .iter()
        .rposition(good)
        .map_or(fitting, |index| index + 1)
}

/// Until when waiting for more rows pays, if at all.
fn worth_waiting(
    queue: &QueueView<'_>,
    rows: u32,
    length: usize,
    policy: &Policy,
    cost: &CostModel,
) -> Option<Instant> {
    let target = queue.usual_rows.min(policy.max_rows);
    if rows >= target || policy.max_delay.is_zero() {
        return None;
    }
    let seconds = |rows| cost.seconds(work(queue, rows, length));
    let saving = seconds(rows)? + seconds(target - rows)? - seconds(target)?;
    let patience = queue.gap? * PATIENCE;
    if saving <= patience.as_secs_f64() * MARGIN {
        return None;
    }
    let longest = policy.max_delay.min(Duration::from_secs_f64(saving));
    Some((queue.last_event + patience).min(queue.since + longest))
}

fn work(queue: &QueueView<'_>, rows: u32, length: usize) -> f64 {
    f64::from(rows) * length as f64 * queue.unit as f64
}
