//! The scheduler: requests wait in a queue, a pure function decides what runs, a thread per engine runs it.
//!
//! [`mod@decide`] holds the whole policy; [`cost`] what was measured; [`rhythm`] how requests arrive; [`queue`] keeps order
//! and bounds; [`gather`] and [`split`] turn requests into one run and its outputs back into answers.

pub mod cost;
pub mod decide;
pub mod gather;
pub mod lane;
pub mod queue;
pub mod request;
pub mod rhythm;
pub mod split;
pub mod warmup;
pub mod worker;

pub use decide::{Decision, Policy, decide};
pub use queue::Queue;
pub use request::{Answer, Request, Timing};
