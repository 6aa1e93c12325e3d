//! `mlspec man`.

use super::{FINE, Shell};

/// Print the manual page, roff.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(_: &Args, shell: &Shell) -> u8 {
    let mut page = Vec::new();
    if let Err(error) = clap_mangen::Man::new(super::definition()).render(&mut page) {
        return shell.failed(super::unwritable("the manual page", &error));
    }
    shell.result(&String::from_utf8_lossy(&page));
    FINE
}
