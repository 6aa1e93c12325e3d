//! `mlspec schema`.

use super::{FINE, Shell};
use crate::spec;

/// Print what is generated from the node table: the JSON Schema of the language, or its manual.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the reference manual (Markdown) instead of the JSON Schema.
    #[arg(long)]
    reference: bool,
}

pub(super) fn run(args: &Args, shell: &Shell) -> u8 {
    if args.reference {
        shell.result(&spec::reference::manual());
    } else {
        shell.result(&format!("{:#}\n", spec::json_schema::schema()));
    }
    FINE
}
