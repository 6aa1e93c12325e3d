//! `mlspec fmt`.

use std::path::PathBuf;

use super::{FINE, Shell, WRONG};
use crate::diag::Diagnostic;
use crate::source::{Source, Sources};
use crate::spec::order::TableOrder;
use crate::syntax;
use crate::system::{OsOutput, OsSystem, OutputDir, System};

/// Format the specs of a workspace, or the files named.
///
/// Comments, blank lines and slashdashed nodes stay. Prints the path of every file that changed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The workspace's folder, or files of one.
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Write nothing; fail if a file is not formatted. For CI.
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let mut code = FINE;
    let mut faults = Faults::default();
    for path in &args.paths {
        let (folder, file) = if path.is_file() {
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
            (
                folder.map_or_else(|| PathBuf::from("."), PathBuf::from),
                path.file_name(),
            )
        } else {
            (path.clone(), None)
        };
        let system = OsSystem::new(&folder);
        let prefix = super::prefix_of(&folder);
        let files = match file {
            Some(name) => vec![name.to_string_lossy().into_owned()],
            None => match crate::compile::files(&system) {
                Ok(files) => files,
                Err(message) => return shell.failed(&format!("{message} in `{}`", path.display())),
            },
        };
        let output = OsOutput::new(&folder);
        for file in files {
            let shown = format!("{prefix}{file}");
            code = code.max(one(
                &file,
                &shown,
                &system,
                &output,
                args.check,
                &mut faults,
                shell,
            ));
        }
    }
    // One report, so that the forms for programs are one document.
    code.max(shell.report(faults.diagnostics, &faults.sources, ""))
}

/// What is wrong in files that cannot be formatted.
#[derive(Default)]
struct Faults {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

fn one(
    file: &str,
    shown: &str,
    system: &dyn System,
    output: &dyn OutputDir,
    check: bool,
    faults: &mut Faults,
    shell: &Shell,
) -> u8 {
    let text = match system.read(file) {
        Ok(text) => text,
        Err(error) => return shell.failed(&format!("cannot read `{shown}`: {error}")),
    };
    let changed = || {
        let line = format!("{shown}\n");
        if shell.for_people() {
            shell.result(&line)
        } else {
            shell.say(&line)
        }
    };
    match syntax::format(&text, &TableOrder) {
        Ok(formatted) if formatted == text => FINE,
        Ok(_) if check => {
            changed();
            WRONG
        }
        Ok(formatted) => match output.write(file, formatted.as_bytes()) {
            Ok(()) => {
                changed();
                FINE
            }
            Err(error) => shell.failed(&format!("cannot write `{shown}`: {error}")),
        },
        Err(_) => {
            let file = faults.sources.add(Source::new(shown, text));
            let found = syntax::parse(file, &faults.sources.get(file).text).diagnostics;
            faults.diagnostics.extend(found);
            WRONG
        }
    }
}
