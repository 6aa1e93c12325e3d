//! `mlspec init`.

use std::path::PathBuf;

use super::Shell;
use crate::diag::{Diagnostic, Severity};
use crate::source::Sources;
use crate::system::{OsOutput, OutputDir};

/// Make a workspace that compiles.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder; made where it is not there.
    #[arg(default_value = ".")]
    folder: PathBuf,
}

const FILES: [(&str, &str); 3] = [
    ("mlspec.kdl", include_str!("init/mlspec.kdl")),
    ("clusters/dev.kdl", include_str!("init/cluster.kdl")),
    ("models/hello.kdl", include_str!("init/model.kdl")),
];

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    let there: Vec<_> = FILES
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| args.folder.join(path).exists())
        .collect();
    if !there.is_empty() {
        let are = if there.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{} {are} there already; nothing was written",
            there.join(", ")
        );
        let finding = Diagnostic::new("OUT-01", Severity::Error, message)
            .help("choose another folder, or edit what is there");
        return shell.report(vec![finding], &Sources::default(), "");
    }
    let output = OsOutput::new(&args.folder);
    let prefix = super::prefix_of(&args.folder);
    for (path, text) in FILES {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let written = output
            .create_folder(folder)
            .and_then(|()| output.write(path, text.as_bytes()));
        if let Err(error) = written {
            return shell.failed(super::unwritable(&format!("{prefix}{path}"), &error));
        }
        if shell.for_people() {
            shell.result(&format!("{prefix}{path}\n"));
        }
    }
    if shell.for_people() {
        let folder = quoted(&args.folder.display().to_string());
        shell.say(&format!("next: mlspec compile {folder}\n"));
    }
    shell.report(Vec::new(), &Sources::default(), "")
}

/// A word as a shell reads it: quoted where it holds more than letters, digits and what paths are
/// made of.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/\\.:-_+@,=~".contains(c);
    if !word.is_empty() && !word.starts_with('~') && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
