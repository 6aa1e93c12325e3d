//! What to do about a diagnostic, in words.

use super::{Applicability, Diagnostic, Fix};

/// Helps and titles of fixes, each with its word.
pub(super) fn actions(diagnostic: &Diagnostic) -> impl Iterator<Item = (&'static str, &str)> {
    let helps = diagnostic.helps.iter().map(|help| ("help", help.as_str()));
    helps.chain(fixes(diagnostic))
}

/// Titles of fixes, each with its word. A guess beside a help would only repeat it.
pub(super) fn fixes(diagnostic: &Diagnostic) -> impl Iterator<Item = (&'static str, &str)> {
    let told = !diagnostic.helps.is_empty();
    let fixes = diagnostic.fixes.iter();
    fixes
        .filter(move |fix| !told || fix.applicability == Applicability::Machine)
        .map(|fix| (word(fix), fix.title.as_str()))
}

/// How a fix is called: one that may be applied blindly, or a guess.
pub(super) fn word(fix: &Fix) -> &'static str {
    match fix.applicability {
        Applicability::Machine => "fix",
        Applicability::Maybe => "try",
    }
}
