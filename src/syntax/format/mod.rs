//! The canonical layout of a spec: [`str`] → [`String`]. [`read`] turns the tree and the text
//! between its parts into a [`layout`], which [`write`] prints.
//!
//! The layout: four spaces of indentation; one node a line, except that a children block written
//! on one line stays there while it fits 100 columns; arguments in front of properties, those in
//! the order of the node table; at most one empty line between nodes; comments, slashdashed parts,
//! and the spelling of every value stay.

mod gaps;
mod layout;
mod read;
mod text;
mod write;

use super::parser;
use crate::diag::{Diagnostic, Severity};
use crate::source::FileId;

/// The order in which the properties of a node are written.
pub trait PropertyOrder {
    /// The place of `property` on the node `node`, whose ancestors are `path`, outermost first.
    ///
    /// Properties are sorted by it; equal ones keep the order in which they were written.
    fn rank(&self, path: &[&str], node: &str, property: &str) -> usize;
}

/// The text in canonical layout; the same document, down to the spelling of each value. Formatting
/// the result again changes nothing.
///
/// # Errors
/// The findings of the parser, if any of them is an error; their places are in `FileId(0)`. Such
/// a text is not touched: what it means is not certain.
pub fn format(text: &str, order: &dyn PropertyOrder) -> Result<String, Vec<Diagnostic>> {
    let tree = parser::parse_tree(FileId(0), text);
    if tree
        .diagnostics
        .iter()
        .any(|d| d.severity == Severity::Error)
    {
        return Err(tree.diagnostics);
    }
    Ok(write::document(&read::document(text, &tree, order)))
}
