//! The output folder: what is written, deleted, refused, and what a killed run leaves.

mod apply;
mod check;
mod crash;
mod disk;
mod kill;
mod refuse;
mod scope;

use std::collections::BTreeMap;

use mlspec::render::{self, Apply, File, Hash, LEDGER, Ledger, Outcome, Scope, Wanted};
use mlspec::system::memory_output::Node;
use mlspec::system::{MemoryOutput, OutputDir, path};
use smol_str::SmolStr;

type Files = BTreeMap<SmolStr, Vec<u8>>;

/// Files by path.
fn files(list: &[(&str, &str)]) -> Files {
    list.iter()
        .map(|(path, text)| ((*path).into(), text.as_bytes().to_vec()))
        .collect()
}

/// `files` as a compile wants them: with their bytes as long as `room` lasts.
fn wanted(files: &Files, room: usize) -> Wanted {
    let mut wanted = Wanted::with_room(room);
    for (path, bytes) in files {
        let file = File {
            path: path.clone(),
            bytes: bytes.clone(),
            object: None,
        };
        wanted.add(file, Hash::of(bytes));
    }
    wanted
}

/// Applies `files`. Of some the bytes are kept, others are made again.
fn apply(out: &dyn OutputDir, files: &Files, options: &Apply) -> Outcome {
    let again = |folder: &str| {
        let own = files.iter().filter(|(p, _)| path::parent(p) == folder);
        own.map(|(path, bytes)| (path.clone(), bytes.clone()))
            .collect()
    };
    render::apply(out, &wanted(files, 2), &again, options)
}

/// Compares a folder with `files`.
fn check(out: &dyn OutputDir, files: &Files, scope: &Scope) -> Outcome {
    render::check(out, &wanted(files, 0), scope)
}

/// A folder that `files` were applied to.
fn applied(files: &Files) -> MemoryOutput {
    let out = MemoryOutput::default();
    assert_eq!(messages(&apply(&out, files, &Apply::default())), [""; 0]);
    out
}

/// The diagnostics as `code message`.
fn messages(outcome: &Outcome) -> Vec<String> {
    outcome
        .diagnostics
        .iter()
        .map(|d| format!("{} {}", d.code, d.message))
        .collect()
}

/// Every file but the ledger.
fn contents(out: &MemoryOutput) -> Files {
    let files = out
        .nodes()
        .into_iter()
        .filter_map(|(path, node)| match node {
            Node::File(bytes) if path != LEDGER => Some((path.into(), bytes)),
            _ => None,
        });
    files.collect()
}

/// The ledger that lies in the folder.
fn ledger(out: &MemoryOutput) -> Ledger {
    match out.nodes().get(LEDGER) {
        Some(Node::File(bytes)) => Ledger::parse(bytes).unwrap(),
        other => panic!("{other:?} instead of a ledger"),
    }
}
