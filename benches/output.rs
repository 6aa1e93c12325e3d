//! `cargo bench --bench output`: writing the output folder, against plainly writing the same files
//! in the same run. Targets: cold at most 1.5 x plain writing, nothing changed at most 0.3 x.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and writes files beside the tool"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use mlspec::render::{Apply, End, File, Finish, Folder, Scope, Sink};
use mlspec::system::{OsOutput, path};
use smol_str::{SmolStr, format_smolstr};

const MODELS: usize = 1000;
const KINDS: [(&str, usize); 5] = [
    ("deployment", 5300),
    ("service", 600),
    ("scaledobject", 1200),
    ("networkpolicy", 1500),
    ("servicemonitor", 800),
];
const ROUNDS: usize = 9;

type Files = BTreeMap<SmolStr, Vec<u8>>;

fn main() {
    let (old, new) = (files('a'), files('b'));
    let size: usize = old.values().map(Vec::len).sum();
    println!(
        "{} files, {:.1} MB, best of {ROUNDS} rounds",
        old.len(),
        size as f64 / 1e6
    );
    let mut best = [Duration::MAX; 6];
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let plain = folder.path().join("plain");
        let ours = folder.path().join("ours");
        let round = [
            time(|| write_plainly(&plain, &old)),
            time(|| write_plainly(&plain, &new)),
            time(|| run(&ours, &old)),
            time(|| run(&ours, &old)),
            time(|| compare(&ours, &old)),
            time(|| run(&ours, &new)),
        ];
        for (best, time) in best.iter_mut().zip(round) {
            *best = time.min(*best);
        }
    }
    let [plain, plain_again, cold, unchanged, checked, changed] = best;
    let line = |name: &str, time: Duration, to: Duration| {
        println!(
            "{name:<34}{:>8.1} ms  {:>5.2} x plain",
            time.as_secs_f64() * 1e3,
            time.as_secs_f64() / to.as_secs_f64()
        );
    };
    line("plain writing, new files", plain, plain);
    line("compile, new files", cold, plain);
    line("compile, nothing changed", unchanged, plain);
    line("compile --check, nothing changed", checked, plain);
    line("plain writing over", plain_again, plain_again);
    line("compile, every file changed", changed, plain_again);
}

/// Files as a compile makes them, of about their size.
fn files(filler: char) -> Files {
    let mut files = Files::new();
    for model in 0..MODELS {
        for (kind, size) in KINDS {
            let path = format_smolstr!("prod/eks-us/model-{model}/{kind}-model-{model}.yaml");
            let line = format!("key-{model}: {filler}\n");
            files.insert(path, line.repeat(size / line.len()).into_bytes());
        }
    }
    files
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

/// Gives a sink the files of each folder, as a compile does.
fn give(sink: &Folder<OsOutput>, files: &Files) {
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
        again: &|folder| {
            let own = files.iter().filter(|(p, _)| path::parent(p) == folder);
            own.map(|(path, bytes)| (path.clone(), bytes.clone()))
                .collect()
        },
    });
}

fn opened(root: &Path) -> impl Fn(&str) -> OsOutput + Sync + 'static {
    let root = root.to_owned();
    move |_| OsOutput::new(&root)
}

fn run(root: &Path, files: &Files) {
    done(Folder::writer(opened(root), Apply::default()), files);
}

fn compare(root: &Path, files: &Files) {
    done(Folder::comparer(opened(root), Scope::Everything), files);
}

fn done(sink: Folder<OsOutput>, files: &Files) {
    give(&sink, files);
    let outcome = sink.into_outcome().expect("it was finished");
    assert_eq!(outcome.end(), End::Done);
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
