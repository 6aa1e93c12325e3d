//! Loading models, warming them up, and starting their workers.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::JoinHandle;
use std::time::Instant;

use mlspec_contract::config::{Level, ModelConfig};

use super::start::spawn;
use super::state::BODY_LIMIT;
use super::{Active, Phase, Served, Server};
use crate::batch::Queue;
use crate::batch::gather::Gathered;
use crate::batch::warmup::{Outcome, warm_up};
use crate::batch::worker::{Pulse, Worker};
use crate::engine::{Chosen, Loaded};
use crate::model::{Dim, Layout};
use crate::tensor::DType;

/// Loads every model in the order of the configuration. Returns the workers' threads.
pub(super) fn load_all(
    server: &Arc<Server>,
    load: impl Fn(&ModelConfig) -> Result<(Loaded, Chosen), String>,
) -> Result<Vec<JoinHandle<()>>, String> {
    let mut workers = Vec::new();
    let mut largest = 0u64;
    for served in server.repository.all() {
        let started = Instant::now();
        let named = |reason: String| format!("model `{}`: {reason}", served.name);
        let (loaded, chosen) = load(&served.config).map_err(named)?;
        let (engine, reason) = match &chosen {
            Chosen::Ort(reason) => ("onnxruntime", reason),
            Chosen::Tract(reason) => ("tract", reason),
        };
        let fields = [
            ("model", served.name.as_str()),
            ("engine", engine),
            ("why", reason.as_str()),
        ];
        server.log.event(
            Level::Info,
            &format!("engine {engine} runs model {}", served.name),
            &fields,
        );
        largest = largest.max(typical_body(&loaded, served.config.batch.max_size));
        workers.extend(activate(server, served, loaded).map_err(named)?);
        server.lifecycle.changed();
        let elapsed = started.elapsed();
        served.stats.load_us.store(
            u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
            Relaxed,
        );
    }
    let _ = server
        .body_limit
        .set(largest.clamp(*BODY_LIMIT.start(), *BODY_LIMIT.end()));
    server.lifecycle.advance(Phase::Ready);
    Ok(workers)
}

/// Warms the model up, makes it ready and starts its workers.
fn activate(
    server: &Arc<Server>,
    served: &Arc<Served>,
    loaded: Loaded,
) -> Result<Vec<JoinHandle<()>>, String> {
    let layout = Arc::new(Layout::new(
        &loaded.signature,
        &served.config.batch,
        &served.config.padding,
    )?);
    let queue = Queue::new(&served.config, Arc::clone(&layout), Instant::now());
    let mut engines = loaded.engines;
    for engine in &mut engines {
        let outcome = warm_up(
            engine.as_mut(),
            &loaded.signature,
            &layout,
            &served.config.warmup,
            &queue,
        )?;
        let (message, detail) = match &outcome {
            Outcome::Measured(sizes) => ("warmed up", format!("{sizes} sizes")),
            Outcome::Skipped(reason) => ("not warmed up", reason.clone()),
        };
        let fields = [("model", served.name.as_str()), ("detail", &detail)];
        server.log.event(
            Level::Info,
            &format!("model {} is {message}", served.name),
            &fields,
        );
    }
    let pulses = engines.iter().map(|_| Pulse::new()).collect();
    served.activate(Active {
        signature: loaded.signature,
        layout,
        queue,
        platform: loaded.platform,
        pulses,
    });
    engines
        .into_iter()
        .enumerate()
        .map(|(slot, engine)| {
            let served = Arc::clone(served);
            let server = Arc::clone(server);
            spawn(&format!("engine {}", served.name), move || {
                let Some(active) = served.active() else {
                    return;
                };
                let worked = Worker {
                    queue: &active.queue,
                    layout: &active.layout,
                    stats: &served.stats,
                    pulse: &active.pulses[slot],
                    engine,
                    gathered: Gathered::default(),
                }
                .work();
                if let Err(reason) = worked {
                    served.mark_broken();
                    server.lifecycle.changed();
                    server
                        .log
                        .event(Level::Error, &reason, &[("model", &served.name)]);
                }
            })
        })
        .collect()
}

/// The longest element of a number in JSON, such as `-2.2250738585072014e-308, `: clients write FP32 with FP64's digits.
const JSON_NUMBER: u64 = 26;

/// What is allowed for an element of BYTES.
const JSON_STRING: u64 = 1024;

/// The bytes of the largest batch in JSON; an axis of any size beside the batch counts as 1024.
fn typical_body(loaded: &Loaded, max_rows: u32) -> u64 {
    loaded
        .signature
        .inputs
        .iter()
        .map(|input| {
            let mut dims = input.dims.iter();
            let rows = match dims.next() {
                Some(Dim::Fixed(size)) => *size as u64,
                Some(Dim::Free(_)) => u64::from(max_rows),
                None => 1,
            };
            let rest = dims.map(|dim| match dim {
                Dim::Fixed(size) => *size as u64,
                Dim::Free(_) => 1024,
            });
            let each = match input.dtype {
                DType::Bytes => JSON_STRING,
                _ => JSON_NUMBER,
            };
            rest.fold(rows, u64::saturating_mul).saturating_mul(each)
        })
        .fold(0, u64::saturating_add)
}
