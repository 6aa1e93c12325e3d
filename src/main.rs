//! The `mlspec` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    mlspec::cli::run()
}
