//! Compiling one environment leaves the others alone.

use mlspec::render::{Apply, End, Scope};
use mlspec::system::memory_output::Node;

use super::{applied, apply, check, contents, files, ledger, messages};

fn staging() -> Scope {
    Scope::Folders(vec!["staging".into()])
}

/// Below a folder, not merely beginning like it.
#[test]
fn covers() {
    assert!(staging().covers("staging/a/b"));
    assert!(!staging().covers("staging"));
    assert!(!staging().covers("staging-2/a"));
    assert!(Scope::Everything.covers("x"));
}

/// Outside of the scope nothing is written, deleted, compared or forgotten.
#[test]
fn others_are_left_alone() {
    let out = applied(&files(&[
        ("prod/a", "1"),
        ("prod/gone", "2"),
        ("staging/a", "3"),
        ("staging/gone", "4"),
    ]));
    out.put("prod/a", Node::File(b"edited".to_vec()));
    let wanted = files(&[("prod/a", "1!"), ("prod/new", "5"), ("staging/a", "3!")]);
    let before = ledger(&out);
    let outcome = apply(
        &out,
        &wanted,
        &Apply {
            scope: staging(),
            ..Apply::default()
        },
    );
    assert_eq!(outcome.end(), End::Done, "{:?}", messages(&outcome));
    assert_eq!(
        (outcome.changed, outcome.removed),
        (vec!["staging/a".into()], vec!["staging/gone".into()])
    );
    assert_eq!(
        contents(&out),
        files(&[
            ("prod/a", "edited"),
            ("prod/gone", "2"),
            ("staging/a", "3!")
        ])
    );
    let after = ledger(&out);
    for path in ["prod/a", "prod/gone"] {
        assert_eq!(before.0[path], after.0[path]);
    }
    assert_eq!(check(&out, &wanted, &staging()).end(), End::Done);
    assert_eq!(
        check(&out, &wanted, &Scope::Everything).diagnostics.len(),
        3
    );
}

/// What another environment left unfinished stays so, and no check passes meanwhile.
#[test]
fn pending_elsewhere() {
    let wanted = files(&[("prod/a", "1"), ("staging/a", "2")]);
    let out = mlspec::system::MemoryOutput::default();
    out.fail_at(3, std::io::ErrorKind::StorageFull);
    let prod = Scope::Folders(vec!["prod".into()]);
    let killed = apply(
        &out,
        &wanted,
        &Apply {
            scope: prod,
            ..Apply::default()
        },
    );
    assert_eq!(killed.end(), End::Failed);
    out.recover();
    let outcome = apply(
        &out,
        &wanted,
        &Apply {
            scope: staging(),
            ..Apply::default()
        },
    );
    assert_eq!(outcome.end(), End::Done);
    assert_eq!(ledger(&out).pending().collect::<Vec<_>>(), ["prod/a"]);
    let refused = check(&out, &wanted, &staging());
    assert_eq!(
        messages(&refused),
        ["OUT-03 an earlier compile left `deploy/prod/a` unfinished"]
    );
}
