//! The part of the Common Expression Language that `x-kubernetes-validations` rules are written
//! in, evaluated directly on a recorded object.
//!
//! The published evaluators build a value tree for each object and parse with a general grammar.
//! Measured in November 2026 over the rules of the embedded schemas, on a 2-core machine that others
//! used too (cel: all 61 rules, `Program::compile` and `execute` in a loop):
//!
//! | | compile one rule: median, mean, most | evaluate one, value tree included |
//! |---|---|---|
//! | cel 0.15 | 32, 77, 717 µs | 32 µs; 3.2 µs on a tree that is there |
//! | kube-cel 0.8 | 46 to 151 µs | 1.2 to 8 µs |
//! | here | parsed when first met, on the recording that the other passes use | no tree is built |
//!
//! A whole object has 2 µs, and a compile meets most rules once: compiling the rules of one
//! HTTPRoute by a library would take as long as hundreds of objects. The verdicts are held against
//! a real API server, rule by rule (`tests/control-plane/run test differential`), which is a
//! stricter oracle than another library. What the grammar here does not know is an error when a
//! schema is generated, and a test compiles every embedded rule.

mod ast;
mod duration;
mod eval;
mod functions;
mod lexer;
mod parser;
#[cfg(test)]
mod tests;
mod value;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::schema::{File, NodeId};
use super::tape::View;

pub use ast::Expr;
pub use parser::parse;

/// One rule of a schema.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    /// The expression; `self` is the value at the node.
    #[serde(rename = "r")]
    rule: String,
    /// What the API server says when the rule does not hold; empty if the schema has no words.
    #[serde(rename = "m", default, skip_serializing_if = "String::is_empty")]
    message: String,
    #[serde(skip)]
    program: OnceLock<Result<Expr, String>>,
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.rule == other.rule && self.message == other.message
    }
}

impl Rule {
    /// A rule as a schema states it; compiled when first evaluated.
    #[must_use]
    pub fn new(rule: &str, message: &str) -> Self {
        Self {
            rule: rule.to_owned(),
            message: message.to_owned(),
            program: OnceLock::new(),
        }
    }

    fn program(&self) -> Result<&Expr, &String> {
        self.program.get_or_init(|| parse(&self.rule)).as_ref()
    }

    /// Compiles the rule.
    ///
    /// # Errors
    /// What the grammar does not know, in words.
    pub fn compile(&self) -> Result<(), &str> {
        self.program().map(|_| ()).map_err(String::as_str)
    }

    /// What is wrong with a value, in the words of the schema; `None` if the rule holds. A rule
    /// that does not compile holds: a test keeps such rules out of the embedded schemas.
    #[must_use]
    pub(crate) fn broken_by(&self, value: View<'_>, file: &File, node: NodeId) -> Option<String> {
        let program = self.program().ok()?;
        match eval::holds(program, value, file, node) {
            Ok(true) => None,
            Ok(false) if self.message.is_empty() => Some(format!("failed rule: {}", self.rule)),
            Ok(false) => Some(self.message.clone()),
            Err(error) => Some(format!(
                "the rule `{}` cannot be evaluated: {error}",
                self.rule
            )),
        }
    }
}
