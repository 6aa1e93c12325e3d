//! Any bytes read as a gRPC message end in a message or an error: `cargo +nightly fuzz run protobuf`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec_runtime::grpc::proto::ModelInferRequest;
use prost::Message;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = ModelInferRequest::decode(bytes) {
        assert_eq!(ModelInferRequest::decode(&request.encode_to_vec()[..]).as_ref().map(|again| again.inputs.len()), Ok(request.inputs.len()));
    }
});
