//! The command line.

mod check;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mlspec_contract::exit;

/// Inference server for ONNX models: Open Inference Protocol over REST and gRPC, with dynamic batching.
#[derive(Debug, Parser)]
#[command(name = "mlserve", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve models.
    Serve(serve::Args),
    /// Check a configuration file.
    Check(check::Args),
    /// Fetch a model's files; the init container.
    Fetch(crate::fetch::FetchArgs),
}

/// Parses the command line and runs the command; the exit codes are the contract's.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are errors to clap, but not to the caller.
            let code = if error.use_stderr() {
                exit::CONFIG
            } else {
                exit::OK
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match cli.command {
        Command::Serve(args) => ExitCode::from(serve::run(args)),
        Command::Check(args) => ExitCode::from(check::run(&args)),
        Command::Fetch(args) => crate::fetch::main(args),
    }
}
