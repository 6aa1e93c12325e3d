//! Starting and ending a server.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, mpsc as std_mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mlspec_contract::config::{Level, ModelConfig, ServerConfig};
use tokio::sync::mpsc;

use super::connection::{Speech, accept, serve_arrivals};
use super::listen::bind;
use super::{Active, Lifecycle, Phase, Repository, Served};
use crate::batch::Queue;
use crate::batch::gather::Gathered;
use crate::batch::outbox::Outbox;
use crate::batch::warmup::{Outcome, warm_up};
use crate::batch::worker::{Pulse, Worker};
use crate::engine::{self, Chosen, Loaded, cpu_limit};
use crate::failure::{Failure, Kind};
use crate::grpc::{Health, follow};
use crate::http::Scope;
use crate::log::Logger;
use crate::model::{Dim, Layout};
use crate::tensor::DType;
use crate::trace::Tracer;

/// Bounds of the body limit that is derived from the models' tensors.
const BODY_LIMIT: std::ops::RangeInclusive<u64> = (1 << 20)..=(64 << 20);

/// Bodies of the largest size that may be received at once, and the bytes that always may.
const HELD_BODIES: u64 = 4;
const HELD_LEAST: u64 = 64 << 20;

/// How often the end of a drain is looked for.
const DRAIN_STEP: Duration = Duration::from_millis(2);

/// How long connections without a request may hold up the end.
const IDLE_GRACE: Duration = Duration::from_secs(1);

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
    body_limit: OnceLock<u64>,
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

/// Addresses that the server listens on, with the ports that the system chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// REST.
    pub http: SocketAddr,
    /// gRPC.
    pub grpc: SocketAddr,
    /// Health and metrics alone.
    pub admin: Option<SocketAddr>,
}

/// A started server; models may still be loading.
#[derive(Debug)]
pub struct Running {
    /// What its threads share.
    pub server: Arc<Server>,
    /// Where it listens.
    pub addresses: Addresses,
    loading: std_mpsc::Receiver<Result<Vec<JoinHandle<()>>, String>>,
    workers: Vec<JoinHandle<()>>,
}

/// Binds, starts the network threads, and loads the models beside.
///
/// # Errors
/// In one line, when an address cannot be had or a thread cannot be started.
pub fn start(config: ServerConfig) -> Result<Running, String> {
    start_with(config, engine::load)
}

/// Like [`start`], with another way to load models; for tests with engines of their own.
///
/// # Errors
/// As for [`start`].
pub fn start_with(
    config: ServerConfig,
    load: impl Fn(&ModelConfig) -> Result<(Loaded, Chosen), String> + Send + 'static,
) -> Result<Running, String> {
    let listeners = [bind(config.http)?, bind(config.grpc)?];
    let admin = config.admin.map(bind).transpose()?;
    let address = |listener: &TcpListener| listener.local_addr().map_err(|error| error.to_string());
    let addresses = Addresses {
        http: address(&listeners[0])?,
        grpc: address(&listeners[1])?,
        admin: admin.as_ref().map(address).transpose()?,
    };
    let models: Vec<Arc<Served>> = config
        .models
        .iter()
        .cloned()
        .map(Served::new)
        .map(Arc::new)
        .collect();
    let log = Logger::new(config.log.clone());
    let tracer = config.traces.as_ref();
    let server = Arc::new(Server {
        tracer: tracer
            .map(|traces| Tracer::new(traces, log.clone()))
            .transpose()?,
        log,
        repository: Repository::new(models),
        lifecycle: Lifecycle::default(),
        health: Health::default(),
        connections: AtomicU64::new(0),
        held: AtomicU64::new(0),
        body_limit: OnceLock::new(),
        config,
    });
    start_network(&server, listeners, admin)?;
    let (report, loading) = std_mpsc::channel();
    let loader = Arc::clone(&server);
    spawn("load", move || {
        // The receiver is gone only when the process is about to end.
        let _ = report.send(load_all(&loader, load));
    })?;
    Ok(Running {
        server,
        addresses,
        loading,
        workers: Vec::new(),
    })
}

