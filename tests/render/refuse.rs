//! What stops a compile: nothing is touched, and the message says where and why.

use std::io::ErrorKind;

use mlspec::render::{Apply, End, LEDGER, Outcome, Scope};
use mlspec::system::MemoryOutput;
use mlspec::system::memory_output::Node;

use super::{Files, applied, apply, check, files, messages};

const ALL: Apply = Apply {
    adopt: true,
    overwrite: true,
    dry_run: false,
    scope: Scope::Everything,
};

/// Applies with every permission and expects that nothing happened.
fn refused(out: &MemoryOutput, wanted: &Files) -> Outcome {
    let before = out.nodes();
    let outcome = apply(out, wanted, &ALL);
    assert_ne!(outcome.end(), End::Done);
    assert_eq!(out.nodes(), before);
    assert_eq!(
        (
            outcome.created.len(),
            outcome.changed.len(),
            outcome.removed.len()
        ),
        (0, 0, 0)
    );
    outcome
}

/// A ledger that cannot be trusted: exit code 2, nothing deleted, and `--check` says the same.
#[test]
fn bad_ledger() {
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (text, why) in [
        ("".to_owned(), "line 1: it does not begin as a ledger does"),
        (
            "mlspec ledger 1\n".to_owned(),
            "line 1: the end is missing after it",
        ),
        (
            format!("mlspec ledger 1\ndone    {hash} a"),
            "line 2: it is cut off",
        ),
        (
            format!("mlspec ledger 1\ndone    {hash} ../../etc/passwd\nend\n"),
            "line 2: its path could leave the output folder",
        ),
        (
            format!("mlspec ledger 1\ndone    {hash} /etc/passwd\nend\n"),
            "line 2: its path could leave the output folder",
        ),
        (
            "mlspec ledger 9\nend\n".to_owned(),
            "it has version `9`, this mlspec knows `1`",
        ),
        (
            format!("mlspec ledger 1\r\ndone    {hash} a\r\nend\r\n"),
            "its line ends were changed",
        ),
        (
            format!("mlspec ledger 1\n<<<<<<< HEAD\ndone    {hash} a\nend\n"),
            "line 2: it is the mark of a merge conflict",
        ),
    ] {
        let out = applied(&files(&[("a", "1"), ("b", "2")]));
        out.put(LEDGER, Node::File(text.into_bytes()));
        let outcome = refused(&out, &files(&[("a", "1!")]));
        assert_eq!(outcome.end(), End::Failed);
        assert_eq!(
            messages(&outcome),
            [format!(
                "OUT-08 `deploy/mlspec.ledger` cannot be read: {why}"
            )]
        );
        assert_eq!(
            messages(&check(&out, &files(&[]), &Scope::Everything)),
            messages(&outcome)
        );
    }
}

/// Links, folders in a file's place and files in a folder's place.
#[test]
fn in_the_way() {
    let wanted = files(&[("a/b/x", "1")]);
    for (path, node, message) in [
        (
            "a/b/x",
            Node::Link,
            "OUT-11 `deploy/a/b/x` should be a file, but a symbolic link stands there",
        ),
        (
            "a/b/x/y",
            Node::File(b"1".to_vec()),
            "OUT-11 `deploy/a/b/x` should be a file, but a folder stands there",
        ),
        (
            "a/b",
            Node::File(b"1".to_vec()),
            "OUT-11 `deploy/a/b` should be a folder, but a file stands there",
        ),
        (
            "a",
            Node::Link,
            "OUT-11 `deploy/a` should be a folder, but a symbolic link stands there",
        ),
        (
            LEDGER,
            Node::Link,
            "OUT-11 `deploy/mlspec.ledger` should be a file, but a symbolic link stands there",
        ),
        (
            LEDGER,
            Node::Folder,
            "OUT-11 `deploy/mlspec.ledger` should be a file, but a folder stands there",
        ),
    ] {
        let out = MemoryOutput::default();
        out.put(path, node);
        let outcome = refused(&out, &wanted);
        assert_eq!(
            (outcome.end(), messages(&outcome)),
            (End::Failed, vec![message.to_owned()])
        );
    }
}

/// A file of ours that became a link is not deleted either.
#[test]
fn link_in_place_of_ours() {
    let out = applied(&files(&[("a", "1")]));
    out.put("a", Node::Link);
    let outcome = refused(&out, &files(&[]));
    assert_eq!(
        messages(&outcome),
        ["OUT-11 `deploy/a` should be a file, but a symbolic link stands there"]
    );
}

