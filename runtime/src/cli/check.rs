//! `mlserve check`.

use std::path::{Path, PathBuf};

use mlspec_contract::exit;

use crate::config::{self, Located};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The configuration file.
    #[arg(long, value_name = "FILE", default_value = mlspec_contract::paths::CONFIG_FILE)]
    config: PathBuf,
}

pub(super) fn run(args: &Args) -> u8 {
    match config::read(&args.config) {
        Ok(_) => exit::OK,
        Err(problems) => {
            report(&args.config, &problems);
            exit::CONFIG
        }
    }
}

/// One line per problem on standard error: `FILE:LINE: message`.
pub(super) fn report(path: &Path, problems: &[Located]) {
    for problem in problems {
        match problem.line {
            0 => eprintln!("{}: {}", path.display(), problem.message),
            line => eprintln!("{}:{line}: {}", path.display(), problem.message),
        }
    }
}
