//! Recursive descent over the text of one file: [`str`] → [`Tree`].
//!
//! The parser always returns a tree. Where the text is wrong it reports once, takes what was most
//! likely meant and goes on. Every function moves forward or leaves the position at something its
//! caller ends at, and looks ahead only as far as it then moves, or once for a report. After
//! [`MAX_REPORTS`] of them the rest is left unread: parsing takes linear time on any input.

mod block;
mod braces;
mod entry;
mod node;

pub(super) use braces::Owner;

use super::chars::{self, Class};
use super::codes;
use super::lexer::Line;
use super::tree::{Children, Document, Entry, Node};
use crate::diag::{Diagnostic, Severity};
use crate::source::{FileId, Span};

/// Blocks deeper than this are skipped, so that no input exhausts the stack.
const MAX_DEPTH: u32 = 128;

/// Findings kept of one file.
const MAX_REPORTS: usize = 200;

/// A parsed file with what [`Document`] leaves out.
pub(super) struct Tree {
    pub(super) document: Document,
    /// The `/- kdl-version 2` in front, without its line end.
    pub(super) marker: Option<Span>,
    pub(super) disabled: Disabled,
    /// In source order.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Slashdashed parts at any depth, each list in source order. The formatter prints them.
#[derive(Debug, Default)]
pub(super) struct Disabled {
    pub(super) nodes: Vec<Node>,
    pub(super) entries: Vec<Entry>,
    pub(super) blocks: Vec<Children>,
}

/// Where a word stands; decides what it may be and what a message calls it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The name of a node.
    Node,
    /// An argument, or the name of a property.
    Entry,
    /// The value of a property.
    Value,
    /// Within the parentheses of a type annotation.
    Type,
}

/// Whether what was just read could still take a children block.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Open {
    /// No: it has one, was ended with `;`, or was no node.
    Nothing,
    /// A node.
    Node,
    /// A slashdashed node.
    Disabled,
}

/// The state of parsing one file.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    /// The next byte to read; always at the start of a character.
    pub(super) pos: usize,
    pub(super) line: Line,
    /// Whether an unclosed comment or string has already been searched to the end of the text.
    pub(super) searched_to_end: bool,
    /// Whether the values of a `[…]` list, which KDL does not have, are being read.
    pub(super) in_brackets: bool,
    /// A `:` to be read as `=`.
    pub(super) colon_for_equals: Option<usize>,
    /// End of the node on the line before, where the indentation of this line continues it.
    pub(super) continued_from: Option<usize>,
    /// Indentation of the sibling in front.
    sibling_indent: Option<usize>,
    file: FileId,
    diagnostics: Vec<Diagnostic>,
    depth: u32,
    /// Nodes of the blocks being read; a finished block takes its own off the end.
    nodes: Vec<Node>,
    /// Entries of the nodes being read, likewise.
    entries: Vec<Entry>,
    /// What a `{` on the next line would be meant for.
    open: Open,
    /// End of the last part of the node just read, disabled parts included.
    last_end: usize,
    braces: braces::Braces,
    /// Where indentation alone ended a block, and so the node it belongs to.
    implied_end: Option<usize>,
    disabled: Disabled,
}

/// Parses a file. Where a `}` is missing, the file is read a second time with blocks ended where
/// the indentation says so; that reading is taken if it leaves no more mistakes than the first.
pub(super) fn parse_tree(file: FileId, text: &str) -> Tree {
    let (first, missing) = Parser::new(file, text, 0).document();
    if missing == 0 {
        return first;
    }
    let (second, _) = Parser::new(file, text, missing).document();
    if second.diagnostics.len() <= first.diagnostics.len() {
        second
    } else {
        first
    }
}

impl<'a> Parser<'a> {
    /// `missing`: how many blocks may be ended by indentation alone.
    fn new(file: FileId, text: &'a str, missing: usize) -> Self {
        Self {
            text,
            pos: 0,
            line: Line::default(),
            searched_to_end: false,
            in_brackets: false,
            colon_for_equals: None,
            continued_from: None,
            sibling_indent: None,
            file,
            diagnostics: Vec::new(),
            depth: 0,
            nodes: Vec::new(),
            entries: Vec::new(),
            open: Open::Nothing,
            last_end: 0,
            braces: braces::Braces::new(missing),
            implied_end: None,
            disabled: Disabled::default(),
        }
    }

