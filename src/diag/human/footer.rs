//! What stands under the excerpts: notes, helps and fixes.

use std::fmt::Write;

use miette::ThemeStyles;
use textwrap::{WordSeparator, WordSplitter};

use super::change::changes;
use crate::diag::action::word;
use crate::diag::place::one_line;
use crate::diag::{Diagnostic, Fix, Options};
use crate::source::Sources;

/// Lines shown of a fix before the rest is left out.
const MOST_LINES: usize = 12;

/// Writes notes, helps and fixes, each with its word before it.
pub(super) fn write(
    out: &mut String,
    diagnostic: &Diagnostic,
    sources: &Sources,
    styles: &ThemeStyles,
    options: &Options<'_>,
) {
    let mut footer = Footer {
        out,
        styles,
        width: options.width,
    };
    for note in &diagnostic.notes {
        footer.item("note", note);
    }
    for help in &diagnostic.helps {
        footer.item("help", help);
    }
    for fix in &diagnostic.fixes {
        footer.item(word(fix), &fix.title);
        let lines = fix_lines(fix, diagnostic, sources, options.prefix);
        footer.lines(&lines);
    }
}

/// Removed and added lines; the path where it is not the diagnostic's own.
fn fix_lines(fix: &Fix, diagnostic: &Diagnostic, sources: &Sources, prefix: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for change in changes(fix, sources) {
        if diagnostic.span.is_none_or(|span| span.file != change.file) {
            lines.push(format!("in {prefix}{}", sources.get(change.file).path));
        }
        lines.extend(change.old.iter().map(|line| format!("- {line}")));
        lines.extend(change.new.iter().map(|line| format!("+ {line}")));
    }
    lines
}

struct Footer<'a> {
    out: &'a mut String,
    styles: &'a ThemeStyles,
    width: usize,
}

impl Footer<'_> {
    /// `  note: words`, wrapped under its first word.
    fn item(&mut self, word: &str, text: &str) {
        let indent = " ".repeat(word.len() + 4);
        let mut first = format!("  {} ", self.styles.help.style(format_args!("{word}:")));
        for line in text.lines() {
            let wrap = textwrap::Options::new(self.width)
                .initial_indent(&first)
                .subsequent_indent(&indent)
                .word_separator(WordSeparator::AsciiSpace)
                .word_splitter(WordSplitter::NoHyphenation)
                .break_words(false);
            let _ = writeln!(self.out, "{}", textwrap::fill(&one_line(line), wrap));
            first.clone_from(&indent);
        }
    }

    /// Lines of a spec under a fix, cut rather than wrapped.
    fn lines(&mut self, lines: &[String]) {
        for line in lines.iter().take(MOST_LINES) {
            // Wide enough whatever is escaped, and no more: a fix may hold a text of any length.
            let line: String = line.chars().take(self.width.max(30)).collect();
            let line = one_line(&line.replace('\t', "    "));
            let style = match line.as_bytes().first() {
                Some(b'-') => self.styles.error,
                Some(b'+') => self
                    .styles
                    .highlights
                    .last()
                    .copied()
                    .unwrap_or(self.styles.help),
                _ => self.styles.link,
            };
            let most = self.width.saturating_sub(8).max(20);
            let cut: String = line.chars().take(most).collect();
            let mark = if cut.len() < line.len() { "…" } else { "" };
            let _ = writeln!(self.out, "       {}{mark}", style.style(cut));
        }
        if lines.len() > MOST_LINES {
            let _ = writeln!(self.out, "       … {} more lines", lines.len() - MOST_LINES);
        }
    }
}
