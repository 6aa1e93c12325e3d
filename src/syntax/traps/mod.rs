//! Texts that are wrong in a way people are known to write, each with what was meant.
//!
//! The parser calls in here when it meets something that does not fit, or that fits and says
//! something else than it seems to. What is returned is what the text would be once mended, so
//! that one mistake gives one report.

mod habits;
mod kdl1;
mod numbers;
mod punctuation;
mod unquoted;

/// A text for use within a message: its start, if it is long.
pub(super) fn shorten(text: &str) -> String {
    const LIMIT: usize = 40;
    let mut chars = text.chars();
    let mut shown: String = chars
        .by_ref()
        .take(LIMIT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}
