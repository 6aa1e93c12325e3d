//! What is wrong with a configuration that has the right types.

use std::fmt;

/// One thing that is wrong, at the place where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Keys and indices from the root, such as `models[0].batch.maxSize`; empty for the file as a whole.
    pub path: String,
    /// What is wrong, in lower case, without the path and without a final period.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => f.write_str(&self.message),
            path => write!(f, "`{path}`: {}", self.message),
        }
    }
}

/// Collects problems below one path.
pub(super) struct Problems<'a> {
    found: &'a mut Vec<Problem>,
    prefix: String,
}

impl<'a> Problems<'a> {
    pub(super) fn new(found: &'a mut Vec<Problem>) -> Self {
        Self {
            found,
            prefix: String::new(),
        }
    }

    /// The same collection, one key deeper.
    pub(super) fn at(&mut self, key: &str) -> Problems<'_> {
        let prefix = self.path(key);
        Problems {
            found: self.found,
            prefix,
        }
    }

    pub(super) fn add(&mut self, key: &str, message: impl Into<String>) {
        let path = self.path(key);
        self.found.push(Problem {
            path,
            message: message.into(),
        });
    }

    /// Reports `value` unless it lies in `low..=high`.
    pub(super) fn range(&mut self, key: &str, value: u64, low: u64, high: u64) {
        if !(low..=high).contains(&value) {
            self.add(key, format!("{value} is outside {low}..={high}"));
        }
    }

    fn path(&self, key: &str) -> String {
        match (self.prefix.as_str(), key.starts_with('[')) {
            ("", _) => key.to_owned(),
            (prefix, true) => format!("{prefix}{key}"),
            (prefix, false) => format!("{prefix}.{key}"),
        }
    }
}
