//! From decoded inputs to an answer: checks, admission, and waiting with a deadline.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::{Active, Served};
use crate::batch::{Answer, DEFAULT_PRIORITY, Reply, Request};
use crate::failure::{Failure, Kind};
use crate::tensor::{DType, Tensor, elements, strings};

/// What a protocol decoded.
#[derive(Debug)]
pub struct Submission {
    /// Inputs in the signature's order.
    pub inputs: Vec<Tensor>,
    /// 1 is the highest; 0 or nothing is the default.
    pub priority: Option<u64>,
    /// The client's own limit; only a shorter one than the model's has an effect.
    pub timeout: Option<Duration>,
    /// When the request was complete.
    pub arrived: Instant,
}

/// An admitted request; dropping it tells the queue that nobody waits any more.
#[derive(Debug)]
pub struct Pending {
    receiver: oneshot::Receiver<Result<Answer, Failure>>,
    served: Arc<Served>,
    deadline: Instant,
    open: bool,
    wake: bool,
}

/// Checks and admits a request.
///
/// # Errors
/// `Invalid` when an input does not fit the model, and what [`crate::batch::Queue::push`] refuses.
pub fn submit(served: &Arc<Served>, submission: Submission) -> Result<Pending, Failure> {
    let active = served.require()?;
    let (rows, length, unit) = measure(active, &submission.inputs)?;
    let timeout = Duration::from_millis(served.config.timeout_ms);
    let timeout = submission.timeout.map_or(timeout, |own| own.min(timeout));
    let deadline = submission.arrived + timeout;
    let (reply, receiver) = Reply::channel();
    let request = Request {
        rows,
        length,
        unit,
        bytes: submission.inputs.iter().map(|input| input.data.len()).sum(),
        priority: match submission.priority {
            None | Some(0) => DEFAULT_PRIORITY,
            Some(level) => u32::try_from(level).unwrap_or(u32::MAX),
        },
        inputs: submission.inputs,
        arrived: submission.arrived,
        deadline,
        reply,
    };
    let wake = active.queue.push(request, submission.arrived)?;
    served.stats.inflight.fetch_add(1, Relaxed);
    Ok(Pending {
        receiver,
        served: Arc::clone(served),
        deadline,
        open: true,
        wake,
    })
}

/// Says before a request is decoded that its deadline cannot be met, by the model's own timeout.
///
/// # Errors
/// What [`crate::batch::Queue::would_refuse`] says.
pub fn refuse_early(served: &Served, arrived: Instant) -> Result<(), Failure> {
    let deadline = arrived + Duration::from_millis(served.config.timeout_ms);
    served.require()?.queue.would_refuse(arrived, deadline)
}

impl Pending {
    /// Waits for the answer, until the deadline.
    ///
    /// # Errors
    /// The engine's failure, or `Timeout`.
    pub async fn answer(mut self) -> Result<Answer, Failure> {
        if self.wake {
            // The worker is idle. What has arrived on other connections is admitted first, so that it can share the run.
            tokio::task::yield_now().await;
            self.wake_worker();
        }
        let outcome = tokio::time::timeout_at(self.deadline.into(), &mut self.receiver).await;
        match outcome {
            Ok(received) => {
                self.open = false;
                received.unwrap_or_else(|_| {
                    Err(Failure::new(
                        Kind::Engine,
                        "the engine ended without an answer",
                    ))
                })
            }
            Err(_) => Err(Failure::new(Kind::Timeout, "the deadline passed")),
        }
    }
}

impl Pending {
    fn wake_worker(&mut self) {
        if std::mem::take(&mut self.wake)
            && let Some(active) = self.served.active()
        {
            active.queue.wake();
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        // Others may count on the promise, also when this client has gone before it was kept.
        self.wake_worker();
        self.served.stats.inflight.fetch_sub(1, Relaxed);
        if self.open {
            self.receiver.close();
            if let Some(active) = self.served.active() {
                active.queue.sweep(Instant::now());
            }
        }
    }
}

/// Checks the inputs against the signature. Returns rows, length, and elements per row and unit of length.
fn measure(active: &Active, inputs: &[Tensor]) -> Result<(u32, usize, u64), Failure> {
    let mut rows = None;
    let mut length = None;
    let mut total = 0u64;
    for (index, (tensor, spec)) in inputs.iter().zip(&active.signature.inputs).enumerate() {
        let wrong = |reason: String| Failure::invalid(format!("input `{}`: {reason}", spec.name));
        if tensor.dtype != spec.dtype {
            return Err(wrong(format!(
                "datatype is {}, the model takes {}",
                tensor.dtype, spec.dtype
            )));
        }
        spec.check_shape(&tensor.shape).map_err(wrong)?;
        let count =
            elements(&tensor.shape).ok_or_else(|| wrong("the shape is too large".to_owned()))?;
        check_bytes(tensor, count).map_err(wrong)?;
        total += count as u64;
        let Some(batch) = active.layout.input_batch(index) else {
            continue;
        };
        if *rows.get_or_insert(tensor.shape[batch]) != tensor.shape[batch] {
            return Err(wrong(format!(
                "{} rows where other inputs have {}",
                tensor.shape[batch],
                rows.unwrap_or(0)
            )));
        }
        let axis = active.layout.input_length(index);
        if let Some(axis) = axis.map(|sequence| sequence.axis)
            && *length.get_or_insert(tensor.shape[axis]) != tensor.shape[axis]
        {
            return Err(wrong(format!(
                "length {} where other inputs have {}",
                tensor.shape[axis],
                length.unwrap_or(0)
            )));
        }
    }
    let rows = rows.unwrap_or(1);
    let length = length.unwrap_or(1);
    let unit = total / (rows as u64 * length as u64).max(1);
    let rows = u32::try_from(rows).map_err(|_| Failure::invalid("too many rows"))?;
    Ok((rows, length, unit.max(1)))
}

fn check_bytes(tensor: &Tensor, count: usize) -> Result<(), String> {
    match tensor.dtype.size() {
        Some(size) if count.checked_mul(size) != Some(tensor.data.len()) => Err(format!(
            "{} bytes do not fill shape {:?} of {}",
            tensor.data.len(),
            tensor.shape,
            tensor.dtype
        )),
        None => match strings::count(&tensor.data) {
            Some(found) if found == count => Ok(()),
            Some(found) => Err(format!(
                "{found} elements do not fill shape {:?}",
                tensor.shape
            )),
            None => Err("the lengths of BYTES elements do not add up".to_owned()),
        },
        Some(_) if tensor.dtype == DType::Bool && tensor.data.iter().any(|byte| *byte > 1) => {
            Err("BOOL elements are 0 or 1".to_owned())
        }
        Some(_) => Ok(()),
    }
}
