//! The bounded queue between the network threads and one model's engines.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use mlspec_contract::config::ModelConfig;

use super::admission::{Forecast, Outlook};
use super::decide::{Decision, Policy, QueueView, Waiting, decide};
use super::lane::Lane;
use super::outbox::post;
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
    outlook: Outlook,
    next_run: u64,
    /// Workers that wait for any arrival.
    idle_workers: usize,
    /// Of these, those that somebody has promised to wake.
    called_workers: usize,
    /// Workers that wait for a time, or until so many rows wait as make waiting longer pointless.
    patient_workers: usize,
    rhythm: Rhythm,
    /// Why nothing is admitted any more.
    closed: Option<Failure>,
    indices: Vec<usize>,
    waiting: Vec<Waiting>,
}

/// A bounded queue with its order, its measurements and its workers' wake-up.
#[derive(Debug)]
pub struct Queue {
    state: Mutex<State>,
    forecast: Forecast,
    wake: Condvar,
    layout: Arc<Layout>,
    policy: Policy,
    bounds: Bounds,
}

/// A batch that was taken out to run.
#[derive(Debug)]
pub struct Batch {
    /// Its requests, shortest first.
    pub requests: Vec<Request>,
    run: u64,
    rows: u64,
    work: u64,
    started: Instant,
    /// Others had to stay behind.
    pressed: bool,
}

