//! Servers that break off, stall, lie and change their mind.

use std::fs;

use super::process::Fetch;
use super::server::{Fault, File, Server};
use super::{content, names, sha256};

const MIB: usize = 1 << 20;

fn fetch(server: &Server, body: &[u8], file: File) -> (Fetch, tempfile::TempDir) {
    server.put("/model.onnx", file);
    let dir = tempfile::tempdir().unwrap();
    let fetch = Fetch::new(&server.url("/model.onnx"), dir.path());
    (fetch.ca(&server.ca()).arg("--sha256", sha256(body)), dir)
}

#[test]
fn after_a_cut_only_the_missing_bytes_are_asked_for() {
    let server = Server::https();
    let body = content(16 * MIB, 1);
    let faults = [
        Fault::Cut(5 * MIB),
        Fault::Cut(MIB),
        Fault::Answer(503, vec![], ""),
        Fault::Cut(0),
    ]
    .into();
    let (fetch, dir) = fetch(
        &server,
        &body,
        File {
            faults,
            ..File::new(body.clone())
        },
    );
    let outcome = fetch.run().ok();
    assert!(outcome.err.contains("next try in"), "{}", outcome.err);
    assert!(fs::read(dir.path().join("model.onnx")).unwrap() == body);
    let eight = 8 * MIB as u64;
    let resumed: Vec<_> = server
        .ranges()
        .into_iter()
        .filter(|(start, _)| start % eight != 0)
        .collect();
    assert!(!resumed.is_empty());
    for (start, end) in resumed {
        assert_eq!(end, start.next_multiple_of(eight));
    }
}

#[test]
fn without_ranges_a_cut_download_starts_over() {
    let server = Server::https();
    let body = content(3 * MIB, 2);
    for length in [true, false] {
        let faults = [Fault::Cut(2 * MIB), Fault::Cut(MIB)].into();
        let file = File {
            faults,
            ranges: false,
            length,
            ..File::new(body.clone())
        };
        let (fetch, dir) = fetch(&server, &body, file);
        fetch.run().ok();
        assert!(fs::read(dir.path().join("model.onnx")).unwrap() == body);
    }
}

#[test]
fn a_stalled_connection_is_given_up_and_tried_again() {
    let server = Server::https();
    let body = content(3 * MIB, 3);
    let file = File {
        faults: [Fault::Stall(MIB)].into(),
        ..File::new(body.clone())
    };
    let (fetch, _dir) = fetch(&server, &body, file);
    let outcome = fetch.arg("--timeout", 2).run().ok();
    assert!(
        outcome.err.contains("does not answer in time"),
        "{}",
        outcome.err
    );
}

#[test]
fn an_answer_that_is_too_short_is_completed() {
    let server = Server::https();
    let body = content(3 * MIB, 4);
    let file = File {
        faults: [Fault::Short(MIB)].into(),
        ..File::new(body.clone())
    };
    let (fetch, _dir) = fetch(&server, &body, file);
    let outcome = fetch.run().ok();
    assert!(
        outcome
            .err
            .contains(&format!("ended after {} of {} bytes", 2 * MIB, 3 * MIB)),
        "{}",
        outcome.err
    );
    assert_eq!(
        server.ranges(),
        [(0, 3 * MIB as u64), (2 * MIB as u64, 3 * MIB as u64)]
    );
}

#[test]
fn other_bytes_than_those_asked_for_are_refused() {
    let server = Server::https();
    let body = content(MIB, 9);
    let file = File::new(body.clone());
    let faults = [Fault::Shifted].into();
    let (fetch, _dir) = fetch(&server, &body, File { faults, ..file });
    fetch
        .run()
        .fails(2, &["other bytes than those asked for", &server.host()]);
}

#[test]
fn parts_of_two_versions_are_never_mixed() {
    let server = Server::https();
    let (old, new) = (content(64 * MIB, 5), content(64 * MIB, 6));
    server.put(
        "/model.onnx",
        File {
            always: Fault::Stall(4 * MIB),
            ..File::new(old)
        },
    );
    let dir = tempfile::tempdir().unwrap();
    let fetch = Fetch::new(&server.url("/model.onnx"), dir.path())
        .ca(&server.ca())
        .arg("--timeout", 1);
    let running = fetch.arg("--parallel", 2).start();
    super::process::wait_until("the download", || server.ranges().len() >= 2);
    server.put("/model.onnx", File::new(new));
    running
        .wait()
        .fails(2, &["changed while it was being fetched"]);
    assert!(
        names(dir.path())
            .iter()
            .all(|name| name.starts_with(".partial-"))
    );
}

#[test]
fn a_server_that_never_recovers_ends_the_fetch() {
    let server = Server::https();
    server.put(
        "/model.onnx",
        File {
            always: Fault::Cut(0),
            ..File::new(content(MIB, 7))
        },
    );
    let dir = tempfile::tempdir().unwrap();
    let fetch = Fetch::new(&server.url("/model.onnx"), dir.path())
        .ca(&server.ca())
        .arg("--retry-for", 2)
        .run();
    fetch.fails(2, &["broke while reading", &server.host()]);
    assert!(server.ranges().len() >= 3, "{:?}", server.ranges());
}

#[test]
fn a_busy_server_is_left_alone_as_long_as_it_asks() {
    let server = Server::https();
    let body = content(1000, 8);
    let busy = Fault::Answer(429, vec![("retry-after", "2".to_owned())], "");
    let (fetch, _dir) = fetch(
        &server,
        &body,
        File {
            faults: [busy].into(),
            ..File::new(body.clone())
        },
    );
    let outcome = fetch.run().ok();
    assert!(outcome.err.contains("next try in 2.0 s"), "{}", outcome.err);
}
