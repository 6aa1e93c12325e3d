//! One node: type annotation, name, entries, children blocks.

use super::super::codes;
use super::super::lexer::Line;
use super::super::tree::{Block, Children, Entry, Node, Word};
use super::{MAX_DEPTH, Open, Owner, Parser, Place};
use crate::source::Span;

/// What of a node has been read so far; decides what may follow.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Stage {
    /// Name and perhaps entries.
    Entries,
    /// Slashdashed children blocks, but no other one.
    DisabledBlocks,
    /// The children block.
    Block,
}

/// The parts of a node that come one by one.
struct Parts {
    stage: Stage,
    children: Option<Children>,
    disabled: Vec<Span>,
    /// Index of the node's first entry on the parser's stack.
    first: usize,
    /// End of the last part that is not disabled.
    end: usize,
}

impl Parser<'_> {
    /// Reads the node that starts here. `None` where it has no name; that is reported.
    pub(super) fn node(&mut self) -> Option<Node> {
        let start = self.pos;
        let line = self.line;
        self.note_indentation();
        self.open = Open::Nothing;
        self.in_brackets = false;
        let ty = if self.peek() == b'(' {
            self.type_annotation()
        } else {
            None
        };
        if ty.is_some() {
            self.node_space();
        }
        let Some(name) = self.node_name() else {
            self.skip_nameless_node();
            return None;
        };
        self.last_end = self.pos;
        let mut parts = Parts {
            stage: Stage::Entries,
            children: None,
            disabled: Vec::new(),
            first: self.entries.len(),
            end: self.pos,
        };
        self.equals_after_name(&name, &mut parts);
        let ended = self.parts(&name, line, &mut parts);
        let entries = self.entries.split_off(parts.first);
        self.repeated_properties(&entries);
        if parts.stage == Stage::Entries && !ended {
            self.open = Open::Node;
        }
        Some(Node {
            ty,
            name,
            entries,
            children: parts.children,
            disabled: parts.disabled,
            span: self.span(start, parts.end),
        })
    }

    /// Compares the indentation of the node that starts here with that of its sibling in front.
    fn note_indentation(&mut self) {
        self.continued_from = None;
        if self.pos == self.line.first {
            let indent = self.line.indent();
            let deeper = self.sibling_indent.is_some_and(|sibling| indent > sibling);
            if deeper && self.open == Open::Node {
                self.continued_from = Some(self.last_end);
            } else {
                self.sibling_indent = Some(indent);
            }
        }
    }

    /// Reads the node behind the `/-` that starts here.
    pub(super) fn disabled_node(&mut self) -> Option<Node> {
        let dash = self.span(self.pos, self.pos + 2);
        self.pos += 2;
        self.line_space();
        if self.at_node_end() || self.starts_with("/-") || self.peek() == b'{' {
            self.nothing_disabled(dash);
            return None;
        }
        let node = self.node();
        if self.open == Open::Node {
            self.open = Open::Disabled;
        }
        node
    }

    /// Reports a `/-` with nothing behind it that it could disable.
    fn nothing_disabled(&mut self, dash: Span) {
        self.report(
            codes::BAD_SLASHDASH
                .at(dash, "nothing that could be disabled follows this `/-`")
                .suggest("remove it", dash, ""),
        );
    }

    fn node_name(&mut self) -> Option<Word> {
        let start = self.pos;
        if self.at_node_end() || self.peek() == b'{' {
            let span = self.span(start, start);
            self.report(codes::MISSING_NAME.at(span, "a node's name is missing here"));
            return None;
        }
        if self.starts_with("/-") {
            self.nothing_disabled(self.span(start, start + 2));
            return None;
        }
        let scalar = self.scalar(Place::Node)?;
        self.name_of(scalar, self.span(start, self.pos), "node")
    }

    /// Skips what follows a missing name: the rest of the line, and a block that opens on it.
    fn skip_nameless_node(&mut self) {
        self.skip_rest();
        if self.peek() == b'{' {
            let name = Word {
                text: "{".into(),
                span: self.span(self.pos, self.pos + 1),
            };
            self.children(&name, self.line);
        } else if self.peek() == b';' {
            self.pos += 1;
        }
    }

    /// Reads entries and blocks up to the end of the node. Returns whether a `;` ended it.
    fn parts(&mut self, name: &Word, line: Line, parts: &mut Parts) -> bool {
        // After something unreadable nothing is said about the space behind it.
        let mut gave_up = false;
        loop {
            self.give_up_if_silent();
            let mut apart = self.node_space() || gave_up;
            if self.punctuation(apart) {
                apart = true;
                self.node_space();
            }
            if self.at_node_end() {
                let ended = self.peek() == b';';
                self.pos += usize::from(ended);
                return ended;
            }
            gave_up = false;
            let start = self.pos;
            if self.starts_with("/-") {
                self.apart(apart, "`/-`");
                gave_up = !self.disabled_part(name, line, parts);
            } else if self.peek() == b'{' {
                if parts.stage == Stage::Block {
                    self.second_block();
                    continue;
                }
                self.apart(apart, "`{`");
                parts.stage = Stage::Block;
                parts.children = Some(self.children(name, line));
                parts.end = self.pos;
                self.last_end = self.pos;
            } else if parts.stage != Stage::Entries {
                self.entry_after_block();
                return false;
            } else {
                self.apart(apart, "this");
                match self.entry() {
                    Some(entry) => {
                        parts.end = self.pos;
                        self.last_end = self.pos;
                        self.entries.push(entry);
                    }
                    None => gave_up = true,
                }
            }
            debug_assert!(self.pos > start, "no progress");
        }
    }

    /// Reads a slashdashed entry or block. Returns whether it is one.
    fn disabled_part(&mut self, name: &Word, line: Line, parts: &mut Parts) -> bool {
        let start = self.pos;
        let dash = self.span(start, start + 2);
        self.pos += 2;
        self.line_space();
        if self.peek() == b'{' {
            if parts.stage == Stage::Entries {
                parts.stage = Stage::DisabledBlocks;
            }
            let block = self.children(name, line);
            self.disabled.blocks.push(block);
        } else if self.at_node_end() || self.starts_with("/-") {
            self.nothing_disabled(dash);
            return false;
        } else if parts.stage != Stage::Entries {
            self.report(
                codes::BAD_SLASHDASH
                    .at(
                        dash,
                        "behind a children block only further blocks can be disabled",
                    )
                    .help("move it in front of the `{`"),
            );
            self.entry();
            return false;
        } else {
            let Some(entry) = self.entry() else {
                return false;
            };
            self.disabled.entries.push(entry);
        }
        self.last_end = self.pos;
        parts.disabled.push(self.span(start, self.pos));
        true
    }

    /// Reads the children block that starts here. `line`: where its node starts.
    pub(super) fn children(&mut self, name: &Word, line: Line) -> Children {
        let brace = self.pos;
        if self.depth == MAX_DEPTH {
            self.skip_deep_block();
            return Children {
                block: Block::default(),
                span: self.span(brace, self.pos),
            };
        }
        self.pos += 1;
        self.depth += 1;
        let block = self.block(Some(&Owner {
            name,
            brace,
            indent: line.indent(),
        }));
        self.depth -= 1;
        self.in_brackets = false;
        Children {
            block,
            span: self.span(brace, self.pos),
        }
    }

    /// Reports a missing space in front of what starts here.
    fn apart(&mut self, is_apart: bool, what: &str) {
        if !is_apart {
            let here = self.span(self.pos, self.pos);
            let finding = codes::MISSING_SPACE.at(
                self.span(self.pos, self.pos + 1),
                format!("a space is missing in front of {what}"),
            );
            // `""a""` is rather a string whose quotes were doubled.
            let (before, behind) = self.text.split_at(self.pos);
            let doubled = before.ends_with("\"\"") || behind.starts_with("\"\"");
            self.report(if doubled {
                finding.suggest("put a space here", here, " ")
            } else {
                finding.fix("put a space here", here, " ")
            });
        }
    }

    fn second_block(&mut self) {
        let span = self.span(self.pos, self.pos + 1);
        self.report(
            codes::AFTER_BLOCK
                .at(span, "a node has only one children block")
                .help("put all children into one block, or start a new node in front of this one"),
        );
        let name = Word {
            text: "{".into(),
            span,
        };
        self.children(&name, self.line);
    }

    /// What starts here stands behind a block, and is read as a new node.
    fn entry_after_block(&mut self) {
        let span = self.span(self.pos, self.pos + 1);
        let end = self.span(self.last_end, self.last_end);
        self.report(
            codes::AFTER_BLOCK
                .at(span, "nothing may follow a children block on its line")
                .help(
                    "separate a new node with `;`; move values and properties in front of the `{`",
                )
                .suggest("separate them with `;`", end, ";"),
        );
    }

    /// Reports properties that are given more than once.
    fn repeated_properties(&mut self, entries: &[Entry]) {
        let mut names: Vec<&Word> = entries.iter().filter_map(|e| e.name.as_ref()).collect();
        if names.len() < 2 {
            return;
        }
        names.sort_by_key(|name| (&name.text, name.span.start));
        for pair in names.windows(2) {
            if pair[0].text == pair[1].text {
                let name = super::super::traps::shorten(&pair[1].text);
                self.report(
                    codes::DUPLICATE_PROPERTY
                        .at(pair[1].span, format!("`{name}` is given twice"))
                        .also(pair[0].span, "first given here")
                        .help("keep one of them"),
                );
            }
        }
    }

    /// Reads `= value` behind a node's name as if the `=` were not there.
    fn equals_after_name(&mut self, name: &Word, parts: &mut Parts) {
        let Some(equals) = self.equals_ahead() else {
            return;
        };
        self.banned_within(self.pos, equals);
        self.pos = equals + 1;
        self.node_space();
        let start = self.pos;
        if self.at_node_end() || self.peek() == b'{' {
            self.report_equals(name, equals, None);
            return;
        }
        let Some(value) = self.value(Place::Value) else {
            return;
        };
        parts.end = self.pos;
        self.last_end = self.pos;
        self.report_equals(name, equals, Some((start, self.pos)));
        self.entries.push(Entry {
            name: None,
            value,
            span: self.span(start, self.pos),
        });
    }
}
