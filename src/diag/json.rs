//! Diagnostics for programs: one JSON object.

use serde::Serialize;

use super::place::Place;
use super::{Applicability, Counts, Diagnostic, Options};
use crate::source::{Sources, Span};

#[derive(Serialize)]
struct Report<'a> {
    diagnostics: Vec<Item<'a>>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Item<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    place: Region,
    notes: &'a [String],
    helps: &'a [String],
    fixes: Vec<FixItem<'a>>,
    labels: Vec<LabelItem<'a>>,
}

/// Lines and columns from 1, columns in Unicode scalar values, the end exclusive; all null where no
/// file is at fault.
#[derive(Serialize)]
struct Region {
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
}

#[derive(Serialize)]
struct FixItem<'a> {
    title: &'a str,
    applicability: &'a str,
    edits: Vec<EditItem<'a>>,
}

#[derive(Serialize)]
struct EditItem<'a> {
    #[serde(flatten)]
    place: Region,
    /// Bytes from the start of the file, the end exclusive: what a program that edits needs.
    start_byte: u32,
    end_byte: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct LabelItem<'a> {
    #[serde(flatten)]
    place: Region,
    message: &'a str,
    /// Whether these are the words under the diagnostic's own place.
    primary: bool,
}

/// Renders `{"diagnostics":[…],"errors":N,"warnings":N}` on one line.
#[must_use]
pub(super) fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &Options<'_>,
) -> String {
    let Counts { errors, warnings } = Counts::of(diagnostics);
    let region = |span: Option<Span>| region(span, sources, options.prefix);
    let diagnostics = diagnostics.iter().map(|d| item(d, &region)).collect();
    to_line(&Report {
        diagnostics,
        errors,
        warnings,
    })
}

/// A value as one line of JSON.
pub(super) fn to_line(value: &impl Serialize) -> String {
    // Our own structs have string keys and no failing `Serialize`, so this cannot be an error.
    let mut line = serde_json::to_string(value).unwrap_or_default();
    line.push('\n');
    line
}

fn item<'a>(diagnostic: &'a Diagnostic, region: &impl Fn(Option<Span>) -> Region) -> Item<'a> {
    let own = diagnostic
        .span
        .filter(|_| !diagnostic.label.is_empty())
        .map(|span| LabelItem {
            place: region(Some(span)),
            message: &diagnostic.label,
            primary: true,
        });
    let others = diagnostic.labels.iter().map(|label| LabelItem {
        place: region(Some(label.span)),
        message: &label.message,
        primary: false,
    });
    let fixes = diagnostic.fixes.iter().map(|fix| FixItem {
        title: &fix.title,
        applicability: match fix.applicability {
            Applicability::Machine => "machine",
            Applicability::Maybe => "maybe",
        },
        edits: fix
            .edits
            .iter()
            .map(|edit| EditItem {
                place: region(Some(edit.span)),
                start_byte: edit.span.start,
                end_byte: edit.span.end,
                text: &edit.text,
            })
            .collect(),
    });
    Item {
        code: diagnostic.code,
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        place: region(diagnostic.span),
        notes: &diagnostic.notes,
        helps: &diagnostic.helps,
        fixes: fixes.collect(),
        labels: own.into_iter().chain(others).collect(),
    }
}

fn region(span: Option<Span>, sources: &Sources, prefix: &str) -> Region {
    let place = span.map(|span| Place::new(span, sources, prefix));
    Region {
        line: place.as_ref().map(|p| p.start.line),
        column: place.as_ref().map(|p| p.start.column),
        end_line: place.as_ref().map(|p| p.end.line),
        end_column: place.as_ref().map(|p| p.end.column),
        file: place.map(|p| p.path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Severity;
    use crate::source::Source;

    /// The exact form that the documentation promises.
    #[test]
    fn exact_form() {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("a.kdl", "memory 80Gi\n"));
        let diagnostics = [
            Diagnostic::error(
                "KDL-02",
                Span::new(file, 7, 11),
                "quantities must be quoted",
            )
            .label("a digit starts a number")
            .also(Span::new(file, 0, 6), "wants a size")
            .note("cause")
            .help("action")
            .fix("quote it", Span::new(file, 7, 11), "\"80Gi\""),
            Diagnostic::new("OUT-01", Severity::Warning, "no place"),
        ];
        let region = r#""file":"a.kdl","line":1,"column":8,"end_line":1,"end_column":12"#;
        let expected = [
            r#"{"diagnostics":[{"code":"KDL-02","severity":"error","message":"quantities must be quoted","#,
            region,
            r#","notes":["cause"],"helps":["action"],"fixes":[{"title":"quote it","applicability":"machine","edits":[{"#,
            region,
            r#","start_byte":7,"end_byte":11,"text":"\"80Gi\""}]}],"labels":[{"#,
            region,
            r#","message":"a digit starts a number","primary":true},{"file":"a.kdl","line":1,"column":1,"end_line":1,"end_column":7,"message":"wants a size","primary":false}]},"#,
            r#"{"code":"OUT-01","severity":"warning","message":"no place","file":null,"line":null,"column":null,"end_line":null,"end_column":null,"notes":[],"helps":[],"fixes":[],"labels":[]}],"#,
            r#""errors":1,"warnings":1}"#,
            "\n",
        ]
        .concat();
        assert_eq!(
            render(&diagnostics, &sources, &Options::default()),
            expected
        );
    }

    /// Nothing found is still a whole object.
    #[test]
    fn empty() {
        assert_eq!(
            render(&[], &Sources::default(), &Options::default()),
            "{\"diagnostics\":[],\"errors\":0,\"warnings\":0}\n"
        );
    }
}
