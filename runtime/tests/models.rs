//! Several models and versions in one process, with names that need care.

use mlspec_runtime::tensor::DType;

use crate::call::{Client, SERVICE};
use crate::support::{INFER, PANIC, echo, eventually, get, post, row, serve};
use mlspec_runtime::grpc::proto;

fn version(name: &str, version: &str, dims: &[&str]) -> mlspec_contract::config::ModelConfig {
    let mut config = echo(name, DType::Fp32, dims);
    config.version = version.to_owned();
    config
}

fn input(shape: &str, data: &str) -> String {
    format!(r#"{{"inputs":[{{"name":"x","shape":{shape},"datatype":"FP32","data":{data}}}]}}"#)
}

#[test]
fn versions_are_served_side_by_side_and_the_highest_is_the_default() {
    let server = serve(|config| {
        config.models = vec![
            version("m", "2", &["_", "2"]),
            version("m", "10", &["_", "3"]),
            version("m", "canary", &["_", "1"]),
            version("other", "1", &["_", "1"]),
        ];
    });
    for (path, shape, data, answered) in [
        ("/v2/models/m/infer", "[1,3]", "[1,2,3]", "10"),
        ("/v2/models/m/versions/10/infer", "[1,3]", "[1,2,3]", "10"),
        ("/v2/models/m/versions/2/infer", "[1,2]", "[1,2]", "2"),
        (
            "/v2/models/m/versions/canary/infer",
            "[1,1]",
            "[1]",
            "canary",
        ),
    ] {
        let reply = post(server.http, path, &input(shape, data));
        let expected = format!(r#""model_version":"{answered}""#);
        assert!(
            reply.status == 200 && reply.body.contains(&expected),
            "{path}: {reply:?}"
        );
    }
    let reply = post(
        server.http,
        "/v2/models/m/versions/3/infer",
        &input("[1,3]", "[1,2,3]"),
    );
    assert_eq!(reply.status, 404);
    let metadata = get(server.http, "/v2/models/m").body;
    assert!(
        metadata.contains(r#""versions":["2","10","canary"]"#),
        "{metadata}"
    );

    // Each version counts its own.
    let text = get(server.http, "/metrics").body;
    for (version, count) in [("2", 1), ("10", 2), ("canary", 1)] {
        let line =
            format!(r#"nv_inference_request_success{{model="m",version="{version}"}} {count}"#);
        assert!(text.contains(&line), "{line}");
    }
    let stats = get(server.http, "/v2/models/m/versions/10/stats").body;
    assert!(stats.contains(r#""inference_count":2"#), "{stats}");
    assert_eq!(
        get(server.http, "/v2/models/stats")
            .body
            .matches(r#""name":"#)
            .count(),
        4
    );

    let index = post(server.http, "/v2/repository/index", "").body;
    assert_eq!(index.matches(r#""state":"READY""#).count(), 4, "{index}");
    let mut grpc = Client::connect(server.running.addresses.grpc);
    let request = proto::ModelMetadataRequest {
        name: "m".to_owned(),
        version: "2".to_owned(),
    };
    let metadata: proto::ModelMetadataResponse =
        grpc.get(&format!("{SERVICE}/ModelMetadata"), &request);
    assert_eq!(metadata.inputs[0].shape, [-1, 2]);
    let index: proto::RepositoryIndexResponse = grpc.get(
        &format!("{SERVICE}/RepositoryIndex"),
        &proto::RepositoryIndexRequest::default(),
    );
    assert_eq!(index.models.len(), 4);
    let stats: proto::ModelStatisticsResponse = grpc.get(
        &format!("{SERVICE}/ModelStatistics"),
        &proto::ModelStatisticsRequest::default(),
    );
    let counts: Vec<u64> = stats
        .model_stats
        .iter()
        .map(|model| model.inference_count)
        .collect();
    assert_eq!(counts, [1, 2, 1, 0]);
    assert_eq!(stats.model_stats[1].batch_stats[0].batch_size, 1);
}

#[test]
fn names_may_hold_colons_and_slashes() {
    let server = serve(|config| {
        config.models = vec![
            version("team/a:1", "1", &["_", "1"]),
            version("team/a", "1", &["_", "2"]),
        ];
    });
    let path = mlspec_contract::paths::model_infer("team/a:1");
    for (path, shape, data) in [
        (path.as_str(), "[1,1]", "[1]"),
        ("/v2/models/team/a:1/infer", "[1,1]", "[1]"),
        ("/v2/models/team%2Fa/infer", "[1,2]", "[1,2]"),
        ("/v2/models/team/a/versions/1/infer", "[1,2]", "[1,2]"),
    ] {
        let reply = post(server.http, path, &input(shape, data));
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
    }
    let text = get(server.http, "/metrics").body;
    assert!(
        text.contains(r#"mlserve_model_ready{model="team/a:1",version="1"} 1"#),
        "{text}"
    );
}

#[test]
fn the_simple_form_names_a_model_or_takes_the_first() {
    let server = serve(|config| {
        config.models = vec![
            echo("first", DType::Fp32, &["_", "2"]),
            echo("second", DType::Int64, &["_"]),
        ];
    });
    for (body, answer) in [
        (
            r#"{"features":[1,2]}"#,
            r#"{"model":"first","outputs":{"y":[[1.0,2.0]]}}"#,
        ),
        (
            r#"{"features":[[1,2],[3,4]]}"#,
            r#"{"model":"first","outputs":{"y":[[1.0,2.0],[3.0,4.0]]}}"#,
        ),
        (
            r#"{"model":"second","features":[5,6]}"#,
            r#"{"model":"second","outputs":{"y":[5,6]}}"#,
        ),
        (
            r#"{"features":7,"model":"second"}"#,
            r#"{"model":"second","outputs":{"y":[7]}}"#,
        ),
    ] {
        let reply = post(server.http, "/predict", body);
        assert_eq!(reply.body, answer, "{body}: {reply:?}");
    }
    for (body, status) in [
        (r#"{"model":"third","features":[1]}"#, 404),
        (r#"{"text":"hello"}"#, 400),
        (r#"{"features":[1,2],"features":[1,2]}"#, 400),
    ] {
        assert_eq!(post(server.http, "/predict", body).status, status, "{body}");
    }
}

#[test]
fn the_index_tells_what_is_ready() {
    let server = serve(|config| {
        config.models.push(version("well", "1", &["_", "3"]));
    });
    assert_eq!(post(server.http, INFER, &row(PANIC)).status, 500);
    let index = |body: &str| post(server.http, "/v2/repository/index", body);
    eventually("one is broken", || {
        index("").body.contains(r#""state":"UNAVAILABLE""#)
    });
    for (body, count) in [
        ("", 2),
        ("{}", 2),
        (r#"{"ready": false}"#, 2),
        (r#" {"ready": true} "#, 1),
    ] {
        let reply = index(body);
        assert_eq!(reply.body.matches(r#""name":"#).count(), count, "{reply:?}");
        assert!(reply.body.contains(r#""name":"well""#), "{reply:?}");
    }
    for (body, status, word) in [
        (r#"{"ready": "yes"}"#, 400, "at byte 10"),
        (
            r#"{"only": true}"#,
            400,
            "unknown key `only`; the index takes `ready`",
        ),
        ("ready", 400, "expected `{`"),
        ("{} {}", 400, "expected the end"),
        (&" ".repeat(1025), 413, "larger than 1024 bytes"),
    ] {
        let reply = index(body);
        assert_eq!(reply.status, status, "{body}: {reply:?}");
        assert!(reply.body.contains(word), "{body}: {reply:?}");
    }
    assert_eq!(get(server.http, "/v2/repository/index").status, 405);

    let mut grpc = Client::connect(server.running.addresses.grpc);
    let path = format!("{SERVICE}/RepositoryIndex");
    let mut asked = proto::RepositoryIndexRequest {
        ready: true,
        ..Default::default()
    };
    let ready: proto::RepositoryIndexResponse = grpc.get(&path, &asked);
    assert_eq!(ready.models.len(), 1);
    asked.repository_name = "elsewhere".to_owned();
    let called = grpc.call(&path, &[], &asked);
    assert_eq!(called.code, 5, "{called:?}");
    let stats = proto::ModelStatisticsRequest {
        version: "1".to_owned(),
        ..Default::default()
    };
    let called = grpc.call(&format!("{SERVICE}/ModelStatistics"), &[], &stats);
    assert_eq!(called.code, 3, "{called:?}");
}
