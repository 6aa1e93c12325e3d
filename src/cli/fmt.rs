//! `mlspec fmt`.

use std::path::PathBuf;

use super::{FAILED, FINE, Shell, WRONG};
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
        let files = match file {
            Some(name) => vec![name.to_string_lossy().into_owned()],
            None => match crate::compile::files(&system) {
                Ok(files) => files,
                Err(message) => return shell.failed(&message),
            },
        };
        let output = OsOutput::new(&folder);
        let prefix = super::prefix_of(&folder);
        for file in files {
            code = code.max(one(&file, &system, &output, &prefix, args.check, shell));
        }
    }
    code
}

fn one(
    file: &str,
    system: &dyn System,
    output: &dyn OutputDir,
    prefix: &str,
    check: bool,
    shell: &Shell,
) -> u8 {
    let text = match system.read(file) {
        Ok(text) => text,
        Err(error) => return shell.failed(&format!("cannot read `{prefix}{file}`: {error}")),
    };
    match syntax::format(&text, &TableOrder) {
        Ok(formatted) if formatted == text => FINE,
        Ok(_) if check => {
            shell.result(&format!("{prefix}{file}\n"));
            WRONG
        }
        Ok(formatted) => match output.write(file, formatted.as_bytes()) {
            Ok(()) => {
                shell.result(&format!("{prefix}{file}\n"));
                FINE
            }
            Err(error) => {
                shell.failed(&format!("cannot write `{prefix}{file}`: {error}"));
                FAILED
            }
        },
        Err(diagnostics) => {
            let mut sources = Sources::default();
            sources.add(Source::new(file, text));
            shell.report(diagnostics, &sources, prefix)
        }
    }
}
