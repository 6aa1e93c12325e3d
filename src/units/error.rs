//! Why a text is no value of a unit.

use std::fmt;

/// A refused text: what is expected, and the text to write instead where it is certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// One line that can be read alone, lower case: names the text and what is expected.
    pub message: String,
    /// What was certainly meant, in the accepted form and without quotes: `4Gi` for `4GiB`.
    pub fix: Option<String>,
}

impl UnitError {
    /// "`text` is not `what`: expected `expected`".
    #[must_use]
    pub fn new(text: &str, what: &str, expected: impl fmt::Display) -> Self {
        Self {
            message: format!("`{}` is not {what}: {expected}", shown(text)),
            fix: None,
        }
    }

    /// Names the text that was certainly meant.
    #[must_use]
    pub fn fix(mut self, fix: impl fmt::Display) -> Self {
        self.fix = Some(fix.to_string());
        self
    }

    /// Names the text that was certainly meant, if there is one.
    #[must_use]
    pub fn maybe_fix(mut self, fix: Option<impl fmt::Display>) -> Self {
        self.fix = fix.map(|fix| fix.to_string());
        self
    }
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnitError {}

/// The text on one line and not longer than a message can bear.
fn shown(text: &str) -> String {
    const MOST: usize = 80;
    let mut out: String = text
        .chars()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().nth(MOST).is_some() {
        out.push('…');
    }
    // `escape_debug` also escapes quotes and `\`, which are harmless between backticks.
    out.replace("\\\"", "\"")
        .replace("\\'", "'")
        .replace("\\\\", "\\")
}
