//! What the threads of one server share.

use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use mlspec_contract::config::ServerConfig;

use super::{Lifecycle, Phase, Repository};
use crate::failure::{Failure, Kind};
use crate::grpc::Health;
use crate::log::Logger;
use crate::trace::Tracer;

/// Bounds of the body limit that is derived from the models' tensors.
pub(super) const BODY_LIMIT: std::ops::RangeInclusive<u64> = (1 << 20)..=(64 << 20);

/// Bodies of the largest size that may be received at once, and the bytes that always may.
const HELD_BODIES: u64 = 4;
const HELD_LEAST: u64 = 64 << 20;

/// Everything that the threads of one server share.
#[derive(Debug)]
pub struct Server {
    /// What it was told.
    pub config: ServerConfig,
    /// Its models.
    pub repository: Repository,
    /// Between start and end.
    pub lifecycle: Lifecycle,
    /// Where events go.
    pub log: Logger,
    /// Makes spans, where they are wanted.
    pub tracer: Option<Tracer>,
    /// What the gRPC health service reports.
    pub health: Health,
    /// Open connections of HTTP and gRPC.
    pub connections: AtomicU64,
    /// Bytes of bodies that are being received.
    pub(super) held: AtomicU64,
    pub(super) body_limit: OnceLock<u64>,
}

impl Server {
    /// Whether requests are admitted.
    ///
    /// # Errors
    /// `Unavailable` once draining has started.
    pub fn admits(&self) -> Result<(), Failure> {
        match self.lifecycle.phase() {
            Phase::Draining => {
                let mut failure = Failure::new(Kind::Unavailable, "the server is about to end");
                failure.retry_after = Some(Duration::from_secs(1));
                Err(failure)
            }
            _ => Ok(()),
        }
    }

    /// Whether the process should go on.
    ///
    /// # Errors
    /// The reason for a restart.
    pub fn liveness(&self) -> Result<(), Failure> {
        let now = Instant::now();
        match self
            .repository
            .all()
            .iter()
            .find_map(|served| served.sickness(now))
        {
            Some(reason) => Err(Failure::new(Kind::Unavailable, reason)),
            None => Ok(()),
        }
    }

    /// Whether traffic should be sent here.
    ///
    /// # Errors
    /// The reason why not.
    pub fn readiness(&self) -> Result<(), Failure> {
        match self.lifecycle.phase() {
            Phase::Starting => Err(Failure::new(Kind::Unavailable, "models are loading")),
            Phase::Notice | Phase::Draining => Err(Failure::new(
                Kind::Unavailable,
                "the server is about to end",
            )),
            Phase::Ready => self
                .repository
                .all()
                .iter()
                .try_for_each(|served| served.require().map(drop)),
        }
    }

    /// Most bytes of bodies that are being received, of all connections together.
    pub(super) fn held_limit(&self) -> u64 {
        let limits = &self.config.limits;
        let derived = || (self.body_limit() * HELD_BODIES).max(HELD_LEAST);
        limits.max_held_bytes.unwrap_or_else(derived)
    }

    /// Most bytes of a request's body.
    pub fn body_limit(&self) -> u64 {
        self.config
            .limits
            .max_body_bytes
            .or_else(|| self.body_limit.get().copied())
            .unwrap_or(*BODY_LIMIT.end())
    }
}
