//! `mlspec compile`.

use std::fmt::Write;
use std::path::PathBuf;

use smol_str::SmolStr;

use super::{FAILED, Shell, WRONG, server_dry_run};
use crate::compile::{Compilation, Options, compile};
use crate::render::{Apply, End, Folder, Outcome, Scope};
use crate::system::{OsOutput, OsSystem};

/// Compile a workspace into manifests.
///
/// Prints the path of every file that changed (`+` new, `~` changed, `-` deleted). Files that
/// mlspec does not own, or that were edited by hand, are never touched unless you say so.
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
    /// Write nothing; show what would change.
    #[arg(long, conflicts_with = "check")]
    dry_run: bool,
    /// Write nothing; ask each cluster's API server whether it would take every object.
    ///
    /// Which server that is: the context of the kubeconfig that is called like the cluster in the
    /// spec, unless --context says another. Never the current context by itself.
    #[arg(long, conflicts_with_all = ["check", "dry_run", "adopt", "overwrite"])]
    server_dry_run: bool,
    /// With --server-dry-run: the context of a cluster. The cluster may be left out where there is
    /// only one.
    #[arg(long, value_name = "[CLUSTER=]CONTEXT", requires = "server_dry_run")]
    context: Vec<String>,
    /// Take over files that mlspec did not write, where it would write their paths.
    #[arg(long, conflicts_with = "check")]
    adopt: bool,
    /// Write over files of ours that were edited by hand.
    #[arg(long, conflicts_with = "check")]
    overwrite: bool,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let system = OsSystem::new(&args.workspace);
    let options = Options {
        env: args.env.as_deref().map(SmolStr::new),
        recording: args.server_dry_run,
    };
    if args.server_dry_run {
        return server_dry_run::run(&system, &options, &args.workspace, &args.context, shell);
    }
    let scope = match &options.env {
        None => Scope::Everything,
        Some(env) => Scope::Folders(vec![env.clone()]),
    };
    let workspace = args.workspace.clone();
    let open = move |output: &str| OsOutput::new(&workspace.join(output));
    let folder = if args.check {
        Folder::comparer(open, scope)
    } else {
        let options = Apply {
            adopt: args.adopt,
            overwrite: args.overwrite,
            dry_run: args.dry_run,
            scope,
        };
        Folder::writer(open, options)
    };
    let compilation = compile(&system, &options, &folder);
    let prefix = super::prefix_of(&args.workspace);
    let Some(outcome) = folder.into_outcome() else {
        let failed = compilation.surroundings;
        let code = shell.report(compilation.diagnostics, &compilation.sources, &prefix);
        return if failed { FAILED } else { code };
    };
    let shown = format!("{prefix}{}", compilation.output);
    finish(args, compilation, outcome, &prefix, &shown, shell)
}

fn finish(
    args: &Args,
    mut compilation: Compilation,
    outcome: Outcome,
    prefix: &str,
    output: &str,
    shell: &Shell,
) -> u8 {
    let end = outcome.end();
    compilation.diagnostics.extend(outcome.diagnostics);
    let reported = shell.report(compilation.diagnostics, &compilation.sources, prefix);
    if shell.for_people() && end == End::Done {
        let mut list = String::new();
        for (sign, paths) in [
            ('+', &outcome.created),
            ('~', &outcome.changed),
            ('-', &outcome.removed),
        ] {
            for path in paths {
                let _ = writeln!(list, "{sign} {output}/{path}");
            }
        }
        shell.result(&list);
        let would = if args.dry_run { "would be " } else { "" };
        shell.say(&format!(
            "{would}created {}, changed {}, deleted {}, unchanged {} in {output}\n",
            outcome.created.len(),
            outcome.changed.len(),
            outcome.removed.len(),
            outcome.unchanged
        ));
    }
    match end {
        End::Done => reported,
        End::Refused => WRONG,
        End::Failed => FAILED,
    }
}
