//! How many diagnostics of each kind there are.

use std::fmt;

use super::{Diagnostic, Severity};

/// Numbers of errors and warnings; shown as `2 errors, 1 warning`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Diagnostics of [`Severity::Error`].
    pub errors: usize,
    /// Diagnostics of [`Severity::Warning`].
    pub warnings: usize,
}

impl Counts {
    /// Counts.
    #[must_use]
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let count = |severity| {
            diagnostics
                .iter()
                .filter(|d| d.severity == severity)
                .count()
        };
        Self {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let errors = number(self.errors, "error");
        let warnings = number(self.warnings, "warning");
        match (self.errors, self.warnings) {
            (_, 0) => write!(f, "{errors}"),
            (0, _) => write!(f, "{warnings}"),
            _ => write!(f, "{errors}, {warnings}"),
        }
    }
}

/// So many of a thing, in words that agree: `1 node`, `2 nodes`.
#[must_use]
pub fn number(count: impl fmt::Display + PartialEq + From<u8>, thing: &str) -> String {
    let plural = if count == 1.into() { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words agree with numbers.
    #[test]
    fn words() {
        for (errors, warnings, words) in [
            (0, 0, "0 errors"),
            (1, 0, "1 error"),
            (0, 2, "2 warnings"),
            (2, 1, "2 errors, 1 warning"),
        ] {
            assert_eq!(Counts { errors, warnings }.to_string(), words);
        }
    }
}
