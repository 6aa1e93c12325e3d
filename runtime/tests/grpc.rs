//! gRPC as clients see it.

use std::time::Duration;

use mlspec_runtime::grpc::proto::model_infer_request::InferInputTensor;
use mlspec_runtime::grpc::proto::{self, InferParameter, ModelInferRequest, ModelInferResponse};

use crate::call::{Client, SERVICE};
use crate::support::{
    INFER, PANIC, REFUSE, connect, eventually, occupy, row, send, serve, waiting,
};

pub(crate) const MODEL_INFER: &str = "/inference.GRPCInferenceService/ModelInfer";

pub(crate) fn request(value: f32) -> ModelInferRequest {
    let data: Vec<u8> = [value, 1.0, 2.0]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    ModelInferRequest {
        model_name: "m".to_owned(),
        id: "r1".to_owned(),
        inputs: vec![InferInputTensor {
            name: "x".to_owned(),
            datatype: "FP32".to_owned(),
            shape: vec![1, 3],
            ..Default::default()
        }],
        raw_input_contents: vec![data.into()],
        ..Default::default()
    }
}

fn whole_number(value: i64) -> InferParameter {
    InferParameter {
        parameter_choice: Some(proto::infer_parameter::ParameterChoice::Int64Param(value)),
    }
}

#[test]
fn raw_and_typed_contents_are_answered() {
    let server = serve(|_| {});
    let mut client = Client::connect(server.running.addresses.grpc);
    let raw: ModelInferResponse = client.get(MODEL_INFER, &request(0.5));
    let mut typed = request(0.5);
    typed.raw_input_contents.clear();
    typed.inputs[0].contents = Some(proto::InferTensorContents {
        fp32_contents: vec![0.5, 1.0, 2.0],
        ..Default::default()
    });
    let typed: ModelInferResponse = client.get(MODEL_INFER, &typed);
    assert_eq!(raw, typed);
    assert_eq!((raw.id.as_str(), raw.model_version.as_str()), ("r1", "1"));
    let expected: Vec<u8> = [1.0f32, 2.0, 4.0]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    assert_eq!(raw.raw_output_contents, [expected]);
}

#[test]
fn timings_come_on_demand() {
    let server = serve(|_| {});
    let mut client = Client::connect(server.running.addresses.grpc);
    let called = client.call(MODEL_INFER, &[("x-mlserve-timing", "1")], &request(1.0));
    let timing = called.timing.unwrap();
    let parts: Vec<&str> = timing
        .split(", ")
        .map(|part| part.split(';').next().unwrap())
        .collect();
    let expected = ["queue", "gather", "compute", "split", "total", "batch"];
    assert_eq!(parts, expected, "{timing}");
    for unasked in [&[][..], &[("x-mlserve-timing", "0")]] {
        let called = client.call(MODEL_INFER, unasked, &request(1.0));
        assert_eq!((called.code, called.timing), (0, None));
    }
    let refused = client.call(MODEL_INFER, &[("x-mlserve-timing", "1")], &request(REFUSE));
    assert_eq!((refused.code, refused.timing), (13, None));
}

#[test]
fn messages_of_every_size_pass() {
    let server = serve(|config| config.models[0].queue.max_rows = 100_000);
    let mut client = Client::connect(server.running.addresses.grpc);
    for rows in [1, 30, 60, 500, 20_000] {
        let mut large = request(1.0);
        large.inputs[0].shape = vec![rows, 3];
        let values = (0..rows * 3).map(|value| value as f32);
        let bytes = |values: &mut dyn Iterator<Item = f32>| -> Vec<u8> {
            values.flat_map(f32::to_le_bytes).collect()
        };
        large.raw_input_contents = vec![bytes(&mut values.clone()).into()];
        let answer: ModelInferResponse = client.get(MODEL_INFER, &large);
        let expected = bytes(&mut values.map(|value| value * 2.0));
        assert!(answer.raw_output_contents == [expected], "{rows} rows");
    }
}

