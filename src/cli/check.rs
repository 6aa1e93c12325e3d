//! `mlspec check`.

use std::path::PathBuf;

use super::Shell;
use crate::compile::{Options, compile};
use crate::diag::number;
use crate::render::Count;
use crate::system::OsSystem;

/// Check a workspace: everything `compile` does, and nothing is written.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The workspace's folder.
    #[arg(default_value = ".")]
    workspace: PathBuf,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let system = OsSystem::new(&args.workspace);
    let count = Count::default();
    let compilation = compile(&system, &Options::default(), &count);
    let failed = compilation.surroundings;
    let prefix = super::prefix_of(&args.workspace);
    let code = shell.report(compilation.diagnostics, &compilation.sources, &prefix);
    if failed {
        return super::FAILED;
    }
    if code == super::FINE && shell.for_people() {
        let files = number(count.files(), "file");
        shell.say(&format!("checked: {files} would be written, all valid\n"));
    }
    code
}
