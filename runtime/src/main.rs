//! `mlserve`: the inference server whose image the compiled manifests reference.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
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
    let Cli {
        command: Command::Fetch(args),
    } = Cli::parse();
    fetch::main(args)
}
