//! `mlserve`: the inference server whose image the compiled manifests reference.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mlspec_contract::exit;
use mlspec_runtime::fetch::{self, FetchArgs};

/// Inference server for ONNX models.
#[derive(Parser)]
#[command(name = "mlserve", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Fetch(FetchArgs),
}

fn main() -> ExitCode {
    match Cli::try_parse() {
        Ok(Cli {
            command: Command::Fetch(args),
        }) => fetch::main(args),
        Err(usage) => {
            let code = if usage.use_stderr() {
                exit::CONFIG
            } else {
                exit::OK
            };
            // Where it cannot be printed the code still says it.
            let _ = usage.print();
            ExitCode::from(code)
        }
    }
}