/// Paths that would be one file on some systems, or a file and a folder at once.
#[test]
fn collisions() {
    let outcome = refused(
        &MemoryOutput::default(),
        &files(&[("prod/Bert/x", "1"), ("prod/bert/x", "2")]),
    );
    assert_eq!(
        messages(&outcome),
        ["OUT-09 `deploy/prod/Bert/x` and `deploy/prod/bert/x` differ by case alone"]
    );
    assert_eq!(outcome.end(), End::Refused);
    let outcome = refused(&applied(&files(&[("Bert", "1")])), &files(&[("bert", "1")]));
    assert_eq!(
        messages(&outcome),
        ["OUT-09 `deploy/bert` and `deploy/Bert` differ by case alone"]
    );
    let outcome = refused(
        &MemoryOutput::default(),
        &files(&[("a/b", "1"), ("a/b/c", "2"), ("a/b/d", "3")]),
    );
    assert_eq!(
        messages(&outcome),
        ["OUT-09 `deploy/a/b` would be a file and the folder of `deploy/a/b/c`"]
    );
}

/// Paths that lead out, or to the ledger.
#[test]
fn impossible_paths() {
    for (path, why) in [
        ("../x", "it has a `.` or `..` component"),
        ("/x", "it is absolute"),
        ("a//x", "it has an empty component"),
        ("a/\nx", "it has a backslash, colon or control character"),
        (LEDGER, "it is the ledger's"),
    ] {
        let outcome = refused(&MemoryOutput::default(), &files(&[(path, "1")]));
        let shown = path.replace('\n', "\\n");
        assert_eq!(
            messages(&outcome),
            [format!("OUT-10 `deploy/{shown}` cannot be written: {why}")]
        );
    }
}

/// A file that may not be read, ours or not.
#[test]
fn unreadable() {
    let out = applied(&files(&[("a", "1")]));
    out.deny("a");
    let outcome = refused(&out, &files(&[("a", "2")]));
    assert_eq!(
        (outcome.end(), messages(&outcome)),
        (
            End::Failed,
            vec!["OUT-12 cannot read `deploy/a`: permission denied".to_owned()]
        )
    );
    let outcome = check(&out, &files(&[]), &Scope::Everything);
    assert_eq!(
        messages(&outcome),
        ["OUT-12 cannot read `deploy/a`: permission denied"]
    );
}

/// A read-only output folder: the ledger cannot be replaced, so nothing is begun.
#[test]
fn read_only() {
    let out = applied(&files(&[("a", "1")]));
    out.deny("");
    let before = out.nodes();
    let outcome = apply(&out, &files(&[("a", "2")]), &ALL);
    assert_eq!(outcome.end(), End::Failed);
    assert!(
        messages(&outcome)[0].ends_with("permission denied"),
        "{:?}",
        messages(&outcome)
    );
    assert_eq!(out.nodes(), before);
}

/// A folder inside that may not be written to: the rest is pending, and the next run finishes.
#[test]
fn read_only_inside() {
    let out = applied(&files(&[("a/x", "1"), ("b/x", "1")]));
    out.deny("b");
    let wanted = files(&[("a/x", "2"), ("b/x", "2"), ("b/y", "2")]);
    let outcome = apply(&out, &wanted, &ALL);
    assert_eq!(outcome.end(), End::Failed);
    assert!(
        messages(&outcome)[0].starts_with("OUT-12 cannot write `deploy/b/"),
        "{:?}",
        messages(&outcome)
    );
    assert_eq!(
        check(&out, &wanted, &Scope::Everything).diagnostics[0].code,
        "OUT-03"
    );
    out.recover();
    assert_eq!(apply(&out, &wanted, &Apply::default()).end(), End::Done);
    assert_eq!(super::contents(&out), wanted);
}

/// A full disk, from any moment on: exit code 2, and when there is room again the work is finished.
#[test]
fn disk_full() {
    let old = files(&[("a/x", "1"), ("b/x", "1"), ("c/x", "1")]);
    let new = files(&[("a/x", "1"), ("b/x", "2"), ("d/x", "3")]);
    for change in 0.. {
        let out = applied(&old);
        out.put("b/foreign", Node::File(b"mine".to_vec()));
        out.fail_at(change, ErrorKind::StorageFull);
        let outcome = apply(&out, &new, &Apply::default());
        if outcome.end() == End::Done {
            assert!(change > 5, "only {change} changes were needed");
            break;
        }
        assert_eq!(outcome.end(), End::Failed);
        assert!(
            messages(&outcome)[0].contains("the disk is full"),
            "{:?}",
            messages(&outcome)
        );
        out.recover();
        assert_eq!(apply(&out, &new, &Apply::default()).end(), End::Done);
        let mut want = new.clone();
        want.insert("b/foreign".into(), b"mine".to_vec());
        assert_eq!(super::contents(&out), want);
    }
}
