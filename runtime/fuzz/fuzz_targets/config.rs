//! Any text read as a configuration ends in one or in located problems.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = mlspec_runtime::config::parse(text);
});
