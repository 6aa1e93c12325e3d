//! The whole check over any text as a model of the UI tests' workspace: never a panic, and an
//! answer within a second for each megabyte.

#![no_main]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use mlspec::compile::{Options, compile};
use mlspec::diag::{self, Format, Severity};
use mlspec::render::{File, Finish, Sink};
use mlspec::system::MemorySystem;

const PRELUDE: [(&str, &str); 3] = [
    ("mlspec.kdl", include_str!("../../tests/ui/_prelude/mlspec.kdl")),
    ("clusters/gpu.kdl", include_str!("../../tests/ui/_prelude/clusters/gpu.kdl")),
    ("clusters/small.kdl", include_str!("../../tests/ui/_prelude/clusters/small.kdl")),
];

/// For a megabyte; an instrumented build is slower than a released one.
const LONGEST: Duration = Duration::from_secs(10);

/// Whether there was something to write.
#[derive(Default)]
struct Finished(AtomicBool);

impl Sink for Finished {
    fn take(&self, _: Vec<File>) {}

    fn finish(&self, _: &Finish<'_>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fuzz_target!(|text: &str| {
    let system = PRELUDE.iter().fold(MemorySystem::default(), |system, (path, text)| system.file(*path, *text));
    let started = Instant::now();
    let options = Options { recording: true, ..Options::default() };
    let sink = Finished::default();
    let compilation = compile(&system.file("models/fuzzed.kdl", text), &options, &sink);
    assert!(started.elapsed() < LONGEST, "no answer in time");
    // Either the sink was told to finish, or there is a reason why not.
    let failed = compilation.diagnostics.iter().any(|d| d.severity == Severity::Error);
    assert_ne!(sink.0.into_inner(), failed);
    // Whatever was found can be shown.
    let sorted = diag::sort(compilation.diagnostics, &compilation.sources);
    for format in [Format::Human, Format::Concise, Format::Json, Format::Github, Format::Sarif] {
        let _ = diag::render(format, &sorted, &compilation.sources, &diag::Options::default());
    }
});
