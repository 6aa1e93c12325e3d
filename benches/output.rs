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
const ROUNDS: usize = 5;

type Files = BTreeMap<SmolStr, Vec<u8>>;

fn main() {
    let (old, new) = (workspace(MODELS, 1), workspace(MODELS, 2));
    let (old_files, new_files) = (files(&old), files(&new));
    let size: usize = old_files.values().map(Vec::len).sum();
    println!(
        "{} files, {:.1} MB, best of {ROUNDS} rounds",
        old_files.len(),
        size as f64 / 1e6
    );
    let mut best = [Duration::MAX; 10];
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let below = |name: &str| folder.path().join(name);
        let (plain, ours, kept, again) =
            (below("plain"), below("ours"), below("kept"), below("again"));
        let round = [
            time(|| write_plainly(&plain, &old_files)),
            time(|| write_plainly(&plain, &new_files)),
            time(|| give(writer(&ours), &old_files)),
            time(|| give(writer(&ours), &old_files)),
            time(|| give(comparer(&ours), &old_files)),
            time(|| give(writer(&ours), &new_files)),
            time(|| whole(writer(&kept), &old)),
            time(|| whole(writer(&again).with_room(0), &old)),
            time(|| whole(writer(&kept), &old)),
            time(|| whole(comparer(&kept), &old)),
        ];
        for (best, time) in best.iter_mut().zip(round) {
            *best = time.min(*best);
        }
    }
    let [
        plain,
        over,
        cold,
        same,
        checked,
        changed,
        kept,
        again,
        unchanged,
        compared,
    ] = best;
    println!("| what | ms | x plain writing |\n|---|---|---|");
    let line = |name: &str, time: Duration, to: Duration| {
        println!(
            "| {name} | {:.1} | {:.2} |",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() / to.as_secs_f64()
        );
    };
    line("plain writing, new files", plain, plain);
    line(
        "plain writing over them (the next row's measure)",
        over,
        plain,
    );
    line("folder alone, every file changed", changed, over);
    line("folder alone, new files", cold, plain);
    line("folder alone, nothing changed", same, plain);
    line("folder alone, `--check`, nothing changed", checked, plain);
    line("whole compile, new files, bytes kept", kept, plain);
    line("whole compile, new files, all made twice", again, plain);
    line("whole compile, nothing changed", unchanged, plain);
    line("whole compile, `--check`, nothing changed", compared, plain);
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
