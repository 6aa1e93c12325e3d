//! `mlserve serve`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use mlspec_contract::config::{Level, Log, LogFormat, ModelConfig, ServerConfig};
use mlspec_contract::exit;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::check::report;
use crate::config::{self, Located};
use crate::server::{self, Running};

/// How often loading is looked at between signals.
const STEP: Duration = Duration::from_millis(2);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The configuration file; it replaces the other options.
    #[arg(long, value_name = "FILE", required_unless_present = "model", conflicts_with_all = ["model", "http", "grpc"])]
    config: Option<PathBuf>,
    /// A model to serve with every default; may be repeated.
    #[arg(long, value_name = "NAME=PATH", value_parser = parse_model)]
    model: Vec<(String, String)>,
    /// Address of REST, health and metrics.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080", value_parser = parse_address)]
    http: SocketAddr,
    /// Address of gRPC.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:9000", value_parser = parse_address)]
    grpc: SocketAddr,
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let wrong = |_| "expected an address and a port, such as `0.0.0.0:8080`".to_owned();
    text.parse().map_err(wrong)
}

fn parse_model(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, path)) if !name.is_empty() && !path.is_empty() => {
            Ok((name.to_owned(), path.to_owned()))
        }
        _ => Err("expected NAME=PATH".to_owned()),
    }
}

pub(super) fn run(args: Args) -> u8 {
    let config = match configure(args) {
        Ok(config) => config,
        Err(()) => return exit::CONFIG,
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        return exit::FAILED;
    };
    // Signals are taken over before anything is started, so that none is missed.
    let signals = runtime.block_on(async { Signals::new() });
    let mut signals = match signals {
        Ok(signals) => signals,
        Err(error) => {
            eprintln!("signals cannot be handled: {error}");
            return exit::FAILED;
        }
    };
    let running = match server::start(config) {
        Ok(running) => running,
        Err(reason) => {
            eprintln!("{reason}");
            return exit::FAILED;
        }
    };
    runtime.block_on(live(running, &mut signals))
}

fn configure(args: Args) -> Result<ServerConfig, ()> {
    if let Some(path) = args.config {
        return config::read(&path).map_err(|problems| report(&path, &problems));
    }
    let mut config = ServerConfig::new(
        args.model
            .into_iter()
            .map(|(name, path)| ModelConfig::new(name, path))
            .collect(),
    );
    config.http = args.http;
    config.grpc = args.grpc;
    config.admin = None;
    config.log = Log {
        format: LogFormat::Text,
        ..Log::default()
    };
    let problems = config.validate();
    for problem in &problems {
        report(
            &PathBuf::from("command line"),
            &[Located {
                line: 0,
                message: problem.to_string(),
            }],
        );
    }
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(())
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Waits for the models, then for a signal, then for the end.
async fn live(mut running: Running, signals: &mut Signals) -> u8 {
    let log = running.server.log.clone();
    loop {
        match running.loaded(Duration::ZERO) {
            Some(Ok(())) => break,
            Some(Err(reason)) => {
                log.event(Level::Error, &reason, &[]);
                return exit::FAILED;
            }
            None => tokio::select! {
                () = tokio::time::sleep(STEP) => {}
                () = signals.next() => return exit::OK,
            },
        }
    }
    let addresses = running.addresses;
    let fields = [
        ("http", addresses.http.to_string()),
        ("grpc", addresses.grpc.to_string()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    log.event(Level::Info, "ready", &fields);
    signals.next().await;
    log.event(Level::Info, "the end was asked for: draining", &[]);
    let drain = tokio::task::spawn_blocking(move || running.drain());
    tokio::select! {
        drained = drain => match drained {
            Ok(Ok(())) => {
                log.event(Level::Info, "every admitted request is answered", &[]);
                exit::OK
            }
            Ok(Err(lost)) => {
                log.event(Level::Error, "the drain budget ran out", &[("unanswered", &lost.to_string())]);
                exit::DRAIN
            }
            Err(_) => exit::FAILED,
        },
        () = signals.next() => {
            log.event(Level::Warn, "a second signal ends the drain", &[]);
            // The blocking drain would hold the process up.
            std::process::exit(i32::from(exit::DRAIN))
        }
    }
}
