//! `mlspec compile`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use smol_str::SmolStr;

use super::{FAILED, FINE, Shell, WRONG};
use crate::compile::{Compilation, Options, compile};
use crate::diag::suggest::closest;
use crate::render::{Apply, Outcome, apply};
use crate::system::{OsOutput, OsSystem};

/// Compile a workspace into manifests.
///
/// Prints the path of every file that was written (`+` new, `~` changed, `-` deleted). Files
/// that mlspec does not own, or that were edited by hand, are never touched unless you say so.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The workspace's folder.
    #[arg(default_value = ".")]
    workspace: PathBuf,
    /// Only write this environment's files.
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Write nothing; fail if what is on disk differs from what would be written. For CI.
    #[arg(long)]
    check: bool,
    /// Write nothing; show what would be.
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Take over files that mlspec did not write, where it would write their paths.
    #[arg(long)]
    adopt: bool,
    /// Write over files of ours that were edited by hand.
    #[arg(long)]
    overwrite: bool,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let system = OsSystem::new(&args.workspace);
    let mut compilation = compile(&system, &Options::default());
    let prefix = super::prefix_of(&args.workspace);
    let failed = super::surroundings_failed(&compilation);
    let Some(files) = compilation.files.take() else {
        let code = shell.report(compilation.diagnostics, &compilation.sources, &prefix);
        return if failed { FAILED } else { code };
    };
    let scope = match scope(args, &compilation, shell) {
        Ok(scope) => scope,
        Err(code) => return code,
    };
    let output = OsOutput::new(&args.workspace.join(compilation.output.as_str()));
    let options = Apply {
        adopt: args.adopt,
        overwrite: args.overwrite,
        dry_run: args.dry_run || args.check,
        scope,
    };
    let outcome = apply(&output, &in_scope(files, &options), &options);
    finish(args, compilation, outcome, &prefix, shell)
}
