//! Local folders and files, what a folder's digest is, and how one model follows another in a folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::process::Fetch;
use super::{content, names, sha256};

fn model(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

fn folder(dir: &Path) -> String {
    format!("file://{}/", dir.display())
}

#[test]
fn a_file_is_no_place_for_files() {
    let source = model(&[("model.onnx", b"1"), ("taken", b"mine")]);
    let uri = source.path().join("model.onnx").display().to_string();
    let taken = source.path().join("taken");
    let outcome = Fetch::new(&uri, &taken).run();
    outcome.fails(1, &["is a file; `--to` takes a folder"]);
    assert_eq!(fs::read(&taken).unwrap(), b"mine");
}

#[test]
fn a_folders_digest_is_that_of_sha256sum() {
    let large = content(9 << 20, 1);
    let source = model(&[
        ("model.onnx", &large),
        ("onnx/a b.bin", b"1"),
        ("onnx-2/x", b"2"),
        ("ünïcode", b""),
        ("Z", b"3"),
        ("a", b"4"),
    ]);
    let script = "find . -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum | cut -c1-64";
    let tool = Command::new("sh")
        .arg("-c")
        .arg(script)
        .current_dir(source.path())
        .output()
        .unwrap();
    let expected = String::from_utf8(tool.stdout).unwrap();

    let dir = tempfile::tempdir().unwrap();
    let outcome = Fetch::new(&folder(source.path()), dir.path())
        .flag("--print-sha256")
        .run()
        .ok();
    assert_eq!(outcome.out, expected);
    let same = Fetch::new(&folder(source.path()), dir.path())
        .arg("--sha256", expected.trim())
        .run()
        .ok();
    assert!(same.err.contains("up to date"), "{}", same.err);
    assert!(fs::read(dir.path().join("model.onnx")).unwrap() == large);
    assert_eq!(fs::read(dir.path().join("onnx/a b.bin")).unwrap(), b"1");
}

#[test]
fn a_new_model_takes_the_old_ones_place() {
    let old = model(&[
        ("model.onnx", b"old"),
        ("only-old/x/y", b"1"),
        ("kind", b"file"),
    ]);
    let new = model(&[
        ("model.onnx", b"new"),
        ("only-new", b"2"),
        ("kind/of", b"folder"),
    ]);
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("foreign"), "stays").unwrap();
    Fetch::new(&folder(old.path()), dir.path()).run().ok();
    assert_eq!(
        names(dir.path()),
        ["foreign", "kind", "model.onnx", "only-old"]
    );
    Fetch::new(&folder(new.path()), dir.path()).run().ok();
    assert_eq!(
        names(dir.path()),
        ["foreign", "kind", "model.onnx", "only-new"]
    );
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), b"new");
    assert_eq!(fs::read(dir.path().join("kind/of")).unwrap(), b"folder");
    Fetch::new(&folder(old.path()), dir.path()).run().ok();
    assert_eq!(
        names(dir.path()),
        ["foreign", "kind", "model.onnx", "only-old"]
    );
}

#[test]
fn a_run_killed_between_two_moves_is_put_right() {
    let old = model(&[("a", b"old"), ("only-old", b"1")]);
    let new = model(&[("a", b"new"), ("b", b"new")]);
    let dir = tempfile::tempdir().unwrap();
    Fetch::new(&folder(old.path()), dir.path()).run().ok();
    // As a kill leaves it: marker set aside, one of two files moved, the download folder there.
    fs::rename(
        dir.path().join(".mlserve-fetch.json"),
        dir.path().join(".mlserve-fetch.previous.json"),
    )
    .unwrap();
    fs::write(dir.path().join("a"), "new").unwrap();
    fs::create_dir_all(dir.path().join(".partial-0123456789ab/tree")).unwrap();
    assert!(
        mlspec_runtime::fetch::unfinished(dir.path())
            .unwrap()
            .is_some()
    );
    Fetch::new(&folder(new.path()), dir.path()).run().ok();
    assert_eq!(names(dir.path()), ["a", "b"]);
    assert!(
        mlspec_runtime::fetch::unfinished(dir.path())
            .unwrap()
            .is_none()
    );
}

#[test]
fn one_file_is_hashed_as_it_is() {
    let source = model(&[("model.onnx", b"model")]);
    let file = source.path().join("model.onnx");
    let dir = tempfile::tempdir().unwrap();
    for uri in [
        file.display().to_string(),
        format!("file:{}", file.display()),
    ] {
        Fetch::new(&uri, dir.path())
            .arg("--sha256", sha256(b"model"))
            .run()
            .ok();
    }
    assert_eq!(fs::read(dir.path().join("model.onnx")).unwrap(), b"model");
}

#[test]
fn what_is_not_there_or_no_file_is_refused() {
    let source = model(&[("model.onnx", b"model"), (".partial-x/y", b"1")]);
    let dir = tempfile::tempdir().unwrap();
    let at = |path: &str| source.path().join(path).display().to_string();
    Fetch::new(&at("missing"), dir.path())
        .run()
        .fails(1, &["missing", "not found"]);
    Fetch::new(&at("missing/"), dir.path())
        .run()
        .fails(1, &["missing", "not found"]);
    Fetch::new(&source.path().display().to_string(), dir.path())
        .run()
        .fails(1, &["a folder's URI ends in `/`"]);
    Fetch::new(&folder(source.path()), dir.path())
        .run()
        .fails(1, &["`.partial-x/y`", "for itself"]);
    let empty = tempfile::tempdir().unwrap();
    Fetch::new(&folder(empty.path()), dir.path())
        .run()
        .fails(1, &["no object below"]);
    symlink(source.path(), empty.path().join("link")).unwrap();
    Fetch::new(&folder(empty.path()), dir.path())
        .run()
        .fails(2, &["link to a folder"]);
}
