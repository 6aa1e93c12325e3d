//! The bounded queue between the network threads and one model's engines.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mlspec_contract::config::ModelConfig;

use super::cost::CostModel;
use super::decide::{Decision, Policy, QueueView, Waiting, decide};
use super::lane::Lane;
use super::request::Request;
use super::rhythm::Rhythm;
use crate::failure::{Failure, Kind};
use crate::model::Layout;

/// Bounds on what may wait.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Most rows.
    pub rows: u32,
    /// Most bytes of input tensors.
    pub bytes: u64,
}

/// What waits and runs now, for metrics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Requests waiting.
    pub requests: u64,
    /// Rows waiting.
    pub rows: u64,
    /// Bytes waiting.
    pub bytes: u64,
    /// Rows in engines.
    pub running_rows: u64,
}

#[derive(Debug)]
struct State {
    lanes: Vec<Lane>,
    load: Load,
    /// Work waiting, in input elements.
    work: u64,
    /// When each running batch is expected to end.
    running: Vec<(u64, Instant)>,
    next_run: u64,
    /// Workers that wait for any arrival.
    idle_workers: usize,
    /// Workers that wait for a time, or until so many rows wait as make waiting longer pointless.
    patient_workers: usize,
    rhythm: Rhythm,
    cost: CostModel,
    /// Why nothing is admitted any more.
    closed: Option<Failure>,
    indices: Vec<usize>,
    waiting: Vec<Waiting>,
}

/// A bounded queue with its order, its measurements and its workers' wake-up.
#[derive(Debug)]
pub struct Queue {
    state: Mutex<State>,
    wake: Condvar,
    layout: Arc<Layout>,
    policy: Policy,
    bounds: Bounds,
    instances: u32,
}

/// A batch that was taken out to run.
#[derive(Debug)]
pub struct Batch {
    /// Its requests, in order of service; never empty.
    pub requests: Vec<Request>,
    /// Requests that nobody waits for any more, found on the way.
    pub gone: Vec<Request>,
    run: u64,
    rows: u64,
}

