//! Any text read as an inference request ends in a request or an error: `cargo +nightly fuzz run json`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec_runtime::json::{parse_features, parse_infer};
use mlspec_runtime::tensor::DType;

fuzz_target!(|text: &str| {
    let _ = parse_infer(text);
    let _ = parse_features(text, |_| DType::Fp32);
});
