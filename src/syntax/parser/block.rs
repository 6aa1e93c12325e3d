//! Runs of sibling nodes, and what may stand between them.

use super::super::codes;
use super::super::tree::{Block, Children};
use super::{Open, Owner, Parser};
use crate::diag::{Applicability, Edit};

impl Parser<'_> {
    /// Reads nodes up to the `}` of their owner, or to the end of the text where there is none.
    pub(super) fn block(&mut self, owner: Option<&Owner<'_>>) -> Block {
        let first = self.nodes.len();
        let mut disabled = Vec::new();
        let outer_indent = self.sibling_indent.take();
        self.open = Open::Nothing;
        loop {
            self.implied_end = None;
            self.give_up_if_silent();
            self.line_space();
            if self.at_end() {
                if let Some(owner) = owner {
                    self.unclosed(owner);
                }
                break;
            }
            if owner.is_some_and(|owner| self.ended_by_indentation(owner)) {
                break;
            }
            match self.peek() {
                b'}' if owner.is_some() => {
                    self.pos += 1;
                    break;
                }
                b'}' => self.stray_brace(),
                b'{' => self.block_without_name(),
                b';' => self.empty_statement(),
                _ if self.starts_with("/-") => {
                    let start = self.pos;
                    if let Some(node) = self.disabled_node() {
                        self.disabled.nodes.push(node);
                        disabled.push(self.span(start, self.last_end));
                    }
                }
                _ => {
                    if let Some(node) = self.node() {
                        self.nodes.push(node);
                    }
                }
            }
        }
        self.open = Open::Nothing;
        self.sibling_indent = outer_indent;
        Block {
            nodes: self.nodes.split_off(first),
            disabled,
        }
    }

    fn stray_brace(&mut self) {
        let span = self.span(self.pos, self.pos + 1);
        self.report(
            codes::UNOPENED_BLOCK
                .at(span, "this `}` closes no block")
                .help("remove it, or look for a missing `{` above")
                .suggest("remove it", span, ""),
        );
        self.pos += 1;
        self.open = Open::Nothing;
    }

    fn empty_statement(&mut self) {
        let start = self.pos;
        while self.peek() == b';' {
            self.pos += 1;
            self.node_space();
        }
        let end = start + self.text[start..self.pos].trim_end().len();
        let span = self.span(start, end);
        self.report(
            codes::EMPTY_STATEMENT
                .at(span, "there is no node in front of this `;`")
                .fix("remove it", span, ""),
        );
        self.open = Open::Nothing;
    }

    /// A `{` where a name should be. Behind a node without a block, on the line before, it is
    /// that node's.
    fn block_without_name(&mut self) {
        let brace = self.pos;
        let span = self.span(brace, brace + 1);
        let open = std::mem::replace(&mut self.open, Open::Nothing);
        if open == Open::Nothing {
            let is_template = brace
                .checked_sub(1)
                .is_some_and(|at| self.text.as_bytes()[at] == b'{');
            let help = if is_template {
                "nothing is filled in here: what differs between environments stands in an `in` \
                 block, what models share in a preset"
            } else {
                "write the node's name in front of the `{`, on the same line"
            };
            self.report(
                codes::BLOCK_WITHOUT_NODE
                    .at(span, "this block has no node in front of it")
                    .help(help),
            );
            self.orphan_children();
            return;
        }
        let end = self.span(self.last_end, self.last_end);
        let edits = vec![
            Edit {
                span: end,
                text: " {".to_owned(),
            },
            Edit {
                span: self.line_of_brace(brace),
                text: String::new(),
            },
        ];
        self.report(
            codes::BRACE_ON_NEXT_LINE
                .at(span, "the `{` of a block must be on its node's line")
                .note("the line end already ended the node")
                .fix_edits("move it up", edits, Applicability::Machine),
        );
        let children = self.orphan_children();
        if open == Open::Node
            && let Some(node) = self.nodes.last_mut()
        {
            node.span = node.span.to(children.span);
            node.children = Some(children);
        }
    }

    /// What to delete of a brace that moves up: its whole line, if nothing else is on it.
    fn line_of_brace(&self, brace: usize) -> crate::source::Span {
        let rest = &self.text[brace + 1..];
        let end = rest
            .find('\n')
            .map_or(self.text.len(), |len| brace + 1 + len + 1);
        let alone = self.text[brace + 1..end].trim().is_empty() && self.line.first == brace;
        if alone {
            self.span(self.line.start, end)
        } else {
            self.span(brace, brace + 1)
        }
    }

    /// Reads a block that no node owns.
    fn orphan_children(&mut self) -> Children {
        let name = super::super::tree::Word {
            text: "{".into(),
            span: self.span(self.pos, self.pos + 1),
        };
        self.children(&name, self.line)
    }
}
