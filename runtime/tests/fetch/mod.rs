//! `mlserve fetch` as a process, against servers on loopback that misbehave on purpose.

mod cloud;
mod disk;
mod errors;
mod faults;
mod hub;
mod local;
mod process;
mod resume;
mod s3;
mod server;
mod web;

use std::fs;
use std::path::Path;

/// Returns `size` bytes that differ from block to block and from seed to seed.
fn content(size: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// Returns the names in `dir` but the fetcher's own lock and marker, sorted.
fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".mlserve-fetch.lock" && name != ".mlserve-fetch.json")
        .collect();
    names.sort();
    names
}

fn sha256(bytes: &[u8]) -> String {
    mlspec_runtime::fetch::Sha256::of_bytes(bytes).to_string()
}
