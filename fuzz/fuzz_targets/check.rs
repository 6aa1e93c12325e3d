//! The whole check over any text as a model of the UI tests' workspace: never a panic, and an
//! answer within a second for each megabyte.

#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use mlspec::compile::{Options, compile};
use mlspec::diag::{self, Format, Severity};
use mlspec::system::MemorySystem;

const PRELUDE: [(&str, &str); 3] = [
    ("mlspec.kdl", include_str!("../../tests/ui/_prelude/mlspec.kdl")),
    ("clusters/gpu.kdl", include_str!("../../tests/ui/_prelude/clusters/gpu.kdl")),
    ("clusters/small.kdl", include_str!("../../tests/ui/_prelude/clusters/small.kdl")),
];

/// For a megabyte; an instrumented build is slower than a released one.
const LONGEST: Duration = Duration::from_secs(10);

fuzz_target!(|text: &str| {
    let system = PRELUDE.iter().fold(MemorySystem::default(), |system, (path, text)| system.file(*path, *text));
    let started = Instant::now();
    let compilation = compile(&system.file("models/fuzzed.kdl", text), &Options { recording: true });
    assert!(started.elapsed() < LONGEST, "no answer in time");
    // Either files or the reason why there are none.
    let failed = compilation.diagnostics.iter().any(|d| d.severity == Severity::Error);
    assert_eq!(compilation.files.is_none(), failed);
    // Whatever was found can be shown.
    let sorted = diag::sort(compilation.diagnostics, &compilation.sources);
    for format in [Format::Human, Format::Concise, Format::Json, Format::Github, Format::Sarif] {
        let _ = diag::render(format, &sorted, &compilation.sources, &diag::Options::default());
    }
});
