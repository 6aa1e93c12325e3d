//! What a case announces.

use std::collections::BTreeMap;

use mlspec::diag::Diagnostic;
use mlspec::source::Sources;

use super::case::Text;

/// A code at a line (from 1) of a file, or at no place of the case.
pub(super) type Finding = (Option<(String, u32)>, String);

/// How often each finding is announced or made.
pub(super) type Findings = BTreeMap<Finding, usize>;

/// Reads `//~` comments.
pub(super) fn announced(texts: &[Text]) -> Result<Findings, String> {
    let mut findings = Findings::new();
    for text in texts {
        for (i, line) in text.text.lines().enumerate() {
            let Some((_, note)) = line.split_once("//~") else {
                continue;
            };
            let codes = note.trim_start_matches(['^', '?']);
            let marks = &note[..note.len() - codes.len()];
            let line = i as u32 + 1;
            let place = match marks {
                "?" => None,
                _ if marks.contains('?') => {
                    return Err(format!("{}:{line}: `//~{marks}`", text.path));
                }
                _ => Some((text.path.clone(), line.saturating_sub(marks.len() as u32))),
            };
            let codes: Vec<&str> = codes.split_whitespace().collect();
            if codes.is_empty() || place.as_ref().is_some_and(|(_, line)| *line == 0) {
                return Err(format!(
                    "{}:{line}: an annotation without code or line",
                    text.path
                ));
            }
            for code in codes {
                *findings
                    .entry((place.clone(), code.to_owned()))
                    .or_default() += 1;
            }
        }
    }
    Ok(findings)
}

/// What was found, in the same form; `texts` are the files that can hold annotations.
pub(super) fn made(diagnostics: &[Diagnostic], sources: &Sources, texts: &[Text]) -> Findings {
    let mut findings = Findings::new();
    for diagnostic in diagnostics {
        let place = diagnostic.span.and_then(|span| {
            let source = sources.get(span.file);
            let ours = texts.iter().any(|text| *text.path == *source.path);
            ours.then(|| (source.path.to_string(), source.lines().line(span.start)))
        });
        *findings
            .entry((place, diagnostic.code.to_owned()))
            .or_default() += 1;
    }
    findings
}

/// A sentence for each finding that is only announced or only made.
pub(super) fn differences(announced: &Findings, made: &Findings) -> Vec<String> {
    let mut found = Vec::new();
    let keys: std::collections::BTreeSet<_> = announced.keys().chain(made.keys()).collect();
    for key @ (place, code) in keys {
        let count = |findings: &Findings| findings.get(key).copied().unwrap_or(0);
        let (wanted, got) = (count(announced), count(made));
        let place = place.as_ref().map_or_else(
            || "no line of the case".to_owned(),
            |(path, line)| format!("{path}:{line}"),
        );
        if wanted > got {
            found.push(format!(
                "{place}: {code} is announced {wanted} times and came {got} times"
            ));
        } else if got > wanted {
            found.push(format!(
                "{place}: {code} came {got} times and is announced {wanted} times"
            ));
        }
    }
    found
}
