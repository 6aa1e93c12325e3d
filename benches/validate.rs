//! `cargo bench --bench validate`: what the offline verdict takes for an object, by kind, over the
//! objects of all examples and golden trees, which differ; beside it what `serde_json` takes to
//! write the same object. Target: 2 µs on average.
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
    let mut best = vec![(f64::MAX, f64::MAX); objects.len()];
    for _ in 0..ROUNDS {
        for ((verdict, json), object) in best.iter_mut().zip(&objects) {
            let body = black_box(&object.body);
            let (time, found) = timed(|| validate(body, &schemas));
            assert!(found.is_empty(), "{found:?}");
            *verdict = verdict.min(time);
            *json = json.min(timed(|| serde_json::to_vec(body)).0);
        }
    }
    let mut kinds: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut all = Sum::default();
    for (times, object) in best.into_iter().zip(&objects) {
        kinds.entry(object.body.kind()).or_default().add(times);
        all.add(times);
    }
    println!(
        "| kind | objects | µs an object | the same as JSON by serde_json, µs |\n|---|---|---|---|"
    );
    for (kind, sum) in &kinds {
        sum.print(kind);
    }
    all.print("all");
}

fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let made = black_box(run());
    (start.elapsed().as_secs_f64(), made)
}

/// Seconds of some objects: for the verdict, for JSON.
#[derive(Default)]
struct Sum {
    objects: u32,
    verdict: f64,
    json: f64,
}

impl Sum {
    fn add(&mut self, (verdict, json): (f64, f64)) {
        self.objects += 1;
        self.verdict += verdict;
        self.json += json;
    }

    fn print(&self, kind: &str) {
        let micros = |seconds: f64| seconds / f64::from(self.objects) * 1e6;
        let (verdict, json) = (micros(self.verdict), micros(self.json));
        println!("| {kind} | {} | {verdict:.2} | {json:.2} |", self.objects);
    }
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
