//! Counting a request's outcome, whatever it is.

use std::time::Instant;

use crate::batch::Timing;
use crate::failure::{Failure, Kind};
use crate::server::Served;

/// Counts a request's outcome, also when its future is dropped because the client has gone.
pub(crate) struct Counted<'a> {
    served: &'a Served,
    arrived: Instant,
    done: bool,
}

impl<'a> Counted<'a> {
    pub(crate) fn new(served: &'a Served, arrived: Instant) -> Self {
        Self {
            served,
            arrived,
            done: false,
        }
    }

    pub(crate) fn finish(mut self, outcome: Result<&Timing, &Failure>) {
        self.done = true;
        match outcome {
            Ok(timing) => self.served.stats.answered(self.arrived.elapsed(), timing),
            Err(failure) => self.served.stats.failed(self.arrived.elapsed(), failure),
        }
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        if !self.done {
            let gone = Failure::new(Kind::Gone, "the client went away");
            self.served.stats.failed(self.arrived.elapsed(), &gone);
        }
    }
}
