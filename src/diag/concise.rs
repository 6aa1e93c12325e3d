//! Diagnostics for `grep`: exactly one line each, `path:line:column: error[GPU-02]: message`, and
//! what to do behind it: `; help: …; fix: …`.

use std::fmt::Write;

use super::action::actions;
use super::place::{Place, one_line};
use super::{Diagnostic, Options};
use crate::source::Sources;

/// Renders each diagnostic as one line; one without a place starts at its severity.
#[must_use]
pub(super) fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &Options<'_>,
) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        if let Some(span) = diagnostic.span {
            let Place { path, start, .. } = Place::new(span, sources, options.prefix);
            let _ = write!(out, "{}:{}:{}: ", one_line(&path), start.line, start.column);
        }
        let severity = diagnostic.severity.name();
        let message = one_line(&diagnostic.message);
        let _ = write!(out, "{severity}[{}]: {message}", diagnostic.code);
        for (word, action) in actions(diagnostic) {
            let _ = write!(out, "; {word}: {}", one_line(&joined(action)));
        }
        out.push('\n');
    }
    out
}

/// The lines of a help as one.
fn joined(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Severity;
    use crate::source::{Source, Span};

    /// One line whatever the message holds; columns count characters.
    #[test]
    fn one_line_each() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("models/bert.kdl", "model {\n  é gpu\n}"));
        let diagnostics = [
            Diagnostic::error("GPU-02", Span::new(file, 13, 16), "no pool offers it"),
            Diagnostic::new("OUT-01", Severity::Warning, "line one\nline \u{1b}[31mtwo")
                .note("why")
                .help("add:\n  a\u{1b}")
                .help("or drop it"),
            Diagnostic::error("LNG-06", Span::new(file, 13, 16), "no")
                .fix("quote it", Span::new(file, 13, 16), "\"gpu\"")
                .suggest("write \"cpu\"", Span::new(file, 13, 16), "\"cpu\""),
        ];
        let options = Options {
            prefix: "ml/",
            ..Options::default()
        };
        assert_eq!(
            render(&diagnostics, &sources, &options),
            "ml/models/bert.kdl:2:5: error[GPU-02]: no pool offers it\n\
             warning[OUT-01]: line one\\nline \\u{1b}[31mtwo; help: add: a\\u{1b}; help: or drop it\n\
             ml/models/bert.kdl:2:5: error[LNG-06]: no; fix: quote it; try: write \"cpu\"\n"
        );
    }
}
