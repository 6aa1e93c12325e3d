//! As much of Rust's grammar as the laws need: comments, literals, tokens, paths to other modules.

/// A stretch of a Rust file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Code(&'a str),
    Comment,
    /// The inside of a string literal as it is written.
    Literal(&'a str),
}

/// Splits a file into code, comments and string literals.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut code = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (piece, len) = if rest.starts_with("//") {
            (Piece::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (Piece::Comment, block_comment(rest))
        } else if let Some((open, inside, len)) = string(rest) {
            (Piece::Literal(&rest[open..open + inside]), len)
        } else {
            at += char_literal(rest).unwrap_or_else(|| word_or_char(rest));
            continue;
        };
        pieces.push(Piece::Code(&text[code..at]));
        pieces.push(piece);
        at += len;
        code = at;
    }
    pieces.push(Piece::Code(&text[code..]));
    pieces
}

/// Length of a word, so that its last letter is not taken for a literal's prefix, or of a character.
fn word_or_char(rest: &str) -> usize {
    let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
    word.max(rest.chars().next().map_or(1, char::len_utf8))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match &rest.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// Start of the inside, its length and the length of the whole literal.
fn string(rest: &str) -> Option<(usize, usize, usize)> {
    let prefix = rest.bytes().take_while(|b| b"bcr".contains(b)).count();
    let raw = rest[..prefix].contains('r');
    let hashes = rest[prefix..]
        .bytes()
        .take_while(|b| *b == b'#' && raw)
        .count();
    let open = prefix + hashes + 1;
    if prefix > 2 || !rest[prefix + hashes..].starts_with('"') {
        return None;
    }
    let inside = if raw {
        rest[open..]
            .find(&format!("\"{}", "#".repeat(hashes)))
            .unwrap_or(rest.len() - open)
    } else {
        let mut at = open;
        while at < rest.len() && rest.as_bytes()[at] != b'"' {
            at += if rest.as_bytes()[at] == b'\\' { 2 } else { 1 };
        }
        at.min(rest.len()) - open
    };
    Some((open, inside, (open + inside + 1 + hashes).min(rest.len())))
}

/// Length of `'x'` or `'\n'`; a lifetime is none.
fn char_literal(rest: &str) -> Option<usize> {
    let inside = rest.strip_prefix('\'')?;
    if let Some(escaped) = inside.strip_prefix('\\') {
        let after = escaped.chars().next()?.len_utf8();
        return Some(escaped[after..].find('\'')? + after + 3);
    }
    let c = inside.chars().next()?;
    inside[c.len_utf8()..]
        .starts_with('\'')
        .then(|| c.len_utf8() + 2)
}

/// Words and single marks of the code, without comments, literals and test modules.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let code = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Code(code) => Some(code),
        _ => None,
    });
    let mut tokens: Vec<&str> = code.flat_map(words).collect();
    while let Some(start) = find(&tokens, &["#", "[", "cfg", "(", "test", ")", "]", "mod"]) {
        let end = item_end(&tokens, start);
        tokens.drain(start..end);
    }
    tokens
}

fn words(code: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = code.trim_start();
    while !rest.is_empty() {
        let (word, after) = rest.split_at(word_or_char(rest));
        words.push(word);
        rest = after.trim_start();
    }
    words
}

fn find(tokens: &[&str], wanted: &[&str]) -> Option<usize> {
    tokens
        .windows(wanted.len())
        .position(|window| window == wanted)
}

/// The token after the item's `;` or its closing brace.
fn item_end(tokens: &[&str], start: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match *token {
            "{" => depth += 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return i + 1,
            _ => continue,
        }
        if depth == 0 {
            return i + 1;
        }
    }
    tokens.len()
}

/// Paths that start at the crate's root, in `use` trees and elsewhere, as lists of names; also those
/// that reach it by `super` from a module `depth` levels below.
pub(super) fn crate_paths(tokens: &[&str], depth: usize) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let after_colons = i >= 2 && tokens[i - 1] == ":" && tokens[i - 2] == ":";
        if after_colons {
            continue;
        }
        let ups = super_chain(&tokens[i..]);
        if *token == "crate" && colons(tokens, i + 1) {
            tree(tokens, i + 3, &[], &mut paths);
        } else if ups > 0 && ups == depth {
            tree(tokens, i + 3 * ups, &[], &mut paths);
        }
    }
    paths
}

/// How many `super::` stand in a row.
fn super_chain(tokens: &[&str]) -> usize {
    (0..)
        .take_while(|n| tokens.get(n * 3) == Some(&"super") && colons(tokens, n * 3 + 1))
        .count()
}

fn colons(tokens: &[&str], at: usize) -> bool {
    tokens.get(at) == Some(&":") && tokens.get(at + 1) == Some(&":")
}

/// Reads a path or a `{…}` group of them; returns the token after it.
fn tree(tokens: &[&str], mut at: usize, prefix: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    if tokens.get(at) == Some(&"{") {
        at += 1;
        while at < tokens.len() && tokens[at] != "}" {
            at = tree(tokens, at, prefix, paths);
            while at < tokens.len() && tokens[at] != "," && tokens[at] != "}" {
                at += 1; // `as name`
            }
            at += usize::from(tokens.get(at) == Some(&","));
        }
        return at + 1;
    }
    let mut path = prefix.to_vec();
    path.extend(tokens.get(at).map(|word| (*word).to_owned()));
    if colons(tokens, at + 1) && tokens.get(at + 3) != Some(&"<") {
        return tree(tokens, at + 3, &path, paths);
    }
    paths.push(path);
    at + 1
}

/// Names of other crates that stand before `::` at the start of a path.
pub(super) fn outer_names<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    let starts = (0..tokens.len()).filter(|i| {
        let continues = *i >= 2 && tokens[i - 1] == ":" && tokens[i - 2] == ":";
        !continues && colons(tokens, i + 1)
    });
    starts.map(|i| tokens[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Comments, literals and test modules hide what looks like code.
    #[test]
    fn tells_code_from_the_rest() {
        let text = r####"
            //! crate::a
            /* crate::b /* crate::c */ crate::d */
            use crate::real;
            const A: &str = "crate::e \" crate::f"; const B: &str = r#"crate::"g"#;
            const C: char = '"'; const D: &'static str = ""; fn x<'a>(r: &'a str) { crate::also::y() }
            #[cfg(test)]
            mod tests { use crate::h; fn z() { { crate::i } } }
            fn last() { crate::last }
            "####;
        let paths = crate_paths(&tokens(text), 1);
        assert_eq!(paths, [vec!["real"], vec!["also", "y"], vec!["last"]]);
        let literals: Vec<_> = pieces(text)
            .into_iter()
            .filter_map(|p| {
                if let Piece::Literal(l) = p {
                    Some(l)
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(literals, [r#"crate::e \" crate::f"#, r#"crate::"g"#, ""]);
    }

    /// Groups, renames, and `super` that reaches the root.
    #[test]
    fn reads_paths() {
        let text = "use crate::{a, b::{c as d, e::f}, g::*}; use super::super::h::i; \
                    use super::j; fn k() { super::super::l::<m>() } pub(in crate::n) fn o() {}";
        let paths: Vec<String> = crate_paths(&tokens(text), 2)
            .iter()
            .map(|path| path.join("::"))
            .collect();
        assert_eq!(paths, ["a", "b::c", "b::e::f", "g::*", "h::i", "l", "n"]);
        assert_eq!(
            outer_names(&tokens("miette::A; use std::fs; a.b::c")),
            ["miette", "std", "b"]
        );
    }
}
