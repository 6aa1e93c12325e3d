//! What is written, part by part, before it is decided where lines break.

/// Columns a line should not exceed.
pub(super) const WIDTH: usize = 100;

/// Spaces per level.
pub(super) const INDENT: usize = 4;

/// A run of nodes and comments: a file, or what stands between braces.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// A line comment directly behind the `{`.
    pub(super) opening: Option<String>,
    pub(super) items: Vec<Item>,
    /// Whether it was written on one line.
    pub(super) one_line: bool,
}

/// One line or more of a body.
#[derive(Debug)]
pub(super) struct Item {
    /// Whether an empty line stands in front of it.
    pub(super) after_blank: bool,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    /// A comment on a line of its own, or the version marker.
    Comment(String),
    Node(Statement),
}

/// One node.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) disabled: bool,
    /// Name, then entries, then blocks; in the order they are written.
    pub(super) parts: Vec<Part>,
    /// A line comment that ends the node's last line.
    pub(super) trailing: Option<String>,
    /// Whether it was written on several lines, but for its blocks.
    pub(super) continued: bool,
}

/// A piece of a node that is kept together.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) disabled: bool,
    pub(super) piece: Piece,
    /// Comments behind it.
    pub(super) comments: Vec<Comment>,
}

#[derive(Debug)]
pub(super) enum Piece {
    /// Name, argument or property, as it is written.
    Text(String),
    Block(Body),
}

/// A comment within a node.
#[derive(Debug)]
pub(super) struct Comment {
    pub(super) text: String,
    /// Whether it runs to the end of its line, so that only a continuation can follow.
    pub(super) to_line_end: bool,
}
