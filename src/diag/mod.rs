//! What every stage reports: [`Diagnostic`]. Plain data; the renderers beside this file turn it
//! into text, one file per format.
//!
//! The law of messages (tested in `tests/hygiene.rs`): lower case, no final period, smallest
//! span, readable on one line; the cause goes into a note, the action into a help.

mod action;
mod apply;
mod concise;
mod count;
mod github;
mod human;
mod json;
pub mod page;
mod place;
mod render;
mod sarif;
mod sort;
pub mod suggest;

pub use apply::apply;
pub use count::{Counts, number};
pub use render::{Format, Options, RuleInfo, render};
pub(crate) use sort::MOST_OF_A_FILE;
pub use sort::sort;

use crate::source::Span;

/// How bad a diagnostic is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The spec is wrong; nothing is written.
    Error,
    /// Probably wrong; output is written.
    Warning,
    /// A fact worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Whether a fix may be applied without a person looking at it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// Keeps or restores what was certainly meant: `mlspec fix` applies it.
    Machine,
    /// A guess; shown only.
    Maybe,
}

/// A replacement of one range of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A suggested change that mends the diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Action in the imperative, lower case: "quote the quantity".
    pub title: String,
    /// Edits that do not overlap, in source order.
    pub edits: Vec<Edit>,
    /// Whether it may be applied blindly.
    pub applicability: Applicability,
}

/// A secondary place with a word about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words, lower case.
    pub message: String,
}

/// One finding of any stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// `KDL-nn` syntax, `LNG-nn` language, `OUT-nn` output folder, else the catalogue's id.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line that can be read alone.
    pub message: String,
    /// The smallest span that is wrong. `None` only where no file is at fault.
    pub span: Option<Span>,
    /// Words drawn under the primary span; empty for none.
    pub label: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// Causes.
    pub notes: Vec<String>,
    /// Actions.
    pub helps: Vec<String>,
    /// Machine-readable changes.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// A diagnostic without decoration; the builder methods below add it.
    #[must_use]
    pub fn new(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            span: None,
            label: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            helps: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// An error at `span`.
    #[must_use]
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message).at(span)
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message).at(span)
    }

    /// Sets the primary place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Sets the words under the primary span.
    #[must_use]
    pub fn label(mut self, words: impl Into<String>) -> Self {
        self.label = words.into();
        self
    }

    /// Adds a secondary place.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Adds a cause.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.helps.push(help.into());
        self
    }

    /// Adds a fix of one edit that may be applied blindly.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix_edits(
            title,
            vec![Edit {
                span,
                text: text.into(),
            }],
            Applicability::Machine,
        )
    }

    /// Adds a fix of one edit that a person should look at.
    #[must_use]
    pub fn suggest(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix_edits(
            title,
            vec![Edit {
                span,
                text: text.into(),
            }],
            Applicability::Maybe,
        )
    }

    /// Adds a fix of several edits.
    #[must_use]
    pub fn fix_edits(
        mut self,
        title: impl Into<String>,
        edits: Vec<Edit>,
        applicability: Applicability,
    ) -> Self {
        self.fixes.push(Fix {
            title: title.into(),
            edits,
            applicability,
        });
        self
    }
}
