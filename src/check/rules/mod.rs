//! The catalogue: one file per rule, a folder per family.

use super::Rule;

/// Every rule, sorted by code.
pub static RULES: &[&Rule] = &[];

/// The rule of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|r| r.code == code)
}
