//! Diagnostics as SARIF 2.1.0, which code scanning services read.
//!
//! Source: OASIS "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", errata 01;
//! the tests validate against its schema. What GitHub asks for beyond it ("SARIF support for code
//! scanning", checked 2026-10): a place for every result, relative URIs, fingerprints.

mod fingerprint;
mod model;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Artifact, ArtifactChange, ArtifactContent, Configuration, Driver, Fingerprints, Fix, Location,
    Log, Multiformat, PhysicalLocation, Region, RelatedLocation, Replacement, ReportingDescriptor,
    Run, SarifResult, Text, Tool,
};

use super::place::Place;
use super::{Diagnostic, Options, RuleInfo, github, json};
use crate::source::{FileId, Sources, Span};
use fingerprint::Hasher;

/// Renders one log with one run on one line. Every rule that is used or known is listed once, in
/// the order of codes. A diagnostic without a file is placed at the start of the first file, since
/// GitHub refuses results without a place.
#[must_use]
pub(super) fn render(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    options: &Options<'_>,
) -> String {
    let known: BTreeMap<&str, &RuleInfo<'_>> = options.rules.iter().map(|r| (r.code, r)).collect();
    let used = diagnostics.iter().map(|d| d.code);
    let codes: BTreeSet<&str> = known.keys().copied().chain(used).collect();
    let mut hasher = Hasher::new(sources);
    let results = diagnostics
        .iter()
        .map(|diagnostic| {
            let index = codes.range(..diagnostic.code).count();
            result(diagnostic, index, &mut hasher, sources, options.prefix)
        })
        .collect();
    let rules = codes
        .iter()
        .map(|code| rule(code, known.get(code).copied()))
        .collect();
    let driver = Driver {
        name: "mlspec",
        version: env!("CARGO_PKG_VERSION"),
        rules,
    };
    let run = Run {
        tool: Tool { driver },
        column_kind: "unicodeCodePoints",
        results,
    };
    json::to_line(&Log {
        schema: model::SCHEMA,
        version: "2.1.0",
        runs: [run],
    })
}

fn rule<'a>(code: &'a str, info: Option<&RuleInfo<'a>>) -> ReportingDescriptor<'a> {
    ReportingDescriptor {
        id: code,
        name: info.map(|info| info.name),
        short_description: info.map(|info| Text {
            text: info
                .summary
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        }),
        help: info.map(|info| Multiformat {
            text: info.page,
            markdown: info.page,
        }),
        default_configuration: info.map(|info| Configuration {
            level: info.severity.name(),
        }),
    }
}

fn result<'a>(
    diagnostic: &'a Diagnostic,
    rule_index: usize,
    hasher: &mut Hasher<'a>,
    sources: &'a Sources,
    prefix: &str,
) -> SarifResult<'a> {
    let first_file = sources.iter().next().map(|(file, _)| Span::new(file, 0, 0));
    let span = diagnostic.span.or(first_file);
    let locations = span.into_iter().map(|span| Location {
        physical_location: physical(span, sources, prefix),
    });
    let related = diagnostic
        .labels
        .iter()
        .enumerate()
        .map(|(id, label)| RelatedLocation {
            id,
            physical_location: physical(label.span, sources, prefix),
            message: Text {
                text: label.message.clone(),
            },
        });
    SarifResult {
        rule_id: diagnostic.code,
        rule_index,
        level: diagnostic.severity.name(),
        message: Text {
            text: github::words(diagnostic),
        },
        locations: locations.collect(),
        partial_fingerprints: span.map(|span| Fingerprints {
            primary_location_line_hash: hasher.line(diagnostic.code, span),
        }),
        related_locations: related.collect(),
        fixes: diagnostic
            .fixes
            .iter()
            .map(|f| fix(f, sources, prefix))
            .collect(),
    }
}

fn fix<'a>(fix: &'a super::Fix, sources: &Sources, prefix: &str) -> Fix<'a> {
    let mut files: BTreeMap<FileId, Vec<Replacement<'a>>> = BTreeMap::new();
    for edit in &fix.edits {
        files.entry(edit.span.file).or_default().push(Replacement {
            deleted_region: region(edit.span, sources),
            inserted_content: ArtifactContent { text: &edit.text },
        });
    }
    let changes = files
        .into_iter()
        .map(|(file, replacements)| ArtifactChange {
            artifact_location: artifact(file, sources, prefix),
            replacements,
        });
    Fix {
        description: Text {
            text: fix.title.clone(),
        },
        artifact_changes: changes.collect(),
    }
}

fn physical(span: Span, sources: &Sources, prefix: &str) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: artifact(span.file, sources, prefix),
        region: region(span, sources),
    }
}

fn region(span: Span, sources: &Sources) -> Region {
    let Place { start, end, .. } = Place::new(span, sources, "");
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// A path as a relative URI: bytes outside RFC 3986's unreserved characters are encoded, and a
/// first part with a colon cannot pass for a scheme.
fn artifact(file: FileId, sources: &Sources, prefix: &str) -> Artifact {
    let mut uri = String::new();
    for byte in prefix.bytes().chain(sources.get(file).path.bytes()) {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(byte as char);
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    Artifact { uri }
}
