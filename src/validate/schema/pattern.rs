//! A regular expression of a schema, compiled when it is first needed.

use std::sync::OnceLock;

use regex_lite::Regex;
use serde::{Deserialize, Serialize};

use super::known_patterns;

/// A pattern in the syntax that Go's `regexp` and `regex_lite` share.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern {
    text: String,
    #[serde(skip)]
    compiled: OnceLock<Option<Matcher>>,
}

#[derive(Debug, Clone)]
enum Matcher {
    /// Hand-written: the names that nearly every object holds.
    Known(known_patterns::Matches),
    Regex(Regex),
}

impl Pattern {
    /// A pattern; whether it compiles shows when it is used.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    /// The pattern as it stands in the schema.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the pattern can be compiled; a test asks this of every embedded one.
    #[must_use]
    pub fn compiles(&self) -> bool {
        self.matcher().is_some()
    }

    /// Whether the pattern matches somewhere in `text`. One that does not compile matches all.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match self.matcher() {
            Some(Matcher::Known(matches)) => matches(text),
            Some(Matcher::Regex(regex)) => regex.is_match(text),
            None => true,
        }
    }

    fn matcher(&self) -> Option<&Matcher> {
        let compile = || match known_patterns::find(&self.text) {
            Some(known) => Some(Matcher::Known(known)),
            None => Regex::new(&self.text).ok().map(Matcher::Regex),
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