impl Running {
    /// Waits at most `time` for the models; `None` while they are still loading.
    pub fn loaded(&mut self, time: Duration) -> Option<Result<(), String>> {
        match self.loading.recv_timeout(time) {
            Ok(Ok(workers)) => {
                self.workers = workers;
                Some(Ok(()))
            }
            Ok(Err(reason)) => Some(Err(reason)),
            Err(std_mpsc::RecvTimeoutError::Timeout) => None,
            Err(std_mpsc::RecvTimeoutError::Disconnected) => {
                Some(Err("loading ended without a word".to_owned()))
            }
        }
    }

    /// Ends the server: readiness off, the notice, then the drain. Blocks for at most the configured budget.
    ///
    /// # Errors
    /// The number of admitted requests that were not answered in time.
    pub fn drain(self) -> Result<(), u64> {
        let drain = &self.server.config.drain;
        self.server.lifecycle.advance(Phase::Notice);
        std::thread::sleep(Duration::from_millis(drain.notice_ms));
        self.server.lifecycle.advance(Phase::Draining);
        let started = Instant::now();
        let budget = Duration::from_millis(drain.budget_ms);
        let inflight = || {
            self.server
                .repository
                .all()
                .iter()
                .map(|s| s.stats.inflight.load(Relaxed))
                .sum::<u64>()
        };
        loop {
            let idle = inflight() == 0;
            let closed = self.server.connections.load(Relaxed) == 0;
            if idle && (closed || started.elapsed() > IDLE_GRACE) {
                break;
            }
            if started.elapsed() > budget {
                return Err(inflight());
            }
            std::thread::sleep(DRAIN_STEP);
        }
        for active in self
            .server
            .repository
            .all()
            .iter()
            .filter_map(|served| served.active())
        {
            active.queue.close(Failure::new(
                Kind::Unavailable,
                "the server is about to end",
            ));
        }
        for worker in self.workers {
            let _ = worker.join();
        }
        if let Some(tracer) = &self.server.tracer {
            tracer.end();
        }
        Ok(())
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, String> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| format!("cannot start a thread: {error}"))
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start the network runtime: {error}"))
}

fn start_network(
    server: &Arc<Server>,
    listeners: [TcpListener; 2],
    admin: Option<TcpListener>,
) -> Result<(), String> {
    let threads = server
        .config
        .network_threads
        .map_or_else(|| (cpu_limit() / 4).max(1), |threads| threads as usize);
    let mut senders = Vec::new();
    let mut receivers = Vec::new();
    for _ in 0..threads {
        let (sender, receiver) = mpsc::unbounded_channel();
        senders.push(sender);
        receivers.push((runtime()?, receiver));
    }
    let mut accepting = Some((listeners, senders));
    for (runtime, receiver) in receivers {
        let server = Arc::clone(server);
        let accepting = accepting.take();
        spawn("network", move || {
            runtime.block_on(async move {
                tokio::spawn(Outbox::install());
                if let Some(([http, grpc], senders)) = accepting {
                    tokio::spawn(follow(Arc::clone(&server)));
                    tokio::spawn(accept(
                        Arc::clone(&server),
                        http,
                        Speech::Http(Scope::All),
                        senders.clone(),
                    ));
                    tokio::spawn(accept(Arc::clone(&server), grpc, Speech::Grpc, senders));
                }
                serve_arrivals(server, receiver).await;
            });
        })?;
    }
    if let Some(listener) = admin {
        let server = Arc::clone(server);
        let runtime = runtime()?;
        let (sender, receiver) = mpsc::unbounded_channel();
        spawn("admin", move || {
            runtime.block_on(async move {
                tokio::spawn(accept(
                    Arc::clone(&server),
                    listener,
                    Speech::Http(Scope::Admin),
                    vec![sender],
                ));
                serve_arrivals(server, receiver).await;
            });
        })?;
    }
    Ok(())
}

/// Loads every model in the order of the configuration. Returns the workers' threads.
fn load_all(
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
