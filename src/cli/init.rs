//! `mlspec init`.

use std::path::PathBuf;

use super::{FINE, Shell, WRONG};
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
        shell.say(&format!(
            "error: {} is there already; nothing was written\n  help: choose another folder, or edit what is there\n",
            there.join(", ")
        ));
        return WRONG;
    }
    let output = OsOutput::new(&args.folder);
    let prefix = super::prefix_of(&args.folder);
    for (path, text) in FILES {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let written = output
            .create_folder(folder)
            .and_then(|()| output.write(path, text.as_bytes()));
        if let Err(error) = written {
            return shell.failed(&format!("cannot write `{prefix}{path}`: {error}"));
        }
        shell.result(&format!("{prefix}{path}\n"));
    }
    let folder = args.folder.display();
    shell.say(&format!("next: mlspec compile {folder}\n"));
    FINE
}