impl Queue {
    /// An empty queue for a model as configured. Without a batch axis a run is one request.
    pub fn new(config: &ModelConfig, layout: Arc<Layout>, now: Instant) -> Self {
        let max_rows = if layout.batched {
            config.batch.max_size
        } else {
            1
        };
        Self {
            state: Mutex::new(State {
                lanes: Vec::new(),
                load: Load::default(),
                work: 0,
                running: Vec::new(),
                next_run: 0,
                idle_workers: 0,
                patient_workers: 0,
                rhythm: Rhythm::new(now),
                cost: CostModel::default(),
                closed: None,
                indices: Vec::new(),
                waiting: Vec::new(),
            }),
            wake: Condvar::new(),
            layout,
            policy: Policy {
                max_rows,
                max_delay: Duration::from_millis(config.batch.max_delay_ms),
                fixed_delay: config.batch.fixed_delay && max_rows > 1,
            },
            bounds: Bounds {
                rows: config.queue.max_rows,
                bytes: config.queue.max_bytes,
            },
            instances: config.instances,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock is held is a defect of ours; what the state holds stays consistent enough to end.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a request or says why not; then the request is dropped.
    ///
    /// Returns whether a worker is to be woken by [`Queue::wake`]. That is left to the caller, so that a network thread
    /// can first admit everything that has arrived: a worker that wakes at the first request takes it alone.
    ///
    /// # Errors
    /// `Full` beyond the bounds, `TooLate` when its deadline cannot be met by what is measured, and what
    /// [`Queue::close`] was given.
    pub fn push(&self, request: Request, now: Instant) -> Result<bool, Failure> {
        let mut state = self.lock();
        if let Some(failure) = &state.closed {
            return Err(failure.clone());
        }
        let wait = state.expected_wait(&request, now, self.instances);
        if state.load.rows + u64::from(request.rows) > u64::from(self.bounds.rows)
            || state.load.bytes + request.bytes as u64 > self.bounds.bytes
        {
            let mut failure = Failure::new(Kind::Full, "the queue is full");
            failure.retry_after = Some(wait.max(Duration::from_secs(1)));
            return Err(failure);
        }
        if now + wait > request.deadline {
            let mut failure = Failure::new(
                Kind::TooLate,
                format!(
                    "the answer would take {} ms, past its deadline",
                    wait.as_millis()
                ),
            );
            failure.retry_after = Some(wait);
            return Err(failure);
        }
        let state = &mut *state;
        state.load.requests += 1;
        state.load.rows += u64::from(request.rows);
        state.load.bytes += request.bytes as u64;
        state.work += request.work();
        let in_system =
            u32::try_from(state.load.rows + state.load.running_rows).unwrap_or(u32::MAX);
        state.rhythm.arrived(now, in_system);
        match state
            .lanes
            .iter_mut()
            .find(|lane| lane.accepts(&request, &self.layout))
        {
            Some(lane) => lane.push(request),
            None => state.lanes.push(Lane::new(request, &self.layout)),
        }
        let enough = state.rhythm.usual_rows().min(self.policy.max_rows);
        Ok(state.idle_workers > 0
            || (state.patient_workers > 0 && state.load.rows >= u64::from(enough)))
    }

    /// Wakes one waiting worker.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Blocks until there is something to run; `None` when the queue is closed and empty.
    pub fn next(&self) -> Option<Batch> {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let mut gone = Vec::new();
            let decision = state.decide(now, &self.policy, &mut gone);
            if !gone.is_empty() {
                state.forget(&gone);
            }
            match decision {
                Some((lane, taken)) => match state.start(lane, taken, gone, now) {
                    Ok(batch) => return Some(batch),
                    Err(until) => {
                        state = self.wait(state, Some(until.saturating_duration_since(now)))
                    }
                },
                None if state.closed.is_some() => return None,
                None => state = self.wait(state, None),
            }
        }
    }

    fn wait<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
        timeout: Option<Duration>,
    ) -> MutexGuard<'a, State> {
        match timeout {
            None => {
                state.idle_workers += 1;
                state = self
                    .wake
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                state.idle_workers -= 1;
            }
            Some(timeout) => {
                state.patient_workers += 1;
                state = self
                    .wake
                    .wait_timeout(state, timeout)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0;
                state.patient_workers -= 1;
            }
        }
        state
    }

    /// A batch has run; `measured` is its work and time when it ran as a whole.
    pub fn done(&self, batch: &Batch, measured: Option<(u64, Duration)>, now: Instant) {
        let mut state = self.lock();
        state.running.retain(|(run, _)| *run != batch.run);
        state.load.running_rows -= batch.rows;
        if let Some((work, elapsed)) = measured {
            state.cost.observe(work, elapsed);
        }
        let in_system =
            u32::try_from(state.load.rows + state.load.running_rows).unwrap_or(u32::MAX);
        state.rhythm.ended(now, in_system);
    }

    /// Takes a warm-up measurement into account.
    pub fn measured(&self, work: u64, elapsed: Duration) {
        self.lock().cost.observe(work, elapsed);
    }

    /// Removes requests whose client has gone; called when one goes.
    pub fn sweep(&self, now: Instant) {
        let mut gone = Vec::new();
        let mut state = self.lock();
        for lane in &mut state.lanes {
            lane.take_gone(now, &mut gone);
        }
        state.lanes.retain(|lane| !lane.is_empty());
        state.forget(&gone);
    }

    /// Admits nothing any more; what waits still runs.
    pub fn close(&self, failure: Failure) {
        self.lock().closed.get_or_insert(failure);
        self.wake.notify_all();
    }

    /// Admits nothing any more and gives back what waits.
    pub fn abort(&self, failure: Failure) -> Vec<Request> {
        let mut state = self.lock();
        state.closed = Some(failure);
        let waiting: Vec<Request> = state.lanes.iter_mut().flat_map(Lane::take_all).collect();
        state.lanes.clear();
        state.forget(&waiting);
        self.wake.notify_all();
        waiting
    }

    /// What waits and runs now.
    pub fn load(&self) -> Load {
        self.lock().load
    }

    /// Most rows in a run.
    pub fn max_rows(&self) -> u32 {
        self.policy.max_rows
    }
}

