//! What a compile writes, keeps and deletes.

use mlspec::render::{Apply, End, State};
use mlspec::system::memory_output::Node;

use super::{applied, apply, contents, files, ledger, messages};

fn default() -> Apply {
    Apply::default()
}

/// The first run creates all; the ledger lists it as done.
#[test]
fn first_run() {
    let wanted = files(&[("prod/eks/a/x.yaml", "x"), ("prod/eks/b/y.yaml", "y")]);
    let out = applied(&wanted);
    assert_eq!(contents(&out), wanted);
    let ledger = ledger(&out);
    assert_eq!(
        ledger.0.keys().collect::<Vec<_>>(),
        wanted.keys().collect::<Vec<_>>()
    );
    assert!(ledger.0.values().all(|entry| entry.state == State::Done));
}

/// Nothing changed: nothing is written, not even the ledger.
#[test]
fn second_run() {
    let wanted = files(&[("a/x", "x"), ("a/y", "y")]);
    let out = applied(&wanted);
    let before = out.changes();
    let outcome = apply(&out, &wanted, &default());
    assert_eq!((outcome.end(), outcome.unchanged), (End::Done, 2));
    assert_eq!(out.changes(), before);
}

/// Created, changed, deleted and untouched files are told apart; emptied folders go, others stay.
#[test]
fn changes() {
    let old = files(&[
        ("a/b/gone", "1"),
        ("a/stays", "2"),
        ("c/changed", "3"),
        ("d/kept", "4"),
    ]);
    let out = applied(&old);
    out.put("c/foreign", Node::File(b"mine".to_vec()));
    let new = files(&[("a/stays", "2"), ("c/changed", "3!"), ("e/f/new", "5")]);
    let outcome = apply(&out, &new, &default());
    assert_eq!(outcome.created, ["e/f/new"]);
    assert_eq!(outcome.changed, ["c/changed"]);
    assert_eq!(outcome.removed, ["a/b/gone", "d/kept"]);
    assert_eq!(outcome.unchanged, 1);
    let nodes = out.nodes();
    let folders: Vec<_> = nodes
        .iter()
        .filter(|(_, node)| **node == Node::Folder)
        .map(|(p, _)| p.as_str())
        .collect();
    assert_eq!(folders, ["a", "c", "e", "e/f"]);
    assert_eq!(nodes["c/foreign"], Node::File(b"mine".to_vec()));
}

/// When everything goes, so do all folders and the ledger.
#[test]
fn nothing_left() {
    let out = applied(&files(&[("a/b/x", "1"), ("a/y", "2")]));
    apply(&out, &files(&[]), &default());
    assert!(out.nodes().is_empty());
}

/// No file ever: not even a ledger.
#[test]
fn nothing_ever() {
    let out = applied(&files(&[]));
    assert!(out.nodes().is_empty());
}

/// A dry run tells the same and changes nothing.
#[test]
fn dry_run() {
    let out = applied(&files(&[("a", "1"), ("b", "2"), ("c", "3")]));
    let new = files(&[("a", "1"), ("b", "2!"), ("d", "4")]);
    let (nodes, changes) = (out.nodes(), out.changes());
    let dry = apply(
        &out,
        &new,
        &Apply {
            dry_run: true,
            ..default()
        },
    );
    assert_eq!((out.nodes(), out.changes()), (nodes, changes));
    let real = apply(&out, &new, &default());
    assert_eq!(
        (dry.created, dry.changed, dry.removed),
        (real.created, real.changed, real.removed)
    );
}

/// A file that the user deleted is written again; one that is no longer wanted is forgotten.
#[test]
fn deleted_by_hand() {
    let out = applied(&files(&[("a", "1"), ("b", "2")]));
    out.take("a");
    out.take("b");
    let outcome = apply(&out, &files(&[("a", "1")]), &default());
    assert_eq!(
        (outcome.created, outcome.removed.len()),
        (vec!["a".into()], 0)
    );
    assert_eq!(ledger(&out).0.into_keys().collect::<Vec<_>>(), ["a"]);
}

/// A foreign file with the wanted content is taken over without being written.
#[test]
fn same_content_is_adopted() {
    let wanted = files(&[("a", "1")]);
    let out = mlspec::system::MemoryOutput::default();
    out.put("a", Node::File(b"1".to_vec()));
    let outcome = apply(&out, &wanted, &default());
    assert_eq!(
        (outcome.end(), outcome.unchanged, outcome.created.len()),
        (End::Done, 1, 0)
    );
    assert_eq!(out.changes(), 1, "only the ledger is written");
    assert!(ledger(&out).0.contains_key("a"));
}