#[test]
fn failures_have_grpc_s_codes() {
    let server = serve(|_| {});
    let mut client = Client::connect(server.running.addresses.grpc);
    let edited = |edit: &dyn Fn(&mut ModelInferRequest)| {
        let mut wrong = request(1.0);
        edit(&mut wrong);
        wrong
    };
    let timeout = [("timeout".to_owned(), whole_number(-1))];
    let sequence = [("sequence_id".to_owned(), whole_number(7))];
    for (wrong, code, word) in [
        (
            edited(&|r| r.model_name = "z".to_owned()),
            5,
            "no model `z`",
        ),
        (
            edited(&|r| r.model_version = "9".to_owned()),
            5,
            "no version `9`",
        ),
        (
            edited(&|r| r.inputs[0].name = "z".to_owned()),
            3,
            "no input `z`",
        ),
        (
            edited(&|r| r.inputs[0].datatype = "FP8".to_owned()),
            3,
            "unknown datatype `FP8`",
        ),
        (edited(&|r| r.inputs[0].shape = vec![1, -3]), 3, "size -3"),
        (
            edited(&|r| r.inputs[0].shape = vec![2, 3]),
            3,
            "do not fill",
        ),
        (
            edited(&|r| r.inputs.clear()),
            3,
            "1 raw contents for 0 inputs",
        ),
        (
            edited(&|r| r.parameters = timeout.clone().into()),
            3,
            "`timeout`",
        ),
        (
            edited(&|r| r.parameters = sequence.clone().into()),
            12,
            "the sequence extension is not offered",
        ),
        (request(REFUSE), 13, "does not like it"),
    ] {
        let called = client.call(MODEL_INFER, &[], &wrong);
        let message = called.message.replace("%20", " ").replace("%60", "`");
        assert_eq!(called.code, code, "{called:?}");
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(
        client
            .call(&format!("{SERVICE}/ModelTrain"), &[], &request(1.0))
            .code,
        12
    );
    assert_eq!(
        client.call("/other.Service/Call", &[], &request(1.0)).code,
        12
    );
    assert_eq!(client.call(MODEL_INFER, &[], &request(1.0)).code, 0);
}

#[test]
fn a_full_queue_and_a_deadline_have_their_codes_and_say_when_to_come_back() {
    let server = serve(|config| {
        config.models[0].queue.max_rows = 1;
        config.models[0].batch.max_size = 1;
    });
    let _slow = occupy(&server);
    let mut client = Client::connect(server.running.addresses.grpc);
    let called = client.call(MODEL_INFER, &[("grpc-timeout", "20m")], &request(1.0));
    assert_eq!(called.code, 4, "DEADLINE_EXCEEDED: {called:?}");

    let mut next = connect(server.http);
    send(&mut next, "POST", INFER, "", &row(1.0));
    eventually("one waits", || waiting(&server) == 1);
    let called = client.call(MODEL_INFER, &[], &request(1.0));
    assert_eq!(called.code, 8, "RESOURCE_EXHAUSTED: {called:?}");
    assert!(called.retry_after.is_some());
}

#[test]
fn a_request_that_does_not_arrive_in_time_is_ended() {
    let server = serve(|config| config.limits.body_timeout_ms = 200);
    let mut client = Client::connect(server.running.addresses.grpc);
    // A frame that announces more than it brings.
    let called = client.call_unfinished(MODEL_INFER, &[0, 0, 0, 0, 100, 1]);
    assert_eq!(called.code, 4, "{called:?}");
}

#[test]
fn a_connection_that_asks_for_nothing_is_closed() {
    let server = serve(|config| config.limits.header_timeout_ms = 200);
    // One never speaks, one has asked before.
    let silent = connect(server.running.addresses.grpc);
    let mut client = Client::connect(server.running.addresses.grpc);
    let _: ModelInferResponse = client.get(MODEL_INFER, &request(1.0));
    let open = || {
        server
            .running
            .server
            .connections
            .load(std::sync::atomic::Ordering::SeqCst)
    };
    assert!(open() >= 1);
    client.rest(Duration::from_millis(600));
    eventually("both are closed", || open() == 0);
    drop(silent);
}

#[test]
fn a_broken_engine_is_unavailable() {
    let server = serve(|_| {});
    let mut client = Client::connect(server.running.addresses.grpc);
    assert_eq!(client.call(MODEL_INFER, &[], &request(PANIC)).code, 13);
    eventually("it is marked", || {
        let ready: proto::ServerReadyResponse = Client::connect(server.running.addresses.grpc).get(
            &format!("{SERVICE}/ServerReady"),
            &proto::ServerReadyRequest {},
        );
        !ready.ready
    });
    assert_eq!(client.call(MODEL_INFER, &[], &request(1.0)).code, 14);
    let live: proto::ServerLiveResponse = client.get(
        &format!("{SERVICE}/ServerLive"),
        &proto::ServerLiveRequest {},
    );
    assert!(!live.live);
}

#[test]
fn reflection_lists_the_services() {
    use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
    use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
    use tonic_reflection::pb::v1::{ServerReflectionRequest, ServerReflectionResponse};
    let server = serve(|_| {});
    let mut client = Client::connect(server.running.addresses.grpc);
    let asked = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = client.stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        &asked,
    );
    let answer: ServerReflectionResponse = answers.next();
    let Some(MessageResponse::ListServicesResponse(list)) = answer.message_response else {
        panic!("{answer:?}");
    };
    let names: Vec<String> = list
        .service
        .into_iter()
        .map(|service| service.name)
        .collect();
    for name in ["inference.GRPCInferenceService", "grpc.health.v1.Health"] {
        assert!(names.iter().any(|found| found == name), "{names:?}");
    }
}
