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
        let plural = |count| if count == 1 { "" } else { "s" };
        let Self { errors, warnings } = *self;
        match (errors, warnings) {
            (_, 0) => write!(f, "{errors} error{}", plural(errors)),
            (0, _) => write!(f, "{warnings} warning{}", plural(warnings)),
            _ => write!(
                f,
                "{errors} error{}, {warnings} warning{}",
                plural(errors),
                plural(warnings)
            ),
        }
    }
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
