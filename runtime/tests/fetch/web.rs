//! `https://`: whole files, and runs that have nothing to do.

use std::fs;

use super::process::Fetch;
use super::server::{File, Server};
use super::{content, names, sha256};

const MIB: usize = 1 << 20;

#[test]
fn a_large_file_comes_in_parallel_ranges() {
    let server = Server::https();
    let body = content(20 * MIB + 123, 1);
    server.put("/m/model.onnx", File::new(body.clone()));
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("not/yet/there");
    let fetch = Fetch::new(&server.url("/m/model.onnx?sig=secret"), &to).ca(&server.ca());
    let outcome = fetch
        .arg("--sha256", sha256(&body))
        .arg("--size", body.len())
        .run()
        .ok();
    assert!(!outcome.err.contains("secret"), "{}", outcome.err);
    assert_eq!(outcome.out, "");
    assert!(fs::read(to.join("model.onnx")).unwrap() == body);
    assert_eq!(names(&to), ["model.onnx"]);
    let eight = 8 * MIB as u64;
    assert_eq!(
        server.ranges(),
        [
            (0, eight),
            (eight, 2 * eight),
            (2 * eight, body.len() as u64)
        ]
    );
    assert!(server.seen().iter().all(|seen| seen.query == "sig=secret"));
}

#[test]
fn a_second_run_does_nothing() {
    let server = Server::https();
    let body = content(MIB, 2);
    server.put("/model.onnx", File::new(body.clone()));
    let dir = tempfile::tempdir().unwrap();
    let fetch = || Fetch::new(&server.url("/model.onnx"), dir.path()).ca(&server.ca());
    let first = fetch().run().ok();
    assert!(first.err.contains(&sha256(&body)), "{}", first.err);
    let written = fs::metadata(dir.path().join("model.onnx"))
        .unwrap()
        .modified()
        .unwrap();

    // With the hash nothing is asked; without it, only whether the file is still the same.
    server.forget();
    let second = fetch().arg("--sha256", sha256(&body)).run().ok();
    assert!(second.err.contains("up to date"), "{}", second.err);
    assert_eq!(server.seen().len(), 0);
    let third = fetch().run().ok();
    assert!(third.err.contains("up to date"), "{}", third.err);
    assert_eq!(server.ranges(), []);
    assert_eq!(
        fs::metadata(dir.path().join("model.onnx"))
            .unwrap()
            .modified()
            .unwrap(),
        written
    );

    // What was changed on disk is fetched again, and so is what the source has changed.
    fs::write(dir.path().join("model.onnx"), content(MIB, 3)).unwrap();
    fetch().arg("--sha256", sha256(&body)).run().ok();
    assert!(fs::read(dir.path().join("model.onnx")).unwrap() == body);
    let newer = content(MIB, 4);
    server.put("/model.onnx", File::new(newer.clone()));
    fetch().run().ok();
    assert!(fs::read(dir.path().join("model.onnx")).unwrap() == newer);
}

#[test]
fn the_digest_is_printed_for_the_spec() {
    let server = Server::https();
    server.put("/model.onnx", File::new(b"model".to_vec()));
    let dir = tempfile::tempdir().unwrap();
    let outcome = Fetch::new(&server.url("/model.onnx"), dir.path())
        .ca(&server.ca())
        .flag("--print-sha256")
        .run()
        .ok();
    assert_eq!(outcome.out, format!("{}\n", sha256(b"model")));
}

#[test]
fn files_without_ranges_or_size_come_whole() {
    let server = Server::https();
    let body = content(3 * MIB, 5);
    for (path, ranges, length, etag) in [
        ("/a", false, true, true),
        ("/b", false, false, true),
        ("/c", false, false, false),
        ("/d", true, true, false),
    ] {
        let file = File::new(body.clone());
        let etag = file.etag.clone().filter(|_| etag);
        server.put(
            path,
            File {
                ranges,
                length,
                etag,
                ..file
            },
        );
        let dir = tempfile::tempdir().unwrap();
        Fetch::new(&server.url(path), dir.path())
            .ca(&server.ca())
            .arg("--sha256", sha256(&body))
            .run()
            .ok();
        assert!(
            fs::read(dir.path().join(&path[1..])).unwrap() == body,
            "{path}"
        );
    }
}

#[test]
fn an_empty_file_is_a_file() {
    let server = Server::https();
    server.put("/empty", File::new(Vec::new()));
    let dir = tempfile::tempdir().unwrap();
    Fetch::new(&server.url("/empty"), dir.path())
        .ca(&server.ca())
        .arg("--sha256", sha256(b""))
        .run()
        .ok();
    assert_eq!(fs::read(dir.path().join("empty")).unwrap(), b"");
}

#[test]
fn redirects_are_followed_but_not_to_plain_http() {
    let server = Server::https();
    let plain = Server::http();
    server.put("/real", File::new(b"model".to_vec()));
    plain.put("/real", File::new(b"model".to_vec()));
    for (path, to) in [
        ("/ok", server.other_url("/real")),
        ("/down", plain.url("/real")),
    ] {
        server.put(
            path,
            File::failing(super::server::Fault::Answer(
                302,
                vec![("location", to)],
                "",
            )),
        );
    }
    let dir = tempfile::tempdir().unwrap();
    Fetch::new(&server.url("/ok"), dir.path())
        .ca(&server.ca())
        .run()
        .ok();
    assert_eq!(fs::read(dir.path().join("ok")).unwrap(), b"model");
    let refused = Fetch::new(&server.url("/down"), dir.path())
        .ca(&server.ca())
        .run();
    refused.fails(2, &["redirects from `https://` to `http://`"]);
    assert_eq!(plain.seen().len(), 0);
}
