//! `mlserve fetch` as a process: its runtime, its lines and its exit code.

use std::process::ExitCode;

use mlspec_contract::exit;
use tokio::runtime::Builder;

use super::args::FetchArgs;
use super::units::bytes;
use super::{FetchReport, run};

/// Runs `mlserve fetch` to its end and returns the exit code: 0 done, 1 the input is wrong, 2 the surroundings failed.
///
/// The digest goes to standard output where it was asked for, all else to standard error.
#[must_use]
pub fn main(args: FetchArgs) -> ExitCode {
    let print_sha256 = args.print_sha256;
    let to = args.to.display().to_string();
    // One thread: the work is waiting, and each further thread costs memory.
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("error: cannot start: {e}");
            return ExitCode::from(exit::FAILED);
        }
    };
    let outcome = runtime.block_on(run(args));
    // A thread that still reads a file must not hold up the end.
    runtime.shutdown_background();
    match outcome {
        Ok(report) => {
            eprintln!("{}", summary(&report, &to));
            if print_sha256 {
                println!("{}", report.sha256);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn summary(report: &FetchReport, to: &str) -> String {
    let files = if report.files == 1 {
        "1 file".to_owned()
    } else {
        format!("{} files", report.files)
    };
    let what = format!("{files}, {}, sha256 {}", bytes(report.size), report.sha256);
    if report.unchanged {
        return format!("`{to}` is up to date: {what}");
    }
    let resumed = match report.resumed {
        0 => String::new(),
        resumed => format!(", {} of an earlier run kept", bytes(resumed)),
    };
    let seconds = report.elapsed.as_secs_f64();
    format!(
        "`{to}` holds {what}; {} fetched in {seconds:.1} s{resumed}",
        bytes(report.fetched)
    )
}
