//! The choice among the renderers.

use super::{Diagnostic, Severity, concise, github, human, json, sarif};
use crate::source::Sources;

/// A form in which diagnostics are written.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Drawn excerpts for people.
    Human,
    /// One line each.
    Concise,
    /// One JSON object.
    Json,
    /// Workflow commands, which GitHub shows as annotations of a pull request.
    Github,
    /// SARIF 2.1.0, which code scanning services read.
    Sarif,
}

impl Format {
    /// Every format, in the order a help text lists them.
    pub const ALL: [Self; 5] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Github,
        Self::Sarif,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Github => "github",
            Self::Sarif => "sarif",
        }
    }

    /// The format of a name on the command line.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// What a report says about a rule besides its findings.
#[derive(Copy, Clone, Debug)]
pub struct RuleInfo<'a> {
    /// `GPU-02`.
    pub code: &'a str,
    /// `mig-profile-not-offered`.
    pub name: &'a str,
    /// How bad a finding usually is.
    pub severity: Severity,
    /// One sentence.
    pub summary: &'a str,
    /// The rule's page, Markdown.
    pub page: &'a str,
}

/// Settings of the renderers; each uses those that concern it.
#[derive(Copy, Clone, Debug)]
pub struct Options<'a> {
    /// Human: ANSI colors. The caller judges `NO_COLOR` and terminals.
    pub color: bool,
    /// Human: columns of the terminal.
    pub width: usize,
    /// All: what stands before each path, empty or ending in `/`: the way from where the reader
    /// stands (the shell's folder, the repository's root) to the workspace root.
    pub prefix: &'a str,
    /// SARIF: the rules that ran, whether they found something or not.
    pub rules: &'a [RuleInfo<'a>],
}

impl Default for Options<'_> {
    /// No color, 100 columns, no prefix, no rules.
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
            prefix: "",
            rules: &[],
        }
    }
}

/// Renders diagnostics that [`super::sort()`] brought in order. A text that is not empty ends in a
/// line break.
#[must_use]
pub fn render(
    format: Format,
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &Options<'_>,
) -> String {
    match format {
        Format::Human => human::render(diagnostics, sources, options),
        Format::Concise => concise::render(diagnostics, sources, options),
        Format::Json => json::render(diagnostics, sources, options),
        Format::Github => github::render(diagnostics, sources, options),
        Format::Sarif => sarif::render(diagnostics, sources, options),
    }
}
