//! Arguments, properties and type annotations.

use smol_str::SmolStr;

use super::super::codes;
use super::super::lexer::node_space_end;
use super::super::tree::{Entry, Scalar, Value, Word};
use super::{Parser, Place};
use crate::diag::{Applicability, Edit};
use crate::source::Span;

/// A scalar with the type annotation in front of it.
struct Typed {
    ty: Option<Word>,
    scalar: Scalar,
    /// First byte of the scalar.
    at: usize,
}

impl Parser<'_> {
    /// Reads the argument or property that starts here. `None` where there is none; that is
    /// reported.
    pub(super) fn entry(&mut self) -> Option<Entry> {
        let start = self.pos;
        let Typed { ty, scalar, at } = self.typed(Place::Entry)?;
        let whole = self.span(start, self.pos);
        let Some(equals) = self.equals_ahead() else {
            let value = Value {
                ty,
                scalar,
                span: whole,
            };
            return Some(Entry {
                name: None,
                value,
                span: whole,
            });
        };
        let key = self.span(at, self.pos);
        self.banned_within(self.pos, equals);
        self.pos = equals + 1;
        self.node_space();
        if let Some(ty) = &ty {
            self.type_in_front_of_name(ty, whole, key);
        }
        let name = self.name_of(scalar, key, "property");
        if self.at_node_end() || self.peek() == b'{' || self.starts_with("/-") {
            let text = super::super::traps::shorten(&self.text[key.range()]);
            self.report(codes::MISSING_VALUE.at(
                self.span(equals, equals + 1),
                format!("the property `{text}` has no value"),
            ));
            if self.starts_with("/-") {
                self.pos += 2;
            }
            return None;
        }
        let mut value = self.value(Place::Value)?;
        if let Some(ty) = ty {
            value.ty.get_or_insert(ty);
        }
        Some(Entry {
            name: Some(name?),
            span: self.span(start, self.pos),
            value,
        })
    }

    /// Reads a value and the type annotation in front of it.
    pub(super) fn value(&mut self, place: Place) -> Option<Value> {
        let start = self.pos;
        let Typed { ty, scalar, .. } = self.typed(place)?;
        Some(Value {
            ty,
            scalar,
            span: self.span(start, self.pos),
        })
    }

    fn typed(&mut self, place: Place) -> Option<Typed> {
        let start = self.pos;
        let mut ty = None;
        if self.peek() == b'(' {
            ty = Some(self.type_annotation()?);
            self.node_space();
            let dash = self.starts_with("/-");
            if dash || self.at_node_end() || matches!(self.peek(), b'{' | b'(') {
                let span = self.span(start, self.pos);
                self.report(codes::MISSING_VALUE.at(span, "a value is missing behind this type"));
                self.pos += if dash { 2 } else { 0 };
                return None;
            }
        }
        let at = self.pos;
        let scalar = self.scalar(place)?;
        Some(Typed { ty, scalar, at })
    }

    /// Reads a string, number or keyword. `None` where none starts here; that is reported, and
    /// something is skipped.
    pub(super) fn scalar(&mut self, place: Place) -> Option<Scalar> {
        match self.peek() {
            b'"' => Some(self.quoted()),
            b'#' => self.hash(place),
            _ => self.word(place),
        }
    }

    /// The place of the `=` ahead, if nothing but whitespace stands in front of it.
    pub(super) fn equals_ahead(&self) -> Option<usize> {
        let at = match self.peek() {
            b'=' => self.pos,
            b':' if self.colon_for_equals == Some(self.pos) => return Some(self.pos),
            b'\n' | b';' => return None,
            _ => node_space_end(self.text, self.pos),
        };
        (self.byte(at) == b'=').then_some(at)
    }

    /// A name out of what was read; a number or keyword is reported and taken as its text.
    pub(super) fn name_of(&mut self, scalar: Scalar, span: Span, of: &str) -> Option<Word> {
        if let Scalar::String { text, .. } = scalar {
            return Some(Word { text, span });
        }
        let raw = &self.text[span.range()];
        let text = SmolStr::new(raw.trim_start_matches('#'));
        let shown = super::super::traps::shorten(raw);
        let quoted = super::super::literal(&text);
        self.report(
            codes::NAME_NOT_TEXT
                .at(span, format!("the name of a {of} is a text, not `{shown}`"))
                .suggest("quote it", span, quoted),
        );
        Some(Word { text, span })
    }

    /// Reads the type annotation that starts here. `None` where it holds no word; that is
    /// reported.
    pub(super) fn type_annotation(&mut self) -> Option<Word> {
        let open = self.pos;
        self.pos += 1;
        self.node_space();
        let start = self.pos;
        let mut word = None;
        if self.peek() != b')' && !self.at_node_end() && !self.starts_with("/-") {
            let scalar = self.scalar(Place::Type)?;
            word = self.name_of(scalar, self.span(start, self.pos), "type");
        }
        self.node_space();
        if self.peek() == b')' && word.is_some() {
            self.pos += 1;
            return word;
        }
        let empty = self.peek() == b')';
        let message = if empty {
            "a type annotation holds one word"
        } else {
            "this type annotation is not closed behind its word"
        };
        while !self.at_node_end() && !matches!(self.peek(), b')' | b'{' | b'"') {
            self.pos += self.text[self.pos..]
                .chars()
                .next()
                .map_or(1, char::len_utf8);
        }
        self.pos += usize::from(self.peek() == b')');
        let span = if empty {
            self.span(open, self.pos)
        } else {
            self.span(open, open + 1)
        };
        self.report(
            codes::BAD_TYPE
                .at(span, message)
                .help("write it as `(name)`"),
        );
        word.filter(|_| !self.at_node_end())
    }

    /// `whole`: the annotation and the name. `key`: the name alone.
    fn type_in_front_of_name(&mut self, ty: &Word, whole: Span, key: Span) {
        let annotation = Span {
            end: key.start,
            ..whole
        };
        let text = self.text[annotation.range()].trim_end().to_owned();
        let edits = vec![
            Edit {
                span: annotation,
                text: String::new(),
            },
            Edit {
                span: self.span(self.pos, self.pos),
                text,
            },
        ];
        self.report(
            codes::BAD_TYPE
                .at(ty.span, "the type of a property stands behind its `=`")
                .fix_edits("move it", edits, Applicability::Machine),
        );
    }
}
