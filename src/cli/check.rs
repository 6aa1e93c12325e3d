//! `mlspec check`.

use std::path::PathBuf;

use super::Shell;
use crate::compile::{Options, compile};
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
    let compilation = compile(&system, &Options::default());
    let failed = super::surroundings_failed(&compilation);
    let prefix = super::prefix_of(&args.workspace);
    let objects = compilation.files.as_ref().map(|files| files.len());
    let code = shell.report(compilation.diagnostics, &compilation.sources, &prefix);
    if failed {
        return super::FAILED;
    }
    if let (Some(objects), super::FINE, true) = (objects, code, shell.for_people()) {
        shell.say(&format!(
            "checked: {objects} files would be written, all valid\n"
        ));
    }
    code
}
