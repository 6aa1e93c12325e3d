//! `s3://` and `gs://` against a server that answers as the two services do; `s3.rs` has a real one.

use std::fs;

use hyper::Response;

use super::process::Fetch;
use super::server::{Fault, File, Seen, Server};
use super::{names, sha256};

/// Answers listings of the bucket `b` with `keys` in pages of two, in the form that both services share.
fn listing(server: &Server, keys: &[(&str, usize)]) {
    let keys: Vec<(String, usize)> = keys
        .iter()
        .map(|(key, size)| ((*key).to_owned(), *size))
        .collect();
    server.answer(move |seen: &Seen| {
        let parameter = |name: &str| {
            let pair = seen
                .query
                .split('&')
                .find_map(|pair| pair.strip_prefix(&format!("{name}=")));
            pair.unwrap_or_default().replace("%2F", "/")
        };
        if seen.path != "/b" && seen.path != "/b/" || !seen.query.contains("list-type=2") {
            return None;
        }
        let at: usize = parameter("continuation-token").parse().unwrap_or(0);
        let found: Vec<_> = keys
            .iter()
            .filter(|(key, _)| key.starts_with(&parameter("prefix")))
            .collect();
        let mut xml = "<ListBucketResult>".to_owned();
        for (key, size) in found.iter().skip(at).take(2) {
            xml += &format!(
                "<Contents><Key>{key}</Key><Size>{size}</Size><ETag>\"x\"</ETag>\
                 <LastModified>2026-11-02T10:00:00.000Z</LastModified></Contents>"
            );
        }
        if at + 2 < found.len() {
            xml += &format!("<NextContinuationToken>{}</NextContinuationToken>", at + 2);
        }
        Some(Response::new((xml + "</ListBucketResult>").into()))
    });
}

fn s3(server: &Server, uri: &str, dir: &tempfile::TempDir) -> Fetch {
    Fetch::new(uri, dir.path())
        .arg("--endpoint", server.url(""))
        .env("AWS_ACCESS_KEY_ID", "key")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", "eu-west-1")
}

fn gs(server: &Server, uri: &str, dir: &tempfile::TempDir) -> Fetch {
    Fetch::new(uri, dir.path())
        .arg("--endpoint", server.url(""))
        .env("GOOGLE_SKIP_SIGNATURE", "true")
}

#[test]
fn a_prefix_is_fetched_with_its_folders() {
    let server = Server::http();
    // `m2` shares the beginning of the name; `m/` and `m/onnx/` are the markers that consoles make.
    listing(
        &server,
        &[
            ("m/", 0),
            ("m/config.json", 2),
            ("m/empty", 0),
            ("m/onnx/", 0),
            ("m/onnx/model.onnx", 5),
            ("m/void/", 0),
            ("m2/x", 1),
        ],
    );
    server.put("/b/m/config.json", File::new(b"{}".to_vec()));
    server.put("/b/m/empty", File::new(Vec::new()));
    server.put("/b/m/onnx/model.onnx", File::new(b"model".to_vec()));
    type Start = fn(&Server, &str, &tempfile::TempDir) -> Fetch;
    for (fetch, uri) in [(s3 as Start, "s3://b/m/"), (gs as Start, "gs://b/m/")] {
        let dir = tempfile::tempdir().unwrap();
        fetch(&server, uri, &dir).run().ok();
        assert_eq!(names(dir.path()), ["config.json", "empty", "onnx"]);
        assert_eq!(
            fs::read(dir.path().join("onnx/model.onnx")).unwrap(),
            b"model"
        );
        let again = fetch(&server, uri, &dir).run().ok();
        assert!(again.err.contains("up to date"), "{}", again.err);
    }
}

#[test]
fn requests_are_signed_for_the_region() {
    let server = Server::http();
    server.put("/b/k", File::new(b"model".to_vec()));
    let dir = tempfile::tempdir().unwrap();
    s3(&server, "s3://b/k", &dir)
        .arg("--sha256", sha256(b"model"))
        .run()
        .ok();
    for seen in server.seen() {
        let signature = &seen.headers["authorization"];
        assert!(
            signature.starts_with("AWS4-HMAC-SHA256 Credential=key/"),
            "{signature}"
        );
        assert!(
            signature.contains("/eu-west-1/s3/aws4_request"),
            "{signature}"
        );
    }
    let anonymous = Fetch::new("s3://b/k", dir.path()).env("AWS_ENDPOINT_URL", server.url(""));
    server.forget();
    anonymous.env("AWS_SKIP_SIGNATURE", "true").run().ok();
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| !seen.headers.contains_key("authorization"))
    );
    assert!(!server.seen().is_empty());
}

