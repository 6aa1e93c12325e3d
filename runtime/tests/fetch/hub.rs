//! `hf://`: listings in pages, one commit for all files, tokens that stay with the hub.

use std::fs;

use hyper::Response;

use super::process::Fetch;
use super::server::{Fault, File, Server};
use super::{content, names, sha256};

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

/// A hub with the repository `org/repo`, whose tag `v1` is the commit `SHA`; `lfs` is the promise about the large file.
fn hub(large: &[u8], lfs: &str) -> Server {
    let server = Server::https();
    let size = large.len();
    let next = server.url(&format!(
        "/api/models/org/repo/tree/{SHA}?recursive=true&cursor=2"
    ));
    let first = r#"[{"type":"directory","path":"onnx","size":0,"oid":"a"},
                    {"type":"file","path":"config.json","size":2,"oid":"b"}]"#;
    let second = format!(
        r#"[{{"type":"file","path":"onnx/model v1.onnx","size":{size},"oid":"c","lfs":{{"oid":"{lfs}","size":{size}}}}}]"#
    );
    server.answer(move |seen| {
        let body = match (&*seen.path, &*seen.query) {
            ("/api/models/org/repo/revision/v1", "") => {
                format!(r#"{{"id":"org/repo","sha":"{SHA}"}}"#)
            }
            ("/api/models/org/repo/revision/a%2Fb", "") => {
                format!(r#"{{"id":"org/repo","sha":"{SHA}"}}"#)
            }
            (path, query) if path == format!("/api/models/org/repo/tree/{SHA}") => {
                if query == "recursive=true" {
                    let link = format!("<{next}>; rel=\"next\"");
                    return Some(
                        Response::builder()
                            .header("link", link)
                            .body(first.into())
                            .unwrap(),
                    );
                }
                second.clone()
            }
            (path, _) if path == format!("/api/models/org/repo/tree/{SHA}/onnx") => second.clone(),
            _ => return None,
        };
        Some(Response::new(body.into()))
    });
    server.put(
        &format!("/org/repo/resolve/{SHA}/config.json"),
        File::new(b"{}".to_vec()),
    );
    server
}

/// The large file's answer: the hub redirects to another host, as it does for files in its content store.
fn redirect(server: &Server, large: &[u8]) {
    let to = server.other_url("/store/c?signature=x");
    server.put(
        &format!("/org/repo/resolve/{SHA}/onnx/model%20v1.onnx"),
        File::failing(Fault::Answer(302, vec![("location", to)], "")),
    );
    server.put("/store/c", File::new(large.to_vec()));
}

fn fetch(server: &Server, uri: &str, dir: &tempfile::TempDir) -> Fetch {
    Fetch::new(uri, dir.path())
        .ca(&server.ca())
        .env("HF_ENDPOINT", server.url(""))
        .env("HF_TOKEN", "hf_secret")
}

#[test]
fn a_repository_comes_whole_and_from_one_commit() {
    let large = content(9 << 20, 1);
    let server = hub(&large, &sha256(&large));
    redirect(&server, &large);
    let dir = tempfile::tempdir().unwrap();
    fetch(&server, "hf://org/repo@v1", &dir).run().ok();
    assert_eq!(names(dir.path()), ["config.json", "onnx"]);
    assert!(fs::read(dir.path().join("onnx/model v1.onnx")).unwrap() == large);
    let again = fetch(&server, "hf://org/repo@v1", &dir).run().ok();
    assert!(again.err.contains("up to date"), "{}", again.err);

    // The hub sees the token in each request, the content store in none.
    for seen in server.seen() {
        let token = seen.headers.get("authorization").map(String::as_str);
        let expected = if seen.path == "/store/c" {
            None
        } else {
            Some("Bearer hf_secret")
        };
        assert_eq!(token, expected, "{}", seen.path);
    }
}

#[test]
fn a_folder_or_a_file_of_it_can_be_named() {
    let large = content(100, 2);
    let server = hub(&large, &sha256(&large));
    redirect(&server, &large);
    let dir = tempfile::tempdir().unwrap();
    fetch(&server, "hf://org/repo@v1/onnx/", &dir).run().ok();
    assert_eq!(names(dir.path()), ["model v1.onnx"]);
    let dir = tempfile::tempdir().unwrap();
    let one = fetch(&server, "hf://org/repo@a%2Fb/onnx/model v1.onnx", &dir);
    one.arg("--sha256", sha256(&large)).run().ok();
    assert_eq!(names(dir.path()), ["model v1.onnx"]);
    let dir = tempfile::tempdir().unwrap();
    let mirror = Fetch::new("hf://org/repo@v1/config.json", dir.path()).ca(&server.ca());
    mirror.arg("--endpoint", server.url("/")).run().ok();
    assert_eq!(fs::read(dir.path().join("config.json")).unwrap(), b"{}");
}

#[test]
fn content_that_differs_from_the_hubs_own_hash_is_refused() {
    let large = content(100, 3);
    let promised = "f".repeat(64);
    let server = hub(&large, &promised);
    redirect(&server, &large);
    let dir = tempfile::tempdir().unwrap();
    let outcome = fetch(&server, "hf://org/repo@v1/onnx/", &dir).run();
    outcome.fails(
        1,
        &[
            "hf://org/repo@v1/onnx/model v1.onnx",
            &promised,
            &sha256(&large),
        ],
    );
    assert!(
        names(dir.path())
            .iter()
            .all(|name| name.starts_with(".partial-"))
    );
}

#[test]
fn refusals_carry_the_hubs_own_code() {
    let server = hub(b"x", &sha256(b"x"));
    let gated = vec![("x-error-code", "GatedRepo".to_owned())];
    server.put(
        "/api/models/org/gated/revision/main",
        File::failing(Fault::Answer(403, gated, "")),
    );
    let missing = vec![("x-error-code", "RevisionNotFound".to_owned())];
    server.put(
        "/api/models/org/repo/revision/v9",
        File::failing(Fault::Answer(404, missing, "")),
    );
    let dir = tempfile::tempdir().unwrap();
    fetch(&server, "hf://org/gated", &dir)
        .run()
        .fails(1, &["denied", "403 GatedRepo"]);
    fetch(&server, "hf://org/repo@v9", &dir)
        .run()
        .fails(1, &["not found", "404 RevisionNotFound"]);
    server.put(
        "/api/models/org/odd/revision/main",
        File::new(b"<html>".to_vec()),
    );
    fetch(&server, "hf://org/odd", &dir)
        .run()
        .fails(2, &["unusable answer"]);
}

#[test]
fn a_listing_cannot_send_the_token_elsewhere() {
    let server = hub(b"x", &sha256(b"x"));
    let elsewhere = Server::http();
    let link = format!("<{}>; rel=\"next\"", elsewhere.url("/steal"));
    server.put(
        &format!("/api/models/org/repo/tree/{SHA}"),
        File::failing(Fault::Answer(200, vec![("link", link)], "[]")),
    );
    let dir = tempfile::tempdir().unwrap();
    fetch(&server, "hf://org/repo@v1", &dir)
        .run()
        .fails(2, &["its next page is"]);
    assert_eq!(elsewhere.seen().len(), 0);
}
