//! A server in this process with an engine of our own, and a plain HTTP client.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use bytes::Bytes;
use mlspec_contract::config::{ModelConfig, RequestLog, ServerConfig};
use mlspec_runtime::engine::{Chosen, Engine, Input, Loaded};
use mlspec_runtime::model::{Dim, Signature, TensorSpec};
use mlspec_runtime::server::{Running, start_with};
use mlspec_runtime::tensor::{DType, Tensor};

/// Input values that make the engine misbehave.
pub(crate) const REFUSE: f32 = -1.0;
pub(crate) const PANIC: f32 = -2.0;
pub(crate) const SLOW: f32 = -3.0;

/// How long a run with [`SLOW`] takes.
pub(crate) const SLOWNESS: Duration = Duration::from_millis(200);

/// Doubles `x`, FP32 `[batch, 3]`; counts its runs.
struct Doubler(Arc<AtomicU64>);

impl Engine for Doubler {
    fn run(&mut self, inputs: &[Input<'_>]) -> Result<Vec<Tensor>, String> {
        let values: &[f32] = bytemuck::cast_slice(inputs[0].data);
        self.0.fetch_add(1, SeqCst);
        if values.contains(&REFUSE) {
            return Err("the engine does not like it".to_owned());
        }
        assert!(!values.contains(&PANIC), "as asked for");
        if values.contains(&SLOW) {
            std::thread::sleep(SLOWNESS);
        }
        let doubled: Vec<f32> = values.iter().map(|value| value * 2.0).collect();
        let data = Bytes::copy_from_slice(bytemuck::cast_slice(&doubled));
        Ok(vec![Tensor {
            dtype: DType::Fp32,
            shape: inputs[0].shape.to_vec(),
            data,
        }])
    }
}

/// Gives back what it gets.
struct Echo;

impl Engine for Echo {
    fn run(&mut self, inputs: &[Input<'_>]) -> Result<Vec<Tensor>, String> {
        let tensor = |input: &Input<'_>| Tensor {
            dtype: input.dtype,
            shape: input.shape.to_vec(),
            data: Bytes::copy_from_slice(input.data),
        };
        Ok(inputs.iter().map(tensor).collect())
    }
}

/// A model that gives back what it gets: one input `x` of this type and these axes, `_` for one of any size.
pub(crate) fn echo(name: &str, dtype: DType, dims: &[&str]) -> ModelConfig {
    ModelConfig::new(name, format!("echo {} {}", dtype.name(), dims.join(" ")))
}

/// What a path says that [`echo`] made, or the doubler.
fn load(path: &str, runs: &Arc<AtomicU64>) -> Loaded {
    let mut words = path.split_whitespace();
    let echo = words.next() == Some("echo");
    let (dtype, dims): (DType, Vec<Dim>) = match echo {
        true => (
            DType::parse(words.next().unwrap()).unwrap(),
            words
                .map(|size| match size.parse() {
                    Ok(size) => Dim::Fixed(size),
                    Err(_) => Dim::Free("batch".to_owned()),
                })
                .collect(),
        ),
        false => (
            DType::Fp32,
            vec![Dim::Free("batch".to_owned()), Dim::Fixed(3)],
        ),
    };
    let spec = |name: &str| TensorSpec {
        name: name.to_owned(),
        dtype,
        dims: dims.clone(),
    };
    let engine: Box<dyn Engine> = match echo {
        true => Box::new(Echo),
        false => Box::new(Doubler(Arc::clone(runs))),
    };
    Loaded {
        signature: Signature {
            inputs: vec![spec("x")],
            outputs: vec![spec("y")],
        },
        engines: vec![engine],
        platform: "test".to_owned(),
    }
}

/// A running server with the model `m`.
pub(crate) struct Fixture {
    pub(crate) running: Running,
    pub(crate) http: SocketAddr,
    pub(crate) runs: Arc<AtomicU64>,
}

pub(crate) fn serve(edit: impl FnOnce(&mut ServerConfig)) -> Fixture {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let mut config = ServerConfig::new(vec![ModelConfig::new("m", "none")]);
    (config.http, config.grpc, config.admin) = (any, any, Some(any));
    config.log.requests = RequestLog::None;
    config.log.level = mlspec_contract::config::Level::Error;
    edit(&mut config);
    let runs = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&runs);
    let mut running = start_with(config, move |model| {
        Ok((
            load(&model.path, &counter),
            Chosen::Tract("a test".to_owned()),
        ))
    })
    .unwrap();
    running.loaded(Duration::from_secs(60)).unwrap().unwrap();
    let http = running.addresses.http;
    Fixture {
        running,
        http,
        runs,
    }
}

/// An answer: status, headers as text, body.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .unwrap();
    stream
}

/// Reads one answer from a connection; `None` when it was closed before one.
pub(crate) fn read_reply(stream: &mut TcpStream) -> Option<Reply> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.split("content-length: ").nth(1).map_or(0, |rest| {
                rest.split("\r\n").next().unwrap().trim().parse().unwrap()
            });
            while bytes.len() < end + 4 + length {
                match stream.read(&mut chunk).ok()? {
                    0 => return None,
                    read => bytes.extend_from_slice(&chunk[..read]),
                }
            }
            let status = head[9..12].parse().unwrap();
            return Some(Reply {
                status,
                head,
                body: String::from_utf8_lossy(&bytes[end + 4..]).into_owned(),
                bytes: bytes.split_off(end + 4),
            });
        }
        match stream.read(&mut chunk).ok()? {
            0 => return None,
            read => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

pub(crate) fn send(
    stream: &mut TcpStream,
    method: &str,
    path: &str,
    headers: &str,
    body: &(impl AsRef<[u8]> + ?Sized),
) {
    let body = body.as_ref();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
}

pub(crate) fn post(address: SocketAddr, path: &str, body: &str) -> Reply {
    let mut stream = connect(address);
    send(&mut stream, "POST", path, "", body);
    read_reply(&mut stream).unwrap()
}

pub(crate) fn get(address: SocketAddr, path: &str) -> Reply {
    let mut stream = connect(address);
    send(&mut stream, "GET", path, "", "");
    read_reply(&mut stream).unwrap()
}

/// An inference request of one row.
pub(crate) fn row(value: f32) -> String {
    format!(r#"{{"inputs":[{{"name":"x","shape":[1,3],"datatype":"FP32","data":[{value},1,2]}}]}}"#)
}

pub(crate) const INFER: &str = "/v2/models/m/infer";

/// Waits for something that other threads bring about.
pub(crate) fn eventually(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub(crate) fn inflight(server: &Fixture) -> u64 {
    server.running.server.repository.all()[0]
        .stats
        .inflight
        .load(SeqCst)
}

pub(crate) fn waiting(server: &Fixture) -> u64 {
    server.running.server.repository.all()[0]
        .active()
        .unwrap()
        .queue
        .load()
        .requests
}

/// A client whose slow request keeps the engine busy; nothing else is in the server.
pub(crate) fn occupy(server: &Fixture) -> TcpStream {
    let mut slow = connect(server.http);
    send(&mut slow, "POST", INFER, "", &row(SLOW));
    eventually("the slow one runs", || {
        inflight(server) == 1 && waiting(server) == 0
    });
    slow
}
