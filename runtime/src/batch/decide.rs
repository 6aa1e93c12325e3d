//! The scheduling decision: a pure function of queue, clock reading, policy and measurements.

use std::ops::Range;
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
    /// From short to long; equal lengths in order of service.
    pub waiting: &'a [Waiting],
    /// Place in `waiting` of the request that must run next; the first of its length.
    pub first: usize,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Run the requests at these places of the view now; ascending, never empty.
    Run(Vec<usize>),
    /// Ask again then, or at the next arrival.
    WaitUntil(Instant),
    /// Nothing waits.
    Idle,
}

/// What sharing a run must gain for two requests to share one.
const WORTHWHILE: f64 = 0.02;

/// Rates that differ by less than this share count as equal.
const TOLERANCE: f64 = 0.005;

/// Quiet times that the next arrival is given before it counts as not coming.
const PATIENCE: u32 = 4;

/// Waiting must save this multiple of what it costs.
const MARGIN: f64 = 2.0;

/// Decides what an idle engine does at `now`. Reads no clock and takes no lock.
///
/// Without trustworthy measurements an idle engine runs at once whatever fits. With them it runs what gets all that
/// waits done soonest, and waits only while (a) fewer rows wait than usually are in the system, (b) all of them would
/// run now, and (c) the next arrival is due sooner than half of what sharing its run saves.
pub fn decide(queue: &QueueView<'_>, now: Instant, policy: &Policy, cost: &CostModel) -> Decision {
    if queue.waiting.is_empty() {
        return Decision::Idle;
    }
    let fitting = keep_order(queue, fit(queue, policy.max_rows), policy.max_rows);
    if policy.fixed_delay {
        let until = queue.since + policy.max_delay;
        return match rows(queue, &fitting) >= policy.max_rows || now >= until {
            true => Decision::Run(fitting),
            false => Decision::WaitUntil(until),
        };
    }
    let equal = queue.waiting.first().map(|w| w.length) == queue.waiting.last().map(|w| w.length);
    let chosen = match equal {
        true => (0..best_prefix(queue, fitting.len(), cost)).collect(),
        false => group(queue, policy.max_rows, cost).unwrap_or(fitting),
    };
    if chosen.len() < queue.waiting.len() {
        return Decision::Run(chosen);
    }
    match worth_waiting(queue, policy, cost) {
        Some(until) if until > now => Decision::WaitUntil(until),
        _ => Decision::Run(chosen),
    }
}

/// The first request and those next to it in length, within `max_rows`.
fn fit(queue: &QueueView<'_>, max_rows: u32) -> Range<usize> {
    let (mut from, mut to) = (queue.first, queue.first + 1);
    let length = queue.waiting[queue.first].length;
    let mut total = queue.waiting[queue.first].rows;
    loop {
        let shorter = from.checked_sub(1);
        let longer = (to < queue.waiting.len()).then_some(to);
        let distance = |at: usize| queue.waiting[at].length.abs_diff(length);
        let next = match (shorter, longer) {
            (Some(shorter), Some(longer)) if distance(shorter) < distance(longer) => shorter,
            (_, Some(longer)) => longer,
            (Some(shorter), None) => shorter,
            (None, None) => return from..to,
        };
        total = total.saturating_add(queue.waiting[next].rows);
        if total > max_rows {
            return from..to;
        }
        (from, to) = (from.min(next), to.max(next + 1));
    }
}

fn rows(queue: &QueueView<'_>, places: &[usize]) -> u32 {
    let rows = places.iter().map(|&place| queue.waiting[place].rows);
    rows.fold(0, u32::saturating_add)
}

/// Of requests of one length, how many of the first `fitting` have the best rate together: one where sharing gains
/// nothing, else as many as are equally good, since what is left over would run in a small run of its own.
fn best_prefix(queue: &QueueView<'_>, fitting: usize, cost: &CostModel) -> usize {
    let mut rates = Vec::with_capacity(fitting);
    let mut rows = 0u32;
    for request in &queue.waiting[..fitting] {
        rows = rows.saturating_add(request.rows);
        match cost.hoped_seconds(work(queue, rows, request.length)) {
            Some(seconds) => rates.push(f64::from(rows) / seconds),
            None => return fitting,
        }
    }
    let best = rates.iter().copied().fold(0.0, f64::max);
    let good = |tolerance: f64| move |rate: &f64| *rate >= best * (1.0 - tolerance);
    if rates.first().is_some_and(good(WORTHWHILE)) {
        return 1;
    }
    let longest = rates.iter().rposition(good(TOLERANCE));
    longest.map_or(fitting, |index| index + 1)
}

/// Of requests of unequal lengths, the run of the first one when all that wait are cut into runs, each padded to its
/// longest, such that they take the least time together. Such runs are always neighbors in length.
fn group(queue: &QueueView<'_>, max_rows: u32, cost: &CostModel) -> Option<Vec<usize>> {
    // For each count of the shortest requests: the least seconds for them, and where the last of their runs starts.
    let mut least = vec![(0.0, 0)];
    for end in 1..=queue.waiting.len() {
        let length = queue.waiting[end - 1].length;
        let mut found = (f64::INFINITY, end - 1);
        let mut rows = 0u32;
        for start in (0..end).rev() {
            rows = rows.saturating_add(queue.waiting[start].rows);
            if start + 1 < end && rows > max_rows {
                break;
            }
            let seconds = least[start].0 + cost.hoped_seconds(work(queue, rows, length))?;
            if seconds <= found.0 {
                found = (seconds, start);
            }
        }
        least.push(found);
    }
    let mut end = queue.waiting.len();
    while least[end].1 > queue.first {
        end = least[end].1;
    }
    Some(keep_order(queue, least[end].1..end, max_rows))
}

/// Where a run takes only some of the requests of its shortest length, those are the ones that came first.
fn keep_order(queue: &QueueView<'_>, run: Range<usize>, max_rows: u32) -> Vec<usize> {
    let shortest = queue.waiting[run.start].length;
    let from = queue.waiting.partition_point(|w| w.length < shortest);
    let to = queue.waiting.partition_point(|w| w.length <= shortest);
    let to = to.min(run.end);
    let earlier: Vec<usize> = (from..from + (to - run.start)).chain(to..run.end).collect();
    match rows(queue, &earlier) <= max_rows {
        true => earlier,
        false => run.collect(),
    }
}

/// Until when waiting for more rows pays, if at all.
fn worth_waiting(queue: &QueueView<'_>, policy: &Policy, cost: &CostModel) -> Option<Instant> {
    let rows = queue.waiting.iter().map(|request| request.rows);
    let rows = rows.fold(0, u32::saturating_add);
    let length = queue.waiting.last().map_or(1, |request| request.length);
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
    f64::from(rows) * length.max(1) as f64 * queue.unit as f64
}
