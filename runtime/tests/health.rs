//! gRPC health, as kubelet and load balancers ask for it.

use std::time::{Duration, Instant};

use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::call::Client;
use crate::grpc::{MODEL_INFER, request};
use crate::support::{
    INFER, PANIC, SLOW, connect, eventually, get, inflight, row, send, serve, waiting,
};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WATCH: &str = "/grpc.health.v1.Health/Watch";

fn service(name: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: name.to_owned(),
    }
}

#[test]
fn check_answers_for_the_server_and_for_each_model() {
    let server = serve(|_| {});
    let mut client = Client::connect(server.running.addresses.grpc);
    for name in ["", "inference.GRPCInferenceService", "m"] {
        let answer: HealthCheckResponse = client.get(CHECK, &service(name));
        assert_eq!(answer.status(), ServingStatus::Serving, "{name}");
    }
    assert_eq!(client.call(CHECK, &[], &service("z")).code, 5);
}

#[test]
fn watchers_are_told_when_a_model_breaks() {
    let server = serve(|_| {});
    let mut watcher = Client::connect(server.running.addresses.grpc);
    let mut answers = watcher.stream(WATCH, &service("m"));
    assert_eq!(
        answers.next::<HealthCheckResponse>().status(),
        ServingStatus::Serving
    );
    Client::connect(server.running.addresses.grpc).call(MODEL_INFER, &[], &request(PANIC));
    assert_eq!(
        answers.next::<HealthCheckResponse>().status(),
        ServingStatus::NotServing
    );
}

#[test]
fn watchers_are_told_of_the_end_and_do_not_hold_it_up() {
    let server = serve(|config| config.drain.notice_ms = 300);
    let mut watcher = Client::connect(server.running.addresses.grpc);
    let mut answers = watcher.stream(WATCH, &service(""));
    assert_eq!(
        answers.next::<HealthCheckResponse>().status(),
        ServingStatus::Serving
    );
    let began = Instant::now();
    let end = std::thread::spawn(move || server.running.drain());
    assert_eq!(
        answers.next::<HealthCheckResponse>().status(),
        ServingStatus::NotServing
    );
    assert!(began.elapsed() < Duration::from_secs(60));
    assert_eq!(end.join().unwrap(), Ok(()));
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "the watcher held it up"
    );
}

#[test]
fn a_stuck_engine_fails_liveness() {
    let server = serve(|config| config.models[0].timeout_ms = 1000);
    let mut slow = connect(server.http);
    send(&mut slow, "POST", INFER, "", &row(SLOW));
    eventually("it runs", || {
        inflight(&server) == 1 && waiting(&server) == 0
    });
    let served = &server.running.server.repository.all()[0];
    assert_eq!(served.sickness(Instant::now()), None);
    let later = Instant::now() + Duration::from_secs(61);
    let reason = served.sickness(later).unwrap();
    assert!(reason.contains("stuck"), "{reason}");
    assert_eq!(get(server.http, "/health").status, 200);
}
