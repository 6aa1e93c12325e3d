//! What became of an attempt to write or compare the output folder.

use smol_str::SmolStr;

use super::codes;
use crate::diag::{Diagnostic, Severity};

/// How it ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The folder is as the spec asks for, or would be after a dry run.
    Done,
    /// Something has to be decided or changed by the user; nothing was written. Exit code 1.
    Refused,
    /// The surroundings failed; what was begun is in the ledger as pending. Exit code 2.
    Failed,
}

/// What was done, or would be by a dry run. Lists are sorted.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Files written that were not there before. Empty unless the end is [`End::Done`].
    pub created: Vec<SmolStr>,
    /// Files whose content was replaced. Empty unless the end is [`End::Done`].
    pub changed: Vec<SmolStr>,
    /// Files deleted. Empty unless the end is [`End::Done`].
    pub removed: Vec<SmolStr>,
    /// How many files had the right content and were not touched.
    pub unchanged: usize,
    /// What went wrong, by path.
    pub diagnostics: Vec<Diagnostic>,
}

impl Outcome {
    /// How it ended, by the diagnostics.
    #[must_use]
    pub fn end(&self) -> End {
        let errors = || {
            self.diagnostics
                .iter()
                .filter(|d| d.severity == Severity::Error)
        };
        if errors().any(|d| codes::is_surroundings(d.code)) {
            End::Failed
        } else if errors().next().is_some() {
            End::Refused
        } else {
            End::Done
        }
    }

    /// One that ended before anything was done.
    pub(super) fn ended(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            diagnostics,
            ..Self::default()
        }
    }
}
