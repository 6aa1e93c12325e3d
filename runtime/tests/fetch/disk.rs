//! Disks that are full, and models that are larger than planned.

use std::fs;

use super::process::Fetch;
use super::server::{File, Server};
use super::{content, names};

const MIB: usize = 1 << 20;

#[test]
fn a_source_larger_than_planned_is_refused_before_it_is_read() {
    let server = Server::https();
    server.put("/model.onnx", File::new(content(2 * MIB, 1)));
    let dir = tempfile::tempdir().unwrap();
    let fetch = || Fetch::new(&server.url("/model.onnx"), dir.path()).ca(&server.ca());
    fetch()
        .arg("--size", MIB)
        .run()
        .fails(1, &["holds 2.00 MiB", "at most 1.25 MiB", "`size`"]);
    assert_eq!(server.ranges(), []);

    // Where the size is not told it shows on the way.
    let file = File::new(content(2 * MIB, 2));
    server.put(
        "/model.onnx",
        File {
            ranges: false,
            length: false,
            ..file
        },
    );
    fetch()
        .arg("--size", MIB)
        .run()
        .fails(1, &["at most 1.25 MiB"]);
    fetch().arg("--size", 2 * MIB).run().ok();
}

/// Runs with a file system of 8 MiB mounted on the target folder, in a mount namespace of its own.
fn on_small_disk(fetch: Fetch, dir: &std::path::Path) -> Fetch {
    let is_root = fs::metadata("/proc/self")
        .is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
    let shell: &[&str] = if is_root {
        &["unshare", "-m", "sh", "-c"]
    } else {
        &["unshare", "-Urm", "sh", "-c"]
    };
    fetch.inside(
        shell,
        &format!("mount -t tmpfs -o size=8m tmpfs '{}'", dir.display()),
    )
}

#[test]
fn a_disk_that_is_too_small_is_found_before_the_download() {
    let server = Server::https();
    server.put("/model.onnx", File::new(content(12 * MIB, 3)));
    let dir = tempfile::tempdir().unwrap();
    let fetch = Fetch::new(&server.url("/model.onnx"), dir.path()).ca(&server.ca());
    let outcome = on_small_disk(fetch, dir.path()).run();
    outcome.fails(
        2,
        &[
            "not enough space",
            "12.0 MiB more needed",
            "8.00 MiB free",
            "raise the volume's size",
        ],
    );
    assert_eq!(server.ranges(), []);
}

#[test]
fn a_disk_that_fills_up_ends_the_download() {
    let server = Server::https();
    server.put(
        "/model.onnx",
        File {
            ranges: false,
            length: false,
            ..File::new(content(12 * MIB, 4))
        },
    );
    let dir = tempfile::tempdir().unwrap();
    let fetch = Fetch::new(&server.url("/model.onnx"), dir.path()).ca(&server.ca());
    let outcome = on_small_disk(fetch, dir.path()).run();
    let outcome = outcome.fails(2, &["not enough space", "0 bytes free"]);
    assert!(!outcome.err.contains("next try"), "{}", outcome.err);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let server = Server::https();
    server.put("/model.onnx", File::new(b"model".to_vec()));
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let to = dir.path().join("file/models");
    Fetch::new(&server.url("/model.onnx"), &to)
        .ca(&server.ca())
        .run()
        .fails(2, &["file/models"]);
    assert_eq!(names(dir.path()), ["file"]);
}
