//! `mlspec why`.

use std::path::PathBuf;

use serde_json::json;

use super::{FAILED, FINE, Shell};
use crate::compile::{Options, compile};
use crate::diag::{Diagnostic, Severity};
use crate::render::codes::NO_ORIGIN;
use crate::render::{File, LEDGER, Memory};
use crate::system::{OsSystem, System};
use crate::why::{self, Why};

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
        return shell.wrong(
            format!("`{}` is not FILE:LINE", args.place),
            "name a written file and a line, such as deploy/dev/minikube/bert/deployment-bert.yaml:12",
        );
    };
    let shown_file = file.display().to_string();
    if let Some((file, first)) = shown_file.rsplit_once(':')
        && first.parse::<usize>().is_ok()
    {
        return shell.wrong(
            format!("`{}` is not FILE:LINE, it names a column too", args.place),
            &format!("write `{file}:{first}`"),
        );
    }
    let Some(root) = super::workspace_of(&file) else {
        return shell.wrong(
            format!(
                "`{}` lies in no workspace: no folder above it holds `mlspec.kdl`",
                file.display()
            ),
            "name a file below the output folder of a workspace",
        );
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
    let mut compilation = compile(&system, &options, &memory);
    if compilation.failed() {
        let prefix = super::prefix_of(&root);
        let failed = compilation.surroundings;
        let message = "the workspace has to compile before lines can be explained";
        let diagnostics = &mut compilation.diagnostics;
        diagnostics.push(Diagnostic::new("LNG-14", Severity::Note, message));
        let code = shell.report(compilation.diagnostics, &compilation.sources, &prefix);
        return if failed { FAILED } else { code };
    }
    let path = below
        .strip_prefix(&format!("{}/", compilation.output))
        .unwrap_or_default();
    let files = memory.into_files();
    if path == LEDGER {
        return shell.wrong(
            format!("`{shown_file}` is the ledger: it lists what mlspec owns"),
            "no line of it comes from the spec: name one of the files that it lists",
        );
    }
    let Some(made) = files.get(path) else {
        return shell.wrong(
            format!("`{shown_file}` is not a file that this workspace writes"),
            "`mlspec compile --dry-run` lists what would change; `mlspec.ledger` lists all",
        );
    };
    let text = String::from_utf8_lossy(&made.bytes);
    let Some(shown) = line.checked_sub(1).and_then(|n| text.lines().nth(n)) else {
        let count = text.lines().count();
        return shell.wrong(
            format!("`{path}` has no line {line}"),
            &format!("name one from 1 to {count}"),
        );
    };
    let found = match explained(made, line) {
        Ok(found) => found,
        Err(finding) => return shell.failed(finding),
    };
    let told = why::render(&found.origin, &compilation.sources);
    if shell.for_people() {
        let shown = shown.trim_end();
        shell.result(&format!("{line}: {shown}\n  {}\n{told}", found.pointer));
    } else {
        let origin: Vec<&str> = told
            .lines()
            .map(|line| line.strip_prefix("  ").unwrap_or(line))
            .collect();
        let answer = json!({
            "file": shown_file, "line": line, "text": shown, "field": found.pointer.to_string(),
            "origin": origin.join("\n"),
        });
        shell.result(&format!("{answer}\n"));
    }
    let on_disk = system.read(&format!("{}/{path}", compilation.output)).ok();
    if on_disk.as_deref() != Some(text.as_ref()) {
        shell.say("note: the file on disk differs from what this workspace compiles to; the line is that of a fresh compile\n");
    }
    FINE
}

/// Why a line that is there is as it is; every line has a reason, so that one without is a defect.
fn explained(file: &File, line: usize) -> Result<Why, Diagnostic> {
    why::explain(file, line).ok_or_else(|| {
        let message = format!("line {line} of `{}` has no recorded origin", file.path);
        Diagnostic::new(NO_ORIGIN, Severity::Error, message)
            .note("this is a defect of mlspec, whatever the spec says")
    })
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ServiceAccount;

    use super::explained;
    use crate::emit::{Body, Object, Trace};
    use crate::render::File;

    fn file(trace: Trace) -> File {
        File {
            path: "prod/eks/a/serviceaccount-a.yaml".into(),
            bytes: Vec::new(),
            object: Some(Object {
                folder: "prod/eks/a".into(),
                wave: 0,
                body: Body::from(ServiceAccount::default()),
                patched: None,
                trace,
            }),
        }
    }

    /// A line that no note speaks for, and one that is not there, are a defect and said to be one.
    #[test]
    fn without_origin() {
        let mut trace = Trace::new(true);
        trace.fixed(format_args!("/kind"), "it is one");
        let file = file(trace);
        let kind = explained(&file, 2).map(|why| why.pointer);
        assert_eq!(kind.as_deref(), Ok("/kind"));
        for line in [0, 1, 99] {
            let finding = explained(&file, line).unwrap_err();
            assert_eq!(finding.code, "OUT-16");
            assert_eq!(
                finding.message,
                format!("line {line} of `prod/eks/a/serviceaccount-a.yaml` has no recorded origin")
            );
        }
    }
}
