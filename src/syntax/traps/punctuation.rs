//! Punctuation that KDL does not have between values: commas, brackets, colons.

use super::super::chars::{Class, class_at, line_end};
use super::super::codes;
use super::super::lexer::node_space_end;
use super::super::parser::{Parser, Place};
use super::super::tree::Scalar;
use crate::diag::{Applicability, Edit};

/// Bytes of a list in brackets whose brackets are taken off by a fix.
const LONGEST_LIST: usize = 4096;

impl Parser<'_> {
    /// Reports and skips punctuation in front of the next value. `apart`: whether whitespace
    /// stands in front of it. Returns whether there was any.
    pub(in crate::syntax) fn punctuation(&mut self, apart: bool) -> bool {
        match self.peek() {
            b',' => self.commas(apart),
            b']' if self.in_brackets => {
                self.pos += 1;
                self.in_brackets = false;
                true
            }
            b':' if !apart => self.colon(),
            _ => false,
        }
    }

    fn commas(&mut self, apart: bool) -> bool {
        let start = self.pos;
        let len = self.text[start..]
            .bytes()
            .take_while(|byte| *byte == b',')
            .count();
        let end = start + len;
        let in_word = matches!(class_at(self.text, end), Some((Class::Word, _)));
        if apart && in_word {
            return false;
        }
        self.pos = end;
        if !self.in_brackets {
            let span = self.span(start, end);
            let next_is_apart = self.at_node_end() || node_space_end(self.text, end) > end;
            let text = if next_is_apart { "" } else { " " };
            self.report(
                codes::COMMA
                    .at(span, "values are separated by spaces, not by commas")
                    .fix("remove the comma", span, text),
            );
        }
        true
    }

    /// A colon directly behind a quoted name, as in JSON.
    fn colon(&mut self) -> bool {
        let colon = self.pos;
        let value = node_space_end(self.text, colon + 1);
        let span = self.span(colon, colon + 1);
        self.report(
            codes::COLON
                .at(span, "there is no `name: value` in KDL")
                .help("a node is its name and then its values; a property is `name=value`")
                .suggest("remove the colon", self.span(colon, value), " "),
        );
        self.pos = colon + 1;
        true
    }

    /// Reports a character that no value can start with. Returns a value if what follows is one
    /// that lacks quotes; else skips something.
    pub(in crate::syntax) fn not_a_word(&mut self, place: Place) -> Option<Scalar> {
        let start = self.pos;
        let Some((class, len)) = class_at(self.text, start) else {
            self.report(
                codes::MISSING_VALUE.at(self.span(start, start), "a value is missing here"),
            );
            return None;
        };
        let span = self.span(start, start + len);
        let message = match self.peek() {
            b'/' if place != Place::Type => return self.unquoted_text(start, place),
            b'[' if matches!(place, Place::Entry | Place::Value) => {
                self.brackets(place);
                return None;
            }
            b'=' => "this `=` has no name in front of it".to_owned(),
            b']' => "this `]` closes nothing".to_owned(),
            b')' => "this `)` closes nothing".to_owned(),
            _ if class == Class::Newline => {
                "a value is missing in front of the line end".to_owned()
            }
            _ => format!(
                "`{}` cannot stand here",
                super::shorten(&self.text[start..start + len])
            ),
        };
        self.report(
            codes::UNEXPECTED
                .at(span, message)
                .help("if it is part of a text, quote the text")
                .suggest("remove it", span, ""),
        );
        if !self.at_node_end() {
            self.pos += len;
        }
        None
    }

    /// The `[` of a list. Its values are then read as if the brackets were not there.
    fn brackets(&mut self, place: Place) {
        let open = self.pos;
        let edits = self.without_brackets(open);
        let finding = codes::BRACKETS
            .at(
                self.span(open, open + 1),
                "several values are written without brackets",
            )
            .help("write them one after the other: `\"a\" \"b\"`");
        let fits = place == Place::Entry && !self.in_brackets;
        self.report(match edits {
            Some(edits) if fits => {
                finding.fix_edits("remove brackets and commas", edits, Applicability::Machine)
            }
            _ => finding,
        });
        self.pos = open + 1;
        self.in_brackets = true;
    }

    /// Edits that take brackets and commas from the list at `open`, if it ends on its line.
    fn without_brackets(&self, open: usize) -> Option<Vec<Edit>> {
        let line = line_end(self.text, open).min(open + LONGEST_LIST);
        let remove = |at: usize, text: &str| Edit {
            span: self.span(at, at + 1),
            text: text.to_owned(),
        };
        let mut edits = vec![remove(open, "")];
        let mut in_string = false;
        for at in open + 1..line {
            match self.byte(at) {
                b'"' if self.byte(at - 1) != b'\\' => in_string = !in_string,
                b',' if !in_string => {
                    let apart = matches!(self.byte(at + 1), b' ' | b'\t' | b']');
                    edits.push(remove(at, if apart { "" } else { " " }));
                }
                b']' if !in_string => {
                    edits.push(remove(at, ""));
                    return Some(edits);
                }
                b'[' if !in_string => return None,
                _ => {}
            }
        }
        None
    }
}
