//! SIGTERM to the real process under load: it drains, exits 0, and every request that it took is answered.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::support::{INFER, get, read_reply, send};

/// `mlserve` with a real model on the embedded engine.
struct Process {
    child: Child,
    http: SocketAddr,
    /// What it logs from being ready on.
    log: JoinHandle<Vec<String>>,
}

impl Process {
    fn start(folder: &Path, drain: &str) -> Self {
        let model = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../examples/minimal/tabular_mlp.onnx"
        );
        let config = folder.join("config.yaml");
        let text = format!(
            r#"{{"http": "127.0.0.1:0", "grpc": "127.0.0.1:0", "log": {{"requests": "all", "requestsPerSecond": 1000000}}, "drain": {drain},
                "models": [{{"name": "m", "path": "{model}", "engine": "tract"}}], "admin": "127.0.0.1:0"}}"#
        );
        std::fs::write(&config, text).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_mlserve"))
            .args(["serve", "--config"])
            .arg(&config)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|line| line.contains(r#""message":"ready""#))
            .unwrap();
        let http = ready.split(r#""http":""#).nth(1).unwrap();
        let http = http.split('"').next().unwrap().parse().unwrap();
        let log = std::thread::spawn(move || lines.map(Result::unwrap).collect());
        Self { child, http, log }
    }

    fn signal(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(sent.success());
    }

    /// The exit status and the log.
    fn end(mut self) -> (ExitStatus, Vec<String>) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > Duration::from_secs(60) {
                self.child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        (status, self.log.join().unwrap())
    }
}

/// Asks over one connection after another until the server takes no more; counts good answers.
fn client(address: SocketAddr, answered: &AtomicU64) {
    let row = vec!["0.5"; 30].join(",");
    let body =
        format!(r#"{{"inputs":[{{"name":"X","shape":[1,30],"datatype":"FP32","data":[{row}]}}]}}"#);
    while let Ok(mut stream) = TcpStream::connect(address) {
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        for _ in 0..10 {
            send(&mut stream, "POST", INFER, "", &body);
            let Some(reply) = read_reply(&mut stream) else {
                return;
            };
            match reply.status {
                200 => answered.fetch_add(1, SeqCst),
                503 => return,
                _ => panic!("{reply:?}"),
            };
            if reply.head.contains("connection: close") {
                break;
            }
        }
    }
}

#[test]
fn sigterm_under_load_answers_everything_and_exits_with_0() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), r#"{"noticeMs": 200, "budgetMs": 15000}"#);
    let answered = Arc::new(AtomicU64::new(0));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (address, answered) = (server.http, Arc::clone(&answered));
            std::thread::spawn(move || client(address, &answered))
        })
        .collect();
    let start = Instant::now();
    while answered.load(SeqCst) < 200 {
        assert!(start.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(2));
    }
    let before = answered.load(SeqCst);
    server.signal();
    let (status, log) = server.end();
    clients
        .into_iter()
        .for_each(|client| client.join().unwrap());
    assert_eq!(status.code(), Some(0), "{log:?}");
    let good = log
        .iter()
        .filter(|line| line.contains(r#""status":"200""#))
        .count();
    assert_eq!(good as u64, answered.load(SeqCst), "no answer was lost");
    assert!(
        answered.load(SeqCst) > before,
        "it still serves while load balancers notice"
    );
}

#[test]
fn a_second_sigterm_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path(), r#"{"noticeMs": 300000, "budgetMs": 300000}"#);
    server.signal();
    let start = Instant::now();
    while get(server.http, "/v2/health/ready").status != 503 {
        assert!(start.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(5));
    }
    server.signal();
    let (status, _) = server.end();
    assert_eq!(status.code(), Some(i32::from(mlspec_contract::exit::DRAIN)));
    assert!(start.elapsed() < Duration::from_secs(60));
}
