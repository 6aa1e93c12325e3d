//! The scheduler: requests wait in a queue, a pure function decides what runs, a thread per engine runs it.
//!
//! [`mod@decide`] holds the whole policy; [`cost`] what runs cost; [`pace`] how fast the queue empties; [`rhythm`] how
//! requests arrive; [`queue`] keeps order and bounds; [`outbox`] brings answers back; `admission` tells whether a deadline can be met; [`gather`] and
//! [`split`] turn requests into one run and its outputs back into answers.

mod admission;
mod axis;
pub mod cost;
pub mod decide;
pub mod estimate;
pub mod gather;
pub mod lane;
pub mod outbox;
pub mod pace;
pub mod queue;
pub mod request;
pub mod rhythm;
pub mod split;
pub mod warmup;
pub mod worker;

pub use decide::{Decision, Policy, decide};
pub use outbox::Reply;
pub use queue::Queue;
pub use request::{Answer, DEFAULT_PRIORITY, Request, Timing};
