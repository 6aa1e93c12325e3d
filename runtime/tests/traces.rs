//! Traces, as a collector receives them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mlspec_contract::config::Traces;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

use crate::call::Client;
use crate::grpc::{MODEL_INFER, request};
use crate::support::{INFER, REFUSE, connect, post, read_reply, row, send, serve};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// Takes OTLP over HTTP and decodes it with OpenTelemetry's own types.
struct Collector {
    address: SocketAddr,
    taken: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let into = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let into = Arc::clone(&into);
                std::thread::spawn(move || {
                    let mut bytes = Vec::new();
                    let mut chunk = [0; 4096];
                    while let Ok(read @ 1..) = stream.read(&mut chunk) {
                        bytes.extend_from_slice(&chunk[..read]);
                        let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else {
                            continue;
                        };
                        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
                        let length: usize = head
                            .split("content-length: ")
                            .nth(1)
                            .map(|rest| rest.split("\r\n").next().unwrap().parse().unwrap())
                            .unwrap();
                        if bytes.len() < end + 4 + length {
                            continue;
                        }
                        assert!(head.starts_with("post /v1/traces "), "{head}");
                        let body = ExportTraceServiceRequest::decode(&bytes[end + 4..][..length]);
                        into.lock().unwrap().push(body.unwrap());
                        stream
                            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                            .unwrap();
                        bytes.clear();
                    }
                });
            }
        });
        Self { address, taken }
    }

    fn traces(&self, ratio: f64) -> Option<Traces> {
        let mut traces = Traces::new(format!("http://{}", self.address));
        traces.ratio = ratio;
        traces.service = "ranker".to_owned();
        Some(traces)
    }

    fn spans(&self) -> Vec<Span> {
        let taken = self.taken.lock().unwrap();
        let resources = taken.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_traced_request_is_one_span_under_its_client_s_and_one_for_each_part() {
    let collector = Collector::start();
    let server = serve(|config| config.traces = collector.traces(0.0));
    let header = format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n");
    let mut stream = connect(server.http);
    send(&mut stream, "POST", INFER, &header, &row(1.0));
    assert_eq!(read_reply(&mut stream).unwrap().status, 200);
    drop(stream);
    assert_eq!(server.running.drain(), Ok(()));

    let spans = collector.spans();
    assert!(
        spans.iter().all(|span| hex(&span.trace_id) == TRACE),
        "{spans:?}"
    );
    let whole = spans.iter().find(|span| span.name == "infer").unwrap();
    assert_eq!(hex(&whole.parent_span_id), PARENT);
    let mut at = whole.start_time_unix_nano;
    for name in ["queue", "gather", "compute", "split"] {
        let part = spans.iter().find(|span| span.name == name).unwrap();
        assert_eq!(part.parent_span_id, whole.span_id, "{name}");
        assert_eq!(part.start_time_unix_nano, at, "{name}");
        at = part.end_time_unix_nano;
    }
    assert!(at <= whole.end_time_unix_nano);
    let taken = collector.taken.lock().unwrap();
    let resource = taken[0].resource_spans[0].resource.as_ref().unwrap();
    let named = |name: &str| resource.attributes.iter().any(|a| a.key == name);
    assert!(named("service.name"), "{resource:?}");
    assert!(format!("{resource:?}").contains("ranker"));
    assert!(format!("{whole:?}").contains("batch.rows"));
}

#[test]
fn clients_decide_and_the_ratio_decides_for_those_who_do_not() {
    let collector = Collector::start();
    let server = serve(|config| config.traces = collector.traces(0.25));
    let unwanted = format!("traceparent: 00-{TRACE}-{PARENT}-00\r\n");
    for _ in 0..40 {
        post(server.http, INFER, &row(1.0));
        let mut stream = connect(server.http);
        send(&mut stream, "POST", INFER, &unwanted, &row(1.0));
        read_reply(&mut stream).unwrap();
    }
    assert_eq!(server.running.drain(), Ok(()));
    let roots = collector
        .spans()
        .iter()
        .filter(|span| span.name == "infer")
        .count();
    assert!((8..=12).contains(&roots), "{roots} of 40 at a quarter");
    assert!(
        collector
            .spans()
            .iter()
            .all(|span| hex(&span.trace_id) != TRACE)
    );
}

#[test]
fn failures_and_grpc_are_traced_too() {
    let collector = Collector::start();
    let server = serve(|config| config.traces = collector.traces(0.0));
    let header = format!("00-{TRACE}-{PARENT}-01");
    let mut client = Client::connect(server.running.addresses.grpc);
    let called = client.call(MODEL_INFER, &[("traceparent", &header)], &request(REFUSE));
    assert_eq!(called.code, 13);
    drop(client);
    assert_eq!(server.running.drain(), Ok(()));
    let spans = collector.spans();
    assert_eq!(spans.len(), 1, "{spans:?}");
    let status = spans[0].status.as_ref().unwrap();
    assert_eq!(status.code, 2, "an error");
    assert!(status.message.contains("does not like it"), "{status:?}");
}

#[test]
fn a_collector_that_never_answers_holds_up_no_request_and_not_the_end() {
    // It accepts and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut traces = Traces::new(format!("http://{}", silent.local_addr().unwrap()));
    traces.ratio = 1.0;
    let server = serve(|config| config.traces = Some(traces));
    let began = Instant::now();
    let mut stream = connect(server.http);
    // More than the queue of spans holds.
    for _ in 0..3000 {
        send(&mut stream, "POST", INFER, "", &row(1.0));
        assert_eq!(read_reply(&mut stream).unwrap().status, 200);
    }
    drop(stream);
    assert_eq!(server.running.drain(), Ok(()));
    // A wait for the collector would be one of 10 s for each span, or would not end.
    assert!(began.elapsed() < Duration::from_secs(120));
}
