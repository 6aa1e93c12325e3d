//! From files to nodes as written.

use std::io::{self, ErrorKind};

use rayon::prelude::*;

use super::{Compilation, ROOT_FILE, once};
use crate::diag::{Diagnostic, Severity};
use crate::source::{FileId, Source, Sources, Span};
use crate::spec::Written;
use crate::system::{NotUtf8, System};
use crate::{resolve, spec, syntax};

/// Paths of every file of a workspace, the root first.
///
/// # Errors
/// As the operating system says, where the root cannot be read or a folder not be listed.
pub fn files(system: &dyn System) -> io::Result<Vec<String>> {
    let text = system.read(ROOT_FILE)?;
    let source = Source::new(ROOT_FILE, text);
    let (nodes, _) = parse(FileId(0), &source);
    let mut files = vec![ROOT_FILE.to_owned()];
    if let Some(workspace) = nodes.iter().find(|n| n.kind.name == "workspace") {
        let included = resolve::includes::includes(workspace, system);
        if let Some(error) = included.unlisted {
            return Err(error);
        }
        files.extend(included.files);
    }
    Ok(files)
}

/// Reads and parses every file of the workspace. `None` where even the root cannot be read.
pub(super) fn load(
    system: &dyn System,
    compilation: &mut Compilation,
) -> Option<Vec<Vec<Written>>> {
    let root = match system.read(ROOT_FILE) {
        Ok(text) => text,
        Err(error) => {
            let kind = error.kind();
            let mut finding = unreadable(ROOT_FILE.to_owned(), &error, compilation);
            let help = match kind {
                ErrorKind::NotFound => {
                    compilation.surroundings = true;
                    Some("run it in a workspace, name its folder, or make one with `mlspec init`")
                }
                ErrorKind::NotADirectory => {
                    Some("that is a file: name the folder that `mlspec.kdl` lies in")
                }
                _ => None,
            };
            if let Some(help) = help {
                finding = finding.help(help);
            }
            compilation.diagnostics.push(finding);
            return None;
        }
    };
    let root = compilation.sources.add(Source::new(ROOT_FILE, root));
    let (nodes, found) = parse(root, compilation.sources.get(root));
    compilation.diagnostics.extend(found);
    let mut written = vec![nodes];
    let Some(workspace) = written[0].iter().find(|n| n.kind.name == "workspace") else {
        return Some(written);
    };
    let included = resolve::includes::includes(workspace, system);
    compilation.diagnostics.extend(included.diagnostics);
    compilation.surroundings |= included.unlisted.is_some();
    let paths = included.files;
    let texts: Vec<_> = paths.par_iter().map(|path| system.read(path)).collect();
    let mut files = Vec::new();
    for (path, text) in paths.into_iter().zip(texts) {
        match text {
            Ok(text) => files.push(compilation.sources.add(Source::new(path, text))),
            Err(error) => {
                let finding = unreadable(path, &error, compilation);
                compilation.diagnostics.push(finding);
            }
        }
    }
    let sources = &compilation.sources;
    let parsed: Vec<_> = files
        .par_iter()
        .map(|file| parse(*file, sources.get(*file)))
        .collect();
    for (nodes, found) in parsed {
        written.push(nodes);
        compilation.diagnostics.extend(found);
    }
    misplaced(&mut written, &mut compilation.diagnostics);
    Some(written)
}

/// A file that cannot be read, at its beginning, so that every form of a finding names it. One
/// that is no text, or a link to nothing, is the spec's fault; all else that of its surroundings.
fn unreadable(path: String, error: &io::Error, compilation: &mut Compilation) -> Diagnostic {
    let wrong = matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::NotFound);
    compilation.surroundings |= !wrong;
    not_readable(path, error, &mut compilation.sources)
}

/// A file that cannot be read, at its first byte that is no text, else at its beginning.
pub(crate) fn not_readable(path: String, error: &io::Error, sources: &mut Sources) -> Diagnostic {
    let message = format!("cannot read `{path}`: {error}");
    let no_text = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<NotUtf8>());
    let Some(no_text) = no_text else {
        let file = sources.add(Source::new(path, String::new()));
        return Diagnostic::error("LNG-23", Span::new(file, 0, 0), message);
    };
    let file = sources.add(Source::new(path, no_text.text.as_str()));
    let span = Span::new(
        file,
        no_text.at,
        no_text.at + char::REPLACEMENT_CHARACTER.len_utf8(),
    );
    Diagnostic::error("LNG-23", span, message).help(no_text.help())
}

/// A `workspace` node outside of the root file is refused.
fn misplaced(written: &mut [Vec<Written>], diagnostics: &mut Vec<Diagnostic>) {
    for nodes in &mut written[1..] {
        nodes.retain(|node| {
            let wrong = node.kind.name == "workspace";
            if wrong {
                diagnostics.push(
                    Diagnostic::error(
                        "LNG-01",
                        node.name,
                        format!("`workspace` belongs into `{ROOT_FILE}`"),
                    )
                    .help("move it there, or delete it"),
                );
            }
            !wrong
        });
    }
}

fn parse(file: FileId, source: &Source) -> (Vec<Written>, Vec<Diagnostic>) {
    let parsed = syntax::parse(file, &source.text);
    let mut diagnostics = parsed.diagnostics;
    let (mut nodes, found) = spec::read(&parsed.document, source);
    for node in &mut nodes {
        node.faulty |= diagnostics.iter().any(|d| {
            d.severity == Severity::Error
                && d.span
                    .is_some_and(|s| s.start < node.span.end && node.span.start <= s.end)
        });
    }
    forget_repeated(&mut diagnostics, &found);
    diagnostics.extend(found);
    once::forget(&mut diagnostics);
    let foreign = yaml(file, source, &diagnostics).filter(|_| nodes.is_empty());
    if let Some(found) = foreign {
        diagnostics = vec![found];
    }
    (nodes, diagnostics)
}

/// A file of YAML: it has no node of ours, and its first words end with a colon. One word says it
/// all.
fn yaml(file: FileId, source: &Source, diagnostics: &[Diagnostic]) -> Option<Diagnostic> {
    let text = source.text.trim_start_matches("---").trim_start();
    let word = text.split_once(':')?.0;
    let is_key = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let colons = diagnostics.iter().filter(|d| d.code == "KDL-44").count();
    if !is_key || colons < 2 {
        return None;
    }
    let start = source.text.len() - text.len();
    let span = Span::new(file, start, start + word.len() + 1);
    let found = Diagnostic::error(
        "LNG-01",
        span,
        "this file is YAML; a spec is written in KDL",
    )
    .help(
        "write `model \"name\" { … }`; a file that is no spec is left out by the patterns of `use`",
    );
    Some(found)
}

/// A property that stands on both sides of a missing `;` belongs to two nodes.
fn forget_repeated(diagnostics: &mut Vec<Diagnostic>, found: &[Diagnostic]) {
    let missing = found.iter().filter(|d| d.code == "LNG-03");
    for at in missing.filter_map(|d| d.span).map(|span| span.start) {
        diagnostics.retain(|d| {
            let around = d.span.is_some_and(|span| at < span.start)
                && d.labels.iter().any(|first| first.span.start < at);
            !(d.code == "KDL-47" && around)
        });
    }
}
