//! The cases of this folder, compiled.

use std::path::Path;

use mlspec::compile::{Options, compile};
use mlspec::diag::Diagnostic;
use mlspec::render::Count;
use mlspec::source::Sources;
use mlspec::system::Date;
use mlspec::system::memory::MemorySystem;

use super::case::Text;
use super::runner::run;

fn check(texts: &[Text]) -> (Vec<Diagnostic>, Sources) {
    let today = Date {
        year: 2026,
        month: 12,
        day: 1,
    };
    let system = texts
        .iter()
        .fold(MemorySystem::default().on(today), |system, text| {
            system.file(text.path.as_str(), text.text.as_str())
        });
    let compilation = compile(&system, &Options::default(), &Count::default());
    (compilation.diagnostics, compilation.sources)
}

/// Every spec raises what it announces, and a user sees what is blessed.
#[test]
fn ui() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    #[expect(
        clippy::disallowed_methods,
        reason = "blessing is asked for by a variable"
    )]
    let blessing = std::env::var_os("MLSPEC_BLESS").is_some();
    let failures = run(&root, &check, blessing);
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
