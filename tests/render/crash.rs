//! Killed at every single change it makes, a run leaves a folder that says so and that the next
//! run makes what an uninterrupted one would have.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use mlspec::render::{Apply, End, LEDGER, Scope};
use mlspec::system::MemoryOutput;
use mlspec::system::memory_output::Node;
use proptest::collection::btree_map;
use proptest::prelude::*;

use super::{Files, apply, check, files, messages};

const FOREIGN: &str = "b/foreign";

/// A folder that `old` were applied to, with a foreign file.
fn start(old: &Files) -> MemoryOutput {
    let out = super::applied(old);
    out.put(FOREIGN, Node::File(b"mine".to_vec()));
    out
}

/// Kills a run that brings `middle` at every change, then brings `new`.
fn killed_everywhere(old: &Files, middle: &Files, new: &Files) -> Result<usize, TestCaseError> {
    let options = Apply::default();
    let uninterrupted = start(old);
    prop_assert_eq!(apply(&uninterrupted, new, &options).end(), End::Done);
    for change in 0.. {
        let out = start(old);
        let before = out.nodes();
        out.fail_at(change, ErrorKind::Interrupted);
        let killed = apply(&out, middle, &options);
        out.recover();
        if killed.end() == End::Done {
            return Ok(change);
        }
        let begun = strip_unfinished(out.nodes()) != before;
        if begun {
            let judged = check(&out, middle, &Scope::Everything);
            prop_assert_eq!(judged.diagnostics.len(), 1, "change {}", change);
            prop_assert_eq!(judged.diagnostics[0].code, "OUT-03", "change {}", change);
        }
        let next = apply(&out, new, &options);
        prop_assert_eq!(messages(&next), Vec::<String>::new(), "change {}", change);
        prop_assert_eq!(out.nodes(), uninterrupted.nodes(), "change {}", change);
        prop_assert_eq!(check(&out, new, &Scope::Everything).end(), End::Done);
    }
    Ok(0)
}

/// Without the half-written next ledger, which is no part of the output.
fn strip_unfinished(mut nodes: BTreeMap<String, Node>) -> BTreeMap<String, Node> {
    nodes.remove(&format!("{LEDGER}.new"));
    nodes
}

/// One thread: changes come in the same order each time.
fn in_order<T: Send>(test: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap()
        .install(test)
}

/// Every kind of change in one run: created in a new folder, changed, deleted with its folders.
#[test]
fn every_change_once() {
    let old = files(&[
        ("a/same", "1"),
        ("a/changed", "2"),
        ("b/c/gone", "3"),
        ("b/d/gone", "4"),
    ]);
    let new = files(&[
        ("a/same", "1"),
        ("a/changed", "2!"),
        ("e/f/new", "5"),
        ("a/new", "6"),
    ]);
    let changes = in_order(|| killed_everywhere(&old, &new, &new)).unwrap();
    // Two ledgers, two folders, three files written, two deleted, two folders deleted.
    assert_eq!(changes, 11);
}

/// The spec goes back to what it was, or on to something else, before the next run.
#[test]
fn other_spec_afterwards() {
    let old = files(&[("a/x", "1"), ("b/x", "2")]);
    let middle = files(&[("a/x", "1!"), ("c/d/x", "3")]);
    let other = files(&[("a/x", "1?"), ("c/x", "3")]);
    for new in [&old, &other, &files(&[])] {
        in_order(|| killed_everywhere(&old, &middle, new)).unwrap();
    }
}

/// While files are pending, even bytes that nobody ever wrote are ours.
#[test]
fn pending_whatever_the_bytes() {
    let (old, new) = (files(&[("a", "1"), ("c", "2")]), files(&[("a", "1!")]));
    let out = start(&old);
    in_order(|| {
        out.fail_at(1, ErrorKind::Interrupted);
        assert_eq!(apply(&out, &new, &Apply::default()).end(), End::Failed);
        out.recover();
    });
    out.put("a", Node::File(b"torn".to_vec()));
    out.put("c", Node::File(b"torn".to_vec()));
    assert_eq!(apply(&out, &new, &Apply::default()).end(), End::Done);
    assert_eq!(
        super::contents(&out),
        files(&[("a", "1!"), (FOREIGN, "mine")])
    );
}

fn some_files() -> impl Strategy<Value = Files> {
    let path = "[abc](/[ab]){0,2}/[xy]".prop_map(smol_str::SmolStr::from);
    btree_map(path, "[01]{0,3}".prop_map(String::into_bytes), 0..7)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any three specs in a row, the second killed at every change.
    #[test]
    fn any_specs(old in some_files(), middle in some_files(), new in some_files()) {
        in_order(|| killed_everywhere(&old, &middle, &new))?;
    }

    /// Killed again and again while the spec keeps changing, it still arrives.
    #[test]
    fn killed_in_a_row(specs in prop::collection::vec((some_files(), 0usize..12), 1..6), last in some_files()) {
        let out = start(&files(&[]));
        for (spec, change) in &specs {
            out.fail_at(*change, ErrorKind::Interrupted);
            apply(&out, spec, &Apply::default());
            out.recover();
        }
        prop_assert_eq!(messages(&apply(&out, &last, &Apply::default())), Vec::<String>::new());
        let fresh = start(&last);
        prop_assert_eq!(super::contents(&out), super::contents(&fresh));
        prop_assert_eq!(check(&out, &last, &Scope::Everything).end(), End::Done);
    }
}
