//! Habits from other languages in words: `'text'`, `name: value`, `name = value`.

use smol_str::SmolStr;

use super::super::chars::line_end;
use super::super::codes;
use super::super::lexer::node_space_end;
use super::super::literal::literal;
use super::super::parser::{Parser, Place};
use super::super::tree::{Scalar, Word};
use super::shorten;
use crate::diag::{Applicability, Edit};

/// Quotes of other languages: opening and closing.
const OTHER_QUOTES: [(char, char); 4] = [('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')];

impl Parser<'_> {
    /// Looks for words that KDL accepts and that mean something else than they seem to.
    pub(in crate::syntax) fn suspicious_word(
        &mut self,
        start: usize,
        end: usize,
        place: Place,
    ) -> Option<Scalar> {
        let bytes = self.text.as_bytes();
        if matches!(bytes[start], b'\'' | b'`' | 0x80..) {
            let first = self.text[start..].chars().next()?;
            let quotes = OTHER_QUOTES.iter().find(|(open, _)| *open == first);
            if let Some((_, close)) = quotes {
                return self.other_quotes(start, end, first.len_utf8(), *close);
            }
        }
        let is_colon = bytes[end - 1] == b':' && end - start > 1;
        match place {
            Place::Node if is_colon => Some(self.colon_after_node(start, end)),
            Place::Entry if is_colon => Some(self.colon_after_property(start, end)),
            _ => None,
        }
    }

    fn other_quotes(
        &mut self,
        start: usize,
        end: usize,
        len: usize,
        close: char,
    ) -> Option<Scalar> {
        let body = start + len;
        let rest = &self.text[body..line_end(self.text, body)];
        let found = rest.find(close).map(|at| body + at);
        let (text_end, end) = found.map_or((end, end), |at| (at, at + close.len_utf8()));
        let text = &self.text[body..text_end];
        let span = self.span(start, end);
        let finding = codes::SINGLE_QUOTES
            .at(span, "strings take the quotes `\"`")
            .note("in KDL other quotes are part of the text");
        self.report(match found {
            Some(_) => finding.fix("use `\"`", span, literal(text)),
            None => finding,
        });
        self.pos = end;
        Some(Scalar::String {
            text: SmolStr::new(text),
            quoted: true,
        })
    }

    fn colon_after_node(&mut self, start: usize, end: usize) -> Scalar {
        let name = &self.text[start..end - 1];
        let colon = self.span(end - 1, end);
        let shown = shorten(name);
        self.report(
            codes::COLON
                .at(
                    colon,
                    format!("a node's name has no colon; did you mean `{shown}`?"),
                )
                .note("in KDL the colon would be part of the name")
                .fix("remove the colon", colon, ""),
        );
        self.pos = end;
        Scalar::String {
            text: SmolStr::new(name),
            quoted: false,
        }
    }

    /// `mig: "1g.5gb"` among a node's values. With a value behind it, it is read as a property.
    fn colon_after_property(&mut self, start: usize, end: usize) -> Scalar {
        let name = &self.text[start..end - 1];
        let shown = shorten(name);
        let colon = self.span(end - 1, end);
        let finding = codes::COLON.at(colon, format!("a property is written `{shown}=…`"));
        self.pos = end;
        let value = node_space_end(self.text, end);
        let behind = self.byte(value);
        self.pos = value;
        let has_value = !self.at_node_end() && !matches!(behind, b'{' | b'/' | b'=');
        self.pos = end;
        if has_value {
            let gap = self.span(end - 1, value);
            self.report(finding.fix("write `=`", gap, "="));
            // The colon is then read as the `=`.
            self.pos = end - 1;
            self.colon_for_equals = Some(end - 1);
        } else {
            self.report(finding.suggest("remove the colon", colon, ""));
        }
        Scalar::String {
            text: SmolStr::new(name),
            quoted: false,
        }
    }

    /// Reports `name = value` at the place of a node. `value`: where the value starts and ends.
    pub(in crate::syntax) fn report_equals(
        &mut self,
        name: &Word,
        equals: usize,
        value: Option<(usize, usize)>,
    ) {
        let end = name.span.end as usize;
        let span = self.span(equals, equals + 1);
        let message = "a node is a name and then its values, without `=`";
        let finding = codes::EQUALS_AFTER_NAME.at(span, message);
        let Some((start, stop)) = value else {
            self.report(finding.suggest("remove the `=`", span, ""));
            return;
        };
        if let Some(end) = self.continued_from {
            // Indented deeper than the node on the line before: meant as its property.
            let place = self.span(end, end);
            self.report(finding.note("a node ends with its line").suggest(
                "continue the node of the line before",
                place,
                " \\",
            ));
            return;
        }
        let shown = format!(
            "{} {}",
            &self.text[name.span.range()],
            &self.text[start..stop]
        );
        let edit = Edit {
            span: self.span(end, start),
            text: " ".to_owned(),
        };
        // With more properties behind it, it is unclear which node they all belong to.
        let certain = {
            let after = node_space_end(self.text, stop);
            let here = std::mem::replace(&mut self.pos, after);
            let ends = self.at_node_end() || self.peek() == b'{';
            self.pos = here;
            ends
        };
        let applicability = if certain {
            Applicability::Machine
        } else {
            Applicability::Maybe
        };
        let title = format!("write `{}`", shorten(&shown));
        self.report(finding.fix_edits(title, vec![edit], applicability));
    }
}
