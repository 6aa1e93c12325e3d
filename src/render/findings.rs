//! The wording of every `OUT` diagnostic. Paths are shown below the output folder's name.

use std::io::{self, ErrorKind};

use super::codes;
use super::ledger::{Fault, LEDGER, Ledger};
use super::survey::Edit;
use crate::diag::{Diagnostic, Severity};
use crate::system::output::{Obstacle, OutputDir};

/// Makes diagnostics about one output folder.
#[derive(Copy, Clone)]
pub(super) struct Findings<'o>(pub(super) &'o dyn OutputDir);

impl Findings<'_> {
    fn shown(self, path: &str) -> String {
        format!("`{}/{}`", self.0.name(), path.escape_debug())
    }

    pub(super) fn foreign(self, path: &str) -> Diagnostic {
        error(
            codes::FOREIGN,
            format!("{} exists and was not written by mlspec", self.shown(path)),
        )
        .help("move it away, or compile with `--adopt` to replace it and own it from then on")
    }

    pub(super) fn edited(self, path: &str, edit: Edit) -> Diagnostic {
        let found = error(
            codes::EDITED,
            format!("{} was changed after mlspec wrote it", self.shown(path)),
        );
        match edit {
            Edit::Text => {
                found.help("bring the change into the spec, then compile with `--overwrite`")
            }
            Edit::LineEnds => found
                .note("only its line ends differ: Git for Windows changes them at checkout")
                .help(format!(
                    "{}, then compile with `--overwrite`",
                    self.keep_line_ends()
                )),
        }
    }

    /// How Git is told to leave line ends alone.
    fn keep_line_ends(self) -> String {
        format!("write `{}/** -text` into .gitattributes", self.0.name())
    }

    pub(super) fn unfinished(self, ledger: &Ledger) -> Option<Diagnostic> {
        let first = ledger.pending().next()?;
        let message = match ledger.pending().count() {
            1 => format!("an earlier compile left {} unfinished", self.shown(first)),
            n => format!(
                "an earlier compile left {n} files unfinished, such as {}",
                self.shown(first)
            ),
        };
        Some(error(codes::UNFINISHED, message).help("run `mlspec compile`, which finishes it"))
    }

    pub(super) fn stale(self, path: &str) -> Diagnostic {
        error(
            codes::STALE,
            format!("{} is not what the spec asks for now", self.shown(path)),
        )
        .help("run `mlspec compile` and commit the output with the spec")
    }

    pub(super) fn missing(self, path: &str) -> Diagnostic {
        error(codes::MISSING, format!("{} is missing", self.shown(path)))
            .help("run `mlspec compile` and commit the output with the spec")
    }

    pub(super) fn leftover(self, path: &str) -> Diagnostic {
        error(
            codes::LEFTOVER,
            format!("the spec no longer asks for {}", self.shown(path)),
        )
        .help("run `mlspec compile`, which deletes it, and commit")
    }

    pub(super) fn unlisted(self, path: &str) -> Diagnostic {
        self.outdated(format!(
            "`{LEDGER}` does not know the content of {}",
            self.shown(path)
        ))
    }

    pub(super) fn gone(self, path: &str) -> Diagnostic {
        self.outdated(format!(
            "`{LEDGER}` lists {}, which is not there",
            self.shown(path)
        ))
    }

    fn outdated(self, message: String) -> Diagnostic {
        error(codes::OUTDATED, message)
            .help("run `mlspec compile`, which mends the ledger, and commit it")
    }

    pub(super) fn ledger(self, fault: &Fault) -> Diagnostic {
        let help = match fault {
            Fault::Version(_) => {
                "use the version of mlspec that wrote it, or a newer one".to_owned()
            }
            Fault::LineEnds => {
                format!("{}, then check the folder out anew", self.keep_line_ends())
            }
            Fault::Line(..) => {
                "restore it from Git; after a merge conflict, take either side whole".to_owned()
            }
        };
        error(
            codes::LEDGER,
            format!("{} cannot be read: {fault}", self.shown(LEDGER)),
        )
        .note(
            "without it mlspec cannot tell its files from yours, so nothing was written or deleted",
        )
        .help(help)
    }

    pub(super) fn in_the_way(self, path: &str, obstacle: Option<Obstacle>, at: &str) -> Diagnostic {
        let what = match obstacle {
            None => "a folder",
            Some(Obstacle::Link) => "a symbolic link",
            Some(Obstacle::File) => "a file",
            Some(Obstacle::Special) => "a device, pipe or socket",
        };
        let message = if at == path {
            format!(
                "{} should be a file, but {what} stands there",
                self.shown(path)
            )
        } else {
            format!(
                "{} should be a folder, but {what} stands there",
                self.shown(at)
            )
        };
        let found = error(codes::IN_THE_WAY, message).help("move it away, then compile again");
        if at == path {
            found
        } else {
            found.note(format!("it is needed for {}", self.shown(path)))
        }
    }

    /// Of findings about what is in the way, one for each obstacle, with the number of files that it
    /// is in the way of.
    pub(super) fn once_each(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut kept: Vec<(Diagnostic, usize)> = Vec::new();
        for next in found {
            let same = |(d, _): &&mut (Diagnostic, usize)| d.message == next.message;
            // Of other findings there may be one for each of many files.
            let earlier = match next.code == codes::IN_THE_WAY {
                true => kept.iter_mut().rev().find(same),
                false => None,
            };
            match earlier {
                Some((_, more)) => *more += 1,
                None => kept.push((next, 0)),
            }
        }
        let more = |(mut found, more): (Diagnostic, usize)| {
            if let (Some(note), 1..) = (found.notes.first_mut(), more) {
                *note = format!("{note} and {more} more");
            }
            found
        };
        kept.into_iter().map(more).collect()
    }

    /// A file where the output folder should be.
    pub(super) fn root_in_the_way(self) -> Diagnostic {
        error(
            codes::IN_THE_WAY,
            format!(
                "`{}` should be a folder, but a file stands there",
                self.0.name()
            ),
        )
        .help("move it away, then compile again")
    }

    pub(super) fn access(self, verb: &str, path: &str, cause: &io::Error) -> Diagnostic {
        let cause = match cause.kind() {
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            ErrorKind::StorageFull => "the disk is full".to_owned(),
            ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
            _ => cause.to_string(),
        };
        error(
            codes::ACCESS,
            format!("cannot {verb} {}: {cause}", self.shown(path)),
        )
    }

    /// [`Self::access`] after files have been listed as pending.
    pub(super) fn interrupted(self, verb: &str, path: &str, cause: &io::Error) -> Diagnostic {
        self.access(verb, path, cause)
            .note("some files are unfinished and listed as pending; nothing is lost")
            .help("remove the cause, then compile again: it finishes them")
    }

    pub(super) fn in_use(self) -> Diagnostic {
        error(
            codes::IN_USE,
            format!("another mlspec is writing to `{}`", self.0.name()),
        )
        .help("wait for it, or end it, then compile again")
    }

    pub(super) fn impossible(self, path: &str, why: &str) -> Diagnostic {
        error(
            codes::PATH,
            format!("{} cannot be written: {why}", self.shown(path)),
        )
        .help("rename the model, environment or cluster that the path is made from")
    }

    pub(super) fn same_but_for_case(self, one: &str, other: &str) -> Diagnostic {
        let (one, other) = (self.shown(one), self.shown(other));
        error(
            codes::COLLISION,
            format!("{one} and {other} differ by case alone"),
        )
        .note("macOS and Windows take them for one file")
        .help("rename the model, environment or cluster that the paths are made from")
    }

    pub(super) fn file_and_folder(self, path: &str, below: &str) -> Diagnostic {
        let (path, below) = (self.shown(path), self.shown(below));
        error(
            codes::COLLISION,
            format!("{path} would be a file and the folder of {below}"),
        )
        .help("rename the model, environment or cluster that the paths are made from")
    }
}

fn error(code: &'static str, message: String) -> Diagnostic {
    Diagnostic::new(code, Severity::Error, message)
}
