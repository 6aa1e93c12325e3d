//! One admitted request on its way through queue and engine.

use std::time::{Duration, Instant};

use super::outbox::Reply;
use crate::tensor::Tensor;

/// Priority of requests that name none.
pub const DEFAULT_PRIORITY: u32 = 1 << 16;

/// A decoded, checked request.
#[derive(Debug)]
pub struct Request {
    /// Inputs in the signature's order.
    pub inputs: Vec<Tensor>,
    /// Size of the batch axis; 1 for models without one.
    pub rows: u32,
    /// Size of the length axis; 1 for models without one.
    pub length: usize,
    /// Input elements per row and unit of length.
    pub unit: u64,
    /// Bytes of all inputs.
    pub bytes: usize,
    /// Smaller goes first; equal ones in order of arrival.
    pub priority: u32,
    /// When the request was complete.
    pub arrived: Instant,
    /// When its answer is of no more use.
    pub deadline: Instant,
    /// Where the answer goes; closed when the client has gone.
    pub reply: Reply,
}

impl Request {
    /// Input elements that the engine has to work on when the request runs alone.
    pub fn work(&self) -> u64 {
        u64::from(self.rows) * self.length as u64 * self.unit
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_gone(&self, now: Instant) -> bool {
        self.reply.is_closed() || self.deadline <= now
    }
}

/// What a request gets back.
#[derive(Debug)]
pub struct Answer {
    /// Outputs in the signature's order.
    pub outputs: Vec<Tensor>,
    /// Where the time went.
    pub timing: Timing,
}

/// Where a request's time went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timing {
    /// From arrival to the start of its run.
    pub queue: Duration,
    /// Gathering the batch's inputs.
    pub gather: Duration,
    /// The engine.
    pub compute: Duration,
    /// Splitting the batch's outputs.
    pub split: Duration,
    /// Rows of the run it was in.
    pub batch_rows: u32,
}
