//! `mlspec why`.

use std::path::PathBuf;

use super::{FAILED, FINE, Shell, WRONG};
use crate::compile::{Options, compile};
use crate::render::{LEDGER, Memory};
use crate::system::{OsSystem, System};
use crate::why;

/// Tell where a line of the output comes from: `mlspec why deploy/prod/eks/bert/service-bert.yaml:12`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A written file and a line of it.
    #[arg(value_name = "FILE:LINE")]
    place: String,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let Some((file, line)) = args
        .place
        .rsplit_once(':')
        .and_then(|(file, line)| Some((PathBuf::from(file), line.parse::<usize>().ok()?)))
    else {
        shell.say(&format!("error: `{}` is not FILE:LINE\n  help: name a written file and a line, such as deploy/dev/minikube/bert/deployment-bert.yaml:12\n", args.place));
        return WRONG;
    };
    let Some(root) = super::workspace_of(&file) else {
        shell.say(&format!(
            "error: `{}` lies in no workspace: no folder above it holds `mlspec.kdl`\n",
            file.display()
        ));
        return WRONG;
    };
    let absolute = std::path::absolute(&file).unwrap_or(file);
    let below = absolute.strip_prefix(&root).unwrap_or(&absolute);
    let below = below.to_string_lossy().replace('\\', "/");
    let system = OsSystem::new(&root);
    let options = Options {
        recording: true,
        ..Options::default()
    };
    // Where the output folder lies is not known yet.
    let asked = below.clone();
    let memory = Memory::only(move |path| asked.ends_with(path));
    let compilation = compile(&system, &options, &memory);
    if compilation.failed() {
        let prefix = super::prefix_of(&root);
        let failed = compilation.surroundings;
        let code = shell.report(compilation.diagnostics, &compilation.sources, &prefix);
        shell.say("note: the workspace has to compile before lines can be explained\n");
        return if failed { FAILED } else { code };
    }
    let path = below
        .strip_prefix(&format!("{}/", compilation.output))
        .unwrap_or_default();
    let files = memory.into_files();
    if path == LEDGER {
        shell.say(&format!("error: `{}` is the ledger: it lists what mlspec owns, no line of it comes from the spec\n  help: name one of the files that it lists\n", args.place));
        return WRONG;
    }
    let Some(made) = files.get(path) else {
        shell.say(&format!("error: `{}` is not a file that this workspace writes\n  help: `mlspec compile --dry-run` lists them\n", args.place));
        return WRONG;
    };
    let text = String::from_utf8_lossy(&made.bytes);
    let Some(shown) = line.checked_sub(1).and_then(|n| text.lines().nth(n)) else {
        shell.say(&format!(
            "error: `{path}` has {} lines\n",
            text.lines().count()
        ));
        return WRONG;
    };
    let Some(found) = why::explain(made, line) else {
        return shell.failed(&format!(
            "line {line} of `{path}` has no recorded origin: that is a defect of mlspec"
        ));
    };
    shell.result(&format!(
        "{line}: {}\n  {}\n{}",
        shown.trim_end(),
        found.pointer,
        why::render(&found.origin, &compilation.sources)
    ));
    let on_disk = system.read(&format!("{}/{path}", compilation.output)).ok();
    if on_disk.as_deref() != Some(text.as_ref()) {
        shell.say("note: the file on disk differs from what this workspace compiles to; the line is that of a fresh compile\n");
    }
    FINE
}
