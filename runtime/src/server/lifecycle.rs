//! The phases from start to end.

use std::sync::atomic::{AtomicU8, Ordering::SeqCst};

use tokio::sync::watch;

/// Where the server is between start and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Models are loading; not ready.
    Starting,
    /// Everything is served.
    Ready,
    /// The end was asked for: not ready, requests are still admitted until load balancers have noticed.
    Notice,
    /// Nothing is admitted; what was admitted is answered.
    Draining,
}

/// The current phase, and ways to wait for what comes.
#[derive(Debug)]
pub struct Lifecycle {
    phase: AtomicU8,
    draining: watch::Sender<bool>,
    changes: watch::Sender<()>,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self {
            phase: AtomicU8::new(0),
            draining: watch::Sender::new(false),
            changes: watch::Sender::new(()),
        }
    }
}

impl Lifecycle {
    /// The current phase.
    pub fn phase(&self) -> Phase {
        match self.phase.load(SeqCst) {
            0 => Phase::Starting,
            1 => Phase::Ready,
            2 => Phase::Notice,
            _ => Phase::Draining,
        }
    }

    /// Goes on to `phase`; never back.
    pub fn advance(&self, phase: Phase) {
        self.phase.fetch_max(phase as u8, SeqCst);
        if phase == Phase::Draining {
            self.draining.send_replace(true);
        }
        self.changed();
    }

    /// Tells those who follow that readiness may be another.
    pub fn changed(&self) {
        self.changes.send_replace(());
    }

    /// A receiver that changes whenever readiness may be another.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// A receiver that changes once, when draining starts.
    pub fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }
}
