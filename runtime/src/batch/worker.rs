//! The thread of one engine: takes batches, runs them, hands out the answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::axis::join;
use super::gather::{Gathered, gather};
use super::outbox::{Reply, post};
use super::queue::{Batch, Queue};
use super::request::{Answer, Request, Timing};
use super::split::{Share, split};
use crate::engine::{Engine, Input};
use crate::failure::{Failure, Kind};
use crate::metrics::ModelStats;
use crate::model::{BatchAxes, Layout};
use crate::tensor::Tensor;

/// Since when a worker has been in its engine; for liveness.
#[derive(Debug)]
pub struct Pulse {
    origin: Instant,
    /// Microseconds from `origin`, plus 1; 0 while not in the engine.
    busy: AtomicU64,
}

impl Pulse {
    /// A worker that is not in its engine.
    pub fn new() -> Self {
        Self {
            origin: Instant::now(),
            busy: AtomicU64::new(0),
        }
    }

    fn enter(&self, now: Instant) {
        let micros = now.saturating_duration_since(self.origin).as_micros();
        self.busy
            .store(u64::try_from(micros).unwrap_or(u64::MAX - 1) + 1, Relaxed);
    }

    fn leave(&self) {
        self.busy.store(0, Relaxed);
    }

    /// How long the worker has been in its engine.
    pub fn busy_for(&self, now: Instant) -> Duration {
        match self.busy.load(Relaxed) {
            0 => Duration::ZERO,
            since => now.saturating_duration_since(self.origin + Duration::from_micros(since - 1)),
        }
    }
}

impl Default for Pulse {
    fn default() -> Self {
        Self::new()
    }
}

/// What a worker works with.
pub struct Worker<'a> {
    /// Where batches come from.
    pub queue: &'a Queue,
    /// How requests share runs.
    pub layout: &'a Layout,
    /// What is counted.
    pub stats: &'a ModelStats,
    /// Where liveness looks.
    pub pulse: &'a Pulse,
    /// The engine.
    pub engine: Box<dyn Engine>,
    /// Buffers kept between runs.
    pub gathered: Gathered,
}

/// Why a run gave nothing.
enum Trouble {
    /// The engine refused, in its own words.
    Refused(String),
    /// The engine panicked and must not be used again.
    Panicked,
}

/// Outputs of a run and where its time went.
type Run = Result<(Vec<Tensor>, Duration, Duration), Trouble>;

