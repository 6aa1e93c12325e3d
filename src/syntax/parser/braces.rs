//! Finding the block that was meant to end where a `}` is missing.
//!
//! A line that is not indented deeper than the line of the block it would belong to, or a `}`
//! that is indented less, shows where the author saw the block end.

use super::super::codes;
use super::super::tree::Word;
use super::{MAX_DEPTH, Parser};
use crate::diag::Applicability;

/// The node whose children block is being read.
pub(in crate::syntax) struct Owner<'n> {
    /// Its name.
    pub(super) name: &'n Word,
    /// Byte of the `{`.
    pub(super) brace: usize,
    /// Indentation of the line it starts on, in bytes.
    pub(super) indent: usize,
}

/// What is known of missing closing braces.
#[derive(Debug)]
pub(super) struct Braces {
    /// How many more blocks may be ended by indentation.
    budget: usize,
    /// How many blocks were open at the end of the text.
    open: usize,
    /// The innermost of them: its `{` and its name.
    innermost: Option<(usize, String)>,
}

impl Braces {
    pub(super) fn new(budget: usize) -> Self {
        Self {
            budget,
            open: 0,
            innermost: None,
        }
    }
}

impl Parser<'_> {
    /// Whether indentation ends the block here although no `}` does. Reports it if so.
    pub(super) fn ended_by_indentation(&mut self, owner: &Owner<'_>) -> bool {
        if self.braces.budget == 0 || self.pos != self.line.first || self.at_end() {
            return false;
        }
        let indent = self.line.indent();
        let outside = if self.peek() == b'}' {
            indent < owner.indent
        } else {
            indent <= owner.indent
        };
        if outside {
            self.braces.budget -= 1;
            self.implied_end = Some(self.pos);
            self.report_missing_brace(owner, self.line.start);
        }
        outside
    }

    /// `at`: first byte of the line that would follow the missing `}`.
    fn report_missing_brace(&mut self, owner: &Owner<'_>, at: usize) {
        let open = self.span(owner.brace, owner.brace + 1);
        let closing = format!("{}}}\n", " ".repeat(owner.indent));
        let name = super::super::traps::shorten(&owner.name.text);
        let here = self.span(self.pos, self.pos + 1);
        self.report(
            codes::UNCLOSED_BLOCK
                .at(open, format!("the block of `{name}` is never closed"))
                .label("opened here")
                .also(here, "by its indentation, this is no longer part of it")
                .suggest("close it in front of this line", self.span(at, at), closing),
        );
    }

    /// Notes that the text ended within a block.
    pub(super) fn unclosed(&mut self, owner: &Owner<'_>) {
        self.braces.open += 1;
        if self.braces.innermost.is_none() {
            self.braces.innermost = Some((owner.brace, owner.name.text.to_string()));
        }
    }

    /// Reports the blocks still open at the end of the text, once, and returns how many they are.
    pub(super) fn report_unclosed(&mut self) -> usize {
        let Some((brace, name)) = self.braces.innermost.take() else {
            return 0;
        };
        let name = super::super::traps::shorten(&name);
        let open = self.span(brace, brace + 1);
        let end = self.span(self.text.len(), self.text.len());
        let line = if self.text.ends_with('\n') { "" } else { "\n" };
        let count = self.braces.open;
        let mut finding = codes::UNCLOSED_BLOCK
            .at(open, format!("the block of `{name}` is never closed"))
            .label("opened here");
        if count > 1 {
            finding = finding.note(format!("at the end of the file {count} blocks are open"));
        }
        let edit = crate::diag::Edit {
            span: end,
            text: format!("{line}{}", "}\n".repeat(count)),
        };
        let title = "close it at the end of the file";
        self.report(finding.fix_edits(title, vec![edit], Applicability::Maybe));
        count
    }

    /// Reports a block nested too deeply and moves behind it without reading it.
    pub(super) fn skip_deep_block(&mut self) {
        let span = self.span(self.pos, self.pos + 1);
        self.report(
            codes::TOO_DEEP
                .at(
                    span,
                    format!("blocks are nested more than {MAX_DEPTH} deep"),
                )
                .note("what stands in this block was not read"),
        );
        self.skip_block();
    }

    /// Moves behind the block that starts here, by its braces, strings and comments alone.
    pub(super) fn skip_block(&mut self) {
        let mut depth = 0_usize;
        while !self.at_end() {
            match self.peek() {
                b'{' => {
                    depth += 1;
                    self.pos += 1;
                }
                b'}' => {
                    depth -= 1;
                    self.pos += 1;
                    if depth == 0 {
                        return;
                    }
                }
                b'"' => {
                    self.quoted();
                }
                b'#' => {
                    self.hash(super::Place::Value);
                }
                b'/' if matches!(self.byte(self.pos + 1), b'/' | b'*') => self.line_space(),
                _ => {
                    self.pos += self.text[self.pos..]
                        .chars()
                        .next()
                        .map_or(1, char::len_utf8);
                }
            }
        }
    }
}