impl Queue {
    /// An empty queue for a model as configured. Without a batch axis a run is one request.
    pub fn new(config: &ModelConfig, layout: Arc<Layout>, now: Instant) -> Self {
        let max_rows = if layout.batch.is_some() {
            config.batch.max_size
        } else {
            1
        };
        Self {
            state: Mutex::new(State {
                lanes: Vec::new(),
                load: Load::default(),
                outlook: Outlook::new(config.instances),
                next_run: 0,
                idle_workers: 0,
                called_workers: 0,
                patient_workers: 0,
                rhythm: Rhythm::new(now),
                closed: None,
                indices: Vec::new(),
                waiting: Vec::new(),
            }),
            forecast: Forecast::new(now),
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
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock is held is a defect of ours; what the state holds stays consistent enough to end.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says why a request of the default priority would be refused, without taking the lock: for before it is decoded.
    ///
    /// # Errors
    /// `TooLate` when not even the smallest request would be answered by `deadline`.
    pub fn would_refuse(&self, now: Instant, deadline: Instant) -> Result<(), Failure> {
        self.forecast.check(now, deadline)
    }

    /// Admits a request or says why not; then the request is dropped.
    ///
    /// When it returns true, the caller must call [`Queue::wake`], and may first admit what else has arrived: a worker
    /// that wakes at the first request takes it alone.
    ///
    /// # Errors
    /// `Full` beyond the bounds, `TooLate` when its deadline cannot be met by what is measured, and what
    /// [`Queue::close`] was given.
    pub fn push(&self, request: Request, now: Instant) -> Result<bool, Failure> {
        let mut guard = self.lock();
        let state = &mut *guard;
        if let Some(failure) = &state.closed {
            return Err(failure.clone());
        }
        if state.load.rows + u64::from(request.rows) > u64::from(self.bounds.rows)
            || state.load.bytes + request.bytes as u64 > self.bounds.bytes
        {
            let mut failure = Failure::new(Kind::Full, "the queue is full");
            failure.retry_after = Some(state.outlook.wait(request.priority, now));
            return Err(failure);
        }
        let work = request.work();
        state
            .outlook
            .check(request.priority, work, now, request.deadline)?;
        state.load.requests += 1;
        state.load.rows += u64::from(request.rows);
        state.load.bytes += request.bytes as u64;
        state.outlook.admitted(request.priority, work);
        let in_system = state.in_system(0);
        state.rhythm.arrived(now, in_system);
        match state
            .lanes
            .iter_mut()
            .find(|lane| lane.accepts(&request, &self.layout))
        {
            Some(lane) => lane.push(request),
            None => state.lanes.push(Lane::new(request, &self.layout)),
        }
        self.forecast.publish(&state.outlook, now);
        let enough = state.rhythm.usual_rows().min(self.policy.max_rows);
        let call = state.idle_workers > state.called_workers;
        state.called_workers += usize::from(call);
        Ok(call || (state.patient_workers > 0 && state.load.rows >= u64::from(enough)))
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
            match state.decide(now, &self.policy) {
                (lane, Decision::Run(places)) => {
                    let batch = state.start(lane, &places, now);
                    self.forecast.publish(&state.outlook, now);
                    return Some(batch);
                }
                (_, Decision::WaitUntil(until)) => {
                    state = self.wait(state, Some(until.saturating_duration_since(now)));
                }
                (_, Decision::Idle) if state.closed.is_some() => return None,
                (_, Decision::Idle) => state = self.wait(state, None),
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
                state.called_workers = state.called_workers.saturating_sub(1);
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
        state.load.running_rows -= batch.rows;
        state.outlook.ended(batch.run);
        state
            .outlook
            .pace
            .ended(batch.started, now, batch.work, batch.pressed);
        if let Some((work, elapsed)) = measured {
            state.outlook.cost.observe(work, elapsed);
        }
        let in_system = state.in_system(0);
        state.rhythm.ended(now, in_system);
        self.forecast.publish(&state.outlook, now);
    }

    /// Takes a warm-up measurement into account.
    pub fn measured(&self, work: u64, elapsed: Duration) {
        self.lock().outlook.cost.expect(work, elapsed);
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
        self.forecast.publish(&state.outlook, now);
        drop(state);
        dismiss(gone);
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
        self.forecast.publish(&state.outlook, Instant::now());
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
    fn decide(&mut self, now: Instant, policy: &Policy) -> (usize, Decision) {
        let mut gone = Vec::new();
        for lane in &mut self.lanes {
            if lane.first().is_some_and(|request| request.is_gone(now)) {
                lane.take_gone(now, &mut gone);
            }
        }
        self.lanes.retain(|lane| !lane.is_empty());
        self.forget(&gone);
        dismiss(gone);
        let urgency = |lane: &Lane| {
            lane.first()
                .map(|request| (request.priority, request.arrived))
        };
        let lane = (0..self.lanes.len()).min_by_key(|&index| urgency(&self.lanes[index]));
        let Some((lane, request)) = lane.and_then(|lane| Some((lane, self.lanes[lane].first()?)))
        else {
            return (0, Decision::Idle);
        };
        let (unit, since) = (request.unit, request.arrived);
        let first = self.lanes[lane].order(&mut self.indices, &mut self.waiting);
        let view = QueueView {
            waiting: &self.waiting,
            first,
            unit,
            since,
            last_event: self.rhythm.last_event(),
            gap: self.rhythm.gap(),
            usual_rows: self.rhythm.usual_rows(),
        };
        (lane, decide(&view, now, policy, &self.outlook.cost))
    }

    /// Takes the decided requests out.
    fn start(&mut self, lane: usize, places: &[usize], now: Instant) -> Batch {
        let indices: Vec<usize> = places.iter().map(|&place| self.indices[place]).collect();
        let taken = self.lanes[lane].take(&indices);
        if self.lanes[lane].is_empty() {
            self.lanes.swap_remove(lane);
        }
        self.forget(&taken);
        let (gone, requests): (Vec<_>, Vec<_>) =
            taken.into_iter().partition(|request| request.is_gone(now));
        dismiss(gone);
        let rows: u64 = requests.iter().map(|request| u64::from(request.rows)).sum();
        let work: u64 = requests.iter().map(Request::work).sum();
        let in_system = self.in_system(rows);
        self.rhythm.started(in_system);
        self.load.running_rows += rows;
        let run = self.next_run;
        self.next_run += 1;
        self.outlook.started(run, work, now);
        Batch {
            requests,
            run,
            rows,
            work,
            started: now,
            pressed: self.load.requests > 0,
        }
    }

    /// Rows waiting or running, and `more`.
    fn in_system(&self, more: u64) -> u32 {
        u32::try_from(self.load.rows + self.load.running_rows + more).unwrap_or(u32::MAX)
    }

    fn forget(&mut self, requests: &[Request]) {
        for request in requests {
            self.load.requests -= 1;
            self.load.rows -= u64::from(request.rows);
            self.load.bytes -= request.bytes as u64;
            self.outlook.left(request.priority, request.work());
        }
    }
}

/// Answers requests that nobody waits for any more, in case one of them only just missed its deadline.
fn dismiss(gone: Vec<Request>) {
    post(gone.into_iter().map(|request| {
        let late = Failure::new(Kind::Timeout, "the deadline passed in the queue");
        (request.reply, Err(late))
    }));
}