    /// Parses the whole text; also returns how many blocks were still open at its end.
    fn document(mut self) -> (Tree, usize) {
        if self.starts_with("\u{feff}") {
            self.pos = '\u{feff}'.len_utf8();
            self.line.start = self.pos;
        }
        let marker = self.version_marker();
        let document = self.block(None);
        let missing = self.report_unclosed();
        self.diagnostics
            .sort_by_key(|d| d.span.map_or(u32::MAX, |span| span.start));
        self.disabled.nodes.sort_by_key(|node| node.span.start);
        self.disabled.entries.sort_by_key(|entry| entry.span.start);
        self.disabled.blocks.sort_by_key(|block| block.span.start);
        let tree = Tree {
            document,
            marker,
            disabled: self.disabled,
            diagnostics: self.diagnostics,
        };
        (tree, missing)
    }

    /// The byte at the position; 0 at the end of the text.
    pub(super) fn peek(&self) -> u8 {
        self.byte(self.pos)
    }

    /// The byte at `at`; 0 behind the end of the text.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    /// Whether the text goes on with `prefix`.
    pub(super) fn starts_with(&self, prefix: &str) -> bool {
        self.text.as_bytes()[self.pos..].starts_with(prefix.as_bytes())
    }

    /// Whether the node ends here: a line end, `;`, `}`, a line comment or the end of the text.
    pub(super) fn at_node_end(&self) -> bool {
        match chars::class_at(self.text, self.pos) {
            None | Some((Class::Newline, _)) => true,
            Some(_) if self.implied_end == Some(self.pos) => true,
            Some((Class::Mark, _)) => matches!(self.peek(), b';' | b'}') || self.starts_with("//"),
            Some(_) => false,
        }
    }

    /// A place; one that would end inside of a character ends behind it.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let mut end = end.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(self.file, start, end)
    }

    /// Whether nothing more is reported.
    pub(super) fn is_silent(&self) -> bool {
        self.diagnostics.len() > MAX_REPORTS
    }

    /// Leaves the rest of the text unread once nothing more is reported: what looks ahead for a
    /// report would take quadratic time on a text of mistakes alone.
    pub(super) fn give_up_if_silent(&mut self) {
        if self.is_silent() {
            self.pos = self.text.len();
        }
    }

    /// Keeps a finding, up to a limit.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        match self.diagnostics.len() {
            0..MAX_REPORTS => self.diagnostics.push(diagnostic),
            MAX_REPORTS => {
                let message = "there are too many mistakes: what follows was not read";
                let mut last = Diagnostic::new(codes::TOO_MANY.id, Severity::Note, message);
                last.span = diagnostic.span;
                self.diagnostics.push(last);
            }
            _ => {}
        }
    }

    /// Skips to where the node or line ends, passing over strings, after something unreadable.
    pub(super) fn skip_rest(&mut self) {
        while !self.at_node_end() && self.peek() != b'{' {
            let quoted = (self.peek() == b'"').then(|| self.text[self.pos + 1..].find(['"', '\n']));
            self.pos += match quoted.flatten() {
                Some(len) if self.byte(self.pos + 1 + len) == b'"' => len + 2,
                _ => chars::class_at(self.text, self.pos).map_or(1, |(_, len)| len),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Places never cut a character, and a bracket before one is no reason to stop.
    #[test]
    fn characters_stay_whole() {
        for text in [
            "{\u{b}ҟ1`",
            "\"\"[ޙ",
            "a [ޙ,b]",
            "ҟ{ҟ",
            "a \"\"\"\n\u{200e} b\n \"\"\"",
        ] {
            for found in parse_tree(FileId(0), text).diagnostics {
                let span = found.span.unwrap();
                assert!(text.get(span.range()).is_some(), "{text:?}: {span:?}");
            }
        }
    }
}
