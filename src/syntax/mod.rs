//! KDL 2 as text: lexer, recovering parser, [`tree`]. [`str`] → [`Document`].
//!
//! Start reading at `parser`. Never looks at what a node means: that is the next stage's duty.

mod chars;
pub mod codes;
mod format;
mod lexer;
mod literal;
mod numbers;
mod parser;
mod strings;
mod traps;
pub mod tree;
mod words;

pub use format::{PropertyOrder, format};
pub use literal::literal;

use crate::diag::Diagnostic;
use crate::source::FileId;
use tree::Document;

/// What parsing a file gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// What was read. Where the text is wrong, what was most likely meant.
    pub document: Document,
    /// All findings, in source order; each has a code of [`codes::CODES`].
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses the text of a spec.
///
/// Never fails and takes linear time: mistakes are reported and the rest of the text is still
/// read, up to 200 of them; what follows the last one is then left out. Besides what KDL 2 forbids, texts are refused that KDL 2 accepts as
/// something else than they seem to say; see [`codes::Code::beyond_kdl`].
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    let parser::Tree {
        document,
        diagnostics,
        ..
    } = parser::parse_tree(file, text);
    Parsed {
        document,
        diagnostics,
    }
}
