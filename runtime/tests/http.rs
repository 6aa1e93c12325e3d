//! REST as clients see it.

use crate::support::{INFER, connect, get, post, read_reply, row, send, serve};

#[test]
fn an_inference_answers_in_the_protocol_s_form() {
    let server = serve(|_| {});
    let reply = post(
        server.http,
        INFER,
        r#"{"id":"a\"b","inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[[0.5,1,2]]}]}"#,
    );
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.body,
        r#"{"model_name":"m","model_version":"1","id":"a\"b","outputs":[{"name":"y","datatype":"FP32","shape":[1,3],"data":[1.0,2.0,4.0]}]}"#
    );
    assert!(reply.head.contains("content-type: application/json"));
}

#[test]
fn the_simple_form_takes_a_row_or_rows() {
    let server = serve(|_| {});
    assert_eq!(
        post(server.http, "/predict", r#"{"features":[1,2,3]}"#).body,
        r#"{"model":"m","outputs":{"y":[[2.0,4.0,6.0]]}}"#
    );
    assert_eq!(
        post(
            server.http,
            "/predict",
            r#"{"model":"m","features":[[1,2,3],[4,5,6]]}"#
        )
        .body,
        r#"{"model":"m","outputs":{"y":[[2.0,4.0,6.0],[8.0,10.0,12.0]]}}"#
    );
    for body in [
        r#"{"features":[[1,2,3],[4]]}"#,
        r#"{"features":[1,2]}"#,
        r#"{"feature":[1]}"#,
        "{}",
        "[]",
    ] {
        assert_eq!(post(server.http, "/predict", body).status, 400, "{body}");
    }
}

#[test]
fn more_rows_than_a_batch_run_in_parts() {
    let server = serve(|config| config.models[0].batch.max_size = 4);
    let before = server.runs.load(std::sync::atomic::Ordering::SeqCst);
    let rows = ["[1,2,3]"; 10].join(",");
    let reply = post(
        server.http,
        "/predict",
        &format!(r#"{{"features":[{rows}]}}"#),
    );
    assert_eq!(reply.body.matches("[2.0,4.0,6.0]").count(), 10);
    assert_eq!(
        server.runs.load(std::sync::atomic::Ordering::SeqCst) - before,
        3
    );
}

#[test]
fn no_rows_give_no_rows() {
    let server = serve(|_| {});
    let reply = post(
        server.http,
        INFER,
        r#"{"inputs":[{"name":"x","shape":[0,3],"datatype":"FP32","data":[]}]}"#,
    );
    assert!(
        reply.body.contains(r#""shape":[0,3],"data":[]"#),
        "{reply:?}"
    );
}

#[test]
fn what_is_wrong_is_said_with_the_right_status() {
    let server = serve(|_| {});
    let input = |text: &str| format!(r#"{{"inputs":[{text}]}}"#);
    for (path, body, status, word) in [
        (INFER, "{".to_owned(), 400, "at byte 1"),
        (INFER, r#"{"inputs":[NaN]}"#.to_owned(), 400, "expected `{`"),
        (INFER, "{}".to_owned(), 400, "`inputs` is missing"),
        (INFER, input(""), 400, "input `x` is missing"),
        (
            INFER,
            input(r#"{"name":"z","shape":[1,3],"datatype":"FP32","data":[1,2,3]}"#),
            400,
            "no input `z`",
        ),
        (
            INFER,
            input(r#"{"name":"x","shape":[1,3],"datatype":"INT64","data":[1,2,3]}"#),
            400,
            "datatype is INT64",
        ),
        (
            INFER,
            input(r#"{"name":"x","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}"#),
            400,
            "does not fit [batch,3]",
        ),
        (
            INFER,
            input(r#"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2]}"#),
            400,
            "2 elements do not fill",
        ),
        (
            INFER,
            input(r#"{"name":"x","shape":[1,3],"datatype":"FP32","data":[NaN,2,3]}"#),
            400,
            "expected a number",
        ),
        (
            INFER,
            input(r#"{"name":"x","shape":[9999999999999,3],"datatype":"FP32","data":[]}"#),
            400,
            "do not fill",
        ),
        (
            INFER,
            input(r#"{"name":"x","shape":[1,3],"datatype":"FP32"}"#),
            400,
            "has no `data`",
        ),
        (
            INFER,
            input(
                r#"{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"binary_data_size":12}}"#,
            ),
            400,
            "0 are left",
        ),
        (
            INFER,
            input(
                r#"{"name":"x","shape":[1,3],"datatype":"FP32","parameters":{"shared_memory_region":"a"}}"#,
            ),
            501,
            "shared memory",
        ),
        (
            INFER,
            input(
                r#"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}],"parameters":{"sequence_id":7},"outputs":[{"name":"x"}"#,
            ),
            501,
            "the sequence extension is not offered",
        ),
        (
            INFER,
            input(
                r#"{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}],"outputs":[{"name":"x","parameters":{"classification":2}}"#,
            ),
            501,
            "the classification extension",
        ),
        ("/v2/models/z/infer", row(1.0), 404, "no model `z`"),
        (
            "/v2/models/m/versions/2/infer",
            row(1.0),
            404,
            "no version `2`",
        ),
        (
            "/v2/repository/models/m/load",
            String::new(),
            501,
            "at start only",
        ),
        (
            "/v1/models/m:predict",
            String::new(),
            404,
            "nothing at this path: models answer at `/v2/models/NAME/infer`",
        ),
    ] {
        let reply = post(server.http, path, &body);
        assert_eq!(reply.status, status, "{body}: {reply:?}");
        assert!(reply.body.contains(word), "{body}: {reply:?}");
        assert!(reply.body.starts_with("{\"error\":\""), "{reply:?}");
    }
    assert_eq!(get(server.http, INFER).status, 405);
    assert_eq!(
        post(server.http, INFER, &row(1.0)).status,
        200,
        "the server still works"
    );
}

#[test]
fn bodies_and_headers_have_bounds() {
    let server = serve(|config| config.limits.max_body_bytes = Some(2000));
    let mut stream = connect(server.http);
    // Refused by its announced length, before a byte of it is sent.
    send(&mut stream, "POST", INFER, "x-pad: 1\r\n", "");
    read_reply(&mut stream).unwrap();
    let reply = post(
        server.http,
        INFER,
        &format!("{}{}", row(1.0), " ".repeat(3000)),
    );
    assert_eq!(reply.status, 413);
    let mut stream = connect(server.http);
    send(
        &mut stream,
        "GET",
        "/v2",
        &format!("x-pad: {}\r\n", "a".repeat(64 << 10)),
        "",
    );
    assert_eq!(read_reply(&mut stream).unwrap().status, 431);
}

#[test]
fn health_and_metrics_answer_on_both_ports() {
    let server = serve(|_| {});
    let admin = server.running.addresses.admin.unwrap();
    for address in [server.http, admin] {
        for path in [
            "/health",
            "/v2/health/live",
            "/v2/health/ready",
            "/v2/models/m/ready",
            "/metrics",
        ] {
            assert_eq!(get(address, path).status, 200, "{path}");
        }
    }
    assert_eq!(post(admin, INFER, &row(1.0)).status, 404);
}

#[test]
fn every_metric_of_the_contract_is_there_at_zero_traffic() {
    let server = serve(|_| {});
    let text = get(server.http, "/metrics").body;
    for metric in mlspec_contract::metrics::ALL {
        let found = text
            .lines()
            .any(|line| line.starts_with(metric.name) && !line.ends_with("NaN"));
        assert!(found, "{}", metric.name);
    }
    post(server.http, INFER, &row(1.0));
    let text = get(server.http, "/metrics").body;
    for line in [
        r#"mlserve_requests_total{model="m",version="1",code="2xx"} 1"#,
        r#"mlserve_request_duration_seconds_count{model="m",version="1"} 1"#,
        r#"mlserve_batch_rows_bucket{model="m",version="1",le="1"} 1"#,
        r#"nv_inference_count{model="m",version="1"} 1"#,
    ] {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn timings_come_on_demand_and_request_ids_come_back() {
    let server = serve(|_| {});
    let mut stream = connect(server.http);
    send(
        &mut stream,
        "POST",
        INFER,
        "x-mlserve-timing: 1\r\nx-request-id: r1\r\n",
        &row(1.0),
    );
    let reply = read_reply(&mut stream).unwrap();
    assert!(
        reply.head.contains("server-timing: queue;dur="),
        "{reply:?}"
    );
    assert!(reply.head.contains("x-request-id: r1"), "{reply:?}");
    send(&mut stream, "POST", INFER, "", &row(1.0));
    assert!(
        !read_reply(&mut stream)
            .unwrap()
            .head
            .contains("server-timing")
    );
}
