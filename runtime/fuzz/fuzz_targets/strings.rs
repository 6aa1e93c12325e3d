//! Any bytes read as BYTES elements: what counts as whole also iterates as a whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlspec_runtime::tensor::strings;

fuzz_target!(|bytes: &[u8]| {
    let iterated = strings::iter(bytes).count();
    if let Some(count) = strings::count(bytes) {
        assert_eq!(count, iterated);
        assert_eq!(strings::offset(bytes, count), bytes.len());
    }
});
