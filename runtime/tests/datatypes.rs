//! Every datatype comes back as it was sent, over REST with JSON, REST with binary tensors, and gRPC.

use mlspec_runtime::grpc::proto;
use mlspec_runtime::tensor::DType;

use crate::call::{Client, SERVICE};
use crate::support::{connect, echo, post, read_reply, send, serve};

/// Two elements of each type: in JSON, and in the protocol's binary form.
fn samples() -> Vec<(DType, &'static str, Vec<u8>)> {
    let halves = |a: u16, b: u16| [a.to_le_bytes(), b.to_le_bytes()].concat();
    vec![
        (DType::Bool, "true,false", vec![1, 0]),
        (DType::Uint8, "0,255", vec![0, 255]),
        (DType::Uint16, "1,65535", halves(1, 65535)),
        (
            DType::Uint32,
            "1,4294967295",
            [1u32.to_le_bytes(), u32::MAX.to_le_bytes()].concat(),
        ),
        (
            DType::Uint64,
            "1,18446744073709551615",
            [1u64.to_le_bytes(), u64::MAX.to_le_bytes()].concat(),
        ),
        (DType::Int8, "-128,127", vec![128, 127]),
        (DType::Int16, "-32768,32767", halves(0x8000, 0x7fff)),
        (
            DType::Int32,
            "-2147483648,1",
            [i32::MIN.to_le_bytes(), 1i32.to_le_bytes()].concat(),
        ),
        (
            DType::Int64,
            "-9223372036854775808,1",
            [i64::MIN.to_le_bytes(), 1i64.to_le_bytes()].concat(),
        ),
        (DType::Fp16, "1.5,-0.0", halves(0x3e00, 0x8000)),
        (DType::Bf16, "1.5,\"Infinity\"", halves(0x3fc0, 0x7f80)),
        (
            DType::Fp32,
            "0.1,\"NaN\"",
            [0.1f32.to_le_bytes(), f32::NAN.to_le_bytes()].concat(),
        ),
        (
            DType::Fp64,
            "0.1,\"-Infinity\"",
            [0.1f64.to_le_bytes(), f64::NEG_INFINITY.to_le_bytes()].concat(),
        ),
        (
            DType::Bytes,
            "\"é\",\"\"",
            [&[2, 0, 0, 0][..], "é".as_bytes(), &[0; 4]].concat(),
        ),
    ]
}

#[test]
fn every_datatype_comes_back_over_all_three_ways() {
    let samples = samples();
    assert_eq!(samples.iter().map(|s| s.0).collect::<Vec<_>>(), DType::ALL);
    let server = serve(|config| {
        config.models = DType::ALL
            .map(|dtype| echo(dtype.name(), dtype, &["_", "2"]))
            .to_vec();
    });
    let mut grpc = Client::connect(server.running.addresses.grpc);
    for (dtype, json, bytes) in samples {
        let name = dtype.name();
        let path = format!("/v2/models/{name}/infer");
        let body = format!(
            r#"{{"inputs":[{{"name":"x","shape":[1,2],"datatype":"{name}","data":[{json}]}}]}}"#
        );
        let reply = post(server.http, &path, &body);
        let expected = format!(r#""shape":[1,2],"data":[{json}]"#);
        assert!(reply.body.contains(&expected), "{name} in JSON: {reply:?}");

        let head = format!(
            r#"{{"parameters":{{"binary_data_output":true}},"inputs":[{{"name":"x","shape":[1,2],"datatype":"{name}","parameters":{{"binary_data_size":{}}}}}]}}"#,
            bytes.len()
        );
        let whole = [head.as_bytes(), &bytes].concat();
        let mut stream = connect(server.http);
        let length = format!("inference-header-content-length: {}\r\n", head.len());
        send(&mut stream, "POST", &path, &length, &whole);
        let reply = read_reply(&mut stream).unwrap();
        assert!(reply.bytes.ends_with(&bytes), "{name} in binary: {reply:?}");

        let mut request = proto::ModelInferRequest {
            model_name: name.to_owned(),
            raw_input_contents: vec![bytes.clone().into()],
            ..Default::default()
        };
        request
            .inputs
            .push(proto::model_infer_request::InferInputTensor {
                name: "x".to_owned(),
                datatype: name.to_owned(),
                shape: vec![1, 2],
                ..Default::default()
            });
        let answer: proto::ModelInferResponse =
            grpc.get(&format!("{SERVICE}/ModelInfer"), &request);
        assert_eq!(answer.raw_output_contents[0], bytes, "{name} over gRPC");
        assert_eq!(answer.outputs[0].datatype, name);
    }
}

#[test]
fn scalars_and_empty_tensors_come_back_in_the_model_s_own_shape() {
    let server = serve(|config| {
        config.models = vec![
            echo("scalar", DType::Int64, &[]),
            echo("vector", DType::Fp32, &["_"]),
            echo("empty", DType::Fp32, &["_", "0", "4"]),
        ];
    });
    for (model, shape, data, dtype) in [
        ("scalar", "[]", "[7]", "INT64"),
        ("vector", "[3]", "[1.0,2.0,3.0]", "FP32"),
        ("vector", "[0]", "[]", "FP32"),
        ("empty", "[2,0,4]", "[]", "FP32"),
    ] {
        let path = format!("/v2/models/{model}/infer");
        let body = format!(
            r#"{{"inputs":[{{"name":"x","shape":{shape},"datatype":"{dtype}","data":{data}}}]}}"#
        );
        let reply = post(server.http, &path, &body);
        let expected = format!(r#""shape":{shape},"data":{data}"#);
        assert!(reply.body.contains(&expected), "{model} {shape}: {reply:?}");
    }
    // A scalar may also be written bare.
    let bare = r#"{"inputs":[{"name":"x","shape":[],"datatype":"INT64","data":7}]}"#;
    assert_eq!(
        post(server.http, "/v2/models/scalar/infer", bare).status,
        200
    );
}
