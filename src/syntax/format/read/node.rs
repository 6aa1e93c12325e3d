//! One node: its parts in the order they are written, each with the comments behind it.

use super::super::super::chars;
use super::super::super::lexer::node_space_end;
use super::super::super::tree::{Children, Entry, Node, Word};
use super::super::gaps::{Gap, gaps, space_end};
use super::super::layout::{Body, Comment, INDENT, Part, Piece, Statement};
use super::super::text::spelled;
use super::{Reader, find};
use crate::source::Span;

/// A part of a node behind its name.
#[derive(Copy, Clone)]
enum Place<'t> {
    Entry(&'t Entry),
    Block(&'t Children),
    Disabled(Span),
}

/// A part and where it sorts.
struct Ranked {
    /// Name, arguments, properties, blocks.
    group: u8,
    rank: usize,
    part: Part,
}

/// A piece of text being put together.
#[derive(Default)]
struct Draft {
    text: String,
    comments: Vec<Comment>,
    /// Whether it goes over lines.
    continued: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn node(&mut self, node: &'t Node, disabled: bool) -> Statement {
        self.pos = node.span.start as usize;
        let mut draft = Draft::default();
        self.ty(node.ty.as_ref(), &mut draft);
        self.word(node.name.span, &mut draft);
        let mut continued = draft.continued;
        let mut parts = vec![ranked(0, 0, text_part(draft))];
        for (start, place) in places(node) {
            continued |= self.comments_up_to(start as usize, &mut parts).0 > 0;
            let (part, lines) = match place {
                Place::Entry(entry) => self.entry(entry, node),
                Place::Block(children) => (Some(self.block(children, node)), false),
                Place::Disabled(span) => self.disabled_part(span, node),
            };
            continued |= lines;
            parts.extend(part);
        }
        let trailing = self.end_of_line(&mut parts);
        parts.sort_by_key(|part| (part.group, part.rank));
        let mut parts: Vec<Part> = parts.into_iter().map(|ranked| ranked.part).collect();
        for part in &mut parts {
            // Only behind a line comment does the line have to end.
            part.comments.sort_by_key(|comment| comment.to_line_end);
        }
        let trailing = trailing.or_else(|| take_last_line_comment(&mut parts));
        // What stood behind the last part may stand between two now, where the line has to go on.
        let mut comments = parts.iter().flat_map(|part| &part.comments);
        continued |= comments.any(|comment| comment.to_line_end);
        Statement {
            disabled,
            parts,
            trailing,
            continued,
        }
    }

    /// Also returns whether the entry goes over lines.
    fn entry(&mut self, entry: &Entry, node: &Node) -> (Option<Ranked>, bool) {
        let mut draft = Draft::default();
        let (mut group, mut rank) = (1, 0);
        if let Some(name) = &entry.name {
            group = 2;
            rank = self.order.rank(&self.path, &node.name.text, &name.text);
            self.word(name.span, &mut draft);
            draft.text.push('=');
        }
        let mut value = entry.value.span;
        if let Some(ty) = &entry.value.ty {
            self.ty(Some(ty), &mut draft);
            let close = node_space_end(self.text, ty.span.end as usize);
            value.start = node_space_end(self.text, close + 1) as u32;
        }
        self.word(value, &mut draft);
        let continued = draft.continued;
        (Some(ranked(group, rank, text_part(draft))), continued)
    }

    fn block(&mut self, children: &'t Children, node: &'t Node) -> Ranked {
        let (start, end) = (children.span.start as usize, children.span.end as usize);
        let one_line = chars::line_end(self.text, start) >= end;
        self.pos = start + 1;
        self.path.push(&node.name.text);
        let body = Body {
            one_line,
            ..Body::default()
        };
        let body = self.body(&children.block, end - 1, body);
        self.path.pop();
        self.pos = end;
        ranked(
            3,
            0,
            Part {
                disabled: false,
                piece: Piece::Block(body),
                comments: Vec::new(),
            },
        )
    }

    /// The slashdashed entry or block at `span`; comments behind its `/-` go behind it.
    fn disabled_part(&mut self, span: Span, node: &'t Node) -> (Option<Ranked>, bool) {
        let tree = self.tree;
        let start = space_end(self.text, span.start as usize + 2);
        let mut draft = Draft::default();
        self.skip_to(start, &mut draft);
        let (part, lines) = match find(&tree.disabled.entries, start, |entry| entry.span) {
            Some(entry) => self.entry(entry, node),
            None => {
                let block = find(&tree.disabled.blocks, start, |block| block.span);
                (block.map(|block| self.block(block, node)), false)
            }
        };
        let part = part.map(|mut ranked| {
            ranked.part.disabled = true;
            ranked.part.comments.splice(0..0, draft.comments);
            ranked
        });
        (part, lines || draft.continued)
    }

    /// `(type)`.
    fn ty(&mut self, ty: Option<&Word>, draft: &mut Draft) {
        if let Some(ty) = ty {
            draft.text.push('(');
            self.word(ty.span, draft);
            draft.text.push(')');
        }
    }

    /// Adds the word or value at `span`, and the comments in front of it.
    fn word(&mut self, span: Span, draft: &mut Draft) {
        self.skip_to(span.start as usize, draft);
        let indent = (self.path.len() + 1) * INDENT;
        draft
            .text
            .push_str(&spelled(&self.text[span.range()], indent));
        self.pos = span.end as usize;
    }

    /// Collects what stands in front of the byte `end`.
    fn skip_to(&mut self, end: usize, draft: &mut Draft) {
        for gap in gaps(self.text, self.pos, end) {
            match gap {
                Gap::Comment(comment) => draft.comments.push(comment),
                Gap::Newline => draft.continued = true,
                Gap::Semicolon => {}
            }
        }
        self.pos = end;
    }

    /// Gives comments in front of the byte `end` to the part before them. Returns the line ends
    /// there, and how many of them stand behind the last comment.
    fn comments_up_to(&mut self, end: usize, parts: &mut [Ranked]) -> (usize, usize) {
        let (mut all, mut behind) = (0, 0);
        for gap in gaps(self.text, self.pos, end) {
            match (gap, parts.last_mut()) {
                (Gap::Comment(comment), Some(last)) => {
                    last.part.comments.push(comment);
                    behind = 0;
                }
                (Gap::Newline, _) => {
                    all += 1;
                    behind += 1;
                }
                _ => {}
            }
        }
        self.pos = end;
        (all, behind)
    }

    /// Lays out comments behind the last part; returns the line comment that ends the node.
    fn end_of_line(&mut self, parts: &mut [Ranked]) -> Option<String> {
        let end = node_space_end(self.text, self.pos);
        self.breaks = self.comments_up_to(end, parts).1;
        let behind = match self.text[end..].starts_with(';') {
            true => chars::space_end(self.text, end + 1),
            false => end,
        };
        self.text[behind..].starts_with("//").then(|| {
            self.breaks = 0;
            self.pos = chars::line_end(self.text, behind);
            self.text[behind..self.pos].trim_end().to_owned()
        })
    }
}

fn ranked(group: u8, rank: usize, part: Part) -> Ranked {
    Ranked { group, rank, part }
}

fn text_part(draft: Draft) -> Part {
    Part {
        disabled: false,
        piece: Piece::Text(draft.text),
        comments: draft.comments,
    }
}

/// The comment that ends the last part's line, which needs no continuation behind it.
fn take_last_line_comment(parts: &mut [Part]) -> Option<String> {
    let comments = &mut parts.last_mut()?.comments;
    comments
        .pop_if(|comment| comment.to_line_end)
        .map(|comment| comment.text)
}

/// The parts of a node behind its name, in source order, with their first bytes.
fn places(node: &Node) -> Vec<(u32, Place<'_>)> {
    let entries = node
        .entries
        .iter()
        .map(|entry| (entry.span.start, Place::Entry(entry)));
    let children = node
        .children
        .iter()
        .map(|c| (c.span.start, Place::Block(c)));
    let disabled = node
        .disabled
        .iter()
        .map(|span| (span.start, Place::Disabled(*span)));
    let mut places: Vec<_> = entries.chain(children).chain(disabled).collect();
    places.sort_by_key(|(start, _)| *start);
    places
}
