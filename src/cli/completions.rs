//! `mlspec completions`.

use clap_complete::Shell as Dialect;

use super::{FINE, Shell};

/// Print a script of completions for a shell.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell.
    shell: Dialect,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::definition(), "mlspec", &mut script);
    shell.result(&String::from_utf8_lossy(&script));
    FINE
}
