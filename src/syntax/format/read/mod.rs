//! From the tree, and the text between its parts, to the layout. Nodes are in [`node`].

mod node;

use super::super::parser::Tree;
use super::super::tree::{Block, Node};
use super::PropertyOrder;
use super::gaps::{Gap, gaps, space_end};
use super::layout::{Body, Content, Item};
use crate::source::Span;

/// The layout of a whole file.
pub(super) fn document(text: &str, tree: &Tree, order: &dyn PropertyOrder) -> Body {
    let mut reader = Reader {
        text,
        tree,
        order,
        path: Vec::new(),
        pos: 0,
        breaks: 0,
    };
    let mut body = Body::default();
    if let Some(marker) = tree.marker {
        push(
            &mut body,
            0,
            Content::Comment(text[marker.range()].to_owned()),
        );
        reader.pos = marker.end as usize;
    }
    reader.body(&tree.document, text.len(), body)
}

struct Reader<'t> {
    text: &'t str,
    tree: &'t Tree,
    order: &'t dyn PropertyOrder,
    /// Names of the nodes around, outermost first.
    path: Vec<&'t str>,
    /// First byte that is not laid out yet.
    pos: usize,
    /// Line ends directly in front of it that were part of the node before.
    breaks: usize,
}

impl<'t> Reader<'t> {
    /// Lays out nodes and comments up to the byte `end`.
    fn body(&mut self, block: &'t Block, end: usize, mut body: Body) -> Body {
        let mut nodes = block.nodes.iter().peekable();
        let mut disabled = block.disabled.iter().peekable();
        loop {
            let dash = disabled.peek().map(|span| span.start);
            let is_next = |node: &&Node| dash.is_none_or(|dash| node.span.start < dash);
            if let Some(node) = nodes.next_if(is_next) {
                let breaks = self.between(node.span.start as usize, &mut body);
                let statement = self.node(node, false);
                push(&mut body, breaks, Content::Node(statement));
            } else if let Some(span) = disabled.next() {
                self.disabled_node(*span, &mut body);
            } else {
                break;
            }
        }
        self.between(end, &mut body);
        body
    }

    /// Lays out the slashdashed node at `span`; comments behind its `/-` go in front of it.
    fn disabled_node(&mut self, span: Span, body: &mut Body) {
        let dash = span.start as usize;
        let mut breaks = self.between(dash, body);
        let start = space_end(self.text, dash + 2);
        for gap in gaps(self.text, dash, start) {
            if let Gap::Comment(comment) = gap {
                push(
                    body,
                    std::mem::take(&mut breaks),
                    Content::Comment(comment.text),
                );
            }
        }
        let tree = self.tree;
        if let Some(node) = find(&tree.disabled.nodes, start, |node| node.span) {
            let statement = self.node(node, true);
            push(body, breaks, Content::Node(statement));
        }
    }

    /// Lays out what stands in front of the byte `end`; returns the line ends directly before it.
    fn between(&mut self, end: usize, body: &mut Body) -> usize {
        let mut breaks = std::mem::take(&mut self.breaks);
        for gap in gaps(self.text, self.pos, end) {
            match gap {
                Gap::Newline => breaks += 1,
                Gap::Semicolon => {}
                Gap::Comment(comment) => {
                    let is_first = body.items.is_empty() && body.opening.is_none();
                    if is_first && breaks == 0 && comment.to_line_end && self.is_behind_brace() {
                        body.opening = Some(comment.text);
                    } else {
                        push(body, breaks, Content::Comment(comment.text));
                    }
                    breaks = 0;
                }
            }
        }
        self.pos = end;
        breaks
    }

    fn is_behind_brace(&self) -> bool {
        self.text[..self.pos].ends_with('{')
    }
}

/// The part that starts at a byte, in a list sorted by start.
fn find<T>(list: &[T], start: usize, span: impl Fn(&T) -> Span) -> Option<&T> {
    let index = list
        .binary_search_by_key(&start, |part| span(part).start as usize)
        .ok()?;
    list.get(index)
}

/// `breaks`: line ends in front of it.
fn push(body: &mut Body, breaks: usize, content: Content) {
    let after_blank = breaks > 1 && !body.items.is_empty();
    body.items.push(Item {
        after_blank,
        content,
    });
}