/// A foreign file stays, unless it is to be adopted; nothing else is written meanwhile.
#[test]
fn foreign() {
    let wanted = files(&[("a", "1"), ("b", "2")]);
    let out = mlspec::system::MemoryOutput::default();
    out.put("a", Node::File(b"mine".to_vec()));
    for options in [
        default(),
        Apply {
            overwrite: true,
            ..default()
        },
    ] {
        let outcome = apply(&out, &wanted, &options);
        assert_eq!(outcome.end(), End::Refused);
        assert_eq!(
            messages(&outcome),
            ["OUT-01 `deploy/a` exists and was not written by mlspec"]
        );
        assert_eq!(contents(&out), files(&[("a", "mine")]));
    }
    let outcome = apply(
        &out,
        &wanted,
        &Apply {
            adopt: true,
            ..default()
        },
    );
    assert_eq!((outcome.end(), contents(&out)), (End::Done, wanted));
}

/// An edited file stays, wanted or not, unless it is to be overwritten.
#[test]
fn edited() {
    let out = applied(&files(&[("a", "1"), ("b", "2")]));
    out.put("a", Node::File(b"edited".to_vec()));
    out.put("b", Node::File(b"edited".to_vec()));
    let wanted = files(&[("a", "1")]);
    for options in [
        default(),
        Apply {
            adopt: true,
            ..default()
        },
    ] {
        let outcome = apply(&out, &wanted, &options);
        assert_eq!(outcome.end(), End::Refused);
        assert_eq!(
            messages(&outcome),
            [
                "OUT-02 `deploy/a` was changed after mlspec wrote it",
                "OUT-02 `deploy/b` was changed after mlspec wrote it"
            ]
        );
        assert_eq!(contents(&out), files(&[("a", "edited"), ("b", "edited")]));
    }
    let outcome = apply(
        &out,
        &wanted,
        &Apply {
            overwrite: true,
            ..default()
        },
    );
    assert_eq!((outcome.end(), contents(&out)), (End::Done, wanted));
}

/// Edited to what the spec asks for now: that is no quarrel.
#[test]
fn edited_as_wanted() {
    let out = applied(&files(&[("a", "1")]));
    out.put("a", Node::File(b"2".to_vec()));
    let outcome = apply(&out, &files(&[("a", "2")]), &default());
    assert_eq!((outcome.end(), outcome.unchanged), (End::Done, 1));
    assert_eq!(
        apply(&out, &files(&[("a", "3")]), &default()).changed,
        ["a"]
    );
}

/// What was deleted or edited by hand is ours and done again once it is written back, although the
/// ledger then is the one from before: the next edit of it is refused like any other.
#[test]
fn written_back() {
    let wanted = files(&[("a", "1"), ("b", "2")]);
    let out = applied(&wanted);
    let before = ledger(&out);
    out.take("a");
    out.put("b", Node::File(b"edited".to_vec()));
    let overwrite = Apply {
        overwrite: true,
        ..default()
    };
    assert_eq!(apply(&out, &wanted, &overwrite).end(), End::Done);
    assert_eq!((ledger(&out), contents(&out)), (before, wanted.clone()));
    for path in ["a", "b"] {
        out.put(path, Node::File(b"edited again".to_vec()));
    }
    assert_eq!(
        messages(&apply(&out, &wanted, &default())),
        [
            "OUT-02 `deploy/a` was changed after mlspec wrote it",
            "OUT-02 `deploy/b` was changed after mlspec wrote it"
        ]
    );
}

/// A file whose line ends alone were changed is told apart, and still not written over.
#[test]
fn line_ends() {
    let wanted = files(&[("a", "x: 1\ny: 2\n"), ("b", "x: 1\n")]);
    let out = applied(&wanted);
    out.put("a", Node::File(b"x: 1\r\ny: 2\r\n".to_vec()));
    out.put("b", Node::File(b"x: 2\r\n".to_vec()));
    let outcome = apply(&out, &wanted, &default());
    let notes: Vec<_> = outcome.diagnostics.iter().map(|d| d.notes.len()).collect();
    assert_eq!((outcome.end(), notes), (End::Refused, vec![1, 0]));
    let help = &outcome.diagnostics[0].helps[0];
    assert!(
        help.contains("`deploy/** -text` into .gitattributes"),
        "{help}"
    );
}
