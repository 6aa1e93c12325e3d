//! Compiles workspaces of 1,000, 10,000 and 100,000 models without disk: processor time for each
//! object, all stages and checks on, and the most memory held.
//!
//! `cargo bench --bench compile`; `-- 1000` for one size. Each size runs in a process of its own,
//! so that memory is that size's alone.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark stops at the first surprise"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and starts itself"
)]

#[path = "workspace.rs"]
mod workspace;

use mimalloc::MiMalloc;
use mlspec::compile::{Options, compile};
use mlspec::render::Count;
use workspace::workspace;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Processor seconds of this process, and its largest resident set in MiB.
fn usage() -> (f64, u64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
    (
        ticks / 100.0,
        peak.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            / 1024,
    )
}

fn measure(models: usize) {
    let system = workspace(models, 1);
    let (_, before) = usage();
    let runs = (20_000 / models).clamp(1, 10);
    let (start, _) = usage();
    let mut objects = 0;
    for _ in 0..runs {
        let count = Count::default();
        let compilation = compile(&system, &Options::default(), &count);
        assert!(
            !compilation.failed(),
            "{:?}",
            compilation.diagnostics.first()
        );
        objects = count.files();
    }
    let (end, peak) = usage();
    println!(
        "| {models} | {objects} | {:.1} | {} | {before} |",
        (end - start) * 1e6 / (runs * objects) as f64,
        peak
    );
}

fn main() {
    let argument = std::env::args()
        .skip(1)
        .find_map(|a| a.parse::<usize>().ok());
    if let Some(models) = argument {
        measure(models);
        return;
    }
    println!("| models | objects | µs CPU per object | peak MiB | of which the specs themselves |");
    println!("|---|---|---|---|---|");
    for models in [1_000, 10_000, 100_000] {
        let own = std::env::current_exe().unwrap();
        let status = std::process::Command::new(own)
            .arg(models.to_string())
            .status()
            .unwrap();
        assert!(status.success());
    }
}
