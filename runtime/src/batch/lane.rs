//! Requests that may share a run: the same shapes but for batch and length.

use std::collections::VecDeque;
use std::time::Instant;

use super::decide::Waiting;
use super::request::Request;
use crate::model::Layout;

/// Requests looked at for one decision; more never fit a run that pays.
const HORIZON: usize = 512;

/// The same where lengths differ: cutting them into runs takes time with the square of their number.
const PADDED_HORIZON: usize = 96;

/// A queue of requests that may share a run, by priority and then arrival.
#[derive(Debug)]
pub struct Lane {
    requests: VecDeque<Request>,
    /// Requests of unequal length may meet here.
    padded: bool,
}

impl Lane {
    /// A lane with its first request.
    pub fn new(request: Request, layout: &Layout) -> Self {
        Self {
            requests: VecDeque::from([request]),
            padded: layout.sequence.is_some(),
        }
    }

    /// Whether `request` may share a run with those that wait here.
    pub fn accepts(&self, request: &Request, layout: &Layout) -> bool {
        let Some(first) = self.requests.front() else {
            return false;
        };
        let Some(batch) = &layout.batch else {
            return true;
        };
        first
            .inputs
            .iter()
            .zip(&request.inputs)
            .zip(&batch.inputs)
            .enumerate()
            .all(|(input, ((a, b), batch))| {
                let Some(batch) = *batch else {
                    return a == b;
                };
                let length = layout.input_length(input).map(|length| length.axis);
                let free = |axis| axis == batch || Some(axis) == length;
                a.shape.len() == b.shape.len()
                    && (0..a.shape.len()).all(|axis| free(axis) || a.shape[axis] == b.shape[axis])
            })
    }

    /// Adds a request behind those of the same or a higher priority.
    pub fn push(&mut self, request: Request) {
        let behind = self
            .requests
            .iter()
            .rev()
            .take_while(|waiting| waiting.priority > request.priority)
            .count();
        let place = self.requests.len() - behind;
        self.requests.insert(place, request);
    }

    /// The request that must go first.
    pub fn first(&self) -> Option<&Request> {
        self.requests.front()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// Takes out the requests that nobody waits for any more.
    pub fn take_gone(&mut self, now: Instant, gone: &mut Vec<Request>) {
        let mut index = 0;
        while index < self.requests.len() {
            if self.requests[index].is_gone(now) {
                gone.extend(self.requests.remove(index));
            } else {
                index += 1;
            }
        }
    }

    /// Takes out everything.
    pub fn take_all(&mut self) -> impl Iterator<Item = Request> {
        std::mem::take(&mut self.requests).into_iter()
    }

    /// From short to long, equal lengths by priority and then arrival, as the decision wants it. Writes indices into
    /// the lane and what the decision needs of them; returns the place of the request that must run next.
    pub fn order(&self, indices: &mut Vec<usize>, waiting: &mut Vec<Waiting>) -> usize {
        indices.clear();
        waiting.clear();
        let horizon = if self.padded { PADDED_HORIZON } else { HORIZON };
        indices.extend(0..self.requests.len().min(horizon));
        if self.padded {
            indices.sort_by_key(|&index| self.requests[index].length);
        }
        waiting.extend(indices.iter().map(|&index| {
            let request = &self.requests[index];
            Waiting {
                rows: request.rows,
                length: request.length,
            }
        }));
        indices.iter().position(|&index| index == 0).unwrap_or(0)
    }

    /// Takes out the requests at `indices`, in that order.
    pub fn take(&mut self, indices: &[usize]) -> Vec<Request> {
        if indices
            .iter()
            .enumerate()
            .all(|(place, &index)| place == index)
        {
            return self.requests.drain(..indices.len()).collect();
        }
        let mut slots: Vec<Option<Request>> = std::mem::take(&mut self.requests)
            .into_iter()
            .map(Some)
            .collect();
        let taken = indices
            .iter()
            .filter_map(|&index| slots[index].take())
            .collect();
        self.requests = slots.into_iter().flatten().collect();
        taken
    }
}
