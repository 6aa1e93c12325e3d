//! Bare words and `#` keywords.

use smol_str::SmolStr;

use super::chars::word_end;
use super::codes;
use super::parser::{Parser, Place};
use super::traps::shorten;
use super::tree::Scalar;

/// The keywords with what they stand for.
const KEYWORDS: [(&str, Scalar); 6] = [
    ("#true", Scalar::Bool(true)),
    ("#false", Scalar::Bool(false)),
    ("#null", Scalar::Null),
    ("#inf", Scalar::Float(f64::INFINITY)),
    ("#-inf", Scalar::Float(f64::NEG_INFINITY)),
    ("#nan", Scalar::Float(f64::NAN)),
];

/// The keyword that is `word` without its `#`.
pub(super) fn keyword_of(word: &str) -> Option<&'static (&'static str, Scalar)> {
    static TABLE: [(&str, Scalar); 6] = KEYWORDS;
    TABLE.iter().find(|(keyword, _)| keyword[1..] == *word)
}

impl Parser<'_> {
    /// Reads the bare word or number that starts here. `None` where none does; that is reported,
    /// and something is skipped.
    pub(super) fn word(&mut self, place: Place) -> Option<Scalar> {
        let start = self.pos;
        let mut end = word_end(self.text, start);
        if end == start {
            return self.not_a_word(place);
        }
        if self.in_brackets
            && let Some(comma) = self.text[start..end].find(',').filter(|comma| *comma > 0)
        {
            end = start + comma;
        } else if self.byte(end - 1) == b',' && matches!(place, Place::Entry | Place::Value) {
            // What a comma is doing behind a value is judged where the next one is read.
            let value = self.text[start..end].trim_end_matches(',');
            end = if value.is_empty() {
                end
            } else {
                start + value.len()
            };
        }
        if let Some(trapped) = self.glued_word(start, end, place) {
            return Some(trapped);
        }
        let text = &self.text[start..end];
        let bytes = text.as_bytes();
        if starts_like_number(bytes) {
            return Some(self.number(start, end));
        }
        if bytes.len() <= 5
            && let Some((keyword, scalar)) = keyword_of(text)
        {
            return Some(self.bare_keyword(start, end, keyword, scalar.clone()));
        }
        if let Some(trapped) = self.suspicious_word(start, end, place) {
            return Some(trapped);
        }
        self.pos = end;
        Some(Scalar::String {
            text: SmolStr::new(text),
            quoted: false,
        })
    }

    /// Reads the raw string or keyword that starts with the `#` here.
    pub(super) fn hash(&mut self, place: Place) -> Option<Scalar> {
        let start = self.pos;
        let hashes = self.text[start..]
            .bytes()
            .take_while(|byte| *byte == b'#')
            .count();
        if self.byte(start + hashes) == b'"' {
            return Some(self.raw_string(hashes));
        }
        let end = word_end(self.text, start + hashes);
        if hashes == 1
            && let Some((_, scalar)) = keyword_of(&self.text[start + 1..end])
        {
            self.pos = end;
            return Some(scalar.clone());
        }
        self.unknown_keyword(start, start + hashes, end, place)
    }

    fn bare_keyword(&mut self, start: usize, end: usize, keyword: &str, scalar: Scalar) -> Scalar {
        let span = self.span(start, end);
        let word = &self.text[start..end];
        self.report(
            codes::BARE_KEYWORD
                .at(span, format!("`{word}` is written `{keyword}`"))
                .note(format!("for the text, quote it: `\"{word}\"`"))
                .fix(format!("write `{keyword}`"), span, keyword),
        );
        self.pos = end;
        scalar
    }

    /// A `#` that starts neither raw string nor keyword: a comment of another language, or a
    /// misspelled keyword.
    fn unknown_keyword(
        &mut self,
        start: usize,
        word: usize,
        end: usize,
        place: Place,
    ) -> Option<Scalar> {
        let lower = self.text[word..end].to_ascii_lowercase();
        let span = self.span(start, end);
        if word == start + 1
            && let Some((keyword, scalar)) = keyword_of(&lower)
        {
            self.report(
                codes::UNKNOWN_KEYWORD
                    .at(
                        span,
                        format!("`{}` is written `{keyword}`", &self.text[start..end]),
                    )
                    .fix(format!("write `{keyword}`"), span, *keyword),
            );
            self.pos = end;
            return Some(scalar.clone());
        }
        let is_comment = place == Place::Node || (place == Place::Entry && end == word);
        if is_comment {
            let hashes = self.span(start, word);
            self.report(
                codes::HASH_COMMENT
                    .at(hashes, "a comment starts with `//`, not with `#`")
                    .fix("write `//`", hashes, "//"),
            );
            self.pos = super::chars::line_end(self.text, start);
            return None;
        }
        let shown = shorten(&self.text[start..end]);
        self.report(
            codes::UNKNOWN_KEYWORD
                .at(span, format!("there is no keyword `{shown}`"))
                .note("the keywords are `#true`, `#false`, `#null`, `#inf`, `#-inf` and `#nan`")
                .help("a text needs quotes, a comment starts with `//`"),
        );
        self.pos = end;
        None
    }
}

/// Whether a word must be a number: it starts with a digit, also behind a sign or `.` or both.
fn starts_like_number(word: &[u8]) -> bool {
    let digits = match word {
        [b'+' | b'-', b'.', rest @ ..] | [b'+' | b'-' | b'.', rest @ ..] => rest,
        all => all,
    };
    digits.first().is_some_and(u8::is_ascii_digit)
}
