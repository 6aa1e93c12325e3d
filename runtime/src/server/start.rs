//! Starting and ending a server.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock, mpsc as std_mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use mlspec_contract::config::{ModelConfig, ServerConfig};
use tokio::sync::mpsc;

use super::connection::{Speech, accept, serve_arrivals};
use super::listen::bind;
use super::load::load_all;
use super::{Lifecycle, Phase, Repository, Served, Server};
use crate::batch::outbox::Outbox;
use crate::engine::{Chosen, Loaded, cpu_limit};
use crate::failure::{Failure, Kind};
use crate::grpc::{Health, follow};
use crate::http::Scope;
use crate::log::Logger;
use crate::trace::Tracer;

/// How often the end of a drain is looked for.
const DRAIN_STEP: Duration = Duration::from_millis(2);

/// How long connections without a request may hold up the end.
const IDLE_GRACE: Duration = Duration::from_secs(1);

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
#[cfg(feature = "program")]
pub fn start(config: ServerConfig) -> Result<Running, String> {
    start_with(config, crate::engine::load)
}

/// Like `start`, with another way to load models; for tests with engines of their own.
///
/// # Errors
/// In one line, when an address cannot be had or a thread cannot be started.
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

pub(super) fn spawn(
    name: &str,
    work: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, String> {
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
