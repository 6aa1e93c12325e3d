//! `compile --check`: every kind of difference has its code.

use mlspec::render::{Apply, End, LEDGER, Scope};
use mlspec::system::memory_output::Node;

use super::{applied, apply, check, files, messages};

/// A folder as it should be passes, and checking changes nothing.
#[test]
fn fresh() {
    let wanted = files(&[("a", "1"), ("b/c", "2")]);
    let out = applied(&wanted);
    let changes = out.changes();
    let outcome = check(&out, &wanted, &Scope::Everything);
    assert_eq!((outcome.end(), outcome.unchanged), (End::Done, 2));
    assert_eq!(out.changes(), changes);
}

/// All differences at once, by path.
#[test]
fn every_difference() {
    let old = [
        ("edited", "1"),
        ("gone", "2"),
        ("left", "3"),
        ("leftedited", "4"),
        ("missing", "5"),
        ("stale", "6"),
        ("unlisted", "7"),
    ];
    let out = applied(&files(&old));
    out.put("edited", Node::File(b"x".to_vec()));
    out.take("gone");
    out.put("leftedited", Node::File(b"x".to_vec()));
    out.take("missing");
    out.put("foreign", Node::File(b"x".to_vec()));
    out.put("unlisted", Node::File(b"7!".to_vec()));
    let wanted = files(&[
        ("edited", "1"),
        ("foreign", "8"),
        ("missing", "5"),
        ("stale", "6!"),
        ("unlisted", "7!"),
    ]);
    let outcome = check(&out, &wanted, &Scope::Everything);
    assert_eq!(outcome.end(), End::Refused);
    assert_eq!(
        messages(&outcome),
        [
            "OUT-02 `deploy/edited` was changed after mlspec wrote it",
            "OUT-01 `deploy/foreign` exists and was not written by mlspec",
            "OUT-07 `mlspec.ledger` lists `deploy/gone`, which is not there",
            "OUT-06 the spec no longer asks for `deploy/left`",
            "OUT-02 `deploy/leftedited` was changed after mlspec wrote it",
            "OUT-05 `deploy/missing` is missing",
            "OUT-04 `deploy/stale` is not what the spec asks for now",
            "OUT-07 `mlspec.ledger` does not know the content of `deploy/unlisted`",
        ]
    );
}

/// After a compile that is allowed to, every difference is gone.
#[test]
fn compile_mends() {
    let out = applied(&files(&[("a", "1"), ("b", "2")]));
    out.put("a", Node::File(b"x".to_vec()));
    out.put("c", Node::File(b"x".to_vec()));
    let wanted = files(&[("a", "1"), ("c", "3")]);
    apply(
        &out,
        &wanted,
        &Apply {
            adopt: true,
            overwrite: true,
            ..Apply::default()
        },
    );
    assert_eq!(messages(&check(&out, &wanted, &Scope::Everything)), [""; 0]);
}

/// A ledger that lost all lines in a merge: what is right is listed again.
#[test]
fn lost_ledger() {
    let wanted = files(&[("a", "1")]);
    let out = applied(&wanted);
    out.take(LEDGER);
    assert_eq!(
        messages(&check(&out, &wanted, &Scope::Everything)),
        ["OUT-07 `mlspec.ledger` does not know the content of `deploy/a`"]
    );
    apply(&out, &wanted, &Apply::default());
    assert_eq!(messages(&check(&out, &wanted, &Scope::Everything)), [""; 0]);
}
