//! One clear line for each way to fail, the right exit code, and nothing that looks like a model.

use std::fs;
use std::net::TcpListener;

use super::process::Fetch;
use super::server::{Fault, File, Server};
use super::{content, names, sha256};

#[test]
fn refusals_say_what_to_check() {
    let server = Server::https();
    let xml = "<Error><Code>AccessDenied</Code></Error>";
    for (status, body, code, words) in [
        (401, "", 1, vec!["needs valid credentials", "answered 401"]),
        (
            403,
            xml,
            1,
            vec!["denied", "403 AccessDenied", "check the credentials"],
        ),
        (404, "", 1, vec!["not found", "answered 404"]),
        (400, "", 1, vec!["cannot be read", "answered 400"]),
        (500, "", 2, vec!["cannot be read", "answered 500"]),
        (503, "<Code>SlowDown</Code>", 2, vec!["503 SlowDown"]),
    ] {
        server.put(
            "/model.onnx",
            File::failing(Fault::Answer(status, vec![], body)),
        );
        let dir = tempfile::tempdir().unwrap();
        let url = server.url("/model.onnx");
        let outcome = Fetch::new(&url, dir.path())
            .ca(&server.ca())
            .arg("--retry-for", 0)
            .run();
        let outcome = outcome.fails(code, &words);
        assert!(
            outcome.err.contains(&server.host()) && outcome.err.contains(&url),
            "{}",
            outcome.err
        );
        assert_eq!(names(dir.path()), [""; 0]);
    }
}

#[test]
fn a_wrong_hash_leaves_nothing_and_keeps_the_old_model() {
    let server = Server::https();
    let (old, new) = (content(1000, 1), content(1000, 2));
    server.put("/model.onnx", File::new(old.clone()));
    let dir = tempfile::tempdir().unwrap();
    let fetch = |hash: &str| {
        Fetch::new(&server.url("/model.onnx"), dir.path())
            .ca(&server.ca())
            .arg("--sha256", hash)
            .run()
    };
    let wrong = "0".repeat(64);
    fetch(&wrong).fails(1, &[&sha256(&old), &wrong]);
    assert_eq!(names(dir.path()), [""; 0]);

    fetch(&sha256(&old)).ok();
    server.put("/model.onnx", File::new(new.clone()));
    fetch(&wrong).fails(1, &[&sha256(&new), &wrong]);
    assert!(fs::read(dir.path().join("model.onnx")).unwrap() == old);
    assert_eq!(names(dir.path()), ["model.onnx"]);
}

#[test]
fn an_unreachable_host_is_named() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let dir = tempfile::tempdir().unwrap();
    let host = format!("127.0.0.1:{port}");
    let outcome = Fetch::new(&format!("https://{host}/m"), dir.path())
        .arg("--retry-for", 0)
        .run();
    outcome.fails(
        2,
        &[
            &host,
            "refused",
            "check NetworkPolicy, DNS and the endpoint",
        ],
    );

    // Where a connection is refused at once there is time for another try.
    let outcome = Fetch::new(&format!("https://{host}/m"), dir.path())
        .arg("--retry-for", 5)
        .run();
    let outcome = outcome.fails(2, &[&host]);
    assert!(outcome.err.contains("next try in"), "{}", outcome.err);

    let outcome = Fetch::new("https://no-such-host.invalid/m", dir.path())
        .arg("--retry-for", 0)
        .run();
    outcome.fails(
        2,
        &["`no-such-host.invalid` cannot be reached", "NetworkPolicy"],
    );
}

#[test]
fn an_unknown_authority_is_not_trusted_and_not_retried() {
    let server = Server::https();
    server.put("/m", File::new(b"model".to_vec()));
    let dir = tempfile::tempdir().unwrap();
    let outcome = Fetch::new(&server.url("/m"), dir.path()).run();
    let outcome = outcome.fails(2, &["no TLS connection", &server.host(), "`--ca-file`"]);
    assert!(!outcome.err.contains("next try"), "{}", outcome.err);
    assert_eq!(server.seen().len(), 0);

    let plain = Server::http();
    let url = plain.url("/m").replace("http:", "https:");
    Fetch::new(&url, dir.path())
        .run()
        .fails(2, &["no TLS connection"]);
}

#[test]
fn wrong_settings_are_refused() {
    let server = Server::https();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("x.pem");
    fs::write(&file, "no certificate").unwrap();
    let to = dir.path().join("to");
    let missing = dir.path().join("missing.pem");
    Fetch::new(&server.url("/m"), &to)
        .ca(&file)
        .run()
        .fails(1, &["no certificate in it"]);
    Fetch::new(&server.url("/m"), &to)
        .ca(&missing)
        .run()
        .fails(1, &["missing.pem"]);
    Fetch::new(&server.url("/m"), &to)
        .arg("--endpoint", "https://x")
        .run()
        .fails(1, &["`--endpoint` has no meaning"]);
    Fetch::new("/m", &to)
        .arg("--endpoint", "https://x")
        .run()
        .fails(1, &["`--endpoint` has no meaning"]);
    Fetch::new("s3://b/k", &to)
        .arg("--endpoint", "minio:9000")
        .run()
        .fails(1, &["endpoint `minio:9000`"]);
    Fetch::new("s3://b/k", &to)
        .env("AWS_ACCESS_KEY_ID", "x")
        .run()
        .fails(1, &["environment for S3", "SecretAccessKey"]);
    Fetch::new("oci://x/y", &to)
        .run()
        .fails(1, &["unknown scheme `oci`"]);
    let usage = Fetch::new("s3://b/k", &to).arg("--sha256", "abc").run();
    assert_eq!(usage.code, Some(1), "{}", usage.err);
    assert!(usage.err.contains("64 hexadecimal digits"), "{}", usage.err);
    assert!(!to.exists());
}
