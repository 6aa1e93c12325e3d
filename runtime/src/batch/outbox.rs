//! Answers on their way back to the network threads: one wake-up per run and thread, not one per request.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, oneshot};

use super::request::Answer;
use crate::failure::Failure;

/// How a request ends.
pub type Outcome = Result<Answer, Failure>;

thread_local! {
    static OWN: RefCell<Option<Arc<Outbox>>> = const { RefCell::new(None) };
}

/// What one network thread has still to hand out to its own tasks.
#[derive(Debug, Default)]
pub struct Outbox {
    ready: Mutex<Vec<(oneshot::Sender<Outcome>, Outcome)>>,
    wake: Notify,
}

impl Outbox {
    /// Makes answers to requests of this thread come through one outbox. The returned future hands them out, on this
    /// thread, for as long as it is polled.
    pub fn install() -> impl Future<Output = ()> {
        let outbox = Arc::new(Self::default());
        OWN.set(Some(Arc::clone(&outbox)));
        async move {
            loop {
                outbox.wake.notified().await;
                let ready = std::mem::take(&mut *outbox.lock());
                for (sender, outcome) in ready {
                    // Who does not wait any more needs no answer.
                    let _ = sender.send(outcome);
                }
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(oneshot::Sender<Outcome>, Outcome)>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the answer to one request goes.
#[derive(Debug)]
pub struct Reply {
    sender: oneshot::Sender<Outcome>,
    outbox: Option<Arc<Outbox>>,
}

impl Reply {
    /// A way back to this thread, and what waits there for the outcome.
    pub fn channel() -> (Self, oneshot::Receiver<Outcome>) {
        let (sender, receiver) = oneshot::channel();
        let outbox = OWN.with_borrow(Clone::clone);
        (Self { sender, outbox }, receiver)
    }

    /// Whether nobody waits any more.
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Sends one outcome.
    pub fn send(self, outcome: Outcome) {
        post([(self, outcome)]);
    }
}

/// Sends outcomes, with one wake-up for each thread that waits for some of them.
pub fn post(outcomes: impl IntoIterator<Item = (Reply, Outcome)>) {
    let mut threads: Vec<Arc<Outbox>> = Vec::new();
    for (reply, outcome) in outcomes {
        let Some(outbox) = reply.outbox else {
            let _ = reply.sender.send(outcome);
            continue;
        };
        outbox.lock().push((reply.sender, outcome));
        if !threads.iter().any(|known| Arc::ptr_eq(known, &outbox)) {
            threads.push(outbox);
        }
    }
    for outbox in threads {
        outbox.wake.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Kind;

    #[test]
    fn every_outcome_arrives_with_an_outbox_and_without() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let failure = || Err(Failure::new(Kind::Engine, "told"));
        let plain = Reply::channel();
        runtime.block_on(async {
            tokio::spawn(Outbox::install());
            let (replies, receivers): (Vec<_>, Vec<_>) = (0..3).map(|_| Reply::channel()).unzip();
            assert!(replies.iter().all(|reply| reply.outbox.is_some()));
            let sent = std::thread::spawn(move || {
                post(replies.into_iter().map(|reply| (reply, failure())));
                plain.0.send(failure());
            });
            for receiver in receivers.into_iter().chain([plain.1]) {
                assert_eq!(receiver.await.unwrap().unwrap_err().message, "told");
            }
            sent.join().unwrap();
        });
    }
}