#[test]
fn a_service_accounts_token_is_traded_for_credentials() {
    let server = Server::http();
    server.put("/b/k", File::new(b"model".to_vec()));
    server.answer(|seen| {
        if seen.path != "/sts" && seen.path != "/" || !seen.query.contains("AssumeRoleWithWebIdentity") {
            return None;
        }
        assert!(seen.query.contains("WebIdentityToken=pod-token"), "{}", seen.query);
        let xml = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>\
                   <SessionToken>session</SessionToken><SecretAccessKey>s</SecretAccessKey>\
                   <Expiration>2099-01-01T00:00:00Z</Expiration><AccessKeyId>temporary</AccessKeyId>\
                   </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";
        Some(Response::new(xml.into()))
    });
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    fs::write(&token, "pod-token").unwrap();
    let fetch = |token: &std::path::Path| {
        Fetch::new("s3://b/k", &dir.path().join("to"))
            .env("AWS_WEB_IDENTITY_TOKEN_FILE", token.display())
            .env("AWS_ROLE_ARN", "arn:aws:iam::1:role/bert")
            .env("AWS_ENDPOINT_URL_STS", server.url("/sts"))
            .env("AWS_ENDPOINT_URL_S3", server.url(""))
            .run()
    };
    fetch(&token).ok();
    let last = server.seen().pop().unwrap();
    assert!(
        last.headers["authorization"].contains("Credential=temporary/"),
        "{last:?}"
    );
    assert_eq!(last.headers["x-amz-security-token"], "session");
    fetch(&dir.path().join("no-token")).fails(2, &["`s3://b/k` cannot be read", "no-token"]);
}

#[test]
fn object_names_cannot_leave_the_folder() {
    let server = Server::http();
    for (key, word) in [
        ("m/../../etc/passwd", "could leave the target folder"),
        ("m/a//b", "empty part"),
        ("m/.mlserve-fetch.json", "for itself"),
        ("m/a\\b", "backslash"),
    ] {
        listing(&server, &[("m/model.onnx", 5), (key, 5)]);
        server.put("/b/m/model.onnx", File::new(b"model".to_vec()));
        let dir = tempfile::tempdir().unwrap();
        s3(&server, "s3://b/m/", &dir)
            .run()
            .fails(1, &["object name", word]);
        assert_eq!(names(dir.path()), [""; 0]);
    }
    listing(&server, &[("m/a", 5), ("m/a/b", 5)]);
    let dir = tempfile::tempdir().unwrap();
    s3(&server, "s3://b/m/", &dir)
        .run()
        .fails(1, &["`a` and `a/b`", "file and a folder"]);
    listing(&server, &[]);
    s3(&server, "s3://b/m/", &dir)
        .run()
        .fails(1, &["no object below `s3://b/m/`"]);
}

#[test]
fn refusals_of_a_store_say_what_to_check() {
    let server = Server::http();
    let dir = tempfile::tempdir().unwrap();
    let region = vec![("x-amz-bucket-region", "us-east-2".to_owned())];
    for (status, headers, body, code, words) in [
        (
            403,
            vec![],
            "<Error><Code>SignatureDoesNotMatch</Code></Error>",
            1,
            vec!["access to `s3://b/k` denied"],
        ),
        (
            404,
            vec![],
            "",
            1,
            vec!["`s3://b/k` not found", "ends in `/`"],
        ),
        (
            301,
            region,
            "",
            1,
            vec!["lies in region `us-east-2`", "`AWS_REGION`"],
        ),
        (
            503,
            vec![],
            "<Error><Code>SlowDown</Code></Error>",
            2,
            vec!["503"],
        ),
    ] {
        server.put("/b/k", File::failing(Fault::Answer(status, headers, body)));
        s3(&server, "s3://b/k", &dir)
            .arg("--retry-for", 0)
            .run()
            .fails(code, &words);
    }
    server.answer(|_| {
        Some(
            Response::builder()
                .status(403)
                .body("<Code>AccessDenied</Code>".into())
                .unwrap(),
        )
    });
    s3(&server, "s3://b/m/", &dir)
        .run()
        .fails(1, &["access to `s3://b/m/` denied", "403 AccessDenied"]);
}

#[test]
fn a_store_that_breaks_off_is_asked_again() {
    let server = Server::http();
    let body = super::content(9 << 20, 1);
    let faults = [
        Fault::Cut(1 << 20),
        Fault::Answer(503, vec![], ""),
        Fault::Cut(10),
    ]
    .into();
    server.put(
        "/b/k",
        File {
            faults,
            ..File::new(body.clone())
        },
    );
    let dir = tempfile::tempdir().unwrap();
    let outcome = s3(&server, "s3://b/k", &dir)
        .arg("--sha256", sha256(&body))
        .run()
        .ok();
    assert!(outcome.err.contains("next try in"), "{}", outcome.err);
    assert!(fs::read(dir.path().join("k")).unwrap() == body);
}
