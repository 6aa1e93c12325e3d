//! The `mlspec` program.
fn main() {}