impl Worker<'_> {
    /// Works until the queue is closed and empty.
    ///
    /// # Errors
    /// When the engine panicked; the batch it was in has then been answered with a failure.
    pub fn work(&mut self) -> Result<(), String> {
        while let Some(batch) = self.queue.next() {
            self.serve(batch)?;
        }
        Ok(())
    }

    fn serve(&mut self, mut batch: Batch) -> Result<(), String> {
        let started = Instant::now();
        let requests = std::mem::take(&mut batch.requests);
        if requests.is_empty() {
            self.queue.done(&batch, None, started);
            return Ok(());
        }
        let shares: Vec<Share> = requests
            .iter()
            .map(|r| Share {
                rows: r.rows as usize,
                length: r.length,
            })
            .collect();
        let rows: u32 = requests.iter().map(|request| request.rows).sum();
        let axes = self.layout.batch.as_ref();
        let large = axes.filter(|_| requests.len() == 1 && rows > self.queue.max_rows());
        let oversize = large.is_some();
        let outcome = match large {
            Some(axes) => self.run_in_parts(&requests[0], axes),
            None => self.run(&requests),
        };
        let computed = Instant::now();
        match outcome {
            Ok((outputs, gathering, compute)) => {
                let unit = requests[0].unit;
                let work = u64::from(rows) * self.gathered.length as u64 * unit;
                // Without a batch axis there is one request, and the outputs are its own, whatever their shapes.
                let lengths = self.layout.sequence.as_ref();
                let lengths = lengths.map_or(&[][..], |sequence| &sequence.outputs);
                let answers = match axes {
                    Some(axes) => split(&outputs, &shares, &axes.outputs, lengths),
                    None => Err(String::new()),
                };
                let timing = Timing {
                    queue: Duration::ZERO,
                    gather: gathering,
                    compute,
                    split: computed.elapsed(),
                    batch_rows: rows,
                };
                self.stats.ran(
                    rows,
                    &timing,
                    if oversize { 0 } else { self.gathered.padded },
                );
                let ended = Instant::now();
                // What the batcher weighs is the whole run, not the engine's part of it.
                let measured = (!oversize).then_some((work, ended - started));
                self.queue.done(&batch, measured, ended);
                match answers {
                    Ok(answers) => {
                        post(requests.into_iter().zip(answers).map(|(request, outputs)| {
                            let queue = started.saturating_duration_since(request.arrived);
                            let timing = Timing { queue, ..timing };
                            (request.reply, Ok(Answer { outputs, timing }))
                        }));
                        Ok(())
                    }
                    Err(_) if requests.len() > 1 => self.serve_each(requests),
                    Err(_) => {
                        reply_whole(requests, outputs, timing, started);
                        Ok(())
                    }
                }
            }
            Err(Trouble::Refused(_)) if requests.len() > 1 => {
                self.queue.done(&batch, None, Instant::now());
                self.serve_each(requests)
            }
            Err(Trouble::Refused(reason)) => {
                self.queue.done(&batch, None, Instant::now());
                fail(requests, &Failure::new(Kind::Engine, reason));
                Ok(())
            }
            Err(Trouble::Panicked) => {
                self.queue.done(&batch, None, Instant::now());
                fail(requests, &Failure::new(Kind::Engine, "the engine panicked"));
                Err("the engine panicked".to_owned())
            }
        }
    }

    /// One bad request must not fail its batch mates: each runs alone.
    fn serve_each(&mut self, requests: Vec<Request>) -> Result<(), String> {
        for request in requests {
            let started = Instant::now();
            let rows = request.rows;
            match self.run(std::slice::from_ref(&request)) {
                Ok((outputs, gather, compute)) => {
                    let timing = Timing {
                        gather,
                        compute,
                        batch_rows: rows,
                        ..Timing::default()
                    };
                    self.stats.ran(rows, &timing, 0);
                    reply_whole(vec![request], outputs, timing, started);
                }
                Err(Trouble::Refused(reason)) => {
                    fail(vec![request], &Failure::new(Kind::Engine, reason))
                }
                Err(Trouble::Panicked) => {
                    fail(
                        vec![request],
                        &Failure::new(Kind::Engine, "the engine panicked"),
                    );
                    return Err("the engine panicked".to_owned());
                }
            }
        }
        Ok(())
    }

    /// A request with more rows than a run may have runs in parts, whose outputs are joined.
    fn run_in_parts(&mut self, request: &Request, axes: &BatchAxes) -> Run {
        let most = self.queue.max_rows() as usize;
        let rows = request.rows as usize;
        let parts: Vec<Share> = (0..rows)
            .step_by(most)
            .map(|at| Share {
                rows: most.min(rows - at),
                length: request.length,
            })
            .collect();
        // Inputs are cut by the same rule as outputs; no axis is cropped since all parts have one length.
        let inputs = split(&request.inputs, &parts, &axes.inputs, &[]).map_err(Trouble::Refused)?;
        let mut joined: Vec<Tensor> = Vec::new();
        let (mut gathering, mut computing) = (Duration::ZERO, Duration::ZERO);
        for (inputs, part) in inputs.into_iter().zip(&parts) {
            let (reply, _receiver) = Reply::channel();
            let rows = u32::try_from(part.rows).unwrap_or(u32::MAX);
            let piece = Request {
                inputs,
                rows,
                reply,
                length: request.length,
                unit: request.unit,
                bytes: request.bytes,
                priority: request.priority,
                arrived: request.arrived,
                deadline: request.deadline,
            };
            let (outputs, gather, compute) = self.run(std::slice::from_ref(&piece))?;
            gathering += gather;
            computing += compute;
            if joined.is_empty() {
                joined = outputs;
                continue;
            }
            for ((whole, output), axis) in joined.iter_mut().zip(outputs).zip(&axes.outputs) {
                *whole = append(whole, &output, axis.unwrap_or(0)).map_err(Trouble::Refused)?;
            }
        }
        Ok((joined, gathering, computing))
    }

    fn run(&mut self, requests: &[Request]) -> Run {
        let started = Instant::now();
        gather(requests, self.layout, &mut self.gathered);
        let gathered = Instant::now();
        let inputs: Vec<Input<'_>> = requests[0]
            .inputs
            .iter()
            .enumerate()
            .map(|(index, tensor)| Input {
                dtype: tensor.dtype,
                shape: &self.gathered.shapes[index],
                data: self.gathered.buffers[index].bytes(),
            })
            .collect();
        self.pulse.enter(gathered);
        let engine = &mut self.engine;
        let outcome = catch_unwind(AssertUnwindSafe(|| engine.run(&inputs)));
        self.pulse.leave();
        match outcome {
            Ok(Ok(outputs)) => Ok((outputs, gathered - started, gathered.elapsed())),
            Ok(Err(reason)) => Err(Trouble::Refused(reason)),
            Err(_) => Err(Trouble::Panicked),
        }
    }
}

fn append(whole: &Tensor, part: &Tensor, axis: usize) -> Result<Tensor, String> {
    let joins = whole.shape.len() == part.shape.len()
        && axis < whole.shape.len()
        && (0..whole.shape.len())
            .all(|other| other == axis || whole.shape[other] == part.shape[other]);
    if !joins {
        return Err("the request has more rows than a batch may have, and parts of it give outputs that do not join".into());
    }
    let mut data = vec![0; whole.data.len() + part.data.len()];
    join([whole, part].into_iter(), axis, &mut data);
    let mut shape = whole.shape.clone();
    shape[axis] += part.shape[axis];
    Ok(Tensor {
        dtype: whole.dtype,
        shape,
        data: data.into(),
    })
}

fn reply_whole(requests: Vec<Request>, outputs: Vec<Tensor>, timing: Timing, started: Instant) {
    let Some(request) = requests.into_iter().next() else {
        return;
    };
    let queue = started.saturating_duration_since(request.arrived);
    let timing = Timing { queue, ..timing };
    request.reply.send(Ok(Answer { outputs, timing }));
}

fn fail(requests: Vec<Request>, failure: &Failure) {
    let replies = requests.into_iter().map(|request| request.reply);
    post(replies.map(|reply| (reply, Err(failure.clone()))));
}
