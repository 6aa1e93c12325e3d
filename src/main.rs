//! The `mlspec` program.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A compile makes millions of small strings on several threads: a third of its time is saved.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    mlspec::cli::run()
}