impl State {
    /// The lane to serve and the decision about it.
    fn decide(
        &mut self,
        now: Instant,
        policy: &Policy,
        gone: &mut Vec<Request>,
    ) -> Option<(usize, Decision)> {
        for lane in &mut self.lanes {
            if lane.first().is_some_and(|request| request.is_gone(now)) {
                lane.take_gone(now, gone);
            }
        }
        self.lanes.retain(|lane| !lane.is_empty());
        let urgency = |lane: &Lane| {
            lane.first()
                .map(|request| (request.priority, request.arrived))
        };
        let lane = (0..self.lanes.len()).min_by_key(|&index| urgency(&self.lanes[index]))?;
        let first = self.lanes[lane].first()?;
        let (unit, since) = (first.unit, first.arrived);
        self.lanes[lane].order(&mut self.indices, &mut self.waiting);
        let view = QueueView {
            waiting: &self.waiting,
            unit,
            since,
            last_event: self.rhythm.last_event(),
            gap: self.rhythm.gap(),
            usual_rows: self.rhythm.usual_rows(),
        };
        Some((lane, decide(&view, now, policy, &self.cost)))
    }

    /// Takes the decided requests out, or says until when to wait.
    fn start(
        &mut self,
        lane: usize,
        decision: Decision,
        mut gone: Vec<Request>,
        now: Instant,
    ) -> Result<Batch, Instant> {
        let count = match decision {
            Decision::Run(count) => count,
            Decision::WaitUntil(until) => return Err(until),
            Decision::Idle => return Err(now),
        };
        let taken = self.lanes[lane].take(&self.indices[..count]);
        if self.lanes[lane].is_empty() {
            self.lanes.swap_remove(lane);
        }
        self.forget(&taken);
        let (lost, requests): (Vec<_>, Vec<_>) =
            taken.into_iter().partition(|request| request.is_gone(now));
        gone.extend(lost);
        let rows: u64 = requests.iter().map(|request| u64::from(request.rows)).sum();
        let work: u64 = requests.iter().map(Request::work).sum();
        let in_system =
            u32::try_from(self.load.rows + self.load.running_rows + rows).unwrap_or(u32::MAX);
        self.rhythm.started(in_system);
        self.load.running_rows += rows;
        let run = self.next_run;
        self.next_run += 1;
        let seconds = self.cost.seconds(work as f64).unwrap_or(0.0);
        self.running
            .push((run, now + Duration::from_secs_f64(seconds)));
        Ok(Batch {
            requests,
            gone,
            run,
            rows,
        })
    }

    fn forget(&mut self, requests: &[Request]) {
        for request in requests {
            self.load.requests -= 1;
            self.load.rows -= u64::from(request.rows);
            self.load.bytes -= request.bytes as u64;
            self.work -= request.work();
        }
    }

    /// How long the answer would take: what runs, what waits, and the request itself; 0 while nothing is measured.
    fn expected_wait(&self, request: &Request, now: Instant, instances: u32) -> Duration {
        let Some(own) = self.cost.seconds(request.work() as f64) else {
            return Duration::ZERO;
        };
        let running = if self.running.len() < instances as usize {
            Duration::ZERO
        } else {
            let first_end = self
                .running
                .iter()
                .map(|(_, end)| *end)
                .min()
                .unwrap_or(now);
            first_end.saturating_duration_since(now)
        };
        let waiting = self.work as f64 * self.cost.best_pace() / f64::from(instances.max(1));
        running + Duration::from_secs_f64(waiting + own)
    }
}
