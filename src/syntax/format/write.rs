//! From the layout to text: where lines break.

use super::layout::{Body, Content, INDENT, Item, Part, Piece, Statement, WIDTH};

/// A whole file, with a line end at its end.
pub(super) fn document(body: &Body) -> String {
    let mut writer = Writer { out: String::new() };
    writer.items(&body.items, 0);
    writer.out
}

struct Writer {
    out: String,
}

impl Writer {
    fn items(&mut self, items: &[Item], depth: usize) {
        for item in items {
            if item.after_blank {
                self.out.push('\n');
            }
            self.indent(depth);
            match &item.content {
                Content::Comment(text) => self.out.push_str(text),
                Content::Node(statement) => self.statement(statement, depth),
            }
            self.out.push('\n');
        }
    }

    fn statement(&mut self, statement: &Statement, depth: usize) {
        if statement.disabled {
            self.out.push_str("/-");
        }
        let mut parts = statement.parts.iter().peekable();
        let mut at_line_start = true;
        while let Some(part) = parts.next() {
            if !at_line_start {
                let room = if parts.peek().is_some() {
                    " \\".len()
                } else {
                    0
                };
                if statement.continued && self.width_with(part) + room > WIDTH {
                    self.continuation(depth, None);
                } else {
                    self.out.push(' ');
                }
            }
            at_line_start = false;
            self.part(part, depth);
            for comment in &part.comments {
                if comment.to_line_end {
                    self.continuation(depth, Some(&comment.text));
                    at_line_start = true;
                } else {
                    if !at_line_start {
                        self.out.push(' ');
                    }
                    self.out.push_str(&comment.text);
                    at_line_start = false;
                }
            }
        }
        if let Some(comment) = &statement.trailing {
            if !at_line_start {
                self.out.push(' ');
            }
            self.out.push_str(comment);
        }
    }

    /// Continues the node on the next line.
    fn continuation(&mut self, depth: usize, comment: Option<&str>) {
        let apart = self.out.ends_with(' ');
        self.out.push_str(if apart { "\\" } else { " \\" });
        if let Some(comment) = comment {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
        self.indent(depth + 1);
    }

    fn part(&mut self, part: &Part, depth: usize) {
        if part.disabled {
            self.out.push_str("/-");
        }
        match &part.piece {
            Piece::Text(text) => self.out.push_str(text),
            Piece::Block(body) => self.block(body, depth),
        }
    }

    fn block(&mut self, body: &Body, depth: usize) {
        let mut line = String::new();
        if one_line(body, &mut line) && self.column() + width(&line) <= WIDTH {
            self.out.push_str(&line);
            return;
        }
        self.out.push('{');
        if let Some(comment) = &body.opening {
            self.out.push(' ');
            self.out.push_str(comment);
        }
        self.out.push('\n');
        self.items(&body.items, depth + 1);
        self.indent(depth);
        self.out.push('}');
    }

    fn indent(&mut self, depth: usize) {
        self.out.extend(std::iter::repeat_n(' ', depth * INDENT));
    }

    /// Width of the current line.
    fn column(&self) -> usize {
        let start = self.out.rfind('\n').map_or(0, |at| at + 1);
        width(&self.out[start..])
    }

    /// Width of the current line with a part behind it; of a block, only its brace.
    fn width_with(&self, part: &Part) -> usize {
        let own = match &part.piece {
            Piece::Text(text) => width(text.split('\n').next().unwrap_or_default()),
            Piece::Block(_) => 1,
        };
        self.column() + 1 + own + if part.disabled { 2 } else { 0 }
    }
}

/// Writes the block on one line, if it was written so, has nothing that ends a line, and is not
/// too long. Returns whether it was written whole.
fn one_line(body: &Body, out: &mut String) -> bool {
    if body.items.is_empty() && body.opening.is_none() {
        out.push_str("{}");
        return true;
    }
    if !body.one_line || body.opening.is_some() {
        return false;
    }
    for (number, item) in body.items.iter().enumerate() {
        out.push_str(if number > 0 { "; " } else { "{ " });
        let Content::Node(statement) = &item.content else {
            return false;
        };
        if !one_line_statement(statement, out) {
            return false;
        }
    }
    out.push_str(" }");
    true
}

fn one_line_statement(statement: &Statement, out: &mut String) -> bool {
    out.push_str(if statement.disabled { "/-" } else { "" });
    for (number, part) in statement.parts.iter().enumerate() {
        out.push_str(if number > 0 { " " } else { "" });
        out.push_str(if part.disabled { "/-" } else { "" });
        match &part.piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Block(body) if !one_line(body, out) => return false,
            Piece::Block(_) => {}
        }
        for comment in &part.comments {
            out.push(' ');
            out.push_str(&comment.text);
        }
        if out.len() > WIDTH * char::MAX_LEN_UTF8 {
            return false;
        }
    }
    true
}

fn width(text: &str) -> usize {
    text.chars().count()
}
