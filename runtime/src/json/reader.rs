//! A pull reader over JSON text (RFC 8259): no tree, no allocation except for strings with escapes.

use std::borrow::Cow;

use super::Number;

/// Deepest nesting that is followed; deeper input is an error, so that it cannot exhaust the stack.
const DEEPEST: u32 = 64;

/// What is wrong with the text and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Byte offset into the text.
    pub at: usize,
    /// One line in lower case.
    pub message: String,
}

/// Reads one JSON text from front to back.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Result<T> = std::result::Result<T, Error>;

impl<'a> Reader<'a> {
    /// Starts at the front of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Starts anywhere; for going back to a value that was skipped.
    pub fn at(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Byte offset of what comes next.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// An error at what comes next.
    ///
    /// # Errors
    /// Always: that is what it is for.
    pub fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        Err(Error {
            at: self.at,
            message: message.into(),
        })
    }

    /// Next byte that is not white space, without taking it.
    pub fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Takes `byte` if it comes next.
    pub fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes `byte`.
    ///
    /// # Errors
    /// When something else comes next.
    pub fn expect(&mut self, byte: u8) -> Result<()> {
        if self.take(byte) {
            return Ok(());
        }
        self.error(format!("expected `{}`", char::from(byte)))
    }

    /// Fails unless only white space is left.
    ///
    /// # Errors
    /// When something comes next.
    pub fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => self.error("expected the end of the text"),
        }
    }

    /// Reads an object, calling `field` for each key with the reader before its value, which `field` must take.
    ///
    /// # Errors
    /// What `field` reports, and text that is no object.
    pub fn object(&mut self, mut field: impl FnMut(&mut Self, &str) -> Result<()>) -> Result<()> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.peek();
            let key = self.string()?;
            self.expect(b':')?;
            field(self, &key)?;
            if !self.take(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// Reads an array, calling `element` before each element, which `element` must take.
    ///
    /// # Errors
    /// What `element` reports, and text that is no array.
    pub fn array(&mut self, mut element: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.expect(b'[')?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            element(self)?;
            if !self.take(b',') {
                return self.expect(b']');
            }
        }
    }

    /// Reads a string.
    ///
    /// # Errors
    /// Text that is no string, control characters, and escapes that mean no character.
    pub fn string(&mut self) -> Result<Cow<'a, str>> {
        self.expect(b'"')?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
                }
                Some(b'\\') => return self.escaped(start).map(Cow::Owned),
                Some(0..=0x1f) => return self.error("control character in a string"),
                Some(_) => self.at += 1,
                None => return self.error("unfinished string"),
            }
        }
    }

    fn escaped(&mut self, start: usize) -> Result<String> {
        let bytes = self.text.as_bytes();
        let mut out = self.text[start..self.at].to_owned();
        loop {
            let plain = self.at;
            while bytes
                .get(self.at)
                .is_some_and(|b| !matches!(b, b'"' | b'\\' | 0..=0x1f))
            {
                self.at += 1;
            }
            out.push_str(&self.text[plain..self.at]);
            match bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    let escaped = self.escape()?;
                    out.push(escaped);
                }
                Some(_) => return self.error("control character in a string"),
                None => return self.error("unfinished string"),
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let Some(&byte) = self.text.as_bytes().get(self.at) else {
            return self.error("unfinished string");
        };
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return self.error("unknown escape in a string"),
        })
    }

    fn unicode(&mut self) -> Result<char> {
        let high = self.hex()?;
        let code = match high {
            0xd800..=0xdbff if self.text.as_bytes()[self.at..].starts_with(b"\\u") => {
                self.at += 2;
                match self.hex()? {
                    low @ 0xdc00..=0xdfff => 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00),
                    _ => return self.error("half of a surrogate pair in a string"),
                }
            }
            code => code,
        };
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => self.error("half of a surrogate pair in a string"),
        }
    }

    fn hex(&mut self) -> Result<u32> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let mut value = 0;
        for &digit in digits.unwrap_or_default() {
            match char::from(digit).to_digit(16) {
                Some(digit) => value = value * 16 + digit,
                None => return self.error("`\\u` needs four hexadecimal digits"),
            }
        }
        if digits.is_none() {
            return self.error("`\\u` needs four hexadecimal digits");
        }
        self.at += 4;
        Ok(value)
    }

    /// Reads a number, checked against JSON's grammar.
    ///
    /// # Errors
    /// Text that is no number, such as `NaN`, `01` or `1.`.
    #[inline]
    pub fn number(&mut self) -> Result<Number<'a>> {
        self.peek();
        let bytes = self.text.as_bytes();
        let start = self.at;
        let mut at = start;
        let mut sum = 0u64;
        let mut digits = |at: &mut usize| {
            let from = *at;
            while let Some(digit) = bytes.get(*at).map(|byte| byte.wrapping_sub(b'0'))
                && digit < 10
            {
                sum = sum.wrapping_mul(10).wrapping_add(digit.into());
                *at += 1;
            }
            *at - from
        };
        let negative = bytes.get(at) == Some(&b'-');
        at += usize::from(negative);
        let leading_zero = bytes.get(at) == Some(&b'0');
        let whole = digits(&mut at);
        if whole == 0 || (leading_zero && whole > 1) {
            return self.error("expected a number");
        }
        let mut decimals = 0;
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            decimals = digits(&mut at);
            if decimals == 0 {
                return self.error("a digit must follow the decimal point");
            }
        }
        // 19 digits always fit.
        let mut fits = whole + decimals <= 19;
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
            let from = at;
            at += bytes[at..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .count();
            if at == from {
                return self.error("a digit must follow the exponent");
            }
            fits = false;
        }
        self.at = at;
        Ok(Number {
            text: &self.text[start..at],
            negative,
            digits: fits.then_some(sum),
            exponent: i32::try_from(decimals).map_or(0, |decimals| -decimals),
        })
    }

    /// Reads a whole number that is not negative.
    ///
    /// # Errors
    /// Anything else.
    pub fn unsigned(&mut self) -> Result<u64> {
        self.peek();
        let start = self.at;
        let text = self.number()?.text;
        text.parse().map_err(|_| Error {
            at: start,
            message: format!("`{text}` is no whole number from 0 on"),
        })
    }

    /// Reads `true` or `false`.
    ///
    /// # Errors
    /// Anything else.
    pub fn boolean(&mut self) -> Result<bool> {
        self.peek();
        let rest = &self.text[self.at..];
        let value = rest.starts_with("true");
        if !value && !rest.starts_with("false") {
            return self.error("expected `true` or `false`");
        }
        self.at += if value { 4 } else { 5 };
        Ok(value)
    }

    /// Takes `null` if it comes next.
    pub fn null(&mut self) -> bool {
        self.peek();
        let found = self.text[self.at..].starts_with("null");
        self.at += if found { 4 } else { 0 };
        found
    }

    /// Skips one value of any kind, checking its grammar.
    ///
    /// # Errors
    /// Text that is no JSON value, and nesting deeper than 64.
    pub fn skip(&mut self) -> Result<()> {
        self.skip_below(0)
    }

    fn skip_below(&mut self, depth: u32) -> Result<()> {
        if depth > DEEPEST {
            return self.error("nested too deeply");
        }
        match self.peek() {
            Some(b'{') => self.object(|reader, _| reader.skip_below(depth + 1)),
            Some(b'[') => self.array(|reader| reader.skip_below(depth + 1)),
            Some(b'"') => self.string().map(drop),
            Some(b't' | b'f') => self.boolean().map(drop),
            Some(b'n') if self.null() => Ok(()),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            Some(_) => self.error("expected a value"),
            None => self.error("expected a value, found the end of the text"),
        }
    }
}
