//! One version of one model, from the moment it is configured to its end.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use mlspec_contract::config::ModelConfig;

use crate::batch::Queue;
use crate::batch::worker::Pulse;
use crate::failure::{Failure, Kind};
use crate::metrics::ModelStats;
use crate::model::{Layout, Signature};

/// A run that takes longer than this and than twice the model's timeout counts as stuck.
const STUCK: Duration = Duration::from_secs(60);

/// What exists of a model once it is loaded and warmed up.
#[derive(Debug)]
pub struct Active {
    /// What it takes and gives.
    pub signature: Signature,
    /// How requests share runs.
    pub layout: Arc<Layout>,
    /// Where requests wait.
    pub queue: Queue,
    /// Engine and device.
    pub platform: String,
    /// One per worker.
    pub pulses: Vec<Pulse>,
}

/// One version of one model.
#[derive(Debug)]
pub struct Served {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// How it is run.
    pub config: ModelConfig,
    /// What is counted.
    pub stats: ModelStats,
    active: OnceLock<Active>,
    broken: AtomicBool,
}

impl Served {
    /// A model that is not loaded yet.
    pub fn new(config: ModelConfig) -> Self {
        Self {
            name: config.name.clone(),
            version: config.version.clone(),
            config,
            stats: ModelStats::default(),
            active: OnceLock::new(),
            broken: AtomicBool::new(false),
        }
    }

    /// Makes the model ready; a second time has no effect.
    pub fn activate(&self, active: Active) -> &Active {
        self.active.get_or_init(|| active)
    }

    /// What exists once it is ready.
    pub fn active(&self) -> Option<&Active> {
        self.active.get()
    }

    /// What exists once it is ready, or the failure to answer with.
    ///
    /// # Errors
    /// `Unavailable` before that, and after its engine broke.
    pub fn require(&self) -> Result<&Active, Failure> {
        match self.active.get() {
            Some(active) if !self.is_broken() => Ok(active),
            Some(_) => Err(Failure::new(
                Kind::Unavailable,
                format!("model `{}` has a broken engine", self.name),
            )),
            None => {
                let mut failure = Failure::new(
                    Kind::Unavailable,
                    format!("model `{}` is not loaded yet", self.name),
                );
                failure.retry_after = Some(Duration::from_secs(1));
                Err(failure)
            }
        }
    }

    /// Whether requests are answered.
    pub fn is_ready(&self) -> bool {
        self.active.get().is_some() && !self.is_broken()
    }

    /// Marks the engine as unusable and answers all that waits.
    pub fn mark_broken(&self) {
        self.broken.store(true, Relaxed);
        if let Some(active) = self.active.get() {
            let failure = Failure::new(
                Kind::Unavailable,
                format!("model `{}` has a broken engine", self.name),
            );
            for request in active.queue.abort(failure.clone()) {
                request.reply.send(Err(failure.clone()));
            }
        }
    }

    /// Whether an engine panicked.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Relaxed)
    }

    /// Why the process should be restarted, if it should.
    pub fn sickness(&self, now: Instant) -> Option<String> {
        if self.is_broken() {
            return Some(format!("the engine of model `{}` panicked", self.name));
        }
        let limit = STUCK.max(Duration::from_millis(self.config.timeout_ms) * 2);
        let active = self.active.get()?;
        let longest = active
            .pulses
            .iter()
            .map(|pulse| pulse.busy_for(now))
            .max()?;
        (longest > limit).then(|| {
            format!(
                "the engine of model `{}` is stuck for {} s",
                self.name,
                longest.as_secs()
            )
        })
    }
}
