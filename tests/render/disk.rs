//! The same on a real disk.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "looks at the disk beside the code under test"
)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use mlspec::render::{Apply, End, LEDGER, Scope};
use mlspec::system::output::{Obstacle, Standing};
use mlspec::system::{OsOutput, OutputDir};

use super::{Files, apply, check, files, messages};

/// A folder `out` inside a temporary one, called `deploy` in messages.
fn temporary() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("mlspec").tempdir().unwrap()
}

fn output(temporary: &tempfile::TempDir) -> OsOutput {
    OsOutput::new(&temporary.path().join("deploy"))
}

fn listed(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.symlink_metadata().unwrap().is_dir() {
                folders.push(path);
            } else {
                found.push(
                    path.strip_prefix(folder)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    found.sort();
    found
}

/// Messages with the temporary folder's name taken out.
fn said(out: &OsOutput, outcome: &mlspec::render::Outcome) -> Vec<String> {
    messages(outcome)
        .into_iter()
        .map(|m| m.replace(out.name(), "deploy"))
        .collect()
}

/// Create, change, delete; what did not change keeps its modification time.
#[test]
fn round_trip() {
    let temporary = temporary();
    let out = output(&temporary);
    let root = temporary.path().join("deploy");
    let old = files(&[("a/b/gone", "1"), ("a/same", "2"), ("a/changed", "3")]);
    assert_eq!(apply(&out, &old, &Apply::default()).end(), End::Done);
    let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    for path in ["a/same", "a/changed", LEDGER] {
        fs::File::options()
            .write(true)
            .open(root.join(path))
            .unwrap()
            .set_modified(past)
            .unwrap();
    }
    let modified = |path: &str| fs::metadata(root.join(path)).unwrap().modified().unwrap();
    assert_eq!(
        apply(&output(&temporary), &old, &Apply::default()).unchanged,
        3
    );
    assert_eq!(modified(LEDGER), past);
    let new = files(&[("a/same", "2"), ("a/changed", "3!"), ("new/x", "4")]);
    let outcome = apply(&output(&temporary), &new, &Apply::default());
    assert_eq!((outcome.end(), outcome.unchanged), (End::Done, 1));
    assert_eq!(listed(&root), ["a/changed", "a/same", LEDGER, "new/x"]);
    assert!(!root.join("a/b").exists());
    assert_eq!(fs::read(root.join("a/changed")).unwrap(), b"3!");
    assert_eq!(
        (modified("a/same"), modified("a/changed") > past),
        (past, true)
    );
    assert_eq!(
        check(&output(&temporary), &new, &Scope::Everything).end(),
        End::Done
    );
}

fn refused(out: &OsOutput, wanted: &Files, message: &str) {
    let all = Apply {
        adopt: true,
        overwrite: true,
        ..Apply::default()
    };
    let outcome = apply(out, wanted, &all);
    assert_eq!(
        (outcome.end(), said(out, &outcome)),
        (End::Failed, vec![message.to_owned()])
    );
}

/// Links below the folder are refused wherever they lead; what they lead to stays as it is.
#[test]
fn links() {
    let temporary = temporary();
    let out = output(&temporary);
    let root = temporary.path().join("deploy");
    let outside = temporary.path().join("outside");
    fs::create_dir_all(&root).unwrap();
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("x"), "precious").unwrap();
    symlink(&outside, root.join("a")).unwrap();
    symlink(outside.join("x"), root.join("b")).unwrap();
    symlink("nowhere", root.join("c")).unwrap();
    refused(
        &out,
        &files(&[("a/x", "1")]),
        "OUT-11 `deploy/a` should be a folder, but a symbolic link stands there",
    );
    refused(
        &out,
        &files(&[("b", "1")]),
        "OUT-11 `deploy/b` should be a file, but a symbolic link stands there",
    );
    refused(
        &out,
        &files(&[("c", "1")]),
        "OUT-11 `deploy/c` should be a file, but a symbolic link stands there",
    );
    for path in ["a/x", "b"] {
        assert!(out.write(path, b"1").is_err());
        assert!(matches!(
            out.read(path),
            Ok(Standing::Obstacle(Obstacle::Link, _))
        ));
    }
    assert!(out.remove_file("a/x").is_err());
    assert!(out.create_folder("a/new").is_err());
    assert_eq!(listed(&outside), ["x"]);
    assert_eq!(fs::read(outside.join("x")).unwrap(), b"precious");
    symlink(outside.join("x"), root.join(LEDGER)).unwrap();
    refused(
        &out,
        &files(&[("d", "1")]),
        "OUT-11 `deploy/mlspec.ledger` should be a file, but a symbolic link stands there",
    );
}

/// The folder itself may be a link: where the output goes is the user's choice.
#[test]
fn linked_root() {
    let temporary = temporary();
    fs::create_dir(temporary.path().join("elsewhere")).unwrap();
    symlink("elsewhere", temporary.path().join("deploy")).unwrap();
    assert_eq!(
        apply(
            &output(&temporary),
            &files(&[("a/x", "1")]),
            &Apply::default()
        )
        .end(),
        End::Done
    );
    assert_eq!(listed(&temporary.path().join("elsewhere")), ["a/x", LEDGER]);
}

/// Files and folders in each other's place, and pipes.
#[test]
fn in_the_way() {
    let temporary = temporary();
    let out = output(&temporary);
    let root = temporary.path().join("deploy");
    fs::create_dir_all(root.join("folder")).unwrap();
    fs::write(root.join("file"), "x").unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(root.join("pipe"))
        .status();
    refused(
        &out,
        &files(&[("folder", "1")]),
        "OUT-11 `deploy/folder` should be a file, but a folder stands there",
    );
    refused(
        &out,
        &files(&[("file/x", "1")]),
        "OUT-11 `deploy/file` should be a folder, but a file stands there",
    );
    if made.is_ok_and(|status| status.success()) {
        refused(
            &out,
            &files(&[("pipe", "1")]),
            "OUT-11 `deploy/pipe` should be a file, but a device, pipe or socket stands there",
        );
    }
}

/// Where the output folder should be is a file.
#[test]
fn root_is_a_file() {
    let temporary = temporary();
    fs::write(temporary.path().join("deploy"), "x").unwrap();
    let out = output(&temporary);
    let outcome = apply(&out, &files(&[("a", "1")]), &Apply::default());
    assert_eq!(outcome.end(), End::Failed);
    assert_eq!(
        said(&out, &outcome),
        ["OUT-11 `deploy` should be a folder, but a file stands there"]
    );
}

/// Two runs at once: the second one waits for nobody and says why.
#[test]
fn locked() {
    let temporary = temporary();
    let first = output(&temporary);
    let lock = first.lock(LEDGER).unwrap();
    let out = output(&temporary);
    let outcome = apply(&out, &files(&[("a", "1")]), &Apply::default());
    assert_eq!(
        (outcome.end(), said(&out, &outcome)),
        (
            End::Failed,
            vec!["OUT-13 another mlspec is writing to `deploy`".to_owned()]
        )
    );
    drop(lock);
    assert_eq!(
        apply(&out, &files(&[("a", "1")]), &Apply::default()).end(),
        End::Done
    );
}

/// What a killed replacement of the ledger left is cleared away, even if nothing else is to do.
#[test]
fn unfinished_ledger() {
    let temporary = temporary();
    let wanted = files(&[("a", "1")]);
    apply(&output(&temporary), &wanted, &Apply::default());
    let unfinished = temporary
        .path()
        .join("deploy")
        .join(format!("{LEDGER}.new"));
    fs::write(&unfinished, "half").unwrap();
    assert_eq!(
        apply(&output(&temporary), &wanted, &Apply::default()).end(),
        End::Done
    );
    assert!(!unfinished.exists());
}
