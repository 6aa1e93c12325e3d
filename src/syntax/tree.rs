//! What the parser returns: nodes, arguments and properties, each with its place.
//!
//! Slashdashed (`/-`) parts are not in the lists; their places are kept in
//! [`Block::disabled`] and [`Node::disabled`], so that tools can say "disabled here".

use smol_str::SmolStr;

use crate::source::Span;

/// A run of sibling nodes: a whole document, or what stands between `{` and `}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Nodes in source order.
    pub nodes: Vec<Node>,
    /// Places of slashdashed nodes, in source order.
    pub disabled: Vec<Span>,
}

/// A parsed document; the whole file.
pub type Document = Block;

/// A name or type annotation and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The text after unescaping.
    pub text: SmolStr,
    /// The place, quotes included.
    pub span: Span,
}

/// One node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// `(ty)` in front of the name.
    pub ty: Option<Word>,
    /// The name.
    pub name: Word,
    /// Arguments and properties in source order. A repeated property is kept (and reported).
    pub entries: Vec<Entry>,
    /// The children block, if one is written.
    pub children: Option<Children>,
    /// Places of slashdashed entries and children blocks.
    pub disabled: Vec<Span>,
    /// From the type annotation or name to the end of the last entry or the closing brace.
    pub span: Span,
}

/// A children block with its braces.
#[derive(Clone, Debug, PartialEq)]
pub struct Children {
    /// The nodes between the braces.
    pub block: Block,
    /// From `{` to `}`, both included; ends at the file's end where `}` is missing.
    pub span: Span,
}

/// An argument (`name` is `None`) or a property.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The property's name.
    pub name: Option<Word>,
    /// The value.
    pub value: Value,
    /// The whole entry.
    pub span: Span,
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// `(ty)` in front of the value.
    pub ty: Option<Word>,
    /// What it says.
    pub scalar: Scalar,
    /// The place of the value, its type annotation included.
    pub span: Span,
}

/// What a value says. The raw text of a number is the text its span covers.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A string after unescaping and dedenting.
    String {
        /// The text.
        text: SmolStr,
        /// Whether it was written with quotes (raw and multi-line forms included).
        quoted: bool,
    },
    /// A whole number without fraction or exponent that fits.
    Integer(i128),
    /// Any other number, `#inf`, `#-inf` and `#nan`.
    Float(f64),
    /// `#true` or `#false`.
    Bool(bool),
    /// `#null`.
    Null,
}
