//! Text of an expression to tokens.

/// A token; punctuation is kept as text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Name(String),
    Int(i64),
    Double(f64),
    Str(String),
    Mark(&'static str),
    End,
}

/// Longer marks first, so that `<=` is not read as `<`.
const MARKS: [&str; 24] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",",
    "(", ")", "[", "]", "{", "}",
];

/// Splits an expression; the last token is [`Token::End`].
pub(super) fn lex(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, used) = if first.is_ascii_digit() {
            number(rest)?
        } else if let Some(string) = string(rest) {
            string?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            (Token::Name(rest[..end].to_owned()), end)
        } else if let Some(mark) = MARKS.into_iter().find(|mark| rest.starts_with(mark)) {
            (Token::Mark(mark), mark.len())
        } else {
            return Err(format!("`{first}` is not part of an expression"));
        };
        tokens.push(token);
        rest = rest[used..].trim_start();
    }
    tokens.push(Token::End);
    Ok(tokens)
}

fn number(text: &str) -> Result<(Token, usize), String> {
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .unwrap_or(text.len());
    let word = &text[..end];
    let wrong = || format!("`{word}` is not a number");
    let token = if word.contains('.') {
        Token::Double(word.parse().map_err(|_| wrong())?)
    } else if let Some(hex) = word.strip_prefix("0x") {
        Token::Int(i64::from_str_radix(hex, 16).map_err(|_| wrong())?)
    } else {
        Token::Int(
            word.trim_end_matches(['u', 'U'])
                .parse()
                .map_err(|_| wrong())?,
        )
    };
    Ok((token, end))
}

/// A string literal at the start of the text, if one starts there.
fn string(text: &str) -> Option<Result<(Token, usize), String>> {
    let raw = text.starts_with(['r', 'R']);
    let body = if raw { &text[1..] } else { text };
    let quote = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| body.starts_with(quote))?;
    let start = usize::from(raw) + quote.len();
    Some(read_string(text, start, quote, raw))
}

fn read_string(text: &str, start: usize, quote: &str, raw: bool) -> Result<(Token, usize), String> {
    let mut value = String::new();
    let mut chars = text[start..].char_indices();
    while let Some((at, c)) = chars.next() {
        if text[start + at..].starts_with(quote) {
            return Ok((Token::Str(value), start + at + quote.len()));
        }
        if c != '\\' {
            value.push(c);
            continue;
        }
        let escaped = chars.next().ok_or("a string ends in a backslash")?.1;
        match escaped {
            _ if raw => value.extend(['\\', escaped]),
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            '\\' | '\'' | '"' | '`' | '?' => value.push(escaped),
            other => return Err(format!("the escape `\\{other}` is not supported")),
        }
    }
    Err("a string has no end".to_owned())
}
