//! Runs that are killed, stopped, or meet each other.

use std::fs;
use std::process::Command;

use super::process::{Fetch, Running, wait_until};
use super::server::{Fault, File, Server};
use super::{content, names, sha256};

const MIB: usize = 1 << 20;
const EIGHT: u64 = 8 << 20;

/// A server whose file of five parts is stuck in the third and fourth.
fn stuck(seed: u64) -> (Server, Vec<u8>) {
    let server = Server::https();
    let body = content(40 * MIB, seed);
    let faults = [
        Fault::Fine,
        Fault::Fine,
        Fault::Stall(MIB),
        Fault::Stall(MIB),
    ]
    .into();
    server.put(
        "/model.onnx",
        File {
            faults,
            ..File::new(body.clone())
        },
    );
    (server, body)
}

fn fetch(server: &Server, dir: &tempfile::TempDir) -> Fetch {
    Fetch::new(&server.url("/model.onnx"), dir.path())
        .ca(&server.ca())
        .arg("--parallel", 2)
}

/// Starts a run and waits until two parts are on disk and the next two are asked for.
fn until_stuck(server: &Server, dir: &tempfile::TempDir) -> Running {
    let running = fetch(server, dir).start();
    wait_until("two parts on disk", || parts_on_disk(dir) == 2);
    wait_until("the next two", || server.ranges().len() == 4);
    running
}

fn parts_on_disk(dir: &tempfile::TempDir) -> usize {
    let mut count = 0;
    for name in names(dir.path())
        .iter()
        .filter(|name| name.starts_with(".partial-"))
    {
        for journal in fs::read_dir(dir.path().join(name).join("parts"))
            .into_iter()
            .flatten()
        {
            count += fs::read_to_string(journal.unwrap().path())
                .unwrap()
                .lines()
                .count()
                .saturating_sub(1);
        }
    }
    count
}

#[test]
fn a_killed_run_is_gone_on_with() {
    let (server, body) = stuck(1);
    let dir = tempfile::tempdir().unwrap();
    let running = until_stuck(&server, &dir);
    running.kill();
    assert!(
        names(dir.path())
            .iter()
            .all(|name| name.starts_with(".partial-")),
        "{:?}",
        names(dir.path())
    );
    assert!(
        mlspec_runtime::fetch::unfinished(dir.path())
            .unwrap()
            .is_some()
    );

    server.forget();
    server.put("/model.onnx", File::new(body.clone()));
    let outcome = fetch(&server, &dir)
        .arg("--sha256", sha256(&body))
        .run()
        .ok();
    assert!(outcome.err.contains("24.0 MiB fetched"), "{}", outcome.err);
    assert!(
        outcome.err.contains("16.0 MiB of an earlier run kept"),
        "{}",
        outcome.err
    );
    assert_eq!(
        server.ranges(),
        [
            (2 * EIGHT, 3 * EIGHT),
            (3 * EIGHT, 4 * EIGHT),
            (4 * EIGHT, 5 * EIGHT)
        ]
    );
    assert!(fs::read(dir.path().join("model.onnx")).unwrap() == body);
    assert_eq!(names(dir.path()), ["model.onnx"]);
    assert!(
        mlspec_runtime::fetch::unfinished(dir.path())
            .unwrap()
            .is_none()
    );
}

#[test]
fn what_has_changed_meanwhile_starts_over() {
    let (server, _) = stuck(2);
    let dir = tempfile::tempdir().unwrap();
    let running = until_stuck(&server, &dir);
    running.kill();

    server.forget();
    let body = content(40 * MIB, 3);
    server.put("/model.onnx", File::new(body.clone()));
    fetch(&server, &dir)
        .arg("--sha256", sha256(&body))
        .run()
        .ok();
    assert_eq!(server.ranges().len(), 5);
}

#[test]
fn bytes_that_rotted_on_disk_are_not_taken_over() {
    let (server, body) = stuck(4);
    let dir = tempfile::tempdir().unwrap();
    let running = until_stuck(&server, &dir);
    running.kill();
    let partial = dir
        .path()
        .join(&names(dir.path())[0])
        .join("tree/model.onnx");
    let mut bytes = fs::read(&partial).unwrap();
    bytes[100] ^= 1;
    fs::write(&partial, bytes).unwrap();

    server.put("/model.onnx", File::new(body.clone()));
    fetch(&server, &dir)
        .arg("--sha256", sha256(&body))
        .run()
        .fails(1, &["expected"]);
    assert_eq!(names(dir.path()), [""; 0]);
    fetch(&server, &dir)
        .arg("--sha256", sha256(&body))
        .run()
        .ok();
}

#[test]
fn a_signal_ends_the_run_at_once() {
    for signal in ["TERM", "INT"] {
        let (server, _) = stuck(5);
        let dir = tempfile::tempdir().unwrap();
        let running = until_stuck(&server, &dir);
        let sent = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(running.id().to_string())
            .status()
            .unwrap();
        assert!(sent.success());
        running.wait().fails(2, &["stopped by a signal"]);
        assert_eq!(parts_on_disk(&dir), 2);
    }
}

#[test]
fn two_runs_into_one_folder_take_turns() {
    let server = Server::https();
    let body = content(24 * MIB, 6);
    server.put(
        "/model.onnx",
        File {
            faults: [Fault::Stall(MIB)].into(),
            ..File::new(body.clone())
        },
    );
    let dir = tempfile::tempdir().unwrap();
    let run = || {
        fetch(&server, &dir)
            .arg("--sha256", sha256(&body))
            .arg("--timeout", 2)
            .start()
    };
    let first = run();
    wait_until("the first download", || !server.ranges().is_empty());
    let second = run();
    let (first, second) = (first.wait().ok(), second.wait().ok());
    assert!(first.err.contains("holds 1 file"), "{}", first.err);
    assert!(
        second.err.contains("waiting for another fetch"),
        "{}",
        second.err
    );
    assert!(second.err.contains("up to date"), "{}", second.err);
    assert_eq!(names(dir.path()), ["model.onnx"]);
}
