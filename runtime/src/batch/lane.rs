//! Requests that may share a run: the same shapes but for batch and length.

use std::collections::VecDeque;
use std::time::Instant;

use super::decide::Waiting;
use super::request::Request;
use crate::model::Layout;

/// Requests looked at for one decision; more never fit a run that pays.
const HORIZON: usize = 512;

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
        if !layout.batched {
            return true;
        }
        let axis_of = |input: usize| {
            layout
                .sequence
                .as_ref()
                .and_then(|s| s.inputs[input])
                .map(|s| s.axis)
        };
        first
            .inputs
            .iter()
            .zip(&request.inputs)
            .enumerate()
            .all(|(input, (a, b))| {
                let skipped = axis_of(input);
                a.shape.len() == b.shape.len()
                    && (1..a.shape.len())
                        .all(|axis| Some(axis) == skipped || a.shape[axis] == b.shape[axis])
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

    /// The order of service: the first request, then by nearness in length (where lengths differ), priority, arrival.
    /// Writes indices into the lane and what the decision needs of them.
    pub fn order(&self, indices: &mut Vec<usize>, waiting: &mut Vec<Waiting>) {
        indices.clear();
        waiting.clear();
        indices.extend(0..self.requests.len().min(HORIZON));
        if let (true, Some(first)) = (self.padded, self.first()) {
            let length = first.length;
            indices[1..].sort_by_key(|&index| self.requests[index].length.abs_diff(length));
        }
        waiting.extend(indices.iter().map(|&index| {
            let request = &self.requests[index];
            Waiting {
                rows: request.rows,
                length: request.length,
            }
        }));
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
