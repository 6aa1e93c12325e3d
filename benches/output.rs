//! `cargo bench --bench output`: writing the output folder, against plainly writing the same files
//! in the same run. Targets: cold at most 1.5 x plain writing, nothing changed at most 0.3 x.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and writes files beside the tool"
)]

#[path = "workspace.rs"]
mod workspace;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use mimalloc::MiMalloc;
use mlspec::compile::{Options, compile};
use mlspec::render::{Apply, End, File, Finish, Folder, Memory, Scope, Sink};
use mlspec::system::{MemorySystem, OsOutput, path};
use smol_str::SmolStr;
use workspace::workspace;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const MODELS: usize = 1000;
/// Each round asks all once; a row's figure is the middle of its rounds, so that one slow flush of a disk decides nothing.
const ROUNDS: usize = 9;

type Files = BTreeMap<SmolStr, Vec<u8>>;

fn main() {
    let (old, new) = (workspace(MODELS, 1), workspace(MODELS, 2));
    let (old_files, new_files) = (files(&old), files(&new));
    let size: usize = old_files.values().map(Vec::len).sum();
    println!(
        "{} files, {:.1} MB, the middle of {ROUNDS} rounds",
        old_files.len(),
        size as f64 / 1e6
    );
    let rounds: Vec<[Duration; 10]> = (0..ROUNDS)
        .map(|turn| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let below = |name: &str| folder.path().join(name);
            let (plain, ours, kept, again) =
                (below("plain"), below("ours"), below("kept"), below("again"));
            let plainly = || time(|| write_plainly(&plain, &old_files));
            let folder_alone = || time(|| give(writer(&ours), &old_files));
            // In turns first, lest the place behind a flush favors one.
            let (new, cold) = match turn % 2 {
                0 => (plainly(), folder_alone()),
                _ => {
                    let cold = folder_alone();
                    (plainly(), cold)
                }
            };
            [
                new,
                time(|| write_plainly(&plain, &new_files)),
                cold,
                time(|| give(writer(&ours), &old_files)),
                time(|| give(comparer(&ours), &old_files)),
                time(|| give(writer(&ours), &new_files)),
                time(|| whole(writer(&kept), &old)),
                time(|| whole(writer(&again).with_room(0), &old)),
                time(|| whole(writer(&kept), &old)),
                time(|| whole(comparer(&kept), &old)),
            ]
        })
        .collect();
    println!("| what | ms | x plain writing | in half of the rounds |\n|---|---|---|---|");
    for (row, to, name) in [
        (0, 0, "plain writing, new files"),
        (1, 0, "plain writing over them (the next row's measure)"),
        (5, 1, "folder alone, every file changed"),
        (2, 0, "folder alone, new files"),
        (3, 0, "folder alone, nothing changed"),
        (4, 0, "folder alone, `--check`, nothing changed"),
        (6, 0, "whole compile, new files, bytes kept"),
        (7, 0, "whole compile, new files, all made twice"),
        (8, 0, "whole compile, nothing changed"),
        (9, 0, "whole compile, `--check`, nothing changed"),
    ] {
        let millis = sorted(rounds.iter().map(|round| round[row].as_secs_f64() * 1e3));
        let ratios = sorted(
            rounds
                .iter()
                .map(|round| round[row].as_secs_f64() / round[to].as_secs_f64()),
        );
        println!(
            "| {name} | {:.1} | {:.2} | {:.2} to {:.2} |",
            millis[ROUNDS / 2],
            ratios[ROUNDS / 2],
            ratios[ROUNDS / 4],
            ratios[ROUNDS - 1 - ROUNDS / 4],
        );
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Files as a compile makes them.
fn files(system: &MemorySystem) -> Files {
    let memory = Memory::default();
    let compilation = compile(system, &Options::default(), &memory);
    assert!(!compilation.failed(), "{:?}", compilation.diagnostics);
    let files = memory.into_files().into_values();
    files.map(|file| (file.path, file.bytes)).collect()
}

fn write_plainly(root: &Path, files: &Files) {
    let mut last = None;
    for (path, bytes) in files {
        let path = root.join(path.as_str());
        let folder = path.parent().expect("files lie in folders");
        if last.as_deref() != Some(folder) {
            fs::create_dir_all(folder).expect("a new folder");
            last = Some(folder.to_owned());
        }
        fs::write(path, bytes).expect("a new file");
    }
}

fn writer(root: &Path) -> Folder<OsOutput> {
    let root = root.to_owned();
    Folder::writer(move |_| OsOutput::new(&root), Apply::default())
}

fn comparer(root: &Path) -> Folder<OsOutput> {
    let root = root.to_owned();
    Folder::comparer(move |_| OsOutput::new(&root), Scope::Everything)
}

/// Gives a sink the files of each folder, as a compile does.
fn give(sink: Folder<OsOutput>, files: &Files) {
    let all: Vec<_> = files.iter().collect();
    let folders = all.chunk_by(|(a, _), (b, _)| path::parent(a) == path::parent(b));
    for folder in folders {
        let file = |(path, bytes): &(&SmolStr, &Vec<u8>)| File {
            path: (*path).clone(),
            bytes: (*bytes).clone(),
            object: None,
        };
        sink.take(folder.iter().map(file).collect());
    }
    sink.finish(&Finish {
        output: "",
        again: &|_| unreachable!("all bytes are kept"),
    });
    done(sink);
}

/// A whole compile into a sink.
fn whole(sink: Folder<OsOutput>, system: &MemorySystem) {
    let compilation = compile(system, &Options::default(), &sink);
    assert!(!compilation.failed(), "{:?}", compilation.diagnostics);
    done(sink);
}

fn done(sink: Folder<OsOutput>) {
    let outcome = sink.into_outcome().expect("it was finished");
    assert_eq!(outcome.end(), End::Done);
}

/// What was written or deleted before goes to the disk first, lest the next one pays for it.
fn time(work: impl FnOnce()) -> Duration {
    let synced = Command::new("sync").status().expect("coreutils");
    assert!(synced.success());
    let start = Instant::now();
    work();
    start.elapsed()
}
