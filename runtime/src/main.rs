//! `mlserve`: the inference server whose image the compiled manifests reference.

use std::process::ExitCode;

fn main() -> ExitCode {
    mlspec_runtime::cli::main()
}
