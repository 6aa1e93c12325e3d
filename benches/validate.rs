//! `cargo bench --bench validate`: what the offline verdict takes for an object, by kind, over the
//! objects of all examples and golden trees, which differ. Target: 2 µs on average.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and the committed specs"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

use mimalloc::MiMalloc;
use mlspec::compile::{Options, compile};
use mlspec::emit::Object;
use mlspec::render::Memory;
use mlspec::system::OsSystem;
use mlspec::validate::schema::Schemas;
use mlspec::validate::validate;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The best round counts, so that other programs on the machine matter little.
const ROUNDS: usize = 200;

fn main() {
    let objects: Vec<Object> = workspaces().iter().flat_map(|w| objects(w)).collect();
    let schemas = Schemas::newest();
    let mut best = vec![f64::MAX; objects.len()];
    for _ in 0..ROUNDS {
        for (best, object) in best.iter_mut().zip(&objects) {
            let start = Instant::now();
            let found = black_box(validate(black_box(&object.body), &schemas));
            *best = best.min(start.elapsed().as_secs_f64());
            assert!(found.is_empty(), "{found:?}");
        }
    }
    let mut kinds: BTreeMap<&str, (f64, u32)> = BTreeMap::new();
    for (best, object) in best.iter().zip(&objects) {
        let kind = kinds.entry(object.body.kind()).or_default();
        kind.0 += best;
        kind.1 += 1;
    }
    println!("| kind | objects | µs an object |\n|---|---|---|");
    for (kind, (time, count)) in &kinds {
        println!(
            "| {kind} | {count} | {:.2} |",
            time / f64::from(*count) * 1e6
        );
    }
    let all: f64 = best.iter().sum();
    println!(
        "| all | {} | {:.2} |",
        best.len(),
        all / best.len() as f64 * 1e6
    );
}

/// Folders that are compiled in the tests.
fn workspaces() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for (folder, inner) in [("examples", "."), ("tests/golden", "in")] {
        for entry in std::fs::read_dir(root.join(folder)).expect("the folder is there") {
            let workspace = entry.expect("an entry").path().join(inner);
            if workspace.join("mlspec.kdl").is_file() {
                found.push(workspace);
            }
        }
    }
    found.sort();
    found
}

fn objects(workspace: &Path) -> Vec<Object> {
    let memory = Memory::default();
    let options = Options::default();
    let compilation = compile(&OsSystem::new(workspace), &options, &memory);
    assert!(!compilation.failed(), "{}", workspace.display());
    let files = memory.into_files().into_values();
    files.filter_map(|file| file.object).collect()
}
