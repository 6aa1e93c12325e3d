//! Bytes of request bodies that are held before they are decoded, of all connections together.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::Server;
use crate::failure::{Failure, Kind};

/// What one request holds; given back when this is dropped.
pub(crate) struct Held {
    server: Arc<Server>,
    bytes: u64,
}

impl Held {
    pub(crate) fn new(server: &Arc<Server>) -> Self {
        Self {
            server: Arc::clone(server),
            bytes: 0,
        }
    }

    /// Holds so many bytes more.
    ///
    /// # Errors
    /// `Unavailable` when all requests together would hold more than the limit.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Failure> {
        let bytes = bytes as u64;
        let before = self.server.held.fetch_add(bytes, Relaxed);
        self.bytes += bytes;
        if before + bytes <= self.server.held_limit() {
            return Ok(());
        }
        let mut failure = Failure::new(
            Kind::Unavailable,
            "too many bodies are being received at once",
        );
        failure.retry_after = Some(Duration::from_secs(1));
        Err(failure)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.server.held.fetch_sub(self.bytes, Relaxed);
    }
}
